"""What an official may choose from when making a move: to whom to give a case, whom to ask."""

from collections.abc import Mapping

from django.db.models import Count, Q

from tinhso.kernel.cases.engine import form
from tinhso.kernel.cases.engine.definition import Definition, Does, Move
from tinhso.kernel.cases.engine.state import CaseState
from tinhso.kernel.cases.models import Case
from tinhso.kernel.cases.queries.moments import Turn
from tinhso.kernel.cases.types import Phase, Words
from tinhso.kernel.identity import api as identity
from tinhso.kernel.organisation import api as organisation
from tinhso.kernel.organisation.types import Unit

Choices = Mapping[str, tuple[tuple[str, str | Words], ...]]


def choices_for(turn: Turn, move: Move) -> Choices:
    """The choices of a move's input that depend on the case: ``assignee`` (the least busy first), ``unit`` or ``items``."""
    definition, state = turn.definition, turn.before
    if move.does is Does.ASSIGN:
        return {"assignee": assignees(definition, state, move)}
    if move.does is Does.OPEN_TASK:
        return {"unit": tuple((u.key, Words(u.name, u.name_en)) for u in askable(turn, move))}
    if move.does is Does.ASK_SUPPLEMENT:
        return {"items": tuple((paper.code, paper.title) for paper in form.papers(definition, turn.case.data))}
    return {}


def is_choice(turn: Turn, move: Move, value: str) -> bool:
    """Whether ``value`` may be chosen: the actor id of somebody who holds the role there, or the key of a unit of a kind that
    may be asked."""
    if move.does is Does.ASSIGN:
        role, unit = assigned_at(turn.definition, turn.before, move)
        return any(actor == value for actor, _, _ in identity.holders(role, unit))
    return any(unit.key == value for unit in askable(turn, move))


def assigned_at(definition: Definition, state: CaseState, move: Move) -> tuple[str, str]:
    """The role and the unit of the step in which the assignee will work: the move's target, or the step it stays in; when that
    is no such step (the applicant holds the case), the first that is one."""
    ahead = [branch.step for branch in move.branches] or [state.step]
    alone = {(source, m.rule.by) for m in definition.moves.values() if m.assignee_only for source in m.rule.sources}
    working = [step for step in definition.steps.values() if (step.id, step.rule.role) in alone]
    chosen = next((step for step in working if step.id in ahead), working[0] if working else definition.steps[ahead[0]])
    return chosen.rule.role or "", state.units.get(chosen.rule.at or "", "")


def assignees(definition: Definition, state: CaseState, move: Move) -> tuple[tuple[str, str], ...]:
    """Who may be given the case, with how many open ones he has: (actor id, "name (12)"), the least busy first."""
    role, unit = assigned_at(definition, state, move)
    people = identity.holders(role, unit)
    counted = (
        Case.objects.filter(~Q(phase=Phase.ENDED), handler__in=[actor for actor, _, _ in people], finished_at__isnull=True)
        .values_list("handler")
        .annotate(number=Count("pk"))
    )
    load = dict(counted)
    ordered = sorted(people, key=lambda person: (load.get(person[0], 0), person[2]))
    return tuple((actor, f"{name} ({load.get(actor, 0)})") for actor, _, name in ordered)


def askable(turn: Turn, move: Move) -> list[Unit]:
    """The units that may be asked: of the kinds that the task declares, those that serve the case's area. One statement."""
    kinds = turn.definition.tasks[move.task or ""].unit_kinds
    served = organisation.units_serving(kinds, turn.case.area)
    return [unit for kind in kinds for unit in served.get(kind, ()) if unit.key != turn.before.unit]
