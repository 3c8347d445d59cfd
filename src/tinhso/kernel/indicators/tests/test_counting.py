"""Measures are counted from sealed entries, once each, by unit, Vietnamese day and the book's dimensions."""

from datetime import date

import pytest

from tinhso.kernel.indicators import api
from tinhso.kernel.indicators.types import NoSuchFigure, Span
from tinhso.kernel.ledger import api as ledger

from .conftest import Found, Landed, count

NOVEMBER = Span.month(2026, 11)
ALL = ("fishing.landed", "fishing.landed_big", "fishing.kilos", "fishing.boats")


@pytest.fixture
def fishing(declared, write):
    book = declared()
    write(Landed("A", "sen", kilos=5), Landed("A", "sen", kilos=12, big=True), Landed("B", "sung", kilos=7))
    write(Landed("A", "sung", kilos=1, net="lớn"), at="2026-11-30 23:59")
    write(Landed("A", "sen", kilos=100), at="2026-12-01 00:00")
    write(Found("B", kilos=3), Landed("B", "sen", kilos=50, river="cuu-long"))
    count()
    return book


def test_each_kind_of_measure(fishing):
    assert api.sums(ALL, NOVEMBER) == {(): {ALL[0]: 4, ALL[1]: 1, ALL[2]: 28, ALL[3]: 2}}


def test_by_unit_a_set_of_all_is_not_the_sum_of_its_parts(fishing):
    by_unit = api.sums(ALL, NOVEMBER, by=["unit"])
    assert by_unit == {
        ("A",): {"fishing.landed": 3, "fishing.landed_big": 1, "fishing.kilos": 18, "fishing.boats": 2},
        ("B",): {"fishing.landed": 1, "fishing.kilos": 10, "fishing.boats": 1},
    }


def test_the_day_is_vietnams(fishing):
    days = api.sums(["fishing.landed"], Span(date(2026, 11, 1), date(2027, 1, 1)), by=["day"])
    assert {key[0]: sums["fishing.landed"] for key, sums in days.items()} == {
        "2026-11-02": 3,
        "2026-11-30": 1,
        "2026-12-01": 1,
    }


def test_by_month_and_dimension(fishing):
    months = api.sums(["fishing.landed", "fishing.boats"], Span.year(2026), by=["month", "net"])
    assert months == {
        ("2026-11-01", "nhỏ"): {"fishing.landed": 3, "fishing.boats": 2},
        ("2026-11-01", "lớn"): {"fishing.landed": 1, "fishing.boats": 1},
        ("2026-12-01", "nhỏ"): {"fishing.landed": 1, "fishing.boats": 1},
    }


def test_narrowed(fishing):
    assert api.sums(["fishing.landed"], NOVEMBER, where={"unit": ["A"], "boat": ["sen"]}) == {(): {"fishing.landed": 2}}


def test_nothing_counted_is_no_group(fishing):
    assert api.sums(ALL, Span.year(2020)) == {}
    assert api.sums([], NOVEMBER) == {}


def test_before_anything_was_fed(declared, db):
    declared()
    assert api.sums(ALL, NOVEMBER) == {}
    assert api.fed("fishing").at is None


def test_statements_do_not_grow(fishing, django_assert_num_queries):
    with django_assert_num_queries(2):
        api.sums(ALL, NOVEMBER, by=["unit", "month", "boat", "net"])


@pytest.mark.parametrize("code", ["fishing.sharks", "hunting.landed", ""])
def test_an_unknown_figure(fishing, code):
    with pytest.raises(NoSuchFigure):
        api.measure(code)
    with pytest.raises(NoSuchFigure):
        api.indicator(code)


def test_an_unknown_dimension(fishing):
    with pytest.raises(ValueError, match="no dimension colour; it has unit, day, month, boat, net"):
        api.sums(["fishing.landed"], NOVEMBER, by=["colour"])


def test_entries_are_counted_once_however_often_the_worker_runs(fishing, write):
    count()
    write(Landed("A", "sen"))
    assert api.fed("fishing").behind == 0  # not sealed yet, so not there yet
    count()
    count()
    assert api.sums(["fishing.landed"], NOVEMBER) == {(): {"fishing.landed": 5}}


def test_how_far_it_is_fed(fishing, write):
    fed = api.fed("fishing")
    assert (fed.position, fed.behind) == (7, 0)
    write(Landed("A", "sen"))
    ledger.seal()
    assert api.fed("fishing").behind == 1


def test_an_entry_that_cannot_be_counted_holds_the_book_up_and_is_seen(fishing, write):
    write(Landed("A", "sen", kilos="five"))  # type: ignore[arg-type]
    write(Landed("A", "sen", kilos=1000))
    count()
    (state,) = ledger.follower_states()
    assert "five" in (state.error or "")
    assert api.sums(["fishing.kilos"], NOVEMBER) == {(): {"fishing.kilos": 28}}


def test_a_missing_value_adds_nothing_and_a_missing_unit_is_nobodys(fishing, write):
    write(Landed(None, "sen", kilos=None), at="2026-10-05 10:00")
    count()
    assert api.sums(["fishing.landed", "fishing.kilos"], Span.month(2026, 10), by=["unit"]) == {
        ("",): {"fishing.landed": 1, "fishing.kilos": 0}
    }
