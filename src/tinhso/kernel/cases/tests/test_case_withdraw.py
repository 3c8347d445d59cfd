"""Cases that end otherwise: withdrawn, refused, stopped; what is owed falls away, and nothing moves any more."""

import pytest

from tests import request_type
from tests.world import World
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.models import Case, Task
from tinhso.kernel.cases.types import MoveRefused
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.payments import api as payments
from tinhso.kernel.payments.types import ChargeState


def test_the_applicant_withdraws(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "assign")
    ref = cases.perform(commune.tham, ref.id, "withdraw", {"reason": "Đổi ý"}, if_version=ref.version)
    case = Case.objects.get(pk=ref.id)
    assert (case.step, case.phase, case.status, case.unpaid) == ("withdrawn", "ended", 7, 0)
    assert case.finished_at is not None
    charge = payments.charges(f"case:{ref.id}")[0]
    assert charge.state is ChargeState.CANCELLED
    with pytest.raises(MoveRefused) as refused:
        cases.perform(commune.tham, ref.id, "withdraw", {}, if_version=ref.version)
    assert refused.value.params["reason"].code == "cases.move.ended"


def test_a_signed_case_is_not_withdrawn(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "sign")
    with pytest.raises(MoveRefused):
        cases.perform(commune.tham, ref.id, "withdraw", {}, if_version=ref.version)


def test_refused_before_receipt_no_clock_ran(commune: World) -> None:
    ref = request_type.filed(commune)
    ref = cases.perform(commune.tam, ref.id, "refuse", {"reason": "Sai thẩm quyền"}, if_version=ref.version)
    case = Case.objects.get(pk=ref.id)
    assert (case.step, case.status, case.received_at, case.finished_at) == ("refused", 3, None, None)
    last = ledger.history(f"case:{ref.id}")[-1]
    assert (last.kind, last.data["outcome"], last.data["received"]) == ("cases.ended", "refused", False)


def test_stopping_calls_open_questions_off(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "assign")
    question = {"unit": commune.units["land-office"].key, "question": "Ranh đất?"}
    ref = cases.perform(commune.bao, ref.id, "consult", question, if_version=ref.version)
    ref = cases.perform(commune.duc, ref.id, "stop", {"reason": "Đất có tranh chấp"}, if_version=ref.version)
    task = Task.objects.get(case=ref.id)
    assert (task.outcome, task.answer) == ("cancelled", "")
    assert task.closed_at is not None
    assert Case.objects.get(pk=ref.id).consulting == 0


def test_the_reason_is_told_to_the_applicant(commune: World) -> None:
    ref = request_type.filed(commune)
    cases.perform(commune.tam, ref.id, "refuse", {"reason": "Sai thẩm quyền"}, if_version=ref.version)
    told = [note for item in cases.case_view(commune.tham, ref.id).history for note in item.params.get("notes", ())]
    assert [(str(label), text) for label, text in told] == [("Lý do", "Sai thẩm quyền")]
