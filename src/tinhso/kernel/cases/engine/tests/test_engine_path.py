"""The way of a dossier through the machine: who may do what, what becomes of it, what is refused and why."""

from dataclasses import replace

import pytest

from tinhso.kernel.cases.engine import decide as rules
from tinhso.kernel.cases.engine import pack
from tinhso.kernel.cases.engine.definition import Branch, Definition, Does
from tinhso.kernel.cases.types import Channel, ClockVerdict, MoveRefused, Phase
from tinhso.kernel.organisation.types import Reason
from tinhso.lib.problems import Invalid


def _reason(refused: pytest.ExceptionInfo[MoveRefused]) -> Reason:
    reason = refused.value.params["reason"]
    assert isinstance(reason, Reason)
    return reason


def test_from_filing_to_the_permit(play):
    play.handled()
    assert play.state.assignee == "account:bao"
    play.move("Bảo", "draft_result", "2026-11-10T10:00", appraisal="Đủ điều kiện")
    play.move("Đức", "approve", "2026-11-10T14:00")
    play.facts |= {"result": "draft", "unpaid": 75_000}
    play.move("Hòa", "sign", "2026-11-11T09:00")
    play.facts["result"] = "signed"
    play.move("Lan", "number", "2026-11-11T10:00")
    assert (play.state.step, play.state.phase) == ("payment", Phase.WAITING)
    play.facts["unpaid"] = 0
    play.move("hệ thống", "pay", "2026-11-30T20:00")
    assert play.state.step == "ready"
    assert play.state.clock.verdict is ClockVerdict.EARLY
    play.move("Thắm", "collect")
    assert (play.state.step, play.state.outcome, play.state.status) == ("returned", "granted", 10)
    told = "filed moved received moved assigned moved moved moved moved paused moved resumed finished moved ended"
    assert " ".join(play.kinds()) == told
    assert play.state.version == len(play.past)


def test_without_a_debt_the_permit_is_ready_at_once(play):
    play.handled().move("Bảo", "draft_result", appraisal="Đạt").move("Đức", "approve")
    play.facts["result"] = "draft"
    play.move("Hòa", "sign")
    play.facts["result"] = "signed"
    assert play.move("Lan", "number").state.step == "ready"


@pytest.mark.parametrize(
    ("who", "move", "code"),
    [
        ("Bảo", "sign", "cases.move.wrong_step"),
        ("Tâm", "draft_result", "cases.move.wrong_role"),
        ("Thắm", "draft_result", "cases.move.wrong_role"),
        ("Đức", "withdraw", "cases.move.applicant_only"),
        ("Bảo", "nothing", "cases.move.unknown"),
        ("Hạnh", "draft_result", "cases.move.not_assignee"),
        ("Điện lực", "answer_opinion", "cases.move.no_such_task"),
    ],
)
def test_a_move_that_is_not_his_is_refused_with_its_reason(play, who, move, code):
    play.handled()
    with pytest.raises(MoveRefused) as refused:
        play.move(who, move)
    assert _reason(refused).code == code
    assert refused.value.params["move"] == move


def test_only_the_system_confirms_a_payment(play):
    play.handled().move("Bảo", "draft_result", appraisal="Đạt").move("Đức", "approve")
    play.facts |= {"result": "draft", "unpaid": 75_000}
    play.move("Hòa", "sign")
    play.facts["result"] = "signed"
    play.move("Lan", "number")
    with pytest.raises(MoveRefused) as refused:
        play.move("Thắm", "pay")
    assert _reason(refused).code == "cases.move.system_only"
    with pytest.raises(MoveRefused) as refused:
        play.move("hệ thống", "pay")
    assert dict(_reason(refused).params)["vi"] == "Lệ phí chưa nộp đủ."


def test_a_guard_says_in_both_languages_why_not_and_on_what_ground(play):
    play.file().facts["papers_missing"] = 1
    assert play.may("Tâm") == ["ask_correction", "refuse", "withdraw"]
    with pytest.raises(MoveRefused) as refused:
        play.move("Tâm", "receive")
    reason = _reason(refused)
    assert reason.code == "cases.move.guard"
    assert dict(reason.params) == {"vi": "Còn thiếu giấy tờ bắt buộc.", "en": "Required papers are missing."}
    assert reason.legal_basis == "Nghị định 118/2025/NĐ-CP"


def test_a_colleague_sees_the_moves_but_not_open_to_him(play):
    play.handled()
    assert play.may("Hạnh") == []
    assert play.why_not("Hạnh", "draft_result") == "cases.move.not_assignee"
    play.move("Đức", "reassign", assignee="account:hanh")
    assert play.past[-1].previous == "account:bao"
    assert "draft_result" in play.may("Hạnh")
    assert play.may("Bảo") == []


def test_who_acts_for_the_assignee_may_act(play):
    play.handled()
    play.people["Hạnh"] = replace(play.people["Hạnh"], on_behalf="account:bao")
    assert "draft_result" in play.may("Hạnh")


def test_a_consultation_runs_beside_the_case_and_holds_the_draft_back(play):
    play.handled().move("Bảo", "consult", "2026-11-05T09:00", unit="evn", question="Hành lang an toàn?")
    task = play.state.tasks[0]
    assert (task.id, task.unit, task.due.isoformat()) == ("t1", "evn", "2026-11-16T17:00:00+07:00")
    assert play.state.step == "handling"
    assert play.why_not("Bảo", "draft_result") == "cases.move.guard"
    assert play.may("Điện lực") == ["answer_opinion"]
    play.move("Điện lực", "answer_opinion", "2026-11-17T09:00", task="t1", outcome="agree", answer="Ngoài hành lang")
    assert play.past[-1].late
    assert (play.past[-1].asked, play.past[-1].outcome) == ("evn", "agree")
    assert "draft_result" in play.may("Bảo")
    with pytest.raises(MoveRefused) as refused:
        play.move("Điện lực", "answer_opinion", task="t1", outcome="agree", answer="Lần nữa")
    assert _reason(refused).code == "cases.move.no_such_task"


def test_several_may_be_asked_at_once_but_nobody_twice(play):
    play.handled().move("Bảo", "consult", unit="evn", question="?").move("Bảo", "consult", unit="land", question="?", days=2)
    first, second = play.state.open_tasks
    assert second.due < first.due
    with pytest.raises(Invalid) as invalid:
        play.move("Bảo", "consult", unit="evn", question="?")
    assert invalid.value.errors == [("unit", "asked_already", {})]
    play.move("Bảo", "cancel_opinion", task="t2", note="Đã rõ")
    assert play.state.task("t2").outcome == "cancelled"
    assert [o.id for o in play.state.open_tasks] == ["t1"]


def test_an_answer_outside_the_declared_ones_is_invalid(play):
    play.handled().move("Bảo", "consult", unit="evn", question="?")
    with pytest.raises(Invalid) as invalid:
        play.move("Điện lực", "answer_opinion", task="t1", outcome="perhaps", answer="x", colour="red")
    assert [(path, code) for path, code, _ in invalid.value.errors] == [("colour", "unknown"), ("outcome", "choice")]


def test_correction_before_receipt_may_be_asked_for_once(play):
    play.file().move("Tâm", "ask_correction", items=["land_right"], note="Thiếu trang 3")
    assert (play.state.step, play.state.phase, play.state.clock, play.state.unit) == ("correcting", Phase.FILED, None, None)
    play.facts["papers_wanting"] = 1
    assert play.why_not("Thắm", "answer_correction") == "cases.move.guard"
    play.facts["papers_wanting"] = 0
    play.move("Thắm", "answer_correction")
    assert (play.state.step, play.state.corrections_asked, play.state.supplements_asked) == ("filed", 1, 0)
    assert play.why_not("Tâm", "ask_correction") == "cases.move.asked_enough"


def test_the_counter_may_answer_for_who_stands_there(play):
    play.handled().move("Bảo", "request_supplement", items=["drawing_plan"], note="Thiếu kích thước")
    assert "answer_supplement" in play.may("Tâm")
    assert play.move("Tâm", "answer_supplement").state.step == "handling"


def test_what_is_asked_for_must_exist(play):
    play.handled()
    with pytest.raises(Invalid) as invalid:
        play.move("Bảo", "request_supplement", items=["storeys", "a_horse"], note="x")
    assert invalid.value.errors == [("items", "unknown", {"value": "a_horse"})]


def test_a_second_request_is_allowed_with_a_warning_and_a_fourth_is_not(play, definition: Definition):
    def option():
        options = rules.options(definition, play.state, play.context("Bảo"))
        return next(o for o in options if o.move.id == "request_supplement")

    play.handled()
    assert option().warning is None
    for _ in range(3):
        play.move("Bảo", "request_supplement", items=["drawing_plan"], note="x").move("Thắm", "answer_supplement")
        assert option().warning.code == "cases.move.counts_late"
    assert option().why_not.code == "cases.move.asked_enough"


def test_ending_calls_open_questions_off(play):
    play.handled().move("Bảo", "consult", unit="evn", question="?").move("Thắm", "withdraw", "2026-11-04T10:00")
    assert play.kinds()[-4:] == ["moved", "finished", "task_closed", "ended"]
    assert play.state.tasks[0].outcome == "cancelled"
    assert play.state.outcome == "withdrawn"
    for who in ("Thắm", "Tâm", "Đức", "Bảo", "Điện lực"):
        assert play.may(who) == []
    with pytest.raises(MoveRefused) as refused:
        play.move("Thắm", "withdraw")
    assert _reason(refused).code == "cases.move.ended"


def test_refused_before_receipt_no_clock_ever_ran(play):
    play.file().move("Tâm", "refuse", reason="Đất không thuộc địa bàn")
    assert play.kinds() == ["filed", "moved", "ended"]
    assert play.past[-1].received is False
    assert play.state.clock is None


def test_a_site_visit_leaves_a_fact_and_changes_nothing(play):
    step = play.handled().state.step
    play.move("Bảo", "record_visit", visited_on="2026-11-12", present="Bảo, Thắm", findings="Đất trống")
    assert play.past[-1].kind == "cases.noted"
    assert play.past[-1].move == "record_visit"
    assert play.state.step == step


def test_every_fact_carries_what_measures_group_by_and_no_text(play):
    play.handled().move("Bảo", "request_supplement", items=["drawing_plan"], note="Thiếu kích thước phía đông")
    for fact in play.past:
        assert (fact.type_code, fact.field, fact.channel) == ("construction-permit-house", "xay-dung", "online")
        assert (fact.receiving, fact.responsible) == ("psc", "economic")
        assert "phía đông" not in repr(fact)
        assert "Thắm" not in repr(fact)


def test_a_place_without_a_unit_is_a_fault_of_the_organisation(play, definition: Definition):
    with pytest.raises(ValueError, match="commune-pc"):
        filing = rules.Filing("c", Channel.ONLINE, "p", {"receiving": "psc", "responsible": "e", "commune-office": "o"})
        rules.file(definition, filing, play.context("Thắm"))


def test_an_apps_own_guard_decides_with_its_own_reason(play, good, family):
    def owner_is_there(state, context):
        return Reason("services.nobody_there") if context.facts["papers_missing"] else None

    own = replace(family, guards={"services.owner_is_there": owner_is_there})
    text = good.replace("      - expression: case.open_tasks == 0\n", "      - guard: services.owner_is_there\n", 1)
    play.definition = pack.load(text, {own.code: own})
    play.handled()
    assert "draft_result" in play.may("Bảo")
    play.facts["papers_missing"] = 1
    assert play.why_not("Bảo", "draft_result") == "services.nobody_there"


def test_from_one_wait_to_another_the_clock_stays_paused_once(play):
    answer = play.definition.moves["answer_supplement"]
    onward = replace(answer, branches=(Branch("payment"),))
    play.definition = replace(play.definition, moves={**play.definition.moves, answer.id: onward})
    play.handled().move("Bảo", "request_supplement", items=["drawing_plan"], note="x").move("Thắm", "answer_supplement")
    assert play.kinds().count("paused") == 1
    assert play.state.clock.paused


def test_what_is_nobodys_is_not_everybodys(play):
    """A step for the assignee only, reached without an assignment, is open to no one."""
    assign = play.definition.moves["assign"]
    play.definition = replace(
        play.definition,
        moves={**play.definition.moves, "assign": replace(assign, does=Does.MOVE, rule=replace(assign.rule, input=()))},
    )
    play.file().move("Tâm", "receive").move("Đức", "assign")
    assert play.state.assignee is None
    assert play.may("Bảo") == []
