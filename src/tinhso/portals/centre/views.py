"""The province's figures, and one figure opened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from tinhso.kernel.cases import api as cases
from tinhso.kernel.indicators import api as indicators
from tinhso.kernel.indicators.types import Better, Figure, Indicator, Span
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor, Entry
from tinhso.kernel.organisation.types import Unit
from tinhso.lib import clock
from tinhso.lib.text import whole_number
from tinhso.portals.centre import reading
from tinhso.ui import formats
from tinhso.ui.access import Request, official

BOOK = "services"
TILES = ("services.received", "services.on_time_rate", "services.finished_late", "services.online_rate")
MEASURES = (
    "services.received",
    "services.received_online",
    "services.finished",
    "services.finished_on_time",
    "services.finished_late",
)
MONTHS = 12
ENTRIES = 20
"""Entries behind a figure on one page."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure on the first page, and how it changed against the month before."""

    indicator: Indicator
    figure: Figure
    change: Decimal | None

    @property
    def tone(self) -> str:
        """``good`` or ``bad`` where the change is one for the better or the worse."""
        if not self.change or self.indicator.better is Better.NEITHER:
            return ""
        return "good" if (self.change > 0) == (self.indicator.better is Better.HIGHER) else "bad"


@dataclass(frozen=True, slots=True)
class Behind:
    """An entry behind a figure, with the dossier it belongs to if the reader may open it."""

    entry: Entry
    unit: Unit | None
    code: str
    href: str

    @property
    def due(self) -> datetime | None:
        """By when the dossier was due when the entry was made."""
        due = self.entry.data.get("due")
        return datetime.fromisoformat(due) if due else None


def _place(request: Request, tree: reading.Tree) -> Unit | None:
    """The unit asked for. 404 for one that is not there."""
    key = request.GET.get("don-vi", "")
    if key and key not in tree.units:
        raise Http404
    return tree.units.get(key)


def _above(tree: reading.Tree, unit: Unit | None) -> list[Unit]:
    """The way from the top to a unit."""
    found: list[Unit] = []
    while unit is not None:
        found.insert(0, unit)
        unit = tree.units.get(unit.parent or "")
    return found


def _total(tree: reading.Tree, unit: Unit | None, sums: dict[str, dict[str, int]]) -> dict[str, int]:
    keys = sums if unit is None else tree.below(unit.key)
    return reading.add([sums.get(key, {}) for key in keys])


def _columns(codes: Iterable[str]) -> list[Indicator]:
    return [reading.as_indicator(reading.known(code)) for code in codes]


@official()
@require_GET
def overview(request: Request) -> HttpResponse:
    """Received, on time, late, online: of the province or a unit, in a month, beside the month before and by unit."""
    tree, today = reading.Tree(), clock.today()
    unit, span = _place(request, tree), reading.month_of(request.GET.get("thang", ""), today)
    sums, before = reading.by_unit(tree, MEASURES, span), reading.by_unit(tree, MEASURES, span.before())
    total, total_before = _total(tree, unit, sums), _total(tree, unit, before)
    columns = _columns(TILES)
    lines = sorted(tree.lines(unit.key if unit else None, sums), key=lambda line: -line.sums.get("services.received", 0))
    months = reading.months_until(span, MONTHS)
    history = _by_month(Span(months[0].since, span.until), tree, unit)
    drawn = [(f"{m.since.month}/{m.since.year % 100}", f"{m.since:%m/%Y}", history.get(m.since, {})) for m in months]
    return render(
        request,
        "centre/overview.html",
        {
            "unit": unit,
            "way": _above(tree, unit),
            "span": span,
            "previous": span.before().since,
            "next": span.until if span.until <= today else None,
            "tiles": [Tile(i, i.of(total), reading.change(i.of(total), i.of(total_before))) for i in columns],
            "columns": columns,
            "rows": [(line, [(i, i.of(line.sums)) for i in columns]) for line in lines],
            "total": [(i, i.of(total)) for i in columns],
            "bars": reading.bars(
                drawn, "services.finished", "services.finished_late", indicators.indicator("services.on_time_rate")
            ),
            "fed": indicators.fed(BOOK),
        },
    )


def _by_month(span: Span, tree: reading.Tree, unit: Unit | None) -> dict[date, dict[str, int]]:
    where = {"unit": tree.below(unit.key)} if unit else None
    found = indicators.sums(MEASURES, span, by=["month"], where=where)
    return {date.fromisoformat(key[0]): sums for key, sums in found.items()}


@official()
@require_GET
def figure(request: Request, code: str) -> HttpResponse:
    """One figure: what it means, what it is made of, by unit, by day, and the entries behind it."""
    shown = reading.as_indicator(reading.known(code))
    tree, today = reading.Tree(), clock.today()
    unit, span = _place(request, tree), reading.month_of(request.GET.get("thang", ""), today)
    sums = reading.by_unit(tree, shown.measures, span)
    total = _total(tree, unit, sums)
    days = indicators.sums(shown.measures, span, by=["day"], where={"unit": tree.below(unit.key)} if unit else None)
    whole = (shown.denominator or shown.numerator)[0]
    opened = indicators.measure(request.GET.get("gom", "") or shown.numerator[0])
    after = whole_number(request.GET.get("sau", ""))
    entries = indicators.entries_behind(opened.code, span, tree.below(unit.key) if unit else None, after, ENTRIES)
    return render(
        request,
        "centre/figure.html",
        {
            "shown": shown,
            "figure": shown.of(total),
            "unit": unit,
            "way": _above(tree, unit),
            "span": span,
            "parts": [(indicators.measure(part), total.get(part, 0)) for part in dict.fromkeys(shown.measures)],
            "rows": sorted(
                [(line, shown.of(line.sums)) for line in tree.lines(unit.key if unit else None, sums)],
                key=lambda row: (row[1].value is None, row[1].value or 0),
                reverse=shown.better is not Better.HIGHER,
            ),
            "bars": reading.bars(_days(span, days, today), whole, shown.numerator[0], shown),
            "opened": opened,
            "behind": _behind(request.actor, tree, entries, opened.unit),
            "after": entries[-1].id if len(entries) == ENTRIES else None,
            "fed": indicators.fed(BOOK),
            "head": ledger.head(),
        },
    )


def _days(span: Span, sums: dict[tuple[str, ...], dict[str, int]], today: date) -> list[tuple[str, str, dict[str, int]]]:
    count = (min(span.until, today + timedelta(days=1)) - span.since).days
    days = [span.since + timedelta(days=number) for number in range(count)]
    return [(str(day.day), formats.longday(day), sums.get((day.isoformat(),), {})) for day in days]


def _behind(actor: Actor, tree: reading.Tree, entries: list[Entry], field: str) -> list[Behind]:
    mine = cases.codes_of(actor, [str(entry.data["case"]) for entry in entries if "case" in entry.data])
    found = []
    for entry in entries:
        code, _type = mine.get(str(entry.data.get("case", "")), ("", ""))
        href = reverse(cases.entry_points(str(entry.data["family"])).desk, args=[code]) if code else ""
        found.append(Behind(entry, tree.units.get(str(entry.data.get(field, ""))), code, href))
    return found
