"""Asking another agency beside the main step, with its own deadline."""

from datetime import date

import pytest

from tests import request_type, world
from tests.world import World
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.models import Case
from tinhso.kernel.cases.types import CaseRef, MoveRefused
from tinhso.kernel.identity.types import Purpose
from tinhso.lib import clock
from tinhso.lib.problems import Invalid


def consulted(commune: World, unit: str = "land-office") -> CaseRef:
    """A case about which the land registration office was asked."""
    ref = request_type.advanced(commune, request_type.filed(commune), "assign")
    question = {"unit": commune.units[unit].key, "question": "Có tranh chấp không?"}
    return cases.perform(commune.bao, ref.id, "consult", question, if_version=ref.version)


def test_the_question_has_its_own_deadline_and_the_case_its_own_clock(commune: World) -> None:
    ref = consulted(commune)
    case = Case.objects.get(pk=ref.id)
    assert (case.step, case.paused, case.consulting) == ("handling", False, 1)
    task = cases.case_view(commune.bao, ref.id).tasks[0]
    assert (task.id, task.kind, task.asked_by, task.question) == ("t1", "opinion", "Trần Quốc Bảo", "Có tranh chấp không?")
    assert task.unit_name == "Văn phòng Đăng ký đất đai"
    assert task.due is not None
    assert task.due.astimezone(clock.TZ).date() == date(2026, 11, 11)
    assert not task.late


def test_the_unit_asked_answers_with_a_paper(commune: World) -> None:
    ref = consulted(commune)
    mai = commune.actor("mai")
    option = next(o for o in cases.case_view(mai, ref.id).moves if o.rule.id == "answer_opinion")
    assert (option.task, option.enabled) == ("t1", True)
    file = world.stored(mai).id
    answer = {"outcome": "agree", "answer": "Không tranh chấp", "file": file}
    cases.perform(mai, ref.id, "answer_opinion", answer, task="t1")
    task = cases.case_view(commune.bao, ref.id, Purpose.HANDLING).tasks[0]
    assert (task.outcome, task.answer, task.file and task.file.id) == ("agree", "Không tranh chấp", file)
    assert Case.objects.get(pk=ref.id).consulting == 0


def test_the_applicant_sees_whom_we_asked_and_not_what_was_said(commune: World) -> None:
    ref = consulted(commune)
    answer = {"outcome": "disagree", "answer": "Nội bộ"}
    cases.perform(commune.actor("mai"), ref.id, "answer_opinion", answer, task="t1")
    view = cases.case_view(commune.tham, ref.id)
    task = view.tasks[0]
    assert (task.unit_name, task.question, task.answer, task.outcome) == ("Văn phòng Đăng ký đất đai", "", "", None)
    assert "Nội bộ" not in repr(view)
    assert "tranh chấp" not in repr(view)


def test_no_draft_before_all_have_answered(commune: World) -> None:
    ref = consulted(commune)
    with pytest.raises(MoveRefused):
        cases.perform(commune.bao, ref.id, "draft_result", {}, if_version=ref.version)
    ref = cases.perform(commune.bao, ref.id, "cancel_opinion", {}, if_version=ref.version, task="t1")
    cases.perform(commune.bao, ref.id, "draft_result", {}, if_version=ref.version)


def test_a_late_answer_shows(commune: World) -> None:
    ref = consulted(commune)
    with clock.at(world.local("2026-11-13 08:00")):
        assert cases.case_view(commune.bao, ref.id).tasks[0].late
        cases.perform(commune.actor("mai"), ref.id, "answer_opinion", {"outcome": "agree", "answer": "Không"}, task="t1")
    assert cases.case_view(commune.bao, ref.id).tasks[0].late


@pytest.mark.parametrize("unit", ["commune-office", "commune-social@27694", "commune-economic"])
def test_only_units_of_the_declared_kinds_that_serve_the_place_are_asked(commune: World, unit: str) -> None:
    with pytest.raises(Invalid) as refused:
        consulted(commune, unit)
    assert refused.value.errors == [("unit", "choice", {})]


def test_whom_to_ask_is_offered(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "assign")
    option = next(o for o in cases.case_view(commune.bao, ref.id).moves if o.rule.id == "consult")
    offered = [str(label) for _, label in option.choices["unit"]]
    assert offered == [
        "Văn phòng Đăng ký đất đai",
        "Công ty Điện lực Tây Ninh",
        "Phòng Văn hóa – Xã hội phường Khánh Hậu",
    ]


def test_the_same_unit_can_be_asked_again_after_it_answered(commune: World) -> None:
    ref = consulted(commune)
    cases.perform(commune.actor("mai"), ref.id, "answer_opinion", {"outcome": "agree", "answer": "Không"}, task="t1")
    question = {"unit": commune.units["land-office"].key, "question": "Còn lộ giới?"}
    cases.perform(commune.bao, ref.id, "consult", question)
    assert [t.id for t in cases.case_view(commune.bao, ref.id).tasks] == ["t1", "t2"]
