"""The columns of a case as its state says: everything a list filters by, set in one place."""

from datetime import datetime

from tinhso.kernel.cases.engine.decide import alarm_at
from tinhso.kernel.cases.engine.definition import Definition, Does, Move
from tinhso.kernel.cases.engine.state import CaseState
from tinhso.kernel.cases.families import declared
from tinhso.kernel.cases.models import Case
from tinhso.kernel.cases.types import Phase, WaitsFor

OUTSIDE_DESKS = {WaitsFor.PAYMENT: "waiting_payment", WaitsFor.APPLICANT: "waiting_citizen"}
FIXED_DESKS = {Phase.FILED: "to_receive", Phase.WAITING: "waiting_other", Phase.DONE: "to_return", Phase.ENDED: "ended"}


def moves_from(definition: Definition, step: str) -> list[Move]:
    """The moves declared from a step."""
    return [move for move in definition.moves.values() if step in move.rule.sources]


def desk_of(definition: Definition, state: CaseState) -> str:
    """The work list in which the case waits now."""
    rule = definition.steps[state.step].rule
    waits = definition.public.waits_for(state.step)
    if waits in OUTSIDE_DESKS:
        return OUTSIDE_DESKS[waits]
    if definition.steps[state.step].repeats is not None:
        return "standing"
    if state.phase in FIXED_DESKS:
        return FIXED_DESKS[state.phase]
    if state.assignee is None and any(move.does is Does.ASSIGN for move in moves_from(definition, state.step)):
        return "to_assign"
    return declared(definition.family.code).desks.get(rule.role or "", "mine")


def holder_of(definition: Definition, state: CaseState) -> str:
    """The one person for whom the step waits: the assignee where the step has moves that only he may make."""
    role = definition.steps[state.step].rule.role
    alone = any(move.assignee_only and move.rule.by == role for move in moves_from(definition, state.step))
    return (state.assignee or "") if alone else ""


def project(case: Case, definition: Definition, state: CaseState, now: datetime) -> None:
    """Set every column of ``case`` that follows from its state. The caller saves."""
    project_columns(case, definition, state, now)
    case.state = state.to_json()


def project_columns(case: Case, definition: Definition, state: CaseState, now: datetime) -> None:
    """As :func:`project`, but for the state itself: for who goes through many states before anything is saved."""
    before = (case.step, case.holder_unit, case.holder)
    clock = state.clock
    case.step, case.phase, case.status = state.step, state.phase.value, state.status
    case.receiving_unit, case.responsible_unit = state.units["receiving"], state.units["responsible"]
    case.holder_unit = "" if state.phase is Phase.ENDED else state.unit or ""
    case.holder_role = definition.steps[state.step].rule.role or ""
    case.holder = holder_of(definition, state)
    case.handler = state.assignee or ""
    case.desk = desk_of(definition, state)
    if clock and case.received_at is None:
        case.received_at = now
    case.due_at = clock.due if clock else None
    case.paused = bool(clock and clock.paused)
    case.finished_at = clock.stopped if clock else None
    case.extended = bool(clock and clock.extension)
    case.consulting = len(state.open_tasks)
    case.alarm_at = alarm_at(definition, state)
    if state.phase is Phase.ENDED and case.ended_at is None:
        case.ended_at = now
    if before != (case.step, case.holder_unit, case.holder):
        case.arrived_at, case.unread = now, True
    case.updated_at = now


PROJECTED = (
    "step", "phase", "status", "receiving_unit", "responsible_unit", "holder_unit", "holder_role", "holder", "handler", "desk",
    "received_at", "due_at", "paused", "finished_at", "extended", "consulting", "alarm_at", "ended_at", "arrived_at", "unread",
    "state", "updated_at", "version", "unpaid", "result", "given", "wanting", "found", "supplemented", "data", "area",
    "units",
)  # fmt: skip
"""The columns that a move may change: what one UPDATE writes."""
