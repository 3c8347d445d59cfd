"""Deliveries are sent once they wait, tried again with growing pauses, and given up visibly."""

import datetime as dt
from collections.abc import Callable

import pytest

from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor, ActorKind, Grant
from tinhso.kernel.messages import api, models, operations, ports
from tinhso.kernel.messages.types import (
    BadRecipient,
    DeliveryNotFound,
    NotFailed,
    NotKeeper,
    Preferences,
    Rendered,
    SendFailed,
    UnknownLanguage,
)
from tinhso.lib import clock

from .conftest import APP, BAO, NOW, THAM, Carrier

pytestmark = pytest.mark.django_db

KEEPER = Actor("account:keeper", ActorKind.OFFICIAL, grants=(Grant(api.KEEPER, "so-khcn"),))


def _fail(code: str, permanent: bool = False) -> Callable[[], None]:
    def broken() -> None:
        raise SendFailed(code, permanent)

    return broken


def test_what_waits_is_sent_once(told: Callable, carrier: Carrier, states: Callable) -> None:
    told(code="H80.1")
    assert api.deliver_waiting() == 1
    assert api.deliver_waiting() == 0
    assert [(to, subject) for _, to, subject in carrier.sent] == [("tham@example.vn", "vi: services.received H80.1")]
    assert states() == {("portal", "sent"): 1, ("email", "sent"): 1}
    with ledger.acting(APP):
        assert models.Delivery.objects.get(channel="email").carrier_ref == f"carried-{carrier.sent[0][0]}"


def test_many_go_in_batches(told: Callable, carrier: Carrier) -> None:
    for _ in range(45):
        told()
    assert api.deliver_waiting(limit=41) == 41
    assert api.deliver_waiting() == 4
    assert len({name for name, _, _ in carrier.sent}) == 45


def test_without_an_address_nothing_is_sent(told: Callable, carrier: Carrier, states: Callable) -> None:
    carrier.addresses.clear()
    told()
    api.deliver_waiting()
    assert states() == {("portal", "sent"): 1, ("email", "skipped"): 1}


def test_a_person_turns_mail_off_and_chooses_a_language(told: Callable, carrier: Carrier, states: Callable) -> None:
    assert api.preferences(THAM) == Preferences(email=True, language="vi")
    api.set_preferences(THAM, Preferences(email=True, language="en"))
    told()
    api.deliver_waiting()
    assert carrier.sent[0][2].startswith("en: ")
    api.set_preferences(THAM, Preferences(email=False, language="en"))
    assert api.preferences(THAM) == Preferences(email=False, language="en")
    told()
    told(THAM.id)
    api.deliver_waiting()
    assert len(carrier.sent) == 1
    assert states()["email", "skipped"] == 2
    assert [e.data["email"] for e in ledger.history(f"preferences:{THAM.id}")] == [True, False]


def test_preferences_are_a_persons(carrier: Carrier) -> None:
    with pytest.raises(UnknownLanguage):
        api.set_preferences(THAM, Preferences(language="fr"))
    with pytest.raises(BadRecipient):
        api.set_preferences(APP, Preferences())


def test_failures_are_tried_again_with_growing_pauses_then_given_up(told: Callable, carrier: Carrier, states: Callable) -> None:
    carrier.broken = _fail("unreachable")
    at = NOW
    with clock.at(at):
        told()
    for pause in operations.PAUSES:
        with clock.at(at):
            assert api.deliver_waiting() == 1
            assert states()["email", "waiting"] == 1
        with clock.at(at + pause - dt.timedelta(seconds=1)):
            assert api.deliver_waiting() == 0
        at += pause
    with clock.at(at):
        assert api.deliver_waiting() == 1
        assert states()["email", "failed"] == 1
        assert api.deliver_waiting() == 0
    (failed,) = api.failed_deliveries()
    assert (failed.error_code, failed.attempts, failed.notice_kind, failed.about) == (
        "unreachable",
        operations.TRIES,
        "services.received",
        "case:1",
    )
    (entry,) = ledger.history(f"delivery:{failed.id}")
    assert (entry.kind, entry.data["error_code"], entry.data["attempts"]) == (
        "messages.delivery_failed",
        "unreachable",
        operations.TRIES,
    )
    carrier.broken = lambda: None
    with clock.at(at):
        api.retry_delivery(KEEPER, failed.id)
        assert api.deliver_waiting() == 1
    assert len(carrier.sent) == 1
    assert api.failed_deliveries() == []


def test_a_refusal_for_good_is_not_tried_again(told: Callable, carrier: Carrier, states: Callable) -> None:
    carrier.broken = _fail("address_refused", permanent=True)
    told()
    api.deliver_waiting()
    assert states()["email", "failed"] == 1


def test_a_fault_of_ours_is_retried_and_holds_nobody_up(
    told: Callable, carrier: Carrier, states: Callable, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def some_words(kind: str, params: dict, about: str, language: str) -> Rendered:
        return Rendered(params["subject"], "")

    monkeypatch.setattr(ports, "_renderer", [some_words])
    told()
    told(subject="good")
    assert api.deliver_waiting() == 2
    assert [subject for _, _, subject in carrier.sent] == ["good"]
    assert states()["email", "waiting"] == 1
    assert "fell over" in caplog.text
    with ledger.acting(APP):
        assert models.Delivery.objects.get(channel="email", state="waiting").error_code == "error"


@pytest.mark.parametrize(("emptied", "code"), [("_renderer", "no_renderer"), ("_channels", "no_channel")])
def test_a_missing_part_is_a_failure_not_a_loss(
    told: Callable, monkeypatch: pytest.MonkeyPatch, emptied: str, code: str
) -> None:
    told()
    monkeypatch.setattr(ports, emptied, type(getattr(ports, emptied))())
    api.deliver_waiting()
    with ledger.acting(APP):
        row = models.Delivery.objects.get(channel="email")
    assert (row.state, row.error_code) == ("waiting", code)


def test_old_news_is_not_sent_out(carrier: Carrier, told: Callable, states: Callable) -> None:
    later = NOW + operations.TOO_OLD + dt.timedelta(seconds=1)
    with clock.at(later):
        with ledger.acting(APP):
            operations._tell([(1, operations.NoticeRequest("party:tham", "x.y", {}, "case:1"), NOW)])
        assert states() == {("portal", "sent"): 1, ("email", "skipped"): 1}


def test_a_worker_that_died_leaves_its_claim_to_run_out(told: Callable, carrier: Carrier) -> None:
    with clock.at(NOW):
        told()
        operations._claim(operations.SYSTEM, 10)  # and then the machine stops
        assert api.deliver_waiting() == 0
    with clock.at(NOW + operations.LEASE):
        assert api.deliver_waiting() == 1
    assert len(carrier.sent) == 1


def test_a_worker_that_overslept_changes_nothing(told: Callable, carrier: Carrier) -> None:
    with clock.at(NOW):
        told()
        (late,) = operations._claim(operations.SYSTEM, 10)
    with clock.at(NOW + operations.LEASE):
        carrier.broken = _fail("unreachable")
        api.deliver_waiting()
        operations._record(operations.SYSTEM, late, operations._Result(operations.DeliveryState.FAILED, permanent=True))
    with ledger.acting(APP):
        assert models.Delivery.objects.get(channel="email").state == "waiting"


def test_what_kills_its_worker_each_time_is_given_up(told: Callable, carrier: Carrier, states: Callable) -> None:
    told()
    with ledger.acting(APP):
        models.Delivery.objects.filter(channel="email").update(attempts=operations.TRIES)
    api.deliver_waiting()
    assert carrier.sent == []
    assert api.failed_deliveries()[0].error_code == "abandoned"


def test_only_a_keeper_tries_again_and_only_what_failed(told: Callable, carrier: Carrier) -> None:
    carrier.broken = _fail("x", permanent=True)
    told()
    api.deliver_waiting()
    (failed,) = api.failed_deliveries()
    for actor in (THAM, BAO):
        with pytest.raises(NotKeeper):
            api.retry_delivery(actor, failed.id)
    for name in ("999999", "nonsense"):
        with pytest.raises(DeliveryNotFound):
            api.retry_delivery(APP, name)
    api.retry_delivery(APP, failed.id)
    with pytest.raises(NotFailed):
        api.retry_delivery(KEEPER, failed.id)


def test_the_worker_delivers(told: Callable, carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    told()
    ledger.run_periodic()
    assert len(carrier.sent) == 1
