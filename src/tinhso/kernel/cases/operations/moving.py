"""Moving a case: the one way from step to step, for officials, applicants and the system alike.

Load with a lock, decide (pure), run effects, one UPDATE, the rows that go with the facts, one INSERT into the ledger.
Everything is asked again here, whatever a screen has offered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tinhso.kernel.cases.engine import decide as machine
from tinhso.kernel.cases.engine import form
from tinhso.kernel.cases.engine.definition import Does, Move
from tinhso.kernel.cases.engine.events import CaseFact
from tinhso.kernel.cases.engine.evolve import evolve_all
from tinhso.kernel.cases.engine.state import CaseState
from tinhso.kernel.cases.models import Case
from tinhso.kernel.cases.operations.effects import run_effects
from tinhso.kernel.cases.operations.places import units_of_answers
from tinhso.kernel.cases.operations.projecting import PROJECTED, project
from tinhso.kernel.cases.operations.recording import files_given, keep_facts, keep_notes
from tinhso.kernel.cases.queries.choices import is_choice
from tinhso.kernel.cases.queries.moments import Turn, Wish, context_of, stream_of
from tinhso.kernel.cases.queries.packs import definition_of
from tinhso.kernel.cases.queries.visibility import named, visible_to
from tinhso.kernel.cases.types import CaseRef, MoveRefused, NoSuchCase, Phase
from tinhso.kernel.files import api as files
from tinhso.kernel.identity import api as identity
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor, ActorKind, Event
from tinhso.kernel.organisation import api as organisation
from tinhso.kernel.organisation.types import Reason
from tinhso.lib import clock
from tinhso.lib.problems import Invalid


@ledger.operation
def perform(
    actor: Actor,
    id_or_code: str,
    move: str,
    input: Mapping[str, Any] | None = None,  # noqa: A002  the word of the field, and of the contract
    if_version: int | None = None,
    request_key: str | None = None,
    task: str | None = None,
) -> CaseRef:
    """Make a move on a case, named by its id or its code.

    ``if_version`` is the version the actor saw: when somebody has changed the case since, nothing happens and
    :class:`MoveRefused` says who did what. A move that answers a task (``task``) does not mind what happened elsewhere in the
    case meanwhile. ``request_key`` makes a repeat harmless: it answers what the first one did.

    Raises NoSuchCase, MoveRefused (``params["reason"]``), Invalid (input), and whatever an effect refuses.
    """
    wish = Wish(move, input or {}, task)
    case = locked(actor, id_or_code)
    stale = if_version is not None and if_version != case.version and task is None
    if request_key and (stale or if_version is None or task is not None) and ledger.seen(request_key) == stream_of(case):
        return ref_of(case)
    if stale:
        raise changed_meanwhile(case, wish.move, if_version or 0)
    definition = definition_of(case.type_code, case.type_version)
    before = CaseState.from_json(case.state)
    _move(Turn(actor, case, definition, before, wish, clock.now(), organisation.calendar(), request_key))
    return ref_of(case)


def _move(turn: Turn) -> None:
    case, wish = turn.case, turn.wish
    command, context = machine.Perform(wish.move, wish.input, wish.task), context_of(turn)
    if (move := turn.move) is not None and move.does is Does.AMEND:
        machine.check(turn.definition, turn.before, command, context)
        command = replace(command, amended=amend(turn, move))
    facts = machine.decide(turn.definition, turn.before, command, context)
    move = turn.definition.moves[wish.move]
    _check_choices(turn, move)
    after = evolve_all(turn.before, facts)
    extra = run_effects(turn, move, after, case.version + len(facts))
    mark(turn, move)
    save(turn, Decided(after, facts, extra))


def amend(turn: Turn, move: Move) -> machine.Amendment:
    """Put the answers that the move gives in place of the form's own, and find the units that they lead to."""
    case, definition = turn.case, turn.definition
    given = {
        f.name: turn.wish.input[f.name] for f in move.rule.input if f.name in definition.fields and f.name in turn.wish.input
    }
    data = form.clean(definition, {**case.data, **given})
    errors = form.validate(definition, data)
    if errors:
        raise Invalid(errors)
    area, units = units_of_answers(definition, data)
    changed = tuple(sorted(name for name in given if case.data.get(name) != data.get(name)))
    case.data, case.area = data, area
    return machine.Amendment(data, changed, {place: unit.key for place, unit in units.items()})


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of a turn: the state after it, the facts that lead there, and the entries that effects add."""

    after: CaseState
    facts: Sequence[CaseFact]
    extra: Sequence[Event] = ()


def save(turn: Turn, decided: Decided) -> None:
    """Write what has been decided: the case's columns, its rows, its entries."""
    case, seen = turn.case, turn.case.version
    entries = (*decided.facts, *decided.extra)
    case.version += len(entries)
    project(case, turn.definition, decided.after, turn.now)
    keep_facts(turn, decided.facts, decided.extra)
    case.save(update_fields=PROJECTED)
    keep_notes(turn, seen + 1)
    ledger.append(
        stream_of(case), *entries, unit=turn.actor.unit, occurred_at=turn.now, after=seen, request_key=turn.request_key
    )


def locked(actor: Actor, id_or_code: str) -> Case:
    """The row of a case that ``actor`` may see, held until the transaction ends. Raises :class:`NoSuchCase`."""
    case = named(id_or_code).filter(visible_to(actor)).select_for_update(of=("self",)).first()
    if case is None:
        raise NoSuchCase
    return case


def ref_of(case: Case) -> CaseRef:
    """What names a case and its version."""
    return CaseRef(str(case.id), case.code, case.version)


def changed_meanwhile(case: Case, move: str, seen: int) -> MoveRefused:
    """The refusal that tells an actor who saw version ``seen`` what has happened since, and by whom (applicants unnamed)."""
    later = [entry for entry in ledger.history(stream_of(case)) if entry.version > seen]
    told = next((entry for entry in later if entry.kind == "cases.moved"), later[0] if later else None)
    params: list[tuple[str, str]] = [("step", case.step)]
    if told is not None:
        official = told.actor != case.filed_by or case.channel == "counter"
        name = identity.actor_names([told.actor]).get(told.actor, "") if official else ""
        params += [("by", name), ("move", str(told.data.get("move", ""))), ("kind", told.kind)]
        params.append(("at", told.occurred_at.isoformat()))
    return MoveRefused(move=move, reason=Reason("cases.move.changed_meanwhile", tuple(params)))


def _check_choices(turn: Turn, move: Move) -> None:
    """What no schema can hold: the assignee must hold the role, the unit asked must be of a kind that may be asked, a file
    must be one that the mover handed in."""
    given = files_given(turn)
    if given and set(given) - set(files.refs(given, by=turn.actor)):
        asking = [f.name for f in move.rule.input if f.widget in ("file", "files")]
        raise Invalid([(name, "no_such_file", {}) for name in asking[:1]])
    field = {Does.ASSIGN: "assignee", Does.OPEN_TASK: "unit"}.get(move.does)
    if field is not None and not is_choice(turn, move, str(turn.wish.input[field])):
        raise Invalid([(field, "choice", {})])


def mark(turn: Turn, move: Move) -> None:
    """The applicant's answer is news until an official moves the case."""
    case = turn.case
    if move.does in (Does.ANSWER_SUPPLEMENT, Does.RESUME_TASK):
        case.supplemented = True
    elif turn.actor.kind is ActorKind.OFFICIAL and case.phase != Phase.WAITING:
        case.supplemented = False
