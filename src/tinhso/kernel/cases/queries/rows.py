"""Cases as lines of a list: names looked up for all rows together, the clock computed from stored instants."""

from collections.abc import Sequence

from tinhso.kernel.cases.engine import clock as clocks
from tinhso.kernel.cases.engine.context import WorkCalendar
from tinhso.kernel.cases.engine.state import CaseState
from tinhso.kernel.cases.models import Case
from tinhso.kernel.cases.queries.packs import definition_of
from tinhso.kernel.cases.queries.visibility import units_of
from tinhso.kernel.cases.types import CaseRef, CaseRow, Channel, Phase
from tinhso.kernel.identity import api as identity
from tinhso.kernel.ledger.types import Actor, ActorKind
from tinhso.kernel.organisation import api as organisation
from tinhso.lib import clock


def as_rows(actor: Actor, cases: Sequence[Case]) -> tuple[CaseRow, ...]:
    """Lines of a list, in the given order: two statements at most for however many; ``cases`` bring their party with them."""
    if not cases:
        return ()
    units = organisation.unit_names({_shown_unit(case) for case in cases})
    people = identity.actor_names({case.handler for case in cases if case.handler})
    calendar = organisation.calendar()
    asked = set(units_of(actor)) if actor.kind is ActorKind.OFFICIAL else set()
    return tuple(
        _row(
            case,
            calendar,
            applicant=case.party.name if case.party else "",
            handler=people.get(case.handler),
            unit=units.get(_shown_unit(case), ""),
            asked=asked,
        )
        for case in cases
    )


def _shown_unit(case: Case) -> str:
    """The unit that holds it or, while the applicant does, the one that answers for it."""
    return case.holder_unit or case.responsible_unit


def _row(case: Case, calendar: WorkCalendar, applicant: str, handler: str | None, unit: str, asked: set[str]) -> CaseRow:
    definition = definition_of(case.type_code, case.type_version)
    state = CaseState.from_json(case.state)
    step = definition.steps[case.step].rule
    marks = {
        "supplemented": case.supplemented,
        "consulting": case.consulting > 0,
        "unpaid": case.unpaid > 0,
        "extended": case.extended,
        "asked": any(task.unit in asked for task in state.open_tasks),
    }
    return CaseRow(
        ref=CaseRef(str(case.id), case.code, case.version),
        family=definition.public.family,
        type_code=case.type_code,
        type_version=case.type_version,
        type_title=definition.public.title,
        applicant=applicant,
        step=case.step,
        step_title=step.title,
        phase=Phase(case.phase),
        status=case.status,
        channel=Channel(case.channel),
        due=case.due_at,
        received_at=case.received_at,
        filed_at=case.filed_at,
        clock=clocks.view(definition, state, clock.now(), calendar),
        handler=handler,
        unit=unit,
        unread=case.unread,
        marks=tuple(name for name, holds in marks.items() if holds),
        waits_for=definition.public.waits_for(case.step),
        outcome=state.outcome or "",
    )
