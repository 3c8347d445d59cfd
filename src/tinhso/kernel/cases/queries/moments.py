"""A case in the middle of a move: what guards, facts and effects are given to look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tinhso.kernel.cases.engine import clock as clocks
from tinhso.kernel.cases.engine import form
from tinhso.kernel.cases.engine.context import Context, WorkCalendar
from tinhso.kernel.cases.engine.definition import Definition
from tinhso.kernel.cases.engine.state import CaseState
from tinhso.kernel.cases.families import declared
from tinhso.kernel.cases.models import Case
from tinhso.kernel.cases.queries.visibility import is_applicant
from tinhso.kernel.cases.types import Moment
from tinhso.kernel.ledger.types import Actor


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asked for: a move, its input, the task it answers."""

    move: str
    input: Mapping[str, Any] = field(default_factory=dict)
    task: str | None = None


def stream_of(case: Case) -> str:
    """The name of the case's stream in the ledger; it also names the case to files and payments."""
    return f"case:{case.id}"


def moment(
    actor: Actor,
    case: Case,
    definition: Definition,
    state: CaseState,
    wish: Wish,
    before: CaseState,
    now: datetime,
    calendar: WorkCalendar,
    version: int,
) -> Moment:
    """The case as effects and fact sources see it; ``before`` is its state before the move."""
    asked = state.open_supplement
    return Moment(
        actor=actor,
        case=str(case.id),
        code=case.code,
        version=version,
        type=definition.public,
        move=wish.move,
        input=wish.input,
        task=wish.task,
        at=now,
        came_from=before.step,
        step=state.step,
        phase=state.phase,
        channel=state.channel,
        party=str(case.party_id),
        data=case.data,
        area=case.area,
        units=state.units,
        handler=state.assignee,
        filed_at=case.filed_at,
        received_at=case.received_at or (now if state.clock else None),
        due=state.clock.due if state.clock else None,
        clock=clocks.view(definition, state, now, calendar),
        due_before=before.clock.due if before.clock else None,
        answer_due=asked.due if asked else None,
        supplements=len(state.supplements),
        unpaid=case.unpaid,
    )


def facts_of(case: Case, definition: Definition, at: Moment) -> dict[str, Any]:
    """What expressions and guards may ask: the case room's own facts and the family's."""
    missing = [p.code for p in form.papers(definition, case.data) if p.required and p.code not in case.given]
    own: dict[str, Any] = {
        "papers_missing": len(missing),
        "papers_wanting": sum(1 for code in case.wanting if code in definition.papers),
        "unpaid": case.unpaid,
        "result": case.result,
    }
    source = declared(definition.family.code).facts
    if source is not None:
        own |= source(at)
    return own


def context_of(
    actor: Actor, case: Case, definition: Definition, state: CaseState, wish: Wish, now: datetime, calendar: WorkCalendar
) -> Context:
    """What a decision about this case is made with."""
    before = moment(actor, case, definition, state, wish, state, now, calendar, case.version)
    return Context(
        now=now,
        calendar=calendar,
        actor=actor,
        is_applicant=is_applicant(actor, case),
        data=case.data,
        facts=facts_of(case, definition, before),
    )
