"""Who sees which case: the same predicate for a row, a list, a search and a move."""

import pytest

from tests import request_type, world
from tests.world import World
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.models import Case
from tinhso.kernel.cases.types import NoSuchCase
from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.types import Purpose
from tinhso.lib.problems import NotFound

ALL = ("tham", "dung", "tam", "bao", "khoa", "duc", "hoa", "lan", "mai", "tam_tan_an")


def seen_by(commune: World) -> set[str]:
    """Who of all sees the only case, asked three ways that must agree."""
    found = set()
    for name in ALL:
        actor = commune.actor(name)
        listed = Case.objects.filter(cases.visible_to(actor)).exists()
        case = Case.objects.get()
        try:
            opened = cases.case_view(actor, case.code).ref.code == case.code
        except NoSuchCase:
            opened = False
        assert listed == opened == bool(cases.find(actor, case.code))
        found |= {name} if listed else set()
    return found


def test_from_handing_in_on(commune: World) -> None:
    ref = request_type.filed(commune)
    assert seen_by(commune) == {"tham", "tam", "bao", "khoa", "duc", "hoa"}
    ref = request_type.advanced(commune, ref, "assign")
    question = {"unit": commune.units["land-office"].key, "question": "Ranh đất?"}
    ref = cases.perform(commune.bao, ref.id, "consult", question, if_version=ref.version)
    assert seen_by(commune) == {"tham", "tam", "bao", "khoa", "duc", "hoa", "mai"}
    cases.perform(commune.tham, ref.id, "withdraw", {}, if_version=ref.version)
    assert seen_by(commune) == {"tham", "tam", "bao", "khoa", "duc", "hoa"}, "who was only asked sees it no more"


def test_who_gets_it_later_sees_it_from_then_on(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "approve")
    assert "lan" not in seen_by(commune)
    cases.perform(commune.hoa, ref.id, "sign", {}, if_version=ref.version)
    assert "lan" in seen_by(commune)


def test_outsiders_and_the_machinery(commune: World) -> None:
    ref = request_type.filed(commune)
    assert not Case.objects.filter(cases.visible_to(identity.anonymous())).exists()
    assert Case.objects.filter(cases.visible_to(world.SYSTEM)).exists()
    world.official(commune, "new", "Chưa có việc", [])
    assert not Case.objects.filter(cases.visible_to(commune.actor("new"))).exists()
    assert cases.my_cases(commune.tam) == []
    assert cases.find(commune.tam, "  ") == []
    assert [row.ref.id for row in cases.my_cases(commune.tham)] == [ref.id]
    assert cases.my_cases(commune.actor("dung")) == []


def test_looking_at_whole_data_leaves_an_entry_once(commune: World) -> None:
    ref = request_type.filed(commune)
    masked = cases.case_view(commune.tam, ref.id).applicant
    assert masked.masked
    for _ in range(2):
        whole = cases.case_view(commune.tam, ref.id, Purpose.HANDLING).applicant
        assert not whole.masked
        assert len(whole.identifier) == 12
    looks = identity.who_looked(commune.party)
    assert [look.about for look in looks] == [f"case:{ref.id}"]
    own = cases.case_view(commune.tham, ref.code.lower()).applicant
    assert not own.masked
    assert len(identity.who_looked(commune.party)) == 1


def test_who_is_not_the_owner_sees_masked_data_whatever_he_says(commune: World) -> None:
    ref = request_type.filed(commune)
    assert cases.case_view(commune.tam, ref.id, Purpose.OWN).applicant.masked
    assert identity.who_looked(commune.party) == []


def test_who_may_have_which_file(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "assign")
    minutes = world.stored(commune.bao).id
    visit = {"visited_on": "2026-11-02", "findings": "Đúng hiện trạng", "file": minutes}
    ref = cases.perform(commune.bao, ref.id, "visit", visit, if_version=ref.version)
    question = {"unit": commune.units["land-office"].key, "question": "Ranh đất?"}
    ref = cases.perform(commune.bao, ref.id, "consult", question, if_version=ref.version)
    letter = world.stored(commune.actor("mai")).id
    answer = {"outcome": "agree", "answer": "Không", "file": letter}
    ref = cases.perform(commune.actor("mai"), ref.id, "answer_opinion", answer, task="t1")
    ref = cases.perform(commune.bao, ref.id, "draft_result", {}, if_version=ref.version)
    view = cases.case_view(commune.bao, ref.id)
    paper, slip, draft = view.papers[0].files[0].id, view.documents[0].file.id, view.results[0].file.id
    assert {d.kind for d in view.documents} == {"receive", "visit"}
    for file in (paper, slip, minutes, letter, draft):
        assert cases.file_of_case(commune.bao, ref.id, file).id == file
    for file in (paper, slip):
        assert cases.file_of_case(commune.tham, ref.id, file).id == file
    for file in (minutes, letter, draft, world.stored(commune.tham).id, "nonsense"):
        with pytest.raises(NotFound):
            cases.file_of_case(commune.tham, ref.id, file)
    with pytest.raises(NoSuchCase):
        cases.file_of_case(commune.actor("dung"), ref.id, paper)


def test_the_result_is_for_the_applicant_once_it_is_paid(commune: World) -> None:
    from tinhso.kernel.ledger import api as ledger
    from tinhso.kernel.payments import api as payments
    from tinhso.kernel.payments.types import Method

    ref = request_type.advanced(commune, request_type.filed(commune), "number")
    result = cases.results_of(ref.id)[0]
    assert (result.state, result.number, result.final) == ("numbered", "12/GP", True)
    assert cases.case_view(commune.tham, ref.id).results == ()
    with pytest.raises(NotFound):
        cases.file_of_case(commune.tham, ref.id, result.file.id)
    payments.settle_at_counter(commune.tam, payments.charges(f"case:{ref.id}")[0].id, Method.CASH)
    ledger.seal(1000)
    ledger.run_followers()
    assert cases.case_view(commune.tham, ref.id).results[0].number == "12/GP"
    assert cases.file_of_case(commune.tham, ref.id, result.file.id).id == result.file.id


def test_status_for_anybody_who_has_the_code(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "receive")
    status = cases.public_status(f"  {ref.code.lower()} ")
    assert (status.code, status.status, str(status.step_public)) == (ref.code, 2, "Đã nhận")
    assert status.unit_name == "Phòng Kinh tế, Hạ tầng và Đô thị phường Khánh Hậu"
    assert "Thắm" not in repr(status)
    for wrong in ("", "H53.24.01-20261102-0000009", "nonsense"):
        with pytest.raises(NoSuchCase):
            cases.public_status(wrong)
