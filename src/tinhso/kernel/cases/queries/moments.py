"""A case in the middle of a move: what guards, facts and effects are given to look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tinhso.kernel.cases.engine import clock as clocks
from tinhso.kernel.cases.engine import form
from tinhso.kernel.cases.engine.context import Context, WorkCalendar
from tinhso.kernel.cases.engine.definition import Definition, Move
from tinhso.kernel.cases.engine.eligibility import assess
from tinhso.kernel.cases.engine.state import CaseState
from tinhso.kernel.cases.families import declared
from tinhso.kernel.cases.models import Case
from tinhso.kernel.cases.queries.visibility import is_applicant
from tinhso.kernel.cases.types import Holds, Moment
from tinhso.kernel.ledger.types import Actor


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asked for: a move, its input, the task it answers."""

    move: str
    input: Mapping[str, Any] = field(default_factory=dict)
    task: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody's turn at a case: who wants what of which case, under which declaration, from which state, and when.

    Everything that deciding and writing need, gathered once. Only ``case`` changes: operations set its columns as they go and
    save it once at the end.
    """

    actor: Actor
    case: Case
    definition: Definition
    before: CaseState
    wish: Wish
    now: datetime
    calendar: WorkCalendar
    request_key: str | None = None

    @property
    def move(self) -> Move | None:
        """The declared move that is wished for; None for what time alone does."""
        return self.definition.moves.get(self.wish.move)


def stream_of(case: Case) -> str:
    """The name of the case's stream in the ledger; it also names the case to files and payments."""
    return f"case:{case.id}"


def moment(turn: Turn, state: CaseState, version: int) -> Moment:
    """The case in ``state`` as effects and fact sources see it; ``version`` is what the stream has come to by then."""
    case, asked = turn.case, state.open_supplement
    task = turn.before.task(turn.wish.task or "")
    told = assess(turn.definition, known(case), clocks.local_day(turn.now)) if turn.definition.conditions else None
    return Moment(
        actor=turn.actor,
        case=str(case.id),
        code=case.code,
        version=version,
        type=turn.definition.public,
        move=turn.wish.move,
        input=turn.wish.input,
        task=turn.wish.task,
        task_kind=task.kind if task else None,
        task_unit=task.unit if task else None,
        task_failed=task is not None and str(turn.wish.input.get("outcome")) in turn.definition.tasks[task.kind].fails,
        at=turn.now,
        step=state.step,
        phase=state.phase,
        channel=state.channel,
        party=str(case.party_id) if case.party_id else None,
        data=case.data,
        area=case.area,
        units=state.units,
        handler=state.assignee,
        filed_at=case.filed_at,
        received_at=case.received_at or (turn.now if state.clock else None),
        due=state.clock.due if state.clock else None,
        clock=clocks.view(turn.definition, state, turn.now, turn.calendar),
        due_before=turn.before.clock.due if turn.before.clock else None,
        answer_due=asked.due if asked else None,
        supplements=len(state.supplements),
        unpaid=case.unpaid,
        monthly=told.monthly if told else None,
        unmet=tuple(view.rule.unmet for view in told.conditions if view.holds is Holds.NO) if told else (),
    )


def known(case: Case) -> dict[str, Any]:
    """What is known of the case: what the form says and, over it, what officials found."""
    return {**case.data, **case.found}


def facts_of(turn: Turn) -> dict[str, Any]:
    """What expressions and guards may ask: the case room's own facts and the family's."""
    case, definition = turn.case, turn.definition
    missing = [p.code for p in form.papers(definition, case.data) if p.required and p.code not in case.given]
    own: dict[str, Any] = {
        "papers_missing": len(missing),
        "papers_wanting": sum(1 for code in case.wanting if code in definition.papers),
        "unpaid": case.unpaid,
        "result": case.result,
        "eligible": "yes",
    }
    if definition.conditions:
        own["eligible"] = assess(definition, known(case), clocks.local_day(turn.now)).holds.value
    source = declared(definition.family.code).facts
    if source is not None:
        own |= source(moment(turn, turn.before, case.version))
    return own


def context_of(turn: Turn) -> Context:
    """What a decision about this case is made with."""
    return Context(
        now=turn.now,
        calendar=turn.calendar,
        actor=turn.actor,
        is_applicant=is_applicant(turn.actor, turn.case),
        data=known(turn.case),
        facts=facts_of(turn),
    )
