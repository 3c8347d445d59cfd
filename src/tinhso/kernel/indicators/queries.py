"""Reads of the numbers: one statement for all measures of a book asked at once, whatever they are grouped by."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Sum, When
from django.db.models.functions import TruncMonth

from tinhso.kernel.indicators import books
from tinhso.kernel.indicators.engine.fold import satisfies
from tinhso.kernel.indicators.models import Cell, Edition, Member
from tinhso.kernel.indicators.types import Book, Difference, Fed, Measure, MeasureKind, Span
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Entry
from tinhso.kernel.organisation import api as organisation
from tinhso.lib.clock import TZ, today

Sums = dict[tuple[str, ...], dict[str, int]]
"""For each group (its values as text, days and months as ``2026-11-02``) the sum of each measure; zeros are left out."""


def sums(
    codes: Collection[str], span: Span, by: Sequence[str] = (), where: Mapping[str, Collection[str]] | None = None
) -> Sums:
    """The measures of one book in a span of days, grouped by any of ``unit``, ``day``, ``month`` and the book's dimensions.

    ``where`` narrows by the same names. At most two statements: one adds what is counted, one counts sets. ValueError for
    a name that the book does not have, or for measures of several books.
    """
    measures = [books.measure(code) for code in codes]
    if not measures:
        return {}
    found = {books.book_of(code).name: books.book_of(code) for code in codes}
    if len(found) > 1:
        raise ValueError(f"measures of several books: {', '.join(sorted(found))}")
    book = next(iter(found.values()))
    result: Sums = {}
    sets = [m.code for m in measures if m.kind is MeasureKind.DISTINCT]
    rest = [m.code for m in measures if m.kind is not MeasureKind.DISTINCT]
    if rest:
        _group(result, _cells(book, Cell.objects.all(), rest, span, where), book, by, Sum("value"))
    if sets:
        _group(result, _cells(book, Member.objects.all(), sets, span, where), book, by, Count("member", distinct=True))
    return result


def _column(book: Book, name: str) -> str:
    if name in book.dimensions:
        return "abc"[book.dimensions.index(name)]
    if name in ("unit", "day", "month"):
        return name
    raise ValueError(f"book {book.name} has no dimension {name}; it has unit, day, month, {', '.join(book.dimensions)}")


def _cells(
    book: Book, rows: QuerySet[Cell] | QuerySet[Member], codes: Iterable[str], span: Span,
    where: Mapping[str, Collection[str]] | None,
) -> QuerySet[Cell] | QuerySet[Member]:  # fmt: skip
    narrowed = Q(edition__in=_shown(book).values("pk")[:1], measure__in=list(codes), day__gte=span.since, day__lt=span.until)
    for name, values in (where or {}).items():
        narrowed &= Q(**{f"{_column(book, name)}__in": list(values)})
    return rows.filter(narrowed)


def _group(
    result: Sums, rows: QuerySet[Cell] | QuerySet[Member], book: Book, by: Sequence[str], total: Sum | Count
) -> None:  # fmt: skip
    names = {f"by_{i}": TruncMonth("day") if name == "month" else F(_column(book, name)) for i, name in enumerate(by)}
    grouped = rows.annotate(**names).values("measure", *names).annotate(total=total).order_by()
    for row in grouped:
        key = tuple(str(row[name]) for name in names)
        result.setdefault(key, {})[row["measure"]] = int(row["total"])


def _shown(book: Book) -> QuerySet[Edition]:
    """First the counting that is shown: this one if it is ready or there is no other, else the one before it."""
    own = Q(digest=book.edition)
    rank = Case(When(own, ready_at__isnull=False, then=0), When(ready_at__isnull=False, then=1), default=2)
    return Edition.objects.filter(own | Q(ready_at__isnull=False), book=book.name).order_by(rank, "-begun_at")


def fed(book_name: str) -> Fed:
    """How far what is shown of a book is counted. Raises NoSuchFigure."""
    book = books.book_of(f"{book_name}.")
    state = next(s for s in ledger.follower_states() if s.name == books.follower_name(book.name, book.edition))
    edition = _shown(book).first()
    return Fed(state.position, edition.fed_at if edition else None, state.behind)


def unfinished(declared: Iterable[Book]) -> list[Book]:
    """Books whose counting has caught up with the ledger but is not shown as finished yet."""
    behind = {state.name: state.behind for state in ledger.follower_states()}
    waiting = set(Edition.objects.filter(ready_at=None).values_list("book", "digest"))
    level = [book for book in declared if behind[books.follower_name(book.name, book.edition)] == 0]
    return [book for book in level if (book.name, book.edition) in waiting]


def standing_units(keys: Iterable[str], standing: Collection[str], on: date | None = None) -> dict[str, str]:
    """Units with who does their work on a date: an ended one's heir, so that figures can be shown as of today; else itself."""
    keys = set(keys) - {""}
    heirs = {key: organisation.successors_of_unit(key, on or today()) for key in keys.difference(standing)}
    return {key: heirs[key][0].key if heirs.get(key) else key for key in keys}


def entries_behind(
    code: str, span: Span, units: Collection[str] | None = None, after: int | None = None, size: int = 20
) -> list[Entry]:
    """The entries that a measure counted in a span, the newest first; ``after`` is the id of the last one seen."""
    measure = books.measure(code)
    where = dict(measure.where)
    if units is not None:
        where[measure.unit] = tuple(units)
    return ledger.entries(measure.of, where, (span.since, span.until), before=after, limit=size)


def recount(book: Book) -> list[Difference]:
    """Count a book anew, straight from the sealed entries and by another way than the cube's, and say where they differ."""
    edition = _shown(book).first()
    if edition is None:
        return []
    end = fed(book.name).position
    return [
        Difference(measure.code, key, cube.get(key, 0), again.get(key, 0))
        for measure in book.measures
        for again, cube in [(_tally(measure, book, end), _kept(edition, measure))]
        for key in sorted(set(again) | set(cube))
        if again.get(key, 0) != cube.get(key, 0)
    ]


def _tally(measure: Measure, book: Book, end: int) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {}
    seen: set[tuple[str, ...]] = set()
    for entry in ledger.sealed(measure.of, end):
        if not satisfies(measure, entry.data):
            continue
        day = entry.occurred_at.astimezone(TZ).date()
        distinct = measure.kind is MeasureKind.DISTINCT
        dimensions = [str("" if entry.data.get(name) is None else entry.data[name]) for name in book.dimensions]
        key = (str(day.replace(day=1) if distinct else day), str(entry.data.get(measure.unit) or ""), *dimensions)
        if distinct and (*key, str(entry.data.get(measure.value))) in seen:
            continue
        seen.add((*key, str(entry.data.get(measure.value))))
        found[key] = found.get(key, 0) + (int(entry.data.get(measure.value) or 0) if measure.kind is MeasureKind.SUM else 1)
    return {key: value for key, value in found.items() if value}


def _kept(edition: Edition, measure: Measure) -> dict[tuple[str, ...], int]:
    names = ("day", "unit", "a", "b", "c")[: 2 + len(books.book_of(measure.code).dimensions)]
    found: list[tuple[Any, ...]]
    if measure.kind is MeasureKind.DISTINCT:
        members = Member.objects.filter(edition=edition, measure=measure.code)
        found = list(members.values_list(*names).annotate(n=Count("pk")).order_by())
    else:
        cells = Cell.objects.filter(edition=edition, measure=measure.code)
        found = list(cells.values_list(*names).annotate(n=Sum("value")).order_by())
    return {tuple(str(value) for value in row[:-1]): int(row[-1]) for row in found if row[-1]}
