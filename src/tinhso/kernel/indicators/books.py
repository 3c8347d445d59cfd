"""The books this installation keeps, declared by the apps when they start."""

from tinhso.kernel.indicators.types import Book, Indicator, Measure, NoSuchFigure

_books: dict[str, Book] = {}


def keep(book: Book) -> bool:
    """Keep a book; False when it is kept already. TypeError for a second one of the same name."""
    if _books.get(book.name, book) != book:
        raise TypeError(f"book {book.name} is declared twice")
    new = book.name not in _books
    _books[book.name] = book
    return new


def follower_name(book: str, edition: str) -> str:
    """The bookmark of one edition of a book."""
    return f"indicators.{book}.{edition}"


def all_books() -> tuple[Book, ...]:
    """Every declared book, by name."""
    return tuple(_books[name] for name in sorted(_books))


def book_of(code: str) -> Book:
    """The book that declares a measure or indicator. Raises NoSuchFigure."""
    name = code.partition(".")[0]
    if name not in _books:
        raise NoSuchFigure(figure=code)
    return _books[name]


def indicator(code: str) -> Indicator:
    """An indicator by its code. Raises NoSuchFigure."""
    for found in book_of(code).indicators:
        if found.code == code:
            return found
    raise NoSuchFigure(figure=code)


def measure(code: str) -> Measure:
    """A measure by its code. Raises NoSuchFigure."""
    for found in book_of(code).measures:
        if found.code == code:
            return found
    raise NoSuchFigure(figure=code)
