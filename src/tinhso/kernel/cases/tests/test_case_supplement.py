"""Asking the applicant for more: the clock stands, papers come, it goes on."""

from datetime import timedelta

import pytest

from tests import request_type, world
from tests.world import World
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.models import Case, Paper, Supplement
from tinhso.kernel.cases.types import CaseRef, MoveRefused
from tinhso.kernel.identity.types import Purpose
from tinhso.lib import clock
from tinhso.lib.problems import Invalid, NotAllowed


def asked(commune: World, *items: str) -> CaseRef:
    """A case in whose handling more was asked for on Thursday 5 November."""
    ref = request_type.advanced(commune, request_type.filed(commune), "assign")
    given = {"items": list(items or ("plan",)), "note": "Bản vẽ thiếu móng"}
    with clock.at(world.local("2026-11-05 09:00")):
        return cases.perform(commune.bao, ref.id, "request_supplement", given, if_version=ref.version)


def test_the_clock_stands_and_the_applicant_holds_the_case(commune: World) -> None:
    case = Case.objects.get(pk=asked(commune).id)
    assert (case.step, case.paused, case.holder_unit, case.desk) == ("supplement", True, "", "waiting_citizen")
    assert case.wanting == ["plan"]
    row = Supplement.objects.get(case=case)
    assert (row.number, row.items, row.note, row.answered_at) == (1, ["plan"], "Bản vẽ thiếu móng", None)


def test_an_answer_moves_the_due_date_by_the_days_waited(commune: World) -> None:
    ref = asked(commune)
    due = Case.objects.get(pk=ref.id).due_at
    with clock.at(world.local("2026-11-10 09:00")):
        ref = cases.attach(commune.tham, ref.id, "plan", world.stored(commune.tham).id)
        cases.perform(commune.tham, ref.id, "answer_supplement", {"note": "Đã sửa"}, if_version=ref.version)
    case = Case.objects.get(pk=ref.id)
    assert (case.step, case.paused, case.supplemented, case.unread) == ("handling", False, True, True)
    assert case.holder == case.handler == commune.bao.id
    assert due is not None and case.due_at is not None
    assert case.due_at - due >= timedelta(days=3)
    assert Supplement.objects.get(case=case).answer == "Đã sửa"


def test_papers_get_a_new_version_and_keep_the_old(commune: World) -> None:
    ref = asked(commune)
    first, second = (world.stored(commune.tham) for _ in range(2))
    cases.attach(commune.tham, ref.id, "plan", first.id)
    cases.attach(commune.tham, ref.id, "plan", second.id)
    rows = Paper.objects.filter(case=ref.id, code="plan").order_by("version", "place")
    assert [(row.version, row.place) for row in rows] == [(1, 0), (2, 0), (2, 1)]
    shown = cases.case_view(commune.bao, ref.id, Purpose.HANDLING).papers[0]
    assert (shown.version, len(shown.files), shown.state) == (2, 3, "given")
    assert shown.files[0].id == first.id
    with pytest.raises(Invalid) as refused:
        cases.attach(commune.tham, ref.id, "plan", world.stored(commune.tham).id)
    assert refused.value.errors[0][1] == "too_many_files"


def test_without_the_papers_asked_for_there_is_no_answer(commune: World) -> None:
    ref = asked(commune)
    with pytest.raises(MoveRefused) as refused:
        cases.perform(commune.tham, ref.id, "answer_supplement", {}, if_version=ref.version)
    assert refused.value.params["reason"].code == "cases.move.guard"
    option = next(o for o in cases.case_view(commune.tham, ref.id).moves if o.rule.id == "answer_supplement")
    assert not option.enabled


def test_answers_of_the_form_can_be_asked_for_and_corrected(commune: World) -> None:
    ref = asked(commune, "subject")
    ref = cases.correct(commune.tham, ref.id, {"subject": "Nhà số 5"})
    case = Case.objects.get(pk=ref.id)
    assert (case.data["subject"], case.wanting) == ("Nhà số 5", [])
    with pytest.raises(Invalid) as strange:
        cases.correct(commune.tham, ref.id, {"commune": world.TAN_AN})
    assert strange.value.errors == [("commune", "not_asked", {})]
    with pytest.raises(Invalid) as wrong:
        cases.correct(commune.tham, ref.id, {"subject": "x" * 101})
    assert wrong.value.errors[0][:2] == ("subject", "too_long")
    with pytest.raises(NotAllowed):
        cases.correct(commune.bao, ref.id, {"subject": "Nhà số 6"})


def test_nobody_else_adds_papers(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "assign")
    file = world.stored(commune.tham).id
    with pytest.raises(NotAllowed):
        cases.attach(commune.tham, ref.id, "plan", file)  # nothing was asked for
    with pytest.raises(NotAllowed):
        cases.attach(commune.hoa, ref.id, "plan", file)  # sees it, does not hold it
    with pytest.raises(NotAllowed):
        cases.correct(commune.tham, ref.id, {"subject": "Nhà số 5"})


def test_the_desk_scans_what_comes_on_paper(commune: World) -> None:
    ref = request_type.filed(commune)
    scan = world.stored(commune.tam)
    ref = cases.attach(commune.tam, ref.id, "proof", scan.id)
    assert Case.objects.get(pk=ref.id).given == {"plan": 1, "proof": 1}
    for code, file in (("no_such", scan.id), ("plan", "0" * 32)):
        with pytest.raises(Invalid):
            cases.attach(commune.tam, ref.id, code, file)


def test_an_official_says_which_papers_will_do(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "assign")
    cases.check_paper(commune.bao, ref.id, "plan", accepted=False, note="Mờ")
    shown = cases.case_view(commune.bao, ref.id).papers[0]
    assert (shown.state, shown.note) == ("wanting", "Mờ")
    cases.check_paper(commune.bao, ref.id, "plan", accepted=True)
    assert cases.case_view(commune.bao, ref.id).papers[0].state == "accepted"
    with pytest.raises(Invalid):
        cases.check_paper(commune.bao, ref.id, "proof", accepted=True)
    with pytest.raises(NotAllowed):
        cases.check_paper(commune.tam, ref.id, "plan", accepted=True)


def test_before_receipt_it_is_a_correction_and_only_one(commune: World) -> None:
    ref = request_type.filed(commune)
    wanted = {"items": ["plan"], "note": "Chụp lại"}
    ref = cases.perform(commune.tam, ref.id, "ask_correction", wanted, if_version=ref.version)
    case = Case.objects.get(pk=ref.id)
    assert (case.phase, case.desk, case.received_at) == ("filed", "waiting_citizen", None)
    ref = cases.attach(commune.tham, ref.id, "plan", world.stored(commune.tham).id)
    ref = cases.perform(commune.tham, ref.id, "answer_correction", {}, if_version=ref.version)
    with pytest.raises(MoveRefused) as refused:
        cases.perform(commune.tam, ref.id, "ask_correction", wanted, if_version=ref.version)
    assert refused.value.params["reason"].code == "cases.move.asked_enough"


def test_the_desk_answers_for_an_applicant_at_the_counter(commune: World) -> None:
    ref = asked(commune)
    ref = cases.attach(commune.tam, ref.id, "plan", world.stored(commune.tam).id)
    ref = cases.perform(commune.tam, ref.id, "answer_supplement", {}, if_version=ref.version)
    assert Case.objects.get(pk=ref.id).step == "handling"


def test_a_waiting_case_can_be_given_to_somebody_else(commune: World) -> None:
    ref = asked(commune)
    option = next(o for o in cases.case_view(commune.duc, ref.id).moves if o.rule.id == "reassign")
    khoa = commune.actor("khoa").id
    assert khoa in [value for value, _ in option.choices["assignee"]]
    cases.perform(commune.duc, ref.id, "reassign", {"assignee": khoa}, if_version=ref.version)
    case = Case.objects.get(pk=ref.id)
    assert (case.step, case.handler, case.holder) == ("supplement", khoa, "")


def test_the_slip_belongs_to_its_request(commune: World) -> None:
    ref = asked(commune)
    view = cases.case_view(commune.tham, ref.id)
    slip = view.supplements[0].slip
    assert slip is not None
    assert slip.id == view.documents[-1].file.id
    assert cases.file_of_case(commune.tham, ref.id, slip.id).id == slip.id


def test_effects_know_by_when_the_applicant_is_to_answer(commune: World, monkeypatch) -> None:
    moments = []
    monkeypatch.setitem(request_type.EFFECTS, "tests.slip", moments.append)
    case = Case.objects.get(pk=asked(commune).id)
    row = Supplement.objects.get(case=case)
    assert row.slip is None, "an effect may ask for nothing"
    assert (moments[0].answer_due, moments[0].due_before) == (None, None)
    assert (moments[1].answer_due, moments[1].due_before) == (row.due, case.due_at)
