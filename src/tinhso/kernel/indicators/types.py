"""What crosses the door of the numbers. Plain Python."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from tinhso.lib.problems import NotFound
from tinhso.lib.text import Words

Scalar = str | int | bool


class MeasureKind(StrEnum):
    """What an entry adds to a measure."""

    COUNT = "count"
    """One."""
    SUM = "sum"
    """The whole number in one of its fields."""
    DISTINCT = "distinct"
    """A member to a set: counted once however often it comes; a parent's set is the union."""


class Shape(StrEnum):
    """How an indicator's value is to be read."""

    NUMBER = "number"
    PERCENT = "percent"


class Better(StrEnum):
    """Which way an indicator should go."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity fed by entries of the kinds ``of`` whose data satisfy ``where`` (each field has one of the values given).

    ``unit`` names the field of the entry that holds the unit's key; ``value`` the field summed, or the set's member.
    """

    code: str
    """Unique in the house: ``services.received``."""
    kind: MeasureKind
    of: tuple[str, ...]
    where: Mapping[str, tuple[Scalar, ...]]
    unit: str
    value: str
    title: Words
    definition: Words
    legal_basis: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """A formula of measures: the sum of ``numerator`` or, where there is a ``denominator``, its share of that sum.

    A parent's value is computed from summed measures, never from its children's values.
    """

    code: str
    title: Words
    definition: Words
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    shape: Shape
    better: Better
    decimals: int
    legal_basis: str

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure it needs."""
        return self.numerator + self.denominator

    def of(self, sums: Mapping[str, int]) -> "Figure":
        """Its value, given its measures' sums; a measure not in ``sums`` is zero."""
        top = sum(sums.get(code, 0) for code in self.numerator)
        if not self.denominator:
            return Figure(Decimal(top), top, None)
        bottom = sum(sums.get(code, 0) for code in self.denominator)
        if bottom == 0:
            return Figure(None, top, 0)
        scale = 100 if self.shape is Shape.PERCENT else 1
        value = (Decimal(top * scale) / bottom).quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP)
        return Figure(value, top, bottom)


@dataclass(frozen=True, slots=True)
class Figure:
    """A computed value. ``value`` None: there is none, since the denominator is zero; that is not the same as zero."""

    value: Decimal | None
    numerator: int
    denominator: int | None


@dataclass(frozen=True, slots=True)
class Book:
    """An app's measures and indicators, as read from its file. ``dimensions`` are fields of the entries (at most three) by
    which all its measures can be told apart, beside unit and day. ``edition`` is a digest of what decides the counting."""

    name: str
    dimensions: tuple[str, ...]
    measures: tuple[Measure, ...]
    indicators: tuple[Indicator, ...]
    edition: str


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``since`` to the day before ``until``."""

    since: date
    until: date

    @classmethod
    def month(cls, year: int, month: int) -> "Span":
        """A calendar month. ValueError when there is none such."""
        return cls(date(year, month, 1), date(year + month // 12, month % 12 + 1, 1))

    @classmethod
    def year(cls, year: int) -> "Span":
        """A calendar year."""
        return cls(date(year, 1, 1), date(year + 1, 1, 1))

    def before(self) -> "Span":
        """The month or year before this one."""
        if self.since.month == 1 and (self.until.year, self.until.month) == (self.since.year + 1, 1):
            return Span.year(self.since.year - 1)
        last = self.since.year * 12 + self.since.month - 2
        return Span.month(last // 12, last % 12 + 1)


@dataclass(frozen=True, slots=True)
class Fed:
    """How far a book is counted: every entry below ``position`` is in it, the last one recorded at ``at``; ``behind``
    entries of the tree are still to come."""

    position: int
    at: datetime | None
    behind: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell of the cube that is not what a recount of the entries gives. ``key``: day, unit, then the dimensions."""

    measure: str
    key: tuple[str, ...]
    cube: int
    recount: int


class NoSuchFigure(NotFound):
    """No book declares a measure or indicator of this code."""

    code = "indicators.no_such_figure"
