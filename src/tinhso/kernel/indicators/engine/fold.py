"""Entries in, what they add to the cube out."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tinhso.kernel.indicators.engine.book import MOST_DIMENSIONS
from tinhso.kernel.indicators.types import Book, Measure, MeasureKind
from tinhso.kernel.ledger.types import Entry
from tinhso.lib.clock import TZ

Place = tuple[str, date, str, str, str, str]
"""Measure, day (a set: the first of its month), unit, and the book's dimensions, empty where there are fewer."""


@dataclass(slots=True)
class Addition:
    """What entries add: to counted cells a number, to sets their members."""

    cells: Counter[Place] = field(default_factory=Counter)
    members: set[tuple[Place, str]] = field(default_factory=set)


def fold(book: Book, entries: Iterable[Entry]) -> Addition:
    """What these entries add to the cube of ``book``; in whatever order they come, the sum is the same."""
    by_kind: dict[str, list[Measure]] = {}
    for measure in book.measures:
        for kind in measure.of:
            by_kind.setdefault(kind, []).append(measure)
    added = Addition()
    for entry in entries:
        day = entry.occurred_at.astimezone(TZ).date()
        for measure in by_kind.get(entry.kind, ()):
            if satisfies(measure, entry.data):
                _add(added, book, measure, entry.data, day)
    return added


def satisfies(measure: Measure, data: Any) -> bool:
    """Whether an entry's data are such as the measure counts."""
    return all(data.get(field) in values for field, values in measure.where.items())


def _add(added: Addition, book: Book, measure: Measure, data: Any, day: date) -> None:
    a, b, c = place(book, data)
    unit = _text(data.get(measure.unit))
    if measure.kind is MeasureKind.DISTINCT:
        added.members.add(((measure.code, day.replace(day=1), unit, a, b, c), _text(data.get(measure.value))))
    else:
        amount = 1 if measure.kind is MeasureKind.COUNT else int(data.get(measure.value) or 0)
        added.cells[measure.code, day, unit, a, b, c] += amount


def place(book: Book, data: Any) -> tuple[str, ...]:
    """The dimensions of an entry."""
    values = [_text(data.get(name)) for name in book.dimensions]
    return tuple(values + [""] * (MOST_DIMENSIONS - len(values)))


def _text(value: Any) -> str:
    return "" if value is None else str(value)
