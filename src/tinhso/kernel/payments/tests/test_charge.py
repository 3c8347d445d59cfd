"""A charge says what is owed, for what, by which dated rule, and enters the ledger."""

import re
import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.payments import api, models
from tinhso.kernel.payments.engine import reference
from tinhso.kernel.payments.types import ChargeNotFound, ChargeState, Method, NoCollectingUnit, NothingToCharge
from tinhso.lib import clock

from .conftest import FEE, LOADER, NOW, TAM, THAM, UNIT

pytestmark = pytest.mark.django_db


def test_a_charge_is_the_sum_of_its_lines() -> None:
    copy = replace(FEE, code="copy", amount=4_000)
    charge = api.create_charge(TAM, "case:1", [FEE, copy, replace(copy, amount=1_000)], "tham", unit=UNIT, due_before=NOW)
    assert (charge.amount, charge.state, charge.payer, charge.unit, charge.due_before) == (80_000, "due", "tham", UNIT, NOW)
    assert charge.lines == (FEE, copy, replace(copy, amount=1_000))
    assert api.charge(charge.id) == charge
    (entry,) = ledger.history(f"charge:{charge.id}")
    assert (entry.kind, entry.unit, entry.actor) == ("payments.charged", UNIT, TAM.id)
    assert entry.data["lines"] == {"permit-fee": 75_000, "copy": 5_000}
    assert (entry.data["payable"], entry.data["amount"], entry.data["payer"]) == ("case:1", 80_000, "tham")


def test_the_actors_unit_collects_when_none_is_named() -> None:
    assert api.create_charge(TAM, "case:1", [FEE], None).unit == UNIT


def test_somebody_must_collect() -> None:
    with pytest.raises(NoCollectingUnit):
        api.create_charge(THAM, "case:1", [FEE], None)


@pytest.mark.parametrize("amounts", [[], [0], [-1, 2], [5, -5], [9_999_999_999_999, 1]])
def test_nothing_to_charge(amounts: list[int]) -> None:
    with pytest.raises(NothingToCharge):
        api.create_charge(TAM, "case:1", [replace(FEE, amount=a) for a in amounts], None)
    assert api.charges("case:1") == []


def test_charges_of_many_cases_take_one_statement(owed: Callable, statements: Callable) -> None:
    first, second = owed("case:1"), owed("case:2")
    again = owed("case:1")
    api.settle_at_counter(TAM, first.id, Method.CASH)
    with statements(1):
        found = api.charges_of(["case:1", "case:2", "case:3"])
    assert {payable: {c.id for c in made} for payable, made in found.items()} == {
        "case:1": {first.id, again.id},
        "case:2": {second.id},
    }
    assert api.amount_due("case:1") == 75_000
    assert api.amount_due("case:3") == 0


def test_creating_takes_few_statements(statements: Callable) -> None:
    with statements(2):
        api.create_charge(TAM, "case:1", [FEE], "tham")


@pytest.mark.parametrize("name", ["", "nonsense", str(uuid.UUID(int=0)), str(uuid.UUID(int=7))])
def test_no_such_charge(name: str) -> None:
    with pytest.raises(ChargeNotFound):
        api.charge(name)


def test_the_database_refuses_nonsense(owed: Callable) -> None:
    charge = owed()
    for change in [{"amount": 0}, {"state": "lost"}, {"state": "cancelled"}, {"cancel_reason": "mistake"}]:
        with pytest.raises(IntegrityError), ledger.acting(LOADER):
            models.Charge.objects.filter(pk=charge.id).update(**change)
    assert api.charge(charge.id).state is ChargeState.DUE


@given(st.dates())
def test_references_are_plain_and_short(day) -> None:
    made = reference.new(day)
    assert re.fullmatch(r"[A-Z0-9]{16}", made)
    assert made.startswith(f"TS{day:%y%m%d}")


def test_references_differ() -> None:
    assert len({reference.new(clock.today()) for _ in range(1000)}) == 1000
