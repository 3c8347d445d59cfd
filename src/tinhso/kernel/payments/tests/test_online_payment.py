"""The journeys of online payment (S07 in docs/systems.md), end to end in this room."""

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.payments import api, ports
from tinhso.kernel.payments.adapters.sandbox import SandboxProvider
from tinhso.kernel.payments.engine import vietqr
from tinhso.kernel.payments.types import ChargeState, MessageVerdict
from tinhso.lib import clock

from .conftest import NOW, TAM
from .test_callback import SECRET, call, said


@pytest.fixture(autouse=True)
def _bank(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(ports, "_providers", {})
    api.connect(SandboxProvider("http://127.0.0.1:1", SECRET))
    yield


@pytest.mark.usefixtures("fresh_database")
def test_one_qr_is_paid_once_though_its_callback_comes_five_times(
    owed: Callable, accounts: Callable, django_db_blocker: object
) -> None:
    def told(body: bytes) -> MessageVerdict:
        try:
            with clock.at(NOW):
                return call(body).verdict
        finally:
            connections.close_all()

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        accounts()
        charge = owed("case:1")
        qr = vietqr.parse(api.qr_payload(charge))
        body = said(charge, reference=qr.reference, amount=qr.amount)
        with ThreadPoolExecutor(2) as pool:
            verdicts = list(pool.map(told, [body, body]))
        verdicts += [told(body) for _ in range(3)]
        assert verdicts == [MessageVerdict.SETTLED] * 5
        assert api.charge(charge.id).receipt_number == "2026-000001"
        assert [e.kind for e in ledger.history(f"charge:{charge.id}")] == ["payments.charged", "payments.settled"]


@pytest.mark.django_db
def test_five_hundred_payments_a_day_are_reconciled(owed: Callable) -> None:
    begin = dt.datetime(2026, 11, 22, 17, 0, tzinfo=dt.UTC)
    lines = ["transaction,reference,amount,paid_at"]
    for number in range(500):
        charge, at = owed(), (begin + dt.timedelta(seconds=170 * number)).isoformat()
        call(said(charge, transaction=f"FT{number:03}", paid_at=at))
        lines.append(f"FT{number:03},{charge.reference},75000,{at}")
    missing = lines.pop(250)
    lines.insert(100, f"FT999,TS261123ZZZZZZZZ,75000,{begin.isoformat()}")
    report = api.reconcile_day("sandbox", dt.date(2026, 11, 23), "\n".join(lines).encode())
    assert [s.transaction for s in report.missing] == [missing.split(",")[0]]
    assert [line.transaction for line in report.extra] == ["FT999"]
    assert (len(report.matched), report.differing, report.repeated) == (499, (), ())
    assert report.our_total == report.their_total == 500 * 75_000  # equal sums hide both: lines are compared, not totals


@pytest.mark.django_db
def test_a_wrong_amount_is_kept_told_and_not_settled(owed: Callable) -> None:
    charge = owed("case:1")
    assert call(said(charge, amount=57_000)).verdict is MessageVerdict.UNDERPAID
    assert api.charge(charge.id).state is ChargeState.DUE
    (listed,) = api.messages_waiting(TAM)
    assert (listed.amount, listed.charge.payable) == (57_000, "case:1")
    (entry,) = ledger.history(f"provider-message:{listed.id}")
    assert (entry.data["verdict"], entry.data["amount"], entry.data["payable"]) == ("underpaid", 57_000, "case:1")
