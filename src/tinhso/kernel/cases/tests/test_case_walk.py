"""One case from handing in to the hand of its owner, with everything that is written on the way."""

from tests import request_type, world
from tests.world import World
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.engine.events import EVENTS, from_json
from tinhso.kernel.cases.engine.evolve import evolve_all
from tinhso.kernel.cases.engine.state import CaseState
from tinhso.kernel.cases.models import Case, Document, Result
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.payments import api as payments
from tinhso.kernel.payments.types import ChargeState, Method
from tinhso.lib import clock

MONDAY = "2026-11-02 08:45"


def test_the_whole_way(commune: World) -> None:
    ref = request_type.filed(commune)
    ref = request_type.advanced(commune, ref, "receive")
    case = Case.objects.get(pk=ref.id)
    assert (case.step, case.desk, case.unpaid) == ("assigning", "to_assign", 75000)
    assert case.received_at == world.local(MONDAY)
    assert case.due_at is not None
    assert case.due_at.astimezone(clock.TZ).date().isoformat() == "2026-11-23"
    assert Document.objects.get(case=case).kind == "receive"
    charge = payments.charges(f"case:{ref.id}")[0]
    assert (charge.amount, charge.state, charge.payer) == (75000, ChargeState.DUE, commune.party)

    assign = {"assignee": commune.bao.id, "note": "Làm sớm"}
    ref = cases.perform(commune.duc, ref.id, "assign", assign, if_version=ref.version)
    case.refresh_from_db()
    assert (case.desk, case.handler, case.holder) == ("mine", commune.bao.id, commune.bao.id)

    ref = cases.perform(commune.bao, ref.id, "draft_result", {}, if_version=ref.version)
    case.refresh_from_db()
    assert (case.desk, case.handler, case.holder, case.result) == ("to_review", commune.bao.id, "", "draft")
    ref = cases.perform(commune.duc, ref.id, "approve", {}, if_version=ref.version)
    ref = cases.perform(commune.hoa, ref.id, "sign", {}, if_version=ref.version)
    ref = cases.perform(commune.lan, ref.id, "number", {}, if_version=ref.version)
    case.refresh_from_db()
    assert (case.step, case.phase, case.paused, case.desk, case.result) == (
        "payment", "waiting", True, "waiting_payment", "numbered",
    )  # fmt: skip
    assert [row.state for row in Result.objects.filter(case=case).order_by("version")] == ["draft", "signed", "numbered"]

    payments.settle_at_counter(commune.tam, charge.id, Method.CASH)
    ledger.seal(100)
    ledger.run_followers()
    case.refresh_from_db()
    assert (case.step, case.phase, case.unpaid, case.desk) == ("ready", "done", 0, "to_return")
    assert case.finished_at is not None

    ref = cases.perform(commune.tam, ref.id, "return_result", {"received_by": "Nguyễn Thị Hồng Thắm"}, if_version=case.version)
    case.refresh_from_db()
    assert (case.step, case.phase, case.status, case.desk, case.holder_unit) == ("returned", "ended", 10, "ended", "")
    assert case.ended_at == world.local(MONDAY)
    assert case.alarm_at is None


def test_the_entries_alone_give_the_state_again(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "number")
    kinds = {event.kind for event in EVENTS}
    entries = ledger.history(f"case:{ref.id}")
    assert [entry.version for entry in entries] == list(range(1, ref.version + 1))
    facts = [from_json(entry.kind, entry.data) for entry in entries if entry.kind in kinds]
    assert evolve_all(None, facts) == CaseState.from_json(Case.objects.get(pk=ref.id).state)


def test_no_name_and_no_word_typed_enters_the_ledger(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "receive")
    said = {"assignee": commune.bao.id, "note": "Chuyện riêng"}
    cases.perform(commune.duc, ref.id, "assign", said, if_version=ref.version)
    told = str([entry.data for entry in ledger.history(f"case:{ref.id}")])
    for secret in ("Thắm", "Bảo", "Chuyện riêng", "Nhà số 3"):
        assert secret not in told


def test_a_move_takes_at_most_nine_statements(commune: World, statements) -> None:
    ref = request_type.filed(commune)
    request_type.advanced(commune, request_type.filed(commune, key="warm"), "number")
    tam, duc, bao, mai = (commune.actor(name) for name in ("tam", "duc", "bao", "mai"))
    ref = cases.perform(tam, ref.id, "receive", {}, if_version=ref.version)
    with statements(9):
        given = {"assignee": bao.id, "note": "Làm sớm"}
        ref = cases.perform(duc, ref.id, "assign", given, if_version=ref.version, request_key="k")
    with statements(9):
        given = {"unit": commune.units["land-office"].key, "question": "Có tranh chấp không?"}
        ref = cases.perform(bao, ref.id, "consult", given, if_version=ref.version)
    with statements(9):
        given = {"outcome": "agree", "answer": "Không"}
        ref = cases.perform(mai, ref.id, "answer_opinion", given, task="t1")
