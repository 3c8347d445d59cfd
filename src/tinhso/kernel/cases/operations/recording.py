"""The rows that go with a case's facts: tasks, requests for more, notes, and the units that take part."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tinhso.kernel.cases.engine import events as e
from tinhso.kernel.cases.engine.definition import Does
from tinhso.kernel.cases.engine.running import DocumentIssued
from tinhso.kernel.cases.models import Case, Document, Note, Participation, Supplement, Task
from tinhso.kernel.cases.queries.moments import Turn
from tinhso.kernel.cases.types import FormField
from tinhso.kernel.ledger.types import Event

TEXT_WIDGETS = frozenset({"text", "textarea"})
REFERENCES = frozenset({"official", "unit", "papers", "file", "files"})
"""Widgets whose values are ids, and live in the rows and facts that they lead to."""


def _input_of(turn: Turn) -> tuple[FormField, ...]:
    return turn.move.rule.input if turn.move else ()


def kept_input(turn: Turn) -> dict[str, str]:
    """What the mover gave with a move, by field, but for ids and for answers of the form that he put right (they are the case's
    own data now): it goes to tables, never into the ledger."""
    move, form = turn.move, turn.definition.fields
    amended = set(form) if move and move.does is Does.AMEND else set()
    asked = (f.name for f in _input_of(turn) if f.widget not in REFERENCES and f.name not in amended)
    given = ((name, turn.wish.input.get(name)) for name in asked)
    return {name: str(value) for name, value in given if value not in (None, "")}


def first_text(turn: Turn) -> str:
    """The first thing he said in his own words: the question of a task, the note of a request."""
    texts = (turn.wish.input.get(f.name) for f in _input_of(turn) if f.widget in TEXT_WIDGETS)
    return next((str(text) for text in texts if text), "")


def file_given(turn: Turn) -> Any:
    """The id of the file given with a move, if its declaration asks for one."""
    return next((turn.wish.input.get(f.name) for f in _input_of(turn) if f.widget == "file"), None) or None


def files_given(turn: Turn) -> list[str]:
    """The ids of all files given with a move, in the order of its questions."""
    found: list[str] = []
    for field in _input_of(turn):
        value = turn.wish.input.get(field.name)
        if field.widget == "file" and value:
            found.append(str(value))
        elif field.widget == "files" and value:
            found += [str(one) for one in value]
    return found


def keep_facts(turn: Turn, facts: Sequence[e.CaseFact], extra: Sequence[Event]) -> None:
    """Write the rows that ``facts`` entail; ``extra`` is what effects added. Sets columns of the case; the caller saves it."""
    for fact in facts:
        if isinstance(fact, e.TaskOpened):
            _open_task(turn, fact)
        elif isinstance(fact, e.TaskClosed):
            _close_task(turn, fact)
        elif isinstance(fact, e.SupplementRequested):
            _ask(turn, fact, next((event.file for event in extra if isinstance(event, DocumentIssued)), None))
            turn.case.wanting = list(fact.items)
        elif isinstance(fact, e.TaskReturned):
            _ask(turn, fact, None)
            turn.case.wanting = [*dict.fromkeys((*turn.case.wanting, *fact.items))]
        elif isinstance(fact, e.SupplementAnswered | e.TaskResumed):
            _answer(turn, fact)
        elif isinstance(fact, e.FactsFound):
            turn.case.found = {**turn.case.found, **{name: turn.wish.input[name] for name in fact.fields}}
    _take_part(turn.case, turn.now)


def task_row(turn: Turn, fact: e.TaskOpened) -> Task:
    """The row of a task that is opened, not yet stored."""
    return Task(
        case_id=turn.case.id,
        key=fact.task,
        kind=fact.task_kind,
        unit=fact.asked,
        asked_by=turn.actor.id,
        question=first_text(turn),
        opened_at=turn.now,
        due_at=fact.task_due,
    )


def _open_task(turn: Turn, fact: e.TaskOpened) -> None:
    task_row(turn, fact).save(force_insert=True)
    # Who does a part of the case takes part in it for good; who is only asked sees it until it ends.
    own = turn.definition.tasks[fact.task_kind].at is not None
    asked = Participation(case_id=turn.case.id, unit=fact.asked, asked=not own, since=turn.now)
    Participation.objects.bulk_create([asked], ignore_conflicts=True)  # it may have been asked before


def _close_task(turn: Turn, fact: e.TaskClosed) -> None:
    closed: dict[str, Any] = {"closed_at": turn.now, "outcome": fact.outcome, "answered_by": turn.actor.id}
    if fact.task == turn.wish.task:
        closed |= {"answer": first_text(turn), "file_id": file_given(turn)}
    Task.objects.filter(case_id=turn.case.id, key=fact.task).update(**closed)


def supplement_row(turn: Turn, fact: e.SupplementRequested | e.TaskReturned, number: int) -> Supplement:
    """The row of the case's ``number``-th request for more, not yet stored."""
    return Supplement(
        case_id=turn.case.id,
        number=number,
        asked_at=turn.now,
        asked_by=turn.actor.id,
        items=list(fact.items),
        correction=isinstance(fact, e.SupplementRequested) and fact.correction,
        task=fact.task if isinstance(fact, e.TaskReturned) else "",
        note=first_text(turn),
        due=fact.answer_due,
    )


def _ask(turn: Turn, fact: e.SupplementRequested | e.TaskReturned, slip: str | None) -> None:
    row = supplement_row(turn, fact, Supplement.objects.filter(case_id=turn.case.id).count() + 1)
    row.slip_id = slip
    row.save(force_insert=True)


def _answer(turn: Turn, fact: e.SupplementAnswered | e.TaskResumed) -> None:
    """The request is answered; what it asked for and no other request asks for is wanted no more."""
    task = fact.task if isinstance(fact, e.TaskResumed) else ""
    unanswered = Supplement.objects.filter(case_id=turn.case.id, answered_at__isnull=True)
    unanswered.filter(task=task).update(answered_at=turn.now, answer=first_text(turn))
    still = {item for items in unanswered.values_list("items", flat=True) for item in items}
    turn.case.wanting = [item for item in turn.case.wanting if item in still]


def _take_part(case: Case, now: datetime) -> None:
    """The unit that holds the case now takes part in it from now on."""
    if case.holder_unit and case.holder_unit not in case.units:
        Participation.objects.create(case_id=case.id, unit=case.holder_unit, asked=False, since=now)
        case.units = [*case.units, case.holder_unit]


def keep_notes(turn: Turn, entry: int) -> None:
    """Keep what was given with a move beside its first entry; a file that answers no task becomes a document of the case."""
    now = turn.now
    answers_task = file_given(turn) if turn.wish.task is not None else None
    given = [file for file in files_given(turn) if file != answers_task]
    if turn.move and given:
        title = turn.move.rule.title
        named = {"case_id": turn.case.id, "kind": turn.move.id, "title_vi": title.vi, "title_en": title.en}
        Document.objects.bulk_create(Document(**named, file_id=file, public=False, at=now) for file in given)
    texts = kept_input(turn)
    if texts:
        Note.objects.bulk_create(
            Note(case_id=turn.case.id, entry=entry, field=name, text=text, by=turn.actor.id, at=now)
            for name, text in texts.items()
        )
