"""The same request twice does one thing; money that is told of twice moves a case once."""

import uuid

import pytest

from tests import request_type, world
from tests.world import World
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.models import Case
from tinhso.kernel.cases.operations.following import after_settlement
from tinhso.kernel.cases.types import Channel, MoveRefused
from tinhso.kernel.identity import api as identity
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.payments import api as payments
from tinhso.kernel.payments.types import ChargeLine, ChargeState, Method


def test_handing_in_twice_makes_one_case(commune: World) -> None:
    first, second = request_type.filed(commune, key="same"), request_type.filed(commune, key="same")
    assert first == second
    assert Case.objects.count() == 1
    other = request_type.filed(commune, commune.actor("dung"), key="same")
    assert other.id != first.id, "a key belongs to an actor"


def test_a_move_repeated_answers_what_the_first_did(commune: World) -> None:
    ref = request_type.filed(commune)
    once = cases.perform(commune.tam, ref.id, "receive", {}, if_version=ref.version, request_key="r1")
    again = cases.perform(commune.tam, ref.id, "receive", {}, if_version=ref.version, request_key="r1")
    unversioned = cases.perform(commune.tam, ref.id, "receive", {}, request_key="r1")
    assert once == again == unversioned
    assert len(payments.charges(f"case:{ref.id}")) == 1
    with pytest.raises(MoveRefused):
        cases.perform(commune.tam, ref.id, "receive", {}, if_version=ref.version, request_key="r2")


def test_an_answer_to_a_task_repeated_is_one_answer(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "assign")
    question = {"unit": commune.units["land-office"].key, "question": "Ranh đất?"}
    cases.perform(commune.bao, ref.id, "consult", question, if_version=ref.version)
    mai, answer = commune.actor("mai"), {"outcome": "agree", "answer": "Không"}
    first = cases.perform(mai, ref.id, "answer_opinion", answer, task="t1", request_key="a1")
    assert cases.perform(mai, ref.id, "answer_opinion", answer, task="t1", request_key="a1") == first
    with pytest.raises(MoveRefused):
        cases.perform(mai, ref.id, "answer_opinion", answer, task="t1", request_key="a2")


def test_settled_money_moves_a_case_once_however_often_it_is_told(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "number")
    charge = payments.charges(f"case:{ref.id}")[0]
    payments.settle_at_counter(commune.tam, charge.id, Method.CASH)
    ledger.seal(1000)
    ledger.run_followers()
    case = Case.objects.get(pk=ref.id)
    assert case.step == "ready"
    entries = [e for e in ledger.history(f"charge:{charge.id}") if e.kind == "payments.settled"]
    assert len(entries) == 1
    with ledger.acting(identity.system("test")):
        after_settlement(entries)
    ledger.run_followers()
    case.refresh_from_db()
    moves = [e.data["move"] for e in ledger.history(f"case:{ref.id}") if e.kind == "cases.moved"]
    assert moves.count("pay") == 1


def test_money_that_comes_early_is_remembered(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "sign")
    payments.settle_at_counter(commune.tam, payments.charges(f"case:{ref.id}")[0].id, Method.CASH)
    ledger.seal(1000)
    ledger.run_followers()
    case = Case.objects.get(pk=ref.id)
    assert (case.step, case.unpaid) == ("numbering", 0)
    ref = cases.perform(commune.lan, ref.id, "number", {}, if_version=case.version)
    assert Case.objects.get(pk=ref.id).step == "ready", "no waiting for money that is there"


def test_only_the_system_pays(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "number")
    for actor in (commune.tam, commune.tham):
        with pytest.raises(MoveRefused) as refused:
            cases.perform(actor, ref.id, "pay", {}, if_version=ref.version)
        assert refused.value.params["reason"].code == "cases.move.system_only"


def test_what_is_paid_for_other_things_is_no_case_s_business(commune: World) -> None:
    line = ChargeLine("x", "Khác", "Other", 1000, "Luật thử")
    for payable in ("booking:1", f"case:{uuid.uuid4()}"):
        charge = payments.create_charge(commune.tam, payable, [line], None, unit=commune.units["commune-psc"].key)
        payments.settle_at_counter(commune.tam, charge.id, Method.CASH)
    ledger.seal(1000)
    ledger.run_followers()
    states = {state.name: state for state in ledger.follower_states()}
    assert states["cases.payments"].behind == 0


def test_a_type_without_fees_charges_nothing(commune: World) -> None:
    start, end = request_type.PACK.index("fees:"), request_type.PACK.index("results:")
    request_type.load((request_type.PACK[:start] + request_type.PACK[end:]).replace("type: test-request", "type: free"))
    papers = {"plan": [world.stored(commune.tham).id]}
    ref = cases.file_case(commune.tham, "free", request_type.data(), papers, Channel.ONLINE, commune.party, "k")
    request_type.advanced(commune, ref, "number")
    case = Case.objects.get(pk=ref.id)
    assert (case.step, case.unpaid, payments.charges(f"case:{ref.id}")) == ("ready", 0, [])


def test_money_paid_already_stays_when_a_case_is_withdrawn(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "assign")
    payments.settle_at_counter(commune.tam, payments.charges(f"case:{ref.id}")[0].id, Method.CASH)
    cases.perform(commune.tham, ref.id, "withdraw", {}, if_version=ref.version)
    assert payments.charges(f"case:{ref.id}")[0].state is ChargeState.PAID
