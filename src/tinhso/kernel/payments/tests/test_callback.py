"""What a provider says is verified, kept, and settles its charge once; the rest waits for a person."""

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping

import pytest

from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor, ActorKind, Grant
from tinhso.kernel.payments import api, models, ports
from tinhso.kernel.payments.adapters.sandbox import SandboxProvider
from tinhso.kernel.payments.engine import signature
from tinhso.kernel.payments.operations import CALLBACK_MAX
from tinhso.kernel.payments.types import (
    AlreadyPaid,
    CallbackOutcome,
    CallbackTooLarge,
    CancelReason,
    ChargeState,
    ChargeView,
    MessageNotFound,
    MessageNotWaiting,
    MessageVerdict,
    Method,
    NotCashier,
    Resolution,
    UnknownProvider,
)
from tinhso.lib import clock

from .conftest import BAO, LOADER, NOW, TAM, THAM, UNIT

pytestmark = pytest.mark.django_db

SECRET = b"between us and the bank"
ELSEWHERE = Actor("account:khac", ActorKind.OFFICIAL, unit="tan-an-psc", grants=(Grant(api.CASHIER, "tan-an-psc"),))


@pytest.fixture(autouse=True)
def _bank(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(ports, "_providers", {})
    api.connect(SandboxProvider("http://127.0.0.1:1", SECRET))
    yield


def said(charge: ChargeView | None = None, **changed: object) -> bytes:
    """The body of a callback about a charge."""
    facts = {
        "transaction": "FT1",
        "reference": charge.reference if charge else "NOBODY",
        "amount": charge.amount if charge else 75_000,
        "currency": "VND",
        "paid_at": "2026-11-23T09:29:00+07:00",
    }
    return json.dumps(facts | changed).encode()


def call(body: bytes, secret: bytes = SECRET, at: dt.datetime | None = None) -> CallbackOutcome:
    """The bank calls."""
    return api.receive_callback("sandbox", signed(body, secret, at), body)


def signed(body: bytes, secret: bytes = SECRET, at: dt.datetime | None = None) -> Mapping[str, str]:
    return {"X-TinhSo-Signature": signature.sign(secret, body, at or clock.now())}


def test_a_callback_settles_its_charge(owed: Callable, everything_kept: Callable) -> None:
    charge = owed("case:1")
    outcome = call(said(charge))
    assert (outcome.verdict, outcome.accepted) == (MessageVerdict.SETTLED, True)
    paid = api.charge(charge.id)
    assert (paid.state, paid.method) == (ChargeState.PAID, Method.ONLINE)
    assert paid.paid_at == dt.datetime(2026, 11, 23, 2, 29, tzinfo=dt.UTC)
    settlement = api.receipt(charge.id).settlement
    assert (settlement.provider, settlement.transaction, settlement.recorded_by) == ("sandbox", "FT1", "system:payments")
    entry = ledger.history(f"charge:{charge.id}")[1]
    assert (entry.kind, entry.actor, entry.data["provider"], entry.data["method"]) == (
        "payments.settled",
        "system:payments",
        "sandbox",
        "online",
    )
    assert entry.occurred_at == paid.paid_at
    assert everything_kept() == [("settled", 1, False)]


def test_the_same_again_only_counts_up(owed: Callable, everything_kept: Callable) -> None:
    charge = owed()
    outcomes = [call(said(charge)) for _ in range(4)]
    assert len({o.message for o in outcomes}) == 1
    assert all(o.accepted for o in outcomes)
    assert everything_kept() == [("settled", 4, False)]
    assert len(ledger.history(f"charge:{charge.id}")) == 2


def test_the_same_in_other_words_is_a_repetition(owed: Callable, everything_kept: Callable) -> None:
    charge = owed()
    call(said(charge))
    assert call(said(charge, note="again")).verdict is MessageVerdict.REPEATED
    assert sorted(everything_kept()) == [("repeated", 1, False), ("settled", 1, False)]


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({"amount": 74_999}, MessageVerdict.UNDERPAID),
        ({"amount": 75_001}, MessageVerdict.OVERPAID),
        ({"reference": "TS26112300000000"}, MessageVerdict.UNKNOWN_REFERENCE),
    ],
)
def test_what_does_not_fit_is_kept_and_listed(
    owed: Callable, everything_kept: Callable, change: dict, verdict: MessageVerdict
) -> None:
    charge = owed("case:1")
    outcome = call(said(charge, **change))
    assert (outcome.verdict, outcome.accepted) == (verdict, True)
    assert api.charge(charge.id).state is ChargeState.DUE
    assert everything_kept() == [(verdict.value, 1, True)]
    (listed,) = api.messages_waiting(TAM)
    assert (listed.id, listed.verdict, listed.amount, listed.times) == (
        outcome.message,
        verdict,
        change.get("amount", 75_000),
        1,
    )
    (entry,) = ledger.history(f"provider-message:{outcome.message}")
    known = verdict is not MessageVerdict.UNKNOWN_REFERENCE
    assert (entry.kind, entry.data["verdict"]) == ("payments.message_refused", verdict.value)
    assert (entry.data["payable"], entry.unit) == (("case:1", UNIT) if known else (None, None))


def test_a_second_transaction_for_a_paid_charge_is_listed(owed: Callable) -> None:
    charge = owed()
    api.settle_at_counter(TAM, charge.id, Method.CASH)
    assert call(said(charge)).verdict is MessageVerdict.ALREADY_PAID
    assert api.charge(charge.id).method is Method.CASH
    assert [m.charge.reference for m in api.messages_waiting(TAM)] == [charge.reference]


def test_money_for_a_cancelled_charge_is_listed(owed: Callable) -> None:
    charge = owed()
    api.cancel_charge(TAM, charge.id, CancelReason.WITHDRAWN)
    assert call(said(charge)).verdict is MessageVerdict.CANCELLED


def test_a_transaction_can_not_be_two_things(owed: Callable) -> None:
    charge, other = owed(), owed()
    call(said(charge))
    assert call(said(other)).verdict is MessageVerdict.CONTRADICTS
    assert call(said(charge, amount=1)).verdict is MessageVerdict.CONTRADICTS
    assert api.charge(other.id).state is ChargeState.DUE


def test_a_wrong_signature_settles_nothing(owed: Callable, everything_kept: Callable) -> None:
    charge = owed()
    body = said(charge)
    outcome = call(body, secret=b"guessed")
    assert (outcome.verdict, outcome.accepted) == (MessageVerdict.FORGED, False)
    assert not api.receive_callback("sandbox", {}, body).accepted
    assert not api.receive_callback("sandbox", {"X-TinhSo-Signature": "t=1,v1=zz"}, body).accepted
    changed = api.receive_callback("sandbox", signed(body), said(charge, transaction="FT2"))
    assert changed.verdict is MessageVerdict.FORGED
    assert api.charge(charge.id).state is ChargeState.DUE
    assert sorted(everything_kept()) == [("forged", 1, True), ("forged", 3, True)]
    assert call(body).verdict is MessageVerdict.SETTLED


@pytest.mark.parametrize("minutes", [-6, 6])
def test_outside_the_window_is_stale(owed: Callable, minutes: int) -> None:
    charge = owed()
    outcome = call(said(charge), at=NOW + dt.timedelta(minutes=minutes))
    assert (outcome.verdict, outcome.accepted) == (MessageVerdict.STALE, False)
    assert api.charge(charge.id).state is ChargeState.DUE


@pytest.mark.parametrize("minutes", [-5, 5])
def test_inside_the_window_is_heard(owed: Callable, minutes: int) -> None:
    assert call(said(owed()), at=NOW + dt.timedelta(minutes=minutes)).verdict is MessageVerdict.SETTLED


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\x00",
        b"[]",
        b"{}",
        b"null",
        said(transaction=""),
        said(transaction=7),
        said(transaction="x" * 101),
        said(reference="a\x00b"),
        said(amount=0),
        said(amount=-5),
        said(amount=True),
        said(amount=75000.0),
        said(amount=10**18),
        said(currency="USD"),
        said(paid_at="yesterday"),
        said(paid_at="2026-11-23T09:29:00"),
    ],
)
def test_what_we_can_not_read_is_kept(body: bytes, everything_kept: Callable) -> None:
    outcome = call(body)
    assert (outcome.verdict, outcome.accepted) == (MessageVerdict.UNREADABLE, False)
    assert everything_kept() == [("unreadable", 1, True)]
    assert "\x00" not in api.messages_waiting(TAM)[0].raw


def test_a_flood_of_forgeries_fills_no_table(
    everything_kept: Callable, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("tinhso.kernel.payments.operations.FORGED_KEPT_PER_HOUR", 3)
    for n in range(5):
        assert not call(said(transaction=f"FT{n}"), secret=b"guessed").accepted
    assert len(everything_kept()) == 3
    assert "floods" in caplog.text
    with clock.at(NOW + dt.timedelta(hours=1, seconds=1)):
        call(said(transaction="FT9"), secret=b"guessed")
    assert len(everything_kept()) == 4


def test_something_huge_is_not_taken() -> None:
    with pytest.raises(CallbackTooLarge):
        call(b"x" * (CALLBACK_MAX + 1))


def test_a_stranger_is_not_heard() -> None:
    with pytest.raises(UnknownProvider):
        api.receive_callback("nobody", {}, b"")
    assert api.providers() == ["sandbox"]


def test_a_callback_takes_few_statements(owed: Callable, statements: Callable) -> None:
    call(said(owed(), transaction="FT0"))  # begins the year's receipts
    charge = owed()
    with statements(9):
        call(said(charge))


# --- what staff do with the list ---------------------------------------------------------------------------------------


def test_each_unit_sees_its_own_and_what_is_nobodys(owed: Callable) -> None:
    call(said(owed(), transaction="FT1", amount=1))
    call(said(owed(unit="tan-an-psc"), transaction="FT2", amount=1))
    call(said(transaction="FT3"))
    assert {m.transaction for m in api.messages_waiting(TAM)} == {"FT1", "FT3"}
    assert {m.transaction for m in api.messages_waiting(ELSEWHERE)} == {"FT2", "FT3"}
    assert api.messages_waiting(BAO) == api.messages_waiting(THAM) == []


def test_an_overpaid_charge_is_settled_by_a_person(owed: Callable) -> None:
    charge = owed()
    message = call(said(charge, amount=80_000)).message
    api.resolve_message(TAM, message, Resolution.SETTLED)
    settlement = api.receipt(charge.id).settlement
    assert (settlement.amount, settlement.transaction, settlement.recorded_by) == (75_000, "FT1", TAM.id)
    assert api.messages_waiting(TAM) == []
    assert [e.kind for e in ledger.history(f"provider-message:{message}")] == [
        "payments.message_refused",
        "payments.message_resolved",
    ]
    with pytest.raises(MessageNotWaiting):
        api.resolve_message(TAM, message, Resolution.RETURNED)


def test_an_overpaid_charge_that_was_paid_meanwhile_is_not_settled_again(owed: Callable) -> None:
    charge = owed()
    message = call(said(charge, amount=80_000)).message
    api.settle_at_counter(TAM, charge.id, Method.CASH)
    with pytest.raises(AlreadyPaid):
        api.resolve_message(TAM, message, Resolution.SETTLED)
    api.resolve_message(TAM, message, Resolution.RETURNED)


def test_an_underpaid_charge_is_not_settled(owed: Callable) -> None:
    message = call(said(owed(), amount=1)).message
    with pytest.raises(MessageNotWaiting):
        api.resolve_message(TAM, message, Resolution.SETTLED)
    with pytest.raises(NotCashier):
        api.resolve_message(ELSEWHERE, message, Resolution.RETURNED)
    api.resolve_message(TAM, message, Resolution.RETURNED)
    with ledger.acting(LOADER):
        row = models.ProviderMessage.objects.get()
    assert (row.resolution, row.resolved_by, row.resolved_at, row.waiting) == ("returned", TAM.id, NOW, False)


def test_what_is_nobodys_any_cashier_deals_with(owed: Callable) -> None:
    message = call(said()).message
    for actor in (BAO, THAM):
        with pytest.raises(NotCashier):
            api.resolve_message(actor, message, Resolution.DISMISSED)
    api.resolve_message(ELSEWHERE, message, Resolution.DISMISSED)
    with pytest.raises(MessageNotFound):
        api.resolve_message(TAM, "nonsense", Resolution.DISMISSED)
