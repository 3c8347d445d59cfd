"""What the pages show: figures summed over the tree of units as it stands today, by month, by day, with their entries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from tinhso.kernel.indicators import api as indicators
from tinhso.kernel.indicators.types import Better, Figure, Indicator, Measure, Shape, Span
from tinhso.kernel.organisation import api as organisation
from tinhso.kernel.organisation.types import Unit
from tinhso.lib.text import whole_number

Known = Indicator | Measure


@dataclass(frozen=True, slots=True)
class Line:
    """A unit with its sums, those of all units below it included."""

    unit: Unit
    sums: Mapping[str, int]
    deeper: bool
    """Whether there are units below it to open."""


@dataclass
class Tree:
    """The units of today, and whose figures count for whom."""

    units: dict[str, Unit] = field(default_factory=lambda: {unit.key: unit for unit in organisation.units()})

    @cached_property
    def children(self) -> dict[str | None, list[Unit]]:
        """Units by the key of the unit above; those without one under None."""
        found: dict[str | None, list[Unit]] = defaultdict(list)
        for unit in self.units.values():
            found[unit.parent if unit.parent in self.units else None].append(unit)
        return found

    def below(self, key: str) -> list[str]:
        """A unit and all below it."""
        found, level = [], [key]
        while level:
            found += level
            level = [unit.key for parent in level for unit in self.children.get(parent, ())]
        return found

    def lines(self, top: str | None, sums: Mapping[str, Mapping[str, int]]) -> list[Line]:
        """The units straight below ``top`` (None: those without a unit above, or what is below a single one) that have
        figures, and ``top`` itself if it has figures of its own."""
        units = list(self.children.get(top, ()))
        found = [
            Line(unit, add(sums.get(key, {}) for key in self.below(unit.key)), unit.key in self.children) for unit in units
        ]
        if top is not None and sums.get(top):
            found.append(Line(self.units[top], sums[top], deeper=False))
        found = [line for line in found if line.sums]
        only = found[0] if len(found) == 1 and found[0].deeper else None
        return self.lines(only.unit.key, sums) if only and top is None else found


def add(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Sums of sums."""
    total: dict[str, int] = defaultdict(int)
    for part in parts:
        for code, amount in part.items():
            total[code] += amount
    return dict(total)


def by_unit(tree: Tree, codes: Collection[str], span: Span) -> dict[str, dict[str, int]]:
    """The measures' sums by unit of today: what an ended unit did counts for the one that took its work over."""
    found = {key[0]: sums for key, sums in indicators.sums(codes, span, by=["unit"]).items()}
    heirs = indicators.standing_units(found, tree.units)
    today: dict[str, dict[str, int]] = {}
    for key, sums in found.items():
        heir = heirs.get(key, key)
        today[heir] = add([today.get(heir, {}), sums])
    return today


def known(code: str) -> Known:
    """An indicator, or a measure shown by itself. Raises NoSuchFigure."""
    if any(code == found.code for found in indicators.book_of(code).indicators):
        return indicators.indicator(code)
    return indicators.measure(code)


def as_indicator(found: Known) -> Indicator:
    """A measure as an indicator of itself."""
    if isinstance(found, Indicator):
        return found
    plain = {"denominator": (), "shape": Shape.NUMBER, "better": Better.NEITHER, "decimals": 0}
    return Indicator(
        code=found.code, title=found.title, definition=found.definition, numerator=(found.code,),
        legal_basis=found.legal_basis, **plain,  # type: ignore[arg-type]
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """One column of a chart, in a box of 10 by 100: ``drawn`` and ``part_drawn`` are paths as high as their share of the
    highest column."""

    label: str
    title: str
    value: int
    figure: Figure
    drawn: str
    part_drawn: str


def bars(days: Sequence[tuple[str, str, Mapping[str, int]]], whole: str, part: str, shown: Indicator) -> list[Bar]:
    """Columns of ``whole`` with ``part`` marked in each, and what ``shown`` was; ``days`` gives label, title and sums."""
    most = max((sums.get(whole, 0) for _, _, sums in days), default=0) or 1
    return [
        Bar(
            label=label,
            title=title,
            value=sums.get(whole, 0),
            figure=shown.of(sums),
            drawn=_column(sums.get(whole, 0), most),
            part_drawn=_column(sums.get(part, 0), most),
        )
        for label, title, sums in days
    ]


def _column(amount: int, most: int) -> str:
    return f"M0 100V{100 - 100 * amount / most:.1f}H10V100Z"


def months_until(span: Span, count: int) -> list[Span]:
    """So many months, the last being the one in which ``span`` ends."""
    last = (span.until.year * 12 + span.until.month - 1) - 1
    return [Span.month(at // 12, at % 12 + 1) for at in range(last - count + 1, last + 1)]


def change(now: Figure, before: Figure) -> Decimal | None:
    """By how much a figure changed; None where either has no value."""
    if now.value is None or before.value is None:
        return None
    return now.value - before.value


def month_of(text: str, today: date) -> Span:
    """``2026-11`` as a month; this month for anything else, or one that is still to come."""
    year, month = (whole_number(part) or 0 for part in text.partition("-")[::2])
    if 2000 <= year <= today.year and 1 <= month <= 12:
        asked = Span.month(year, month)
        if asked.since <= today:
            return asked
    return Span.month(today.year, today.month)
