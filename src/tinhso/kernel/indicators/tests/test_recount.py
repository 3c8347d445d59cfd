"""The cube is what a recount of the ledger gives, whatever happened in whatever order, and a planted difference is found."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tinhso.kernel.indicators import api
from tinhso.kernel.indicators.engine.fold import fold
from tinhso.kernel.indicators.models import Cell
from tinhso.kernel.indicators.types import Difference, Span
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Entry

from .conftest import BAO, Found, Landed, count, happened

PORTS, BOATS = st.sampled_from(["A", "B", "C"]), st.sampled_from(["sen", "sung"])
EVENTS = st.one_of(
    st.builds(
        Landed,
        port=PORTS,
        boat=BOATS,
        net=st.sampled_from(["nhỏ", "lớn", ""]),
        kilos=st.none() | st.integers(-3, 10**9),
        big=st.booleans(),
        river=st.sampled_from(["vam-co", "cuu-long"]),
    ),
    st.builds(Found, port=PORTS, kilos=st.integers(0, 9)),
)
TIMES = st.integers(0, 60 * 24 * 70).map(lambda minutes: happened("2026-10-20 00:00") + timedelta(minutes=minutes))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(st.tuples(EVENTS, TIMES), min_size=1, max_size=12), cuts=st.sets(st.integers(0, 12)))
def test_any_history(declared, db, history, cuts):
    book = declared()
    for number, (event, at) in enumerate(history):
        with ledger.acting(BAO):
            ledger.append(f"boat:{number % 3}", event, occurred_at=at)
        if number in cuts:
            count()
    count()
    assert api.recount(book) == []


def test_a_changed_cell_is_found(declared, write):
    book = declared()
    write(Landed("A", "sen", kilos=4))
    count()
    with ledger.acting(BAO):
        Cell.objects.filter(measure="fishing.kilos").update(value=5)
    assert api.recount(book) == [Difference("fishing.kilos", ("2026-11-02", "A", "sen", "nhỏ"), 5, 4)]


def test_before_anything_was_fed(declared, db):
    assert api.recount(declared()) == []


@given(st.permutations(range(6)))
def test_order_does_not_matter(declared_book, order):
    book = declared_book
    some = [entry(n) for n in range(6)]
    assert fold(book, [some[n] for n in order]) == fold(book, some)


@pytest.fixture(scope="module")
def declared_book(tmp_path_factory):
    from tinhso.kernel.indicators.engine.book import read

    from .conftest import BOOK

    path = tmp_path_factory.mktemp("book") / "measures.yaml"
    path.write_text(BOOK, "utf-8")
    return read(path)


def entry(number: int) -> Entry:
    data = {"port": "AB"[number % 2], "boat": "sen", "net": "", "kilos": number, "big": number > 3, "river": "vam-co"}
    at = happened("2026-11-02 09:00")
    return Entry(number, "boat:1", number + 1, "fishing.landed", "account:bao", None, at, at, data, number)


def test_opened_down_to_its_entries(declared, write):
    declared()
    write(*[Landed("A", "sen", kilos=n, big=n % 2 == 0) for n in range(5)])
    write(Landed("B", "sen", big=True), at="2026-11-03 09:00", stream="boat:2")
    write(Landed("A", "sen", big=True), at="2026-12-01 00:00", stream="boat:2")
    ledger.seal()
    write(Landed("A", "sen", big=True), stream="boat:3")  # not sealed: not counted, not shown
    november = Span.month(2026, 11)
    newest = api.entries_behind("fishing.landed_big", november, size=3)
    assert [(e.stream, e.data["kilos"]) for e in newest] == [("boat:2", 1), ("boat:1", 4), ("boat:1", 2)]
    rest = api.entries_behind("fishing.landed_big", november, after=newest[-1].id)
    assert [e.data["kilos"] for e in rest] == [0]
    assert [e.data["port"] for e in api.entries_behind("fishing.landed_big", november, units=["B"])] == ["B"]
