"""Two people on one case, the wrong person, the wrong moment: nothing happens, and it is said why."""

import pytest

from tests import request_type
from tests.world import World
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.models import Case
from tinhso.kernel.cases.types import MoveRefused, NoSuchCase
from tinhso.lib.problems import Invalid


def test_the_second_of_two_is_told_who_did_what(commune: World) -> None:
    ref = request_type.filed(commune)
    cases.perform(commune.tam, ref.id, "receive", {}, if_version=ref.version)
    with pytest.raises(MoveRefused) as refused:
        cases.perform(commune.tam, ref.id, "refuse", {"reason": "Thiếu"}, if_version=ref.version)
    assert refused.value.status == 409
    reason = refused.value.params["reason"]
    said = dict(reason.params)
    assert reason.code == "cases.move.changed_meanwhile"
    assert (said["by"], said["move"], said["step"]) == ("Lê Minh Tâm", "receive", "assigning")
    assert Case.objects.get(pk=ref.id).step == "assigning"


def test_an_applicant_who_changed_it_is_not_named(commune: World) -> None:
    ref = request_type.filed(commune)
    cases.perform(commune.tham, ref.id, "withdraw", {}, if_version=ref.version)
    with pytest.raises(MoveRefused) as refused:
        cases.perform(commune.tam, ref.id, "receive", {}, if_version=ref.version)
    assert dict(refused.value.params["reason"].params)["by"] == ""


def test_an_opinion_does_not_mind_what_happened_meanwhile(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "assign")
    question = {"unit": commune.units["land-office"].key, "question": "Ranh đất?"}
    seen = cases.perform(commune.bao, ref.id, "consult", question, if_version=ref.version)
    visit = {"visited_on": "2026-11-02", "findings": "Đúng hiện trạng"}
    cases.perform(commune.bao, ref.id, "visit", visit, if_version=seen.version)
    answer = {"outcome": "agree", "answer": "Không tranh chấp"}
    cases.perform(commune.actor("mai"), ref.id, "answer_opinion", answer, if_version=seen.version, task="t1")
    assert Case.objects.get(pk=ref.id).consulting == 0


@pytest.mark.parametrize(
    ("who", "move", "code"),
    [
        ("bao", "receive", "cases.move.wrong_role"),
        ("duc", "assign", "cases.move.wrong_step"),
        ("tam", "withdrawn", "cases.move.unknown"),
        ("tam", "pay", "cases.move.wrong_step"),
        ("hoa", "withdraw", "cases.move.applicant_only"),
    ],
)
def test_moves_that_are_not_theirs(commune: World, who: str, move: str, code: str) -> None:
    ref = request_type.filed(commune)
    with pytest.raises(MoveRefused) as refused:
        cases.perform(commune.actor(who), ref.id, move, {}, if_version=ref.version)
    assert refused.value.params["reason"].code == code


def test_only_the_one_it_was_given_to_handles_it(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "assign")
    with pytest.raises(MoveRefused) as refused:
        cases.perform(commune.actor("khoa"), ref.id, "draft_result", {}, if_version=ref.version)
    assert refused.value.params["reason"].code == "cases.move.not_assignee"


def test_it_is_given_only_to_somebody_who_holds_the_role_there(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "receive")
    for wrong in (commune.lan.id, "account:nobody"):
        with pytest.raises(Invalid) as refused:
            cases.perform(commune.duc, ref.id, "assign", {"assignee": wrong}, if_version=ref.version)
        assert refused.value.errors == [("assignee", "choice", {})]
    ref = cases.perform(commune.duc, ref.id, "assign", {"assignee": commune.bao.id}, if_version=ref.version)
    ref = cases.perform(commune.duc, ref.id, "reassign", {"assignee": commune.actor("khoa").id}, if_version=ref.version)
    case = Case.objects.get(pk=ref.id)
    assert case.holder == case.handler == commune.actor("khoa").id


def test_who_may_not_see_it_is_told_nothing(commune: World) -> None:
    ref = request_type.filed(commune)
    for who in ("dung", "tam_tan_an", "mai"):
        with pytest.raises(NoSuchCase):
            cases.perform(commune.actor(who), ref.id, "receive", {}, if_version=ref.version)
    with pytest.raises(NoSuchCase):
        cases.perform(commune.tam, "nonsense", "receive", {})


def test_wrong_input_names_the_field(commune: World) -> None:
    ref = request_type.filed(commune)
    with pytest.raises(Invalid) as refused:
        cases.perform(commune.tam, ref.id, "refuse", {"other": 1}, if_version=ref.version)
    assert {(path, code) for path, code, _ in refused.value.errors} == {("other", "unknown"), ("reason", "required")}


def test_a_failed_effect_undoes_the_move(commune: World, monkeypatch) -> None:
    def refuse(moment: object) -> None:
        raise Invalid([("seal", "missing", {})])

    monkeypatch.setitem(request_type.EFFECTS, "tests.slip", refuse)
    ref = request_type.filed(commune)
    with pytest.raises(Invalid):
        cases.perform(commune.tam, ref.id, "receive", {}, if_version=ref.version)
    case = Case.objects.get(pk=ref.id)
    assert (case.step, case.version, case.unpaid) == ("filed", 1, 0)


def test_a_version_nobody_has_seen_is_refused_too(commune: World) -> None:
    ref = request_type.filed(commune)
    with pytest.raises(MoveRefused) as refused:
        cases.perform(commune.tam, ref.id, "receive", {}, if_version=99)
    assert dict(refused.value.params["reason"].params) == {"step": "filed"}
