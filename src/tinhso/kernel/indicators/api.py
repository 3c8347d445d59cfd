"""The numbers' door: books are declared, sums and indicators read, figures opened down to their entries."""

from tinhso.kernel.indicators.books import all_books, book_of, indicator, measure
from tinhso.kernel.indicators.declaring import declare_book
from tinhso.kernel.indicators.queries import entries_behind, fed, recount, standing_units, sums

__all__ = [
    "all_books",
    "book_of",
    "declare_book",
    "entries_behind",
    "fed",
    "indicator",
    "measure",
    "recount",
    "standing_units",
    "sums",
]
