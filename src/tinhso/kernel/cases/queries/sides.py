"""The parts of a case, as people follow them: one line for each agency, with its dates and its result."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from tinhso.kernel.cases.engine import parts
from tinhso.kernel.cases.engine.context import WorkCalendar
from tinhso.kernel.cases.engine.definition import Definition
from tinhso.kernel.cases.engine.state import CaseState
from tinhso.kernel.cases.types import PartState, PartView, ResultView
from tinhso.kernel.organisation.types import Unit


def part_views(
    definition: Definition,
    state: CaseState,
    results: Sequence[ResultView],
    units: Mapping[str, Unit],
    now: datetime,
    calendar: WorkCalendar,
) -> tuple[PartView, ...]:
    """A line for every part that the type declares; none for a type without."""
    declared = tuple(kind for step in definition.steps.values() for kind in step.parts)
    if not declared:
        return ()
    where = parts.standing(definition, declared, state)
    ends = parts.expected(definition, declared, state, now, calendar) if state.outcome is None else {}
    by_code = {result.code: result for result in results if result.final}
    shown = []
    for kind in declared:
        rule, task = definition.tasks[kind], parts.task_of(state, kind)
        unit = units.get(state.units.get(rule.at or "", ""))
        late = task is not None and (task.overdue or (task.open and not task.returned and now > task.due))
        shown.append(
            PartView(
                kind=kind,
                title=rule.title,
                state=where[kind],
                unit_name=unit.name if unit else "",
                task=task.id if task else None,
                opened_at=task.opened_at if task else None,
                due=ends.get(kind, task.due if task else None),
                closed_at=task.closed_at if task and where[kind] is not PartState.DROPPED else None,
                late=late,
                outcome=dict(rule.outcomes).get(task.outcome or "") if task else None,
                result=by_code.get(rule.result or ""),
            )
        )
    return tuple(shown)
