"""What changes the cube: entries that come in, and the change from one counting to the next. All of it can be done again."""

from collections.abc import Sequence

from django.db import connection

from tinhso.kernel.indicators.books import follower_name
from tinhso.kernel.indicators.engine.fold import Place, fold
from tinhso.kernel.indicators.models import Cell, Edition, Member
from tinhso.kernel.indicators.types import Book
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor, Entry
from tinhso.lib import clock

ROWS = 1000
"""Rows of one statement: eight values each, well below what a database takes."""
_PLACE = ("measure", "day", "unit", "a", "b", "c")


@ledger.operation
def feed(actor: Actor, book: Book, entries: Sequence[Entry]) -> None:
    """Add entries to the cube, exactly once each: the follower's bookmark moves in the same transaction."""
    edition, _ = Edition.objects.get_or_create(
        book=book.name, digest=book.edition, defaults={"begun_at": clock.now()}
    )  # fmt: skip
    added = fold(book, entries)
    _add_cells(edition.pk, sorted(added.cells.items()))
    Member.objects.bulk_create(
        [
            Member(edition=edition, **dict(zip(_PLACE, place, strict=True)), member=member)
            for place, member in sorted(added.members)
        ],
        ignore_conflicts=True,
        batch_size=ROWS,
    )
    Edition.objects.filter(pk=edition.pk).update(fed_at=max(entry.recorded_at for entry in entries))


def _add_cells(edition: int, cells: Sequence[tuple[Place, int]]) -> None:
    """One statement for a thousand cells: new ones are put in, known ones grow. The ORM can only overwrite, not add."""
    table = Cell._meta.db_table
    columns = ", ".join(("edition_id", *_PLACE, "value"))
    for start in range(0, len(cells), ROWS):
        some = cells[start : start + ROWS]
        rows = ", ".join(["(%s, %s, %s, %s, %s, %s, %s, %s)"] * len(some))
        keys = ", ".join(("edition_id", *_PLACE))
        sql = (
            f"INSERT INTO {table} ({columns}) VALUES {rows} "  # noqa: S608  names of our own columns only
            f"ON CONFLICT ({keys}) DO UPDATE SET value = {table}.value + excluded.value"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [value for place, amount in some for value in (edition, *place, amount)])


@ledger.operation
def finish_edition(actor: Actor, book: Book) -> None:
    """Show this counting of a book from now on, and forget those before it, their bookmarks too: a book that is changed back
    is counted from the first entry, not from where its own old counting stood."""
    Edition.objects.filter(book=book.name, digest=book.edition, ready_at=None).update(ready_at=clock.now())
    old = Edition.objects.filter(book=book.name).exclude(digest=book.edition)
    Cell.objects.filter(edition__in=old).delete()
    Member.objects.filter(edition__in=old).delete()
    ledger.forget_followers(actor, [follower_name(book.name, digest) for digest in old.values_list("digest", flat=True)])
    old.delete()
