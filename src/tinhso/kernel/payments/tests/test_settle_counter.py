"""Money taken at the counter: by who may, once, with a receipt number of the year and unit."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor, ActorKind, Grant
from tinhso.kernel.payments import api
from tinhso.kernel.payments.types import (
    AlreadyCancelled,
    AlreadyPaid,
    CancelReason,
    ChargeNotFound,
    ChargeState,
    Method,
    NotAtCounter,
    NotCashier,
)
from tinhso.lib import clock

from .conftest import BAO, NOW, TAM, THAM, UNIT

pytestmark = pytest.mark.django_db


def test_cash_settles(owed: Callable, statements: Callable) -> None:
    api.settle_at_counter(TAM, owed().id, Method.CASH)  # begins the year's receipts
    charge = owed("case:1")
    with statements(6):
        paid = api.settle_at_counter(TAM, charge.id, Method.CASH)
    assert (paid.state, paid.method, paid.paid_at, paid.receipt_number) == (ChargeState.PAID, Method.CASH, NOW, "2026-000002")
    assert api.charge(charge.id) == paid
    entry = ledger.history(f"charge:{charge.id}")[1]
    assert (entry.kind, entry.version, entry.unit, entry.actor) == ("payments.settled", 2, UNIT, TAM.id)
    assert entry.data["payable"] == "case:1"
    assert (entry.data["amount"], entry.data["method"], entry.data["provider"]) == (75_000, "cash", None)


def test_a_transfer_seen_yesterday_keeps_its_own_time(owed: Callable) -> None:
    yesterday = NOW - dt.timedelta(days=1)
    paid = api.settle_at_counter(TAM, owed().id, Method.TRANSFER, paid_at=yesterday)
    assert (paid.paid_at, paid.method) == (yesterday, Method.TRANSFER)


def test_receipts_are_numbered_by_unit_and_year(owed: Callable) -> None:
    other = Actor("account:khac", ActorKind.OFFICIAL, unit="tan-an-psc", grants=(Grant(api.CASHIER, "tan-an-psc"),))
    numbers = [api.settle_at_counter(TAM, owed().id, Method.CASH).receipt_number for _ in range(3)]
    elsewhere = api.settle_at_counter(other, owed(unit="tan-an-psc").id, Method.CASH).receipt_number
    with clock.at(dt.datetime(2026, 12, 31, 17, 0, tzinfo=dt.UTC)):  # New Year in Tây Ninh
        next_year = api.settle_at_counter(TAM, owed().id, Method.CASH).receipt_number
    assert numbers == ["2026-000001", "2026-000002", "2026-000003"]
    assert elsewhere == "2026-000001"
    assert next_year == "2027-000001"


def test_only_once(owed: Callable) -> None:
    charge = owed()
    api.settle_at_counter(TAM, charge.id, Method.CASH)
    with pytest.raises(AlreadyPaid):
        api.settle_at_counter(TAM, charge.id, Method.TRANSFER)
    with pytest.raises(AlreadyPaid):
        api.cancel_charge(TAM, charge.id, CancelReason.MISTAKE)
    assert api.receipt(charge.id).settlement.method is Method.CASH


@pytest.mark.parametrize(
    "actor",
    [
        BAO,
        THAM,
        replace(TAM, kind=ActorKind.CITIZEN),
        replace(TAM, kind=ActorKind.SYSTEM),
        replace(TAM, grants=(Grant(api.CASHIER, "tan-an-psc"),)),
    ],
)
def test_only_a_cashier_of_the_unit(owed: Callable, actor: Actor) -> None:
    charge = owed()
    with pytest.raises(NotCashier):
        api.settle_at_counter(actor, charge.id, Method.CASH)
    assert api.charge(charge.id).state is ChargeState.DUE


def test_an_app_may_let_its_own_role_take_money(owed: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tinhso.kernel.payments.ports._cashiers", {api.CASHIER})
    api.let_take_money("services.handler")
    assert api.settle_at_counter(BAO, owed().id, Method.CASH).state is ChargeState.PAID


def test_online_is_never_recorded_by_hand(owed: Callable) -> None:
    with pytest.raises(NotAtCounter):
        api.settle_at_counter(TAM, owed().id, Method.ONLINE)


def test_what_does_not_exist_is_not_paid() -> None:
    with pytest.raises(ChargeNotFound):
        api.settle_at_counter(TAM, "nonsense", Method.CASH)


def test_cancelled_is_not_paid(owed: Callable) -> None:
    charge = owed()
    cancelled = api.cancel_charge(THAM, charge.id, CancelReason.WITHDRAWN)
    assert cancelled.state is ChargeState.CANCELLED
    assert api.charge(charge.id) == cancelled
    with pytest.raises(AlreadyCancelled):
        api.settle_at_counter(TAM, charge.id, Method.CASH)
    with pytest.raises(AlreadyCancelled):
        api.cancel_charge(THAM, charge.id, CancelReason.WITHDRAWN)
    entry = ledger.history(f"charge:{charge.id}")[1]
    assert (entry.kind, entry.data["reason"], entry.data["amount"]) == ("payments.cancelled", "withdrawn", 75_000)


def test_a_receipt_shows_charge_and_settlement(owed: Callable) -> None:
    charge = owed("case:7")
    with pytest.raises(ChargeNotFound):
        api.receipt(charge.id)
    api.settle_at_counter(TAM, charge.id, Method.CASH)
    receipt = api.receipt(charge.id)
    assert receipt.charge.lines[0].legal_basis == "Nghị quyết 25/2024/NQ-HĐND"
    assert (receipt.settlement.payable, receipt.settlement.recorded_by) == ("case:7", TAM.id)


def test_the_days_settlements_of_a_unit(owed: Callable) -> None:
    midnight = dt.datetime(2026, 11, 22, 17, 0, tzinfo=dt.UTC)  # the day begins in Tây Ninh
    for at in (midnight - dt.timedelta(seconds=1), midnight, midnight + dt.timedelta(hours=23, minutes=59)):
        api.settle_at_counter(TAM, owed().id, Method.CASH, paid_at=at)
    found = api.settlements(UNIT, dt.date(2026, 11, 23))
    assert [s.receipt_number for s in found] == ["2026-000002", "2026-000003"]
    assert api.settlements("tan-an-psc", dt.date(2026, 11, 23)) == []
