"""However many callbacks, cashiers and workers come at once, a charge is settled once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import connections

from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.payments import api, models, ports
from tinhso.kernel.payments.adapters.sandbox import SandboxProvider
from tinhso.kernel.payments.types import AlreadyPaid, ChargeState, Method
from tinhso.lib import clock

from .conftest import LOADER, NOW, TAM
from .test_callback import SECRET, call, said

pytestmark = pytest.mark.usefixtures("fresh_database")


@pytest.fixture(autouse=True)
def _open(django_db_blocker: object, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setattr(ports, "_providers", {})
    api.connect(SandboxProvider("http://127.0.0.1:1", SECRET))
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield


def _at_once(*jobs: Callable[[], object]) -> list[object]:
    def run(job: Callable[[], object]) -> object:
        try:
            with clock.at(NOW):
                return job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_one_transaction_told_many_times_at_once(owed: Callable) -> None:
    charge = owed()
    bodies = [said(charge)] * 6 + [said(charge, note=n) for n in range(4)]
    outcomes = _at_once(*(lambda body=body: call(body) for body in bodies))
    assert all(o.accepted for o in outcomes)
    with ledger.acting(LOADER):
        assert models.Settlement.objects.count() == 1
        assert models.ProviderMessage.objects.filter(verdict="settled").count() == 1
        assert sum(models.ProviderMessage.objects.values_list("times", flat=True)) == 10
    assert [e.kind for e in ledger.history(f"charge:{charge.id}")] == ["payments.charged", "payments.settled"]


def test_two_transactions_and_a_cashier_at_once(owed: Callable) -> None:
    charge = owed()

    def counter() -> None:
        with suppress(AlreadyPaid):
            api.settle_at_counter(TAM, charge.id, Method.CASH)

    _at_once(*(lambda n=n: call(said(charge, transaction=f"FT{n}")) for n in range(4)), counter, counter)
    with ledger.acting(LOADER):
        assert models.Settlement.objects.count() == 1
        verdicts = sorted(models.ProviderMessage.objects.values_list("verdict", flat=True))
    assert verdicts in (["already_paid"] * 3 + ["settled"], ["already_paid"] * 4)
    assert len(ledger.history(f"charge:{charge.id}")) == 2


def test_unknown_money_told_many_times_at_once_is_one_message() -> None:
    outcomes = _at_once(*(lambda: call(said()) for _ in range(6)))
    assert len({o.message for o in outcomes}) == 1


def test_receipts_given_at_once_have_no_gap(owed: Callable) -> None:
    charges = [owed() for _ in range(8)]
    _at_once(*(lambda c=c: api.settle_at_counter(TAM, c.id, Method.CASH) for c in charges))
    paid = [api.charge(c.id) for c in charges]
    assert all(c.state is ChargeState.PAID for c in paid)
    assert sorted(c.receipt_number for c in paid) == [f"2026-{n:06}" for n in range(1, 9)]
