"""A notice stands in its recipient's portal, is read by him alone, and waits on the other channels."""

from collections.abc import Callable

import pytest

from tinhso.kernel.identity.api import anonymous
from tinhso.kernel.messages import api
from tinhso.kernel.messages.queries import recipient
from tinhso.kernel.messages.types import BadRecipient
from tinhso.lib import clock

from .conftest import APP, BAO, NOW, THAM

pytestmark = pytest.mark.django_db


def test_a_notice_is_there_at_once(told: Callable, states: Callable) -> None:
    with clock.at(NOW):
        told(code="H80.1")
        assert states() == {("portal", "sent"): 1, ("email", "waiting"): 1}
    (row,) = api.notices(THAM).rows
    assert (row.kind, row.params, row.about, row.created_at, row.read_at) == (
        "services.received",
        {"code": "H80.1"},
        "case:1",
        NOW,
        None,
    )


def test_telling_takes_two_statements(told: Callable, statements: Callable) -> None:
    with statements(2):
        told()


def test_each_sees_only_his_own(told: Callable) -> None:
    told()
    told(THAM.id, "account.welcome")
    told(BAO.id, "services.assigned")
    assert {n.kind for n in api.notices(THAM).rows} == {"services.received", "account.welcome"}
    assert [n.kind for n in api.notices(BAO).rows] == ["services.assigned"]
    assert api.notices(anonymous()).rows == ()
    assert (api.unread_count(THAM), api.unread_count(BAO), api.unread_count(anonymous())) == (2, 1, 0)


def test_pages_go_from_new_to_old(told: Callable, statements: Callable) -> None:
    for n in range(5):
        told(n=n)
    with statements(1):
        page = api.notices(THAM, size=2)
    seen = [n.params["n"] for n in page.rows]
    while page.after:
        page = api.notices(THAM, after=page.after, size=2)
        seen += [n.params["n"] for n in page.rows]
    assert seen == [4, 3, 2, 1, 0]


def test_a_cursor_that_is_none_is_ignored(told: Callable) -> None:
    told()
    assert len(api.notices(THAM, after="nonsense").rows) == 1


def test_reading_marks_only_ones_own(told: Callable) -> None:
    mine, other = told(), told(BAO.id)
    told()
    with clock.at(NOW):
        assert api.mark_read(THAM, [mine, other, "nonsense"]) == 1
    assert (api.unread_count(THAM), api.unread_count(BAO)) == (1, 1)
    assert [n.id for n in api.notices(THAM, unread=True).rows] != [mine]
    assert next(n for n in api.notices(THAM).rows if n.id == mine).read_at == NOW
    assert api.mark_read(THAM) == 1
    assert api.mark_read(THAM) == 0
    assert api.unread_count(THAM) == 0


def test_counting_stops_at_a_hundred(told: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tinhso.kernel.messages.queries.UNREAD_MAX", 3)
    for _ in range(5):
        told()
    assert api.unread_count(THAM) == 3


@pytest.mark.parametrize("name", ["", "tham", "party:", "unit:x", "party:" + "x" * 80])
def test_a_recipient_is_a_party_or_an_account(name: str) -> None:
    with pytest.raises(BadRecipient):
        api.notify(APP, name, "x.y", {}, "case:1")


def test_channels_are_named(carrier: object) -> None:
    assert api.channels() == ["email"]


def test_recipients() -> None:
    assert recipient("party:x") == "party:x"
