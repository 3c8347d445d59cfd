"""What is wrong with a book is told at start, with the file and the place in it."""

import pytest

from tinhso.kernel.indicators.engine.book import BookInvalid

from .conftest import BOOK


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("book: fishing", "bok: fishing", "book: book missing"),
        ("dimensions: [boat, net]", "dimensions: [a, b, c, d]", "dimensions: at most 3, there are 4"),
        ("dimensions: [boat, net]", "dimensions: boat", "dimensions: a list of names is expected"),
        ("where: { river: vam-co }", "where: vam-co", "where: fields with their values are expected"),
        ("kind: sum", "kind: average", "measures.kilos.kind: average is none of count, sum, distinct"),
        ("    value: kilos\n", "", "measures.kilos: a sum and a set need a value, a count has none"),
        ("    kind: count\n", "    kind: count\n    value: boat\n", "measures.landed: a sum and a set need a value"),
        ("    unit: port\n", "", "measures.landed: unit missing"),
        ("    unit: port\n", "    unit: port\n    colour: red\n", "measures.landed: colour unknown; there may be definition"),
        ("title: { vi: Số mẻ, en: Catches }", "title: Số mẻ", "measures.landed.title: a mapping is expected"),
        ("numerator: [landed_big]", "numerator: [sharks]", "indicators.big_rate.numerator: no measure fishing.sharks"),
        ("  big_rate:", "  landed:", "indicators: fishing.landed is the name of a measure too"),
        ("book: fishing", "book: [", "measures.yaml"),
    ],
)
def test_a_wrong_book(declared, old, new, said):
    assert old in BOOK
    with pytest.raises(BookInvalid) as refused:
        declared(BOOK.replace(old, new, 1))
    assert said in str(refused.value)
    assert "measures.yaml" in str(refused.value)


def test_a_second_book_of_one_name(declared, tmp_path):
    from tinhso.kernel.indicators import api

    first = declared()
    assert api.declare_book(tmp_path / "measures.yaml") == first
    (tmp_path / "other.yaml").write_text(BOOK.replace("river: vam-co", "river: cuu-long"), "utf-8")
    with pytest.raises(TypeError, match="book fishing is declared twice"):
        api.declare_book(tmp_path / "other.yaml")


def test_a_book_without_indicators(declared):
    assert declared(BOOK[: BOOK.index("indicators:")]).indicators == ()
