"""How an app declares its book: it is kept, and becomes a follower of the ledger."""

from collections.abc import Sequence
from pathlib import Path

from tinhso.kernel.indicators import books
from tinhso.kernel.indicators.engine.book import read
from tinhso.kernel.indicators.operations import feed
from tinhso.kernel.indicators.types import Book
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Entry


def declare_book(path: Path) -> Book:
    """Keep the measures and indicators of this file from now on. A changed book is counted anew from the first entry.

    Raises ``BookInvalid`` for a file that cannot be used, ``TypeError`` for a second book of the same name.
    """
    found = read(path)
    if books.keep(found):
        kinds = sorted({kind for measure in found.measures for kind in measure.of})

        def count(entries: Sequence[Entry]) -> None:
            feed(ledger.current_actor(), found, entries)

        count.__doc__ = f"Counts the measures of the book {found.name} into the cube."
        ledger.follower(books.follower_name(found.name, found.edition), kinds, batch=2000)(count)
    return found
