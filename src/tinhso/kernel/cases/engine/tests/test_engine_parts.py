"""Parts side by side: each with its own clock, one waiting without the others, and all settled before the case goes on."""

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tinhso.kernel.cases.engine import clock, parts
from tinhso.kernel.cases.engine import decide as rules
from tinhso.kernel.cases.engine.evolve import evolve_all
from tinhso.kernel.cases.engine.state import CaseState
from tinhso.kernel.cases.types import Channel, MoveRefused, PartState, Phase, TimeLeft
from tinhso.kernel.ledger.types import Actor, ActorKind, Grant

from .conftest import ALL_WELL, Play, load, local

UNITS = {"receiving": "psc", "responsible": "pc", "police": "police", "insurance": "insurance"}
PEOPLE: Mapping[str, Actor] = {
    "Thắm": Actor("account:tham", ActorKind.CITIZEN, party="party:tham"),
    "Tâm": Actor("account:tam", ActorKind.OFFICIAL, grants=(Grant("services.intake", "psc"),)),
    "Hộ tịch": Actor("account:ho", ActorKind.OFFICIAL, grants=(Grant("services.part", "pc"),)),
    "Công an": Actor("account:ca", ActorKind.OFFICIAL, grants=(Grant("services.part", "police"),)),
    "Bảo hiểm": Actor("account:bh", ActorKind.OFFICIAL, grants=(Grant("services.part", "insurance"),)),
}
ASK = {"items": ["consent"], "note": "Thiếu ý kiến của chủ hộ."}


class Linked(Play):
    """A linked case being played."""

    def begin(self) -> "Linked":
        """Filed and received on Monday 2/11/2026, 8:30."""
        self.at = local("2026-11-02T08:10")
        filing = rules.Filing("c1", Channel.ONLINE, "party:tham", UNITS)
        self._take(rules.file(self.definition, filing, self.context("Thắm")))
        self.move("Tâm", "receive", "2026-11-02T08:30")
        return self

    def where(self) -> dict[str, str]:
        """Where each part stands."""
        step = self.definition.steps["linked"]
        return {kind: state.value for kind, state in parts.standing(self.definition, step.parts, self.state).items()}

    def task(self, kind: str) -> str:
        """The id of a part's task."""
        found = parts.task_of(self.state, kind)
        assert found is not None
        return found.id

    def close(self, who: str, kind: str, at: str, outcome: str = "done") -> "Linked":
        """A part comes out."""
        self.move(who, f"finish_{kind}", at, task=self.task(kind), outcome=outcome)
        return self


@pytest.fixture(scope="module")
def linked_definition():
    return load("birth-linked")


@pytest.fixture
def linked(linked_definition, calendar) -> Linked:
    return Linked(linked_definition, calendar, data={}, facts=dict(ALL_WELL), people=dict(PEOPLE)).begin()


def test_what_waits_for_nothing_begins_with_the_step_and_the_rest_after_it(linked):
    assert linked.where() == {"birth": "running", "residence": "waiting", "insurance": "waiting"}
    linked.close("Hộ tịch", "birth", "2026-11-02T15:30")
    assert linked.where() == {"birth": "done", "residence": "running", "insurance": "running"}
    dues = {task.kind: task.due for task in linked.state.open_tasks}
    # After 15:00 it counts from Tuesday, which is not counted itself: 3 and 2 working days on.
    assert dues == {"residence": local("2026-11-06T17:00"), "insurance": local("2026-11-05T17:00")}


def test_one_part_is_returned_and_the_others_go_on(linked):
    linked.close("Hộ tịch", "birth", "2026-11-02T10:00")
    before = {task.kind: task.due for task in linked.state.open_tasks}
    linked.move("Công an", "return_residence", "2026-11-03T09:00", task=linked.task("residence"), **ASK)
    assert linked.where()["residence"] == "returned"
    assert not linked.state.clock.paused, "insurance still works on it"
    assert linked.why_not("Công an", "finish_residence") == "cases.move.task_waits"
    linked.close("Bảo hiểm", "insurance", "2026-11-04T09:00")
    assert linked.state.clock.paused, "nobody but the applicant can bring it on now"
    assert linked.state.phase is Phase.OPEN
    linked.move("Thắm", "answer_residence", "2026-11-06T09:00", task=linked.task("residence"))
    assert not linked.state.clock.paused
    after = parts.task_of(linked.state, "residence")
    assert after.due > before["residence"], "its own clock stood for four working days"
    linked.close("Công an", "residence", "2026-11-09T09:00")
    assert linked.state.step == "returned"
    assert linked.state.outcome == "granted"
    assert linked.state.clock.verdict != "late"


def test_what_comes_after_a_failed_part_is_dropped(linked):
    linked.close("Hộ tịch", "birth", "2026-11-02T10:00", "refused")
    assert linked.where() == {"birth": "failed", "residence": "dropped", "insurance": "dropped"}
    assert linked.state.step == "not_registered"


def test_one_failed_part_does_not_undo_the_others(linked):
    linked.close("Hộ tịch", "birth", "2026-11-02T10:00")
    linked.close("Công an", "residence", "2026-11-03T10:00", "refused")
    assert linked.state.step == "linked"
    linked.close("Bảo hiểm", "insurance", "2026-11-04T10:00")
    assert linked.state.step == "returned"


def test_nobody_does_anothers_part(linked):
    with pytest.raises(MoveRefused):
        linked.close("Công an", "birth", "2026-11-02T10:00")


def test_each_late_part_is_told_once(linked):
    told = [fact for fact in linked.ring("2026-11-20T08:00") if fact.kind == "cases.part_overdue"]
    assert [(fact.part, fact.of) for fact in told] == [("task", "pc")]
    assert not linked.ring("2026-11-21T08:00")


def test_what_can_be_expected_is_known_from_the_start(linked):
    step = linked.definition.steps["linked"]
    ends = parts.expected(linked.definition, step.parts, linked.state, linked.at, linked.calendar)
    assert list(ends) == ["birth", "residence", "insurance"]
    assert ends["birth"] < ends["insurance"] < ends["residence"]


STEPS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 30 * 60), st.booleans()), max_size=14)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS)
def test_any_row_of_moves_keeps_the_parts_whole(linked_definition, calendar, steps):
    played = Linked(linked_definition, calendar, data={}, facts=dict(ALL_WELL), people=dict(PEOPLE)).begin()
    declared = linked_definition.steps["linked"].parts
    for pick, minutes, well in steps:
        played.at += rules.timedelta(minutes=minutes)
        told = rules.ring(linked_definition, played.state, played.at)
        if told:
            played._take(told)
        offered = [
            (who, option)
            for who in PEOPLE
            for option in rules.options(linked_definition, played.state, played.context(who))
            if option.enabled
        ]
        if not offered:
            break
        who, option = offered[pick % len(offered)]
        given_ = {f.name: "đủ dài để hợp lệ" for f in option.move.rule.input if f.required}
        given_ |= {"items": ["consent"]} if "items" in given_ else {}
        given_ |= {"outcome": "done" if well else "refused"} if "outcome" in given_ else {}
        command = rules.Perform(option.move.id, given_, option.task)
        played._take(rules.decide(linked_definition, played.state, command, played.context(who)))
        _whole(played, declared)


def _whole(played: Linked, declared: tuple[str, ...]) -> None:
    state = played.state
    assert CaseState.from_json(state.to_json()) == state
    assert evolve_all(None, played.past) == state
    running = [task for task in state.open_tasks if task.kind in declared]
    assert len({task.kind for task in state.tasks}) == len(state.tasks), "each part has one task"
    idle = bool(running) and all(task.returned for task in running)
    if state.clock is not None and state.phase is Phase.OPEN:
        assert state.clock.paused is idle
        view = clock.view(played.definition, state, played.at, played.calendar)
        assert (view.state is TimeLeft.PAUSED) is idle
    if state.phase is Phase.OPEN:
        assert not parts.settled(played.definition, declared, state), "what is settled does not stay"
        assert running, "something always runs"
    for task in running:
        for first in played.definition.tasks[task.kind].after:
            assert parts.standing(played.definition, declared, state)[first] is PartState.DONE
    if state.phase is Phase.ENDED:
        assert not state.open_tasks
