"""A book that counts otherwise is counted anew beside the old one, which is shown until the new one has caught up."""

from datetime import timedelta

import pytest

from tinhso.kernel.indicators import api
from tinhso.kernel.indicators.declarations import show_new_editions
from tinhso.kernel.indicators.models import Cell, Edition, Member
from tinhso.kernel.indicators.types import Span
from tinhso.kernel.ledger import api as ledger

from .conftest import BOOK, Landed, count

NOVEMBER = Span.month(2026, 11)
ONLY_BIG = BOOK.replace("    kind: count\n    of: [fishing.landed]\n    unit: port\n  landed_big", "    kind: count\n    where: { big: true }\n    of: [fishing.landed]\n    unit: port\n  landed_big")  # fmt: skip  # noqa: E501


@pytest.fixture
def begun(declared, write):
    declared()
    write(Landed("A", "sen"), Landed("A", "sen", big=True))
    count()
    show_new_editions()


def landed() -> int:
    return api.sums(["fishing.landed"], NOVEMBER)[()]["fishing.landed"]


def test_the_old_counting_is_shown_until_the_new_one_is_level(begun, declared):
    assert landed() == 2
    declared(ONLY_BIG)
    assert landed() == 2
    count()
    assert landed() == 2
    show_new_editions()
    assert landed() == 1
    assert Edition.objects.count() == 1
    assert not Cell.objects.exclude(edition=Edition.objects.get()).exists()
    assert not Member.objects.exclude(edition=Edition.objects.get()).exists()


def test_it_is_not_shown_while_it_is_behind(begun, declared, write):
    declared(ONLY_BIG)
    count()
    write(Landed("A", "sen", big=True))
    ledger.seal()
    show_new_editions()
    assert landed() == 2


def test_other_words_count_nothing_anew(begun, declared):
    declared(BOOK.replace("Số mẻ,", "Số chuyến,"))
    assert landed() == 2
    assert Edition.objects.count() == 1


def test_back_to_the_old_book(begun, declared):
    declared(ONLY_BIG)
    count()
    declared()
    show_new_editions()
    assert landed() == 2


def test_back_to_the_old_book_when_its_counting_is_forgotten(begun, declared, write):
    declared(ONLY_BIG)
    count()
    show_new_editions()
    declared()
    write(Landed("A", "sen"))
    count()
    show_new_editions()
    assert landed() == 3
    assert api.recount(api.book_of("fishing.landed")) == []


def test_the_look_is_declared():
    (job,) = [job for job in ledger.periodics() if job.name == "indicators.editions"]
    assert job.every <= timedelta(minutes=5)
