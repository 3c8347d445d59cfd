"""Handing a case in: online, at the counter, from a draft; what is refused; what is written."""

from tests import request_type
from tests.world import World
from tinhso.kernel.cases.models import Case, Paper
from tinhso.kernel.ledger import api as ledger


def test_handing_in_online_makes_a_case_with_code_papers_and_one_entry(commune: World) -> None:
    ref = request_type.filed(commune)
    case = Case.objects.get(pk=ref.id)
    assert ref.code == case.code == "H53.24.01-20261102-0000001"
    assert (case.step, case.phase, case.status, case.desk) == ("filed", "filed", 1, "to_receive")
    assert case.holder_unit == case.receiving_unit == commune.units["commune-psc"].key
    assert case.applicant == "nguyen thi hong tham"
    assert Paper.objects.filter(case=case, code="plan", version=1).count() == 1
    entries = ledger.history(f"case:{ref.id}")
    assert [e.kind for e in entries] == ["cases.filed"]
    assert "Thắm" not in str(entries[0].data)


def test_a_walk_to_the_end(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "number")
    assert Case.objects.get(pk=ref.id).step == "payment"
