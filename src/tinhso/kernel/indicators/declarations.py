"""What the numbers ask of the ledger: a look, every so often, whether a new counting has caught up."""

from datetime import timedelta

from tinhso.kernel.indicators import books
from tinhso.kernel.indicators.operations import finish_edition
from tinhso.kernel.indicators.queries import unfinished
from tinhso.kernel.ledger import api as ledger


@ledger.periodic("indicators.editions", timedelta(minutes=1))
def show_new_editions() -> None:
    """A changed book is shown once it has read as far as the others."""
    for book in unfinished(books.all_books()):
        finish_edition(ledger.system_actor("indicators.editions"), book)
