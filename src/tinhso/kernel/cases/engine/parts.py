"""Parts of a case: what several agencies do side by side, each with its own clock and result. Pure.

A step declares its parts. Those that wait for nothing begin with the step; another begins when all that it comes after have
come out well, and is dropped when one of them has not. When every part is settled the step is over.
"""

from collections.abc import Mapping
from datetime import datetime

from tinhso.kernel.cases.engine.context import WorkCalendar
from tinhso.kernel.cases.engine.definition import Definition
from tinhso.kernel.cases.engine.state import CaseState, TaskState
from tinhso.kernel.cases.types import PartState

CANCELLED = "cancelled"
"""The outcome of a task that was called off or ended with its case."""


def task_of(state: CaseState, kind: str) -> TaskState | None:
    """The newest task of a kind."""
    return next((task for task in reversed(state.tasks) if task.kind == kind), None)


def standing(definition: Definition, parts: tuple[str, ...], state: CaseState) -> dict[str, PartState]:
    """Where each of these parts stands, in an order in which what comes first stands first."""
    found: dict[str, PartState] = {}
    for kind in in_order(definition, parts):
        before = [found[first] for first in definition.tasks[kind].after if first in found]
        found[kind] = _state(definition, kind, task_of(state, kind), before, over=state.outcome is not None)
    return {kind: found[kind] for kind in parts}


def _state(definition: Definition, kind: str, task: TaskState | None, before: list[PartState], *, over: bool) -> PartState:
    if task is None:
        lost = {PartState.FAILED, PartState.DROPPED} & {*before}
        return PartState.DROPPED if lost or over else PartState.WAITING
    if task.open:
        return PartState.RETURNED if task.returned else PartState.RUNNING
    if task.outcome == CANCELLED:
        return PartState.DROPPED
    return PartState.FAILED if task.outcome in definition.tasks[kind].fails else PartState.DONE


def in_order(definition: Definition, parts: tuple[str, ...]) -> list[str]:
    """The parts, each behind those it comes after: a declaration names what comes first first."""
    return [kind for kind in definition.tasks if kind in parts]


def to_begin(definition: Definition, parts: tuple[str, ...], state: CaseState) -> list[str]:
    """The parts that wait for nothing any more and have not begun."""
    where = standing(definition, parts, state)
    return [
        kind
        for kind in parts
        if where[kind] is PartState.WAITING
        and all(where.get(first, PartState.DONE) is PartState.DONE for first in definition.tasks[kind].after)
    ]


def settled(definition: Definition, parts: tuple[str, ...], state: CaseState) -> bool:
    """Whether nothing of these parts is left to be done."""
    return {*standing(definition, parts, state).values()} <= {PartState.DONE, PartState.FAILED, PartState.DROPPED}


def all_returned(parts: tuple[str, ...], state: CaseState) -> bool:
    """Whether the applicant alone can bring the case on: every part that runs waits for him."""
    running = [task for task in state.open_tasks if task.kind in parts]
    return bool(running) and all(task.returned for task in running)


def outcomes(state: CaseState) -> dict[str, str | None]:
    """How the newest task of each kind came out, for expressions (``parts.<kind>``)."""
    return {task.kind: task.outcome for task in state.tasks}


def expected(
    definition: Definition, parts: tuple[str, ...], state: CaseState, now: datetime, calendar: WorkCalendar
) -> Mapping[str, datetime]:
    """By when each part that has not ended can be expected, if all goes on in time from ``now``."""
    ends: dict[str, datetime] = {}
    where = standing(definition, parts, state)
    for kind in in_order(definition, parts):
        rule, task = definition.tasks[kind], task_of(state, kind)
        if task is not None and task.returned:
            waits = [(pause.start, pause.end or now) for pause in task.pauses]
            ends[kind] = calendar.add(task.opened_at, rule.limit, pauses=waits).due
        elif task is not None and task.open:
            ends[kind] = task.due
        elif where[kind] is PartState.WAITING:
            begins = max([now, *(ends[first] for first in rule.after if first in ends)])
            ends[kind] = calendar.add(begins, rule.limit).due
    return ends
