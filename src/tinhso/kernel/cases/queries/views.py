"""A whole case as one actor may see it: a fixed number of statements, however much is in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tinhso.kernel.cases.engine import clock as clocks
from tinhso.kernel.cases.engine import decide as machine
from tinhso.kernel.cases.engine.definition import Definition
from tinhso.kernel.cases.engine.eligibility import assess
from tinhso.kernel.cases.engine.state import CaseState
from tinhso.kernel.cases.models import Case, Document, Note, Paper, Result, Supplement, Task
from tinhso.kernel.cases.queries import history as past
from tinhso.kernel.cases.queries.choices import choices_for
from tinhso.kernel.cases.queries.moments import Turn, Wish, context_of, known, stream_of
from tinhso.kernel.cases.queries.packs import definition_of
from tinhso.kernel.cases.queries.sides import part_views
from tinhso.kernel.cases.queries.visibility import is_applicant, named, visible_to
from tinhso.kernel.cases.types import (
    CaseRef,
    CaseView,
    Channel,
    MoveOption,
    NoSuchCase,
    PaperView,
    Phase,
    ResultView,
    SupplementView,
    TaskView,
    Words,
)
from tinhso.kernel.cases.types import Document as DocumentView
from tinhso.kernel.files import api as files
from tinhso.kernel.files.types import FileRef
from tinhso.kernel.identity.types import PartyView
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor, Entry
from tinhso.kernel.organisation import api as organisation
from tinhso.kernel.organisation.types import Unit
from tinhso.kernel.payments import api as payments
from tinhso.lib import clock

Refs = Mapping[str, FileRef]


def visible_case(actor: Actor, id_or_code: str) -> Case:
    """The row of a case that ``actor`` may see, by its id or its code. Raises :class:`NoSuchCase`."""
    row = named(id_or_code).filter(visible_to(actor)).select_related("party").first()
    if row is None:
        raise NoSuchCase
    return row


@dataclass(frozen=True, slots=True)
class _Parts:
    """Everything that hangs on a case, read once."""

    papers: Sequence[Paper]
    supplements: Sequence[Supplement]
    tasks: Sequence[Task]
    documents: Sequence[Document]
    results: Sequence[Result]
    notes: Sequence[Note]
    entries: Sequence[Entry]
    refs: Refs


def _read(case: Case, *, public: bool) -> _Parts:
    papers = list(case.papers.order_by("code", "-version", "place"))
    supplements = list(case.supplements.order_by("number"))
    tasks = list(case.tasks.order_by("opened_at", "key"))
    documents = list(case.documents.filter(public=True) if public else case.documents.all())
    results = list(case.results.order_by("code", "-version"))
    hung: list[Paper | Task | Document | Result] = [*papers, *tasks, *documents, *results]
    wanted = {str(row.file_id) for row in hung if row.file_id} | {str(s.slip_id) for s in supplements if s.slip_id}
    return _Parts(
        papers,
        supplements,
        tasks,
        sorted(documents, key=lambda row: row.at),
        results,
        list(case.notes.order_by("entry", "id")),
        ledger.history(stream_of(case)),
        files.refs(wanted),
    )


def view_of(actor: Actor, case: Case, applicant: PartyView) -> CaseView:
    """The case as this actor may see it; ``applicant`` was already looked at (masked or whole) by the caller."""
    own = is_applicant(actor, case)
    definition = definition_of(case.type_code, case.type_version)
    state = CaseState.from_json(case.state)
    calendar = organisation.calendar()
    now = clock.now()
    parts = _read(case, public=own)
    keys = {*state.units.values(), case.holder_unit, *(task.unit for task in parts.tasks)} - {""}
    ids = {case.handler, *(task.asked_by for task in parts.tasks)} - {""}
    results = results_shown(parts.results, parts.refs, case, own=own)
    people, units = past.names(ids | past.person_ids(parts.entries), keys | past.unit_keys(parts.entries))
    return CaseView(
        ref=CaseRef(str(case.id), case.code, case.version),
        type=definition.public,
        step=definition.steps[case.step].rule,
        phase=Phase(case.phase),
        status=case.status,
        channel=Channel(case.channel),
        filed_at=case.filed_at,
        received_at=case.received_at,
        applicant=applicant,
        data=case.data,
        receiving_unit=case.receiving_unit,
        receiving_unit_name=_unit_name(units, case.receiving_unit),
        holder_unit=case.holder_unit or None,
        holder_unit_name=_unit_name(units, case.holder_unit),
        handler=case.handler or None,
        handler_name="" if own else people.get(case.handler, ""),
        clock=clocks.view(definition, state, now, calendar),
        papers=_papers(definition, case, parts),
        supplements=_supplements(definition, parts),
        tasks=_tasks(parts, people, units, now, own=own),
        charges=tuple(payments.charges(stream_of(case))),
        documents=_documents(parts),
        results=results,
        history=past.history_items(definition, parts.entries, parts.notes, people, units, for_applicant=own),
        moves=_moves(Turn(actor, case, definition, state, Wish(""), now, calendar)),
        parts=part_views(definition, state, results, units, now, calendar),
        assessment=assess(definition, known(case), clocks.local_day(now)) if definition.conditions else None,
        found={} if own else case.found,
        next_repeat=state.repeat_at if definition.steps[state.step].repeats else None,
    )


def _unit_name(units: Mapping[str, Unit], key: str) -> str:
    unit = units.get(key)
    return unit.name if unit else ""


def _papers(definition: Definition, case: Case, parts: _Parts) -> tuple[PaperView, ...]:
    """One line for each paper in the order of the declaration, with those asked for and never given."""
    by_code: dict[str, list[Paper]] = {}
    for row in parts.papers:
        by_code.setdefault(row.code, []).append(row)
    shown = []
    for rule in definition.public.papers:
        rows = by_code.get(rule.code, [])
        wanting = rule.code in case.wanting
        if not rows and not wanting:
            continue
        newest = rows[0] if rows else None
        given = tuple(ref for row in rows if (ref := parts.refs.get(str(row.file_id))) is not None)
        shown.append(
            PaperView(
                id=str(newest.id) if newest else "",
                code=rule.code,
                title=rule.title,
                files=given,
                version=newest.version if newest else 0,
                added_at=newest.added_at if newest else case.updated_at,
                state="wanting" if wanting or newest is None else newest.state,
                note=newest.note if newest else "",
                signature=given[0].verdict if given else None,
            )
        )
    return tuple(shown)


def _supplements(definition: Definition, parts: _Parts) -> tuple[SupplementView, ...]:
    return tuple(
        SupplementView(
            number=row.number,
            asked_at=row.asked_at,
            items=tuple(past.item_title(definition, code) for code in row.items),
            codes=tuple(row.items),
            note=row.note,
            due=row.due,
            answered_at=row.answered_at,
            slip=parts.refs.get(str(row.slip_id)),
            task=row.task or None,
        )
        for row in parts.supplements
    )


def _tasks(
    parts: _Parts, people: Mapping[str, str], units: Mapping[str, Unit], now: datetime, *, own: bool
) -> tuple[TaskView, ...]:
    """The applicant sees whom we asked and by when, not what was said."""
    return tuple(
        TaskView(
            id=row.key,
            kind=row.kind,
            unit=row.unit,
            unit_name=_unit_name(units, row.unit),
            asked_by="" if own else people.get(row.asked_by, ""),
            question="" if own else row.question,
            opened_at=row.opened_at,
            due=row.due_at,
            late=row.due_at is not None and (row.closed_at or now) > row.due_at,
            closed_at=row.closed_at,
            outcome=None if own else row.outcome or None,
            answer="" if own else row.answer,
            file=None if own else parts.refs.get(str(row.file_id)),
        )
        for row in parts.tasks
    )


def _documents(parts: _Parts) -> tuple[DocumentView, ...]:
    return tuple(
        DocumentView(row.kind, Words(row.title_vi, row.title_en), parts.refs[str(row.file_id)], row.at, row.verify_code or None)
        for row in parts.documents
        if str(row.file_id) in parts.refs
    )


def results_shown(rows: Sequence[Result], refs: Refs, case: Case, *, own: bool) -> tuple[ResultView, ...]:
    """The newest version of each result; the applicant gets final ones, once nothing is owed."""
    newest: dict[str, Result] = {}
    for row in rows:
        newest.setdefault(row.code, row)
    return tuple(
        result_view(row, refs[str(row.file_id)])
        for row in newest.values()
        if str(row.file_id) in refs and (not own or may_have_result(row, case))
    )


def may_have_result(row: Result, case: Case) -> bool:
    """Whether the applicant may have this version of the result: it is final, and paid."""
    return row.final and case.unpaid == 0


def result_view(row: Result, ref: FileRef) -> ResultView:
    """A version of a result as it crosses the door."""
    return ResultView(
        code=row.code,
        title=Words(row.title_vi, row.title_en),
        file=ref,
        number=row.number or None,
        signed=tuple(row.signed),
        verify_code=row.verify_code or None,
        final=row.final,
        state=row.state,
        at=row.at,
    )


def _moves(turn: Turn) -> tuple[MoveOption, ...]:
    offered = machine.options(turn.definition, turn.before, context_of(turn))
    chosen: dict[tuple[Any, str | None], Any] = {}
    for option in offered:
        key = (option.move.does, option.move.task)
        if option.enabled and key not in chosen:
            chosen[key] = choices_for(turn, option.move)
    return tuple(
        MoveOption(
            rule=option.move.rule,
            enabled=option.enabled,
            why_not=option.why_not,
            task=option.task,
            warning=option.warning,
            choices=chosen.get((option.move.does, option.move.task), {}),
        )
        for option in offered
    )


def results_of(case_id: str) -> tuple[ResultView, ...]:
    """The newest version of each result of a case: for effects, which have a case in hand already. Two statements."""
    rows = list(Result.objects.filter(case_id=case_id).order_by("code", "-version"))
    refs = files.refs([str(row.file_id) for row in rows])
    newest: dict[str, Result] = {}
    for row in rows:
        newest.setdefault(row.code, row)
    return tuple(result_view(row, refs[str(row.file_id)]) for row in newest.values())
