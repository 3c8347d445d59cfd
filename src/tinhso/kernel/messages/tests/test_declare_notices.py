"""On an entry, the people an app names are told: exactly once, whatever fails in between."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import pytest

from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Entry
from tinhso.kernel.messages import api, operations
from tinhso.kernel.messages.types import NoticeRequest
from tinhso.lib import clock

from .conftest import APP, BAO, NOW, THAM, TO_THAM, Carrier

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("only_ours")]


@dataclass(frozen=True)
class Received:
    kind: ClassVar[str] = "services.received"
    code: str


@dataclass(frozen=True)
class Assigned:
    kind: ClassVar[str] = "services.assigned"
    code: str


def _applicant(entry: Entry) -> list[NoticeRequest]:
    return [NoticeRequest(TO_THAM, "services.received", {"code": entry.data["code"]}, entry.stream)]


def _handler(entry: Entry) -> list[NoticeRequest]:
    return [NoticeRequest(BAO.id, "services.assigned", {"code": entry.data["code"]}, entry.stream)]


def _happened(*events: object, stream: str = "case:1") -> None:
    ledger.declare(Received, Assigned)
    with ledger.acting(APP):
        ledger.append(stream, *events)
    ledger.seal()


def _told(actor: object) -> list[tuple[str, str]]:
    return [(n.kind, n.params["code"]) for n in api.notices(actor).rows]


def test_each_entry_tells_whom_it_concerns(carrier: Carrier) -> None:
    api.declare_notices("services.received", _applicant)
    api.declare_notices("services.assigned", _handler)
    with clock.at(NOW):
        _happened(Received("A"), Assigned("A"), Received("B"))
    ledger.run_followers()
    assert _told(THAM) == [("services.received", "B"), ("services.received", "A")]
    assert _told(BAO) == [("services.assigned", "A")]
    assert api.notices(THAM).rows[0].created_at == NOW
    assert api.notices(THAM).rows[0].about == "case:1"


def test_two_may_be_told_of_one_entry(carrier: Carrier) -> None:
    api.declare_notices("services.received", _applicant)
    api.declare_notices("services.received", _handler)
    api.declare_notices("services.received", _handler)  # an app that is loaded twice
    _happened(Received("A"))
    ledger.run_followers()
    assert (len(_told(THAM)), len(_told(BAO))) == (1, 1)


def test_history_brought_in_afterwards_is_told_to_nobody_and_a_worker_that_slept_tells_all(carrier: Carrier) -> None:
    api.declare_notices("services.received", _applicant)
    ledger.declare(Received)
    with clock.at(NOW), ledger.acting(APP):
        for code, days in (("old", 8), ("recent", 6)):
            ledger.append(f"case:{code}", Received(code), occurred_at=NOW - timedelta(days=days))
    with clock.at(NOW + timedelta(days=40)):
        ledger.seal()
        ledger.run_followers()
    assert _told(THAM) == [("services.received", "recent")]


def test_reading_the_ledger_again_tells_nobody_twice(carrier: Carrier) -> None:
    api.declare_notices("services.received", _applicant)
    _happened(Received("A"))
    ledger.run_followers()
    with ledger.acting(APP):
        operations.tell_of(ledger.history("case:1"))
        operations.tell_of(ledger.history("case:1") * 2)
    assert _told(THAM) == [("services.received", "A")]


def test_a_failure_is_visible_and_loses_nothing(carrier: Carrier) -> None:
    broken = [True]

    def teller(entry: Entry) -> list[NoticeRequest]:
        if broken[0] and entry.data["code"] == "B":
            raise LookupError("no party")
        return _applicant(entry)

    api.declare_notices("services.received", teller)
    _happened(Received("A"), Received("B"), Received("C"))
    ledger.run_followers(once=False)
    (state,) = ledger.follower_states()
    assert (state.name, state.attempts) == ("messages.notices", 1)
    assert "no party" in (state.error or "")
    broken[0] = False
    ledger.retry_follower(APP, "messages.notices")
    ledger.run_followers(once=False)
    assert sorted(_told(THAM)) == [("services.received", c) for c in "ABC"]
