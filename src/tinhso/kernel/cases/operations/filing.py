"""Handing a case in."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection

from tinhso.kernel.cases.engine import decide as machine
from tinhso.kernel.cases.engine import form
from tinhso.kernel.cases.engine.context import Context, WorkCalendar
from tinhso.kernel.cases.engine.definition import Definition
from tinhso.kernel.cases.engine.events import CaseFact
from tinhso.kernel.cases.engine.evolve import evolve_all
from tinhso.kernel.cases.engine.state import CaseState
from tinhso.kernel.cases.models import Case, CaseTypeVersion, Draft, Paper, Participation
from tinhso.kernel.cases.operations.moving import ref_of
from tinhso.kernel.cases.operations.places import units_of_answers
from tinhso.kernel.cases.operations.projecting import project
from tinhso.kernel.cases.operations.sequences import next_number
from tinhso.kernel.cases.queries.moments import stream_of
from tinhso.kernel.cases.queries.packs import compiled, row_in_force
from tinhso.kernel.cases.types import CaseRef, Channel, MayNotFile, NoSuchCase, NoSuchDraft
from tinhso.kernel.files import api as files
from tinhso.kernel.files.types import FileRef
from tinhso.kernel.identity import api as identity
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor, ActorKind, RequestRepeated
from tinhso.kernel.organisation import api as organisation
from tinhso.kernel.organisation.types import Unit
from tinhso.lib import clock, codes, text
from tinhso.lib.problems import Invalid

APPLICANT = 200
"""Length of the column that lists are searched by."""


def file_case(
    actor: Actor,
    type_code: str,
    data: Mapping[str, Any],
    papers: Mapping[str, Sequence[str]],
    channel: Channel,
    party: str | None,
    request_key: str,
    draft_id: str | None = None,
) -> CaseRef:
    """Hand in a case of a type as it is in force today.

    ``data`` answers the form (what was not asked is dropped), ``papers`` gives ids of stored files by the code of a paper,
    ``party`` is the applicant; None for a bearer (``identity.bearer``), or somebody at the counter who leaves no name, where
    the family has such. ``draft_id`` names the form it was kept in: the case takes over its id and the draft is gone.
    The code carries the date of handing in, which at a counter is that of receipt: an applicant needs it at once.

    A repeat with the same ``request_key`` (or of the same draft) gives the case that the first one made. Raises Invalid with
    every fault of form and papers at once, MayNotFile, NoSuchType, NoSuchDraft, NoUnit.
    """
    given = Given(type_code, data, papers, channel, party, request_key, draft_id)
    try:
        return _file(actor, given)
    except RequestRepeated:
        # Sent twice at once: the other one has committed meanwhile, and nothing of this one is left.
        if connection.in_atomic_block:
            raise
        return _repeated(actor, request_key)


@dataclass(frozen=True, slots=True)
class Given:
    """What an applicant hands in, as :func:`file_case` was given it."""

    type_code: str
    data: Mapping[str, Any]
    papers: Mapping[str, Sequence[str]]
    channel: Channel
    party: str | None
    request_key: str
    draft_id: str | None


@ledger.operation
def _repeated(actor: Actor, request_key: str) -> CaseRef:
    found = _taken(actor, None, request_key)
    if not isinstance(found, CaseRef):
        raise NoSuchCase
    return found


@ledger.operation
def _file(actor: Actor, given: Given) -> CaseRef:
    case_id = _taken(actor, given.draft_id, given.request_key)
    if isinstance(case_id, CaseRef):
        return case_id
    row = row_in_force(given.type_code)
    definition = compiled(row)
    kept = _checked(actor, definition, given)
    area, units = units_of_answers(definition, kept)
    check_may_file(actor, definition, given.channel, given.party, units)
    now = clock.now()
    placed = Placed(row, kept, area, units, now, organisation.calendar())
    case, facts, _ = begun(actor, case_id, "", given, placed)
    if given.party is not None:
        case.party_id, case.applicant = _party(given.party), text.fold(_applicant(given.party))[:APPLICANT]
    # The number last: who has it holds the unit's counter until the commit, and all others who hand in there wait.
    case.code = code_of(definition, units["receiving"], now, next_number(*series_of(definition, units["receiving"], now)))
    case.save(force_insert=True)
    Participation.objects.bulk_create(Participation(case=case, unit=unit, since=now) for unit in case.units)
    _keep_papers(actor, case, given.papers)
    ledger.append(stream_of(case), *facts, unit=actor.unit, occurred_at=now, after=0, request_key=given.request_key)
    return ref_of(case)


@dataclass(frozen=True, slots=True)
class Placed:
    """What handing in leads to: the version in force, the answers that are kept, the area and its units, the instant."""

    row: CaseTypeVersion
    kept: dict[str, Any]
    area: str
    units: Mapping[str, Unit]
    now: datetime
    calendar: WorkCalendar


def begun(
    actor: Actor, case_id: uuid.UUID, code: str, given: Given, placed: Placed
) -> tuple[Case, tuple[CaseFact, ...], CaseState]:
    """The row of a new case without its applicant, its first facts and its state; nothing is saved."""
    now, definition = placed.now, compiled(placed.row)
    context = Context(now=now, calendar=placed.calendar, actor=actor, is_applicant=True, data=placed.kept)
    places = {place: unit.key for place, unit in placed.units.items()}
    facts = machine.file(definition, machine.Filing(str(case_id), given.channel, given.party, places), context)
    state = evolve_all(None, facts)
    case = Case(
        id=case_id,
        code=code,
        type=placed.row,
        type_code=placed.row.code,
        type_version=placed.row.version,
        channel=given.channel.value,
        filed_by=actor.id,
        area=placed.area,
        filed_at=now,
        version=len(facts),
        data=placed.kept,
        given={code: 1 for code, files_given in given.papers.items() if files_given},
        units=sorted({*_acting(state), *_parents(placed.units)}),
    )
    project(case, definition, state, now)
    return case, facts, state


def _checked(actor: Actor, definition: Definition, given: Given) -> dict[str, Any]:
    """The answers that are kept, once form and papers are found good. Raises Invalid with every fault at once."""
    kept = form.clean(definition, given.data)
    refs = files.refs([file for many in given.papers.values() for file in many], by=actor)
    errors = form.validate(definition, given.data) or _paper_errors(definition, kept, given.papers, refs)
    if errors:
        raise Invalid(errors)
    return kept


def _taken(actor: Actor, draft_id: str | None, request_key: str) -> uuid.UUID | CaseRef:
    """The id of the new case, or the case that this very request has made already: one statement when it is new."""
    if draft_id is not None:
        try:
            key = uuid.UUID(draft_id)
        except ValueError as fault:
            raise NoSuchDraft from fault
        own = Draft.objects.filter(pk=key, owner=actor.id)
        if own.filter(filed_at__isnull=True).update(filed_at=clock.now()):
            return key
        if not own.exists():
            raise NoSuchDraft
        return _ref(key)
    stream = ledger.seen(request_key)
    return uuid.uuid4() if stream is None else _ref(uuid.UUID(stream.removeprefix("case:")))


def _ref(case_id: uuid.UUID) -> CaseRef:
    return ref_of(Case.objects.only("id", "code", "version").get(pk=case_id))


def check_may_file(
    actor: Actor, definition: Definition, channel: Channel, party: str | None, units: Mapping[str, Unit]
) -> None:
    """Online: the applicant himself, or a bearer where the family has such. At the counter and by post: who holds the first
    step's role at the receiving unit."""
    if channel not in definition.public.channels:
        raise MayNotFile(channel=channel.value)
    if party is None and not definition.family.bearers:
        raise MayNotFile(party="none")
    if channel is Channel.ONLINE:
        if party is None and identity.is_bearer(actor):
            return
        if actor.kind is not ActorKind.CITIZEN or actor.party != party:
            raise MayNotFile(channel=channel.value)
        return
    first = definition.steps[definition.initial].rule
    if first.role not in actor.roles_at(units["receiving"].key):
        raise MayNotFile(channel=channel.value, unit=units["receiving"].key)


def _acting(state: CaseState) -> set[str]:
    return {state.units["receiving"], state.units["responsible"]}


def _parents(units: Mapping[str, Unit]) -> set[str]:
    """The units above those that receive and answer: their leaders see the case from the start."""
    return {parent for place in ("receiving", "responsible") if (parent := units[place].parent)}


def style() -> codes.DossierFormat:
    """How this installation writes the codes of its cases (setting ``CASE_CODE_FORMAT``)."""
    return codes.DossierFormat(getattr(settings, "CASE_CODE_FORMAT", codes.DossierFormat.QD_2020))


def series_of(definition: Definition, unit: Unit, now: datetime) -> tuple[str, date]:
    """The series of numbers that a case's code is taken from: the unit's of the day, or that of a kind with its own mark."""
    return definition.family.code_mark or unit.code, now.astimezone(clock.TZ).date()


def code_of(definition: Definition, unit: Unit, now: datetime, number: int) -> str:
    """By the unit and the day for a dossier; for kinds with a mark of their own by the day alone, short enough to dictate."""
    day, mark = now.astimezone(clock.TZ).date(), definition.family.code_mark
    if mark:
        return f"{mark}-{day:%y%m%d}-{number:04}"
    return codes.format_dossier_code(unit.code, day, number, style())


def _party(party: str) -> uuid.UUID:
    try:
        return uuid.UUID(party)
    except ValueError as fault:
        raise MayNotFile(party="unknown") from fault


def _applicant(party: str) -> str:
    known = identity.party_masked([party]).get(party)
    if known is None:
        raise MayNotFile(party="unknown")
    return known.name


def _paper_errors(
    definition: Definition, data: Mapping[str, Any], papers: Mapping[str, Sequence[str]], refs: Mapping[str, FileRef]
) -> list[form.FieldError]:
    rules = {rule.code: rule for rule in form.papers(definition, data)}
    errors: list[form.FieldError] = [
        (code, "unknown_paper", {}) for code, given in papers.items() if given and code not in rules
    ]
    for code, rule in rules.items():
        given = papers.get(code, ())
        if rule.required and not given:
            errors.append((code, "required", {}))
        if len(given) > rule.max_files:
            errors.append((code, "too_many_files", {"max": rule.max_files}))
        errors += [(code, "no_such_file", {}) for file in given if file not in refs]
    return errors


def _keep_papers(actor: Actor, case: Case, papers: Mapping[str, Sequence[str]]) -> None:
    given = [(code, place, file) for code, many in papers.items() for place, file in enumerate(many)]
    Paper.objects.bulk_create(
        Paper(
            case=case,
            code=code,
            version=1,
            place=place,
            file_id=file,
            state="given",
            added_at=case.filed_at,
            added_by=actor.id,
        )
        for code, place, file in given
    )
