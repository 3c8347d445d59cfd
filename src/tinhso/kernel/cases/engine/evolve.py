"""The fold: a state and a fact give the next state. Needs neither calendar nor declaration: facts carry what was computed."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from tinhso.kernel.cases.engine import events as e
from tinhso.kernel.cases.engine.state import (
    CaseState,
    ClockState,
    Extension,
    Pause,
    SupplementState,
    TaskState,
)
from tinhso.kernel.cases.types import Channel, ClockVerdict, Phase


def evolve(state: CaseState | None, event: e.CaseFact) -> CaseState:
    """The state after ``event``. ``state`` is None for ``cases.filed`` and only then (ValueError otherwise)."""
    if isinstance(event, e.Filed):
        if state is not None:
            raise ValueError("a case is filed once")
        return _filed(event)
    if state is None:
        raise ValueError("the first fact of a case is its filing")
    changed = replace(
        state,
        step=event.step,
        phase=Phase(event.phase),
        status=event.status,
        unit=event.unit,
        version=state.version + 1,
    )
    change = _CHANGES.get(type(event))
    return change(changed, event) if change else changed


def evolve_all(state: CaseState | None, events: Iterable[e.CaseFact]) -> CaseState:
    """The state after several facts (at least one when ``state`` is None)."""
    for event in events:
        state = evolve(state, event)
    if state is None:
        raise ValueError("no facts, no case")
    return state


def _filed(event: e.Filed) -> CaseState:
    return CaseState(
        case=event.case,
        type_code=event.type_code,
        type_version=event.type_version,
        channel=Channel(event.channel),
        party=event.party,
        units=dict(event.units),
        filed_at=event.at,
        step=event.step,
        phase=Phase(event.phase),
        status=event.status,
        step_entered=event.at,
        step_due=event.step_due,
        limit_rule=event.limit_rule,
        version=1,
        unit=event.unit,
    )


def _moved(state: CaseState, event: e.Moved) -> CaseState:
    return replace(state, step_entered=event.at, step_due=event.step_due, step_overdue=False, repeat_at=event.repeat_at)


def _received(state: CaseState, event: e.Received) -> CaseState:
    if event.due is None:
        raise ValueError("a received case has a due date")
    return replace(state, clock=_started(event, event.due), limit_rule=event.limit_rule)


def _started(event: e.Received | e.Reopened, due: datetime) -> ClockState:
    return ClockState(
        started=event.at,
        due=due,
        kpi_due=event.kpi_due,
        warn_at=event.warn_at,
        base=event.at,
        provisional=event.provisional,
    )


def _reopened(state: CaseState, event: e.Reopened) -> CaseState:
    if event.due is None:
        raise ValueError("a reopened case has a due date")
    return replace(state, clock=_started(event, event.due), outcome=None, reopened=event.number)


def _amended(state: CaseState, event: e.Amended) -> CaseState:
    """Whoever worked on it at the office that answers for it no longer does when that is another office now."""
    clock, units = state.clock, dict(event.units)
    if clock is not None and event.kpi_due is not None:
        late = event.due is not None and event.due < event.at
        clock = replace(
            clock,
            due=event.due or clock.due,
            kpi_due=event.kpi_due,
            warn_at=event.warn_at,
            warned=late,
            overdue=clock.overdue and late,
        )
    stays = units["responsible"] == state.units["responsible"]
    assignee = state.assignee if stays else None
    return replace(state, units=units, limit_rule=event.limit_rule, clock=clock, assignee=assignee)


def _assigned(state: CaseState, event: e.Assigned) -> CaseState:
    return replace(state, assignee=event.assignee)


def _task_opened(state: CaseState, event: e.TaskOpened) -> CaseState:
    task = TaskState(event.task, event.task_kind, event.asked, event.at, event.task_due, period=event.period)
    kept = state.tasks
    if event.period is not None:  # of those that come again and again only the open ones are still of interest
        kept = tuple(t for t in kept if t.open or t.kind != event.task_kind)
    repeat_at = event.repeat_at if event.period is not None else state.repeat_at
    return replace(state, tasks=(*kept, task), tasks_opened=state.tasks_opened + 1, repeat_at=repeat_at)


def _task_closed(state: CaseState, event: e.TaskClosed) -> CaseState:
    closed = tuple(
        replace(t, closed_at=event.at, outcome=event.outcome, overdue=event.late) if t.id == event.task else t
        for t in state.tasks
    )
    return replace(state, tasks=closed)


def _with_task(state: CaseState, task_id: str, **changes: Any) -> CaseState:
    return replace(state, tasks=tuple(replace(t, **changes) if t.id == task_id else t for t in state.tasks))


def _task_returned(state: CaseState, event: e.TaskReturned) -> CaseState:
    task = state.task(event.task)
    assert task is not None  # facts come in order
    asked = SupplementState(event.number, event.at, event.answer_due, event.items, task=event.task)
    state = replace(state, supplements=(*state.supplements, asked))
    return _with_task(state, event.task, pauses=(*task.pauses, Pause(event.at, state.step)))


def _task_resumed(state: CaseState, event: e.TaskResumed) -> CaseState:
    task = state.task(event.task)
    assert task is not None
    answered = tuple(
        replace(s, answered_at=event.at, overdue=event.late) if s.task == event.task and s.answered_at is None else s
        for s in state.supplements
    )
    pauses = (*task.pauses[:-1], replace(task.pauses[-1], end=event.at))
    overdue = task.overdue and event.task_due < event.at
    return _with_task(replace(state, supplements=answered), event.task, pauses=pauses, due=event.task_due, overdue=overdue)


def _supplement_requested(state: CaseState, event: e.SupplementRequested) -> CaseState:
    request = SupplementState(event.number, event.at, event.answer_due, event.items, event.correction)
    return replace(state, supplements=(*state.supplements, request))


def _supplement_answered(state: CaseState, event: e.SupplementAnswered) -> CaseState:
    answered = tuple(
        replace(s, answered_at=event.at, overdue=event.late)
        if (s.number, s.correction, s.task) == (event.number, event.correction, None)
        else s
        for s in state.supplements
    )
    return replace(state, supplements=answered)


def _clock_of(state: CaseState) -> ClockState:
    if state.clock is None:
        raise ValueError("a fact about the clock before the clock started")
    return state.clock


def _paused(state: CaseState, event: e.Paused) -> CaseState:
    clock = _clock_of(state)
    pauses = (*clock.pauses, Pause(event.at, event.step))
    return replace(state, clock=replace(clock, pauses=pauses))


def _resumed(state: CaseState, event: e.Resumed) -> CaseState:
    clock = _clock_of(state)
    due = event.due or clock.due
    return replace(
        state,
        clock=replace(
            clock,
            pauses=(*clock.pauses[:-1], replace(clock.pauses[-1], end=event.at)),
            base=event.at if event.restarted else clock.base,
            due=due,
            kpi_due=event.kpi_due,
            warn_at=event.warn_at,
            warned=clock.warned and not (event.warn_at and event.warn_at > event.at),
            overdue=clock.overdue and due < event.at,
            provisional=event.provisional,
        ),
    )


def _extended(state: CaseState, event: e.Extended) -> CaseState:
    clock = _clock_of(state)
    return replace(
        state,
        clock=replace(
            clock,
            due=event.due or clock.due,
            kpi_due=event.kpi_due,
            warn_at=event.warn_at,
            warned=False,
            extension=Extension(event.at, event.days),
            provisional=event.provisional,
        ),
    )


def _finished(state: CaseState, event: e.Finished) -> CaseState:
    clock = replace(
        _clock_of(state),
        stopped=event.at,
        verdict=ClockVerdict(event.verdict),
        kpi_verdict=ClockVerdict(event.kpi_verdict),
    )
    return replace(state, clock=clock, outcome=event.outcome)


def _ended(state: CaseState, event: e.Ended) -> CaseState:
    return replace(state, outcome=event.outcome)


def _due_soon(state: CaseState, event: e.DueSoon) -> CaseState:
    return replace(state, clock=replace(_clock_of(state), warned=True))


def _became_overdue(state: CaseState, event: e.BecameOverdue) -> CaseState:
    return replace(state, clock=replace(_clock_of(state), warned=True, overdue=True))


def _part_overdue(state: CaseState, event: e.PartOverdue) -> CaseState:
    if event.part == "step":
        return replace(state, step_overdue=True)
    if event.part == "task":
        tasks = tuple(replace(t, overdue=True) if t.id == event.part_id else t for t in state.tasks)
        return replace(state, tasks=tasks)
    late = tuple(
        replace(s, overdue=True) if s.answered_at is None and request_id(s) == event.part_id else s for s in state.supplements
    )
    return replace(state, supplements=late)


def request_id(request: SupplementState) -> str:
    """Which request an alarm speaks of: its number, with its task where it has one."""
    return f"{request.task}:{request.number}" if request.task else str(request.number)


_CHANGES: dict[type[e.CaseFact], Callable[[CaseState, Any], CaseState]] = {
    e.Moved: _moved,
    e.Received: _received,
    e.Reopened: _reopened,
    e.Amended: _amended,
    e.Assigned: _assigned,
    e.TaskOpened: _task_opened,
    e.TaskClosed: _task_closed,
    e.TaskReturned: _task_returned,
    e.TaskResumed: _task_resumed,
    e.SupplementRequested: _supplement_requested,
    e.SupplementAnswered: _supplement_answered,
    e.Paused: _paused,
    e.Resumed: _resumed,
    e.Extended: _extended,
    e.Finished: _finished,
    e.Ended: _ended,
    e.DueSoon: _due_soon,
    e.BecameOverdue: _became_overdue,
    e.PartOverdue: _part_overdue,
}
