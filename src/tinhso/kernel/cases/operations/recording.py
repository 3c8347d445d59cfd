"""The rows that go with a case's facts: tasks, requests for more, notes, and the units that take part."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tinhso.kernel.cases.engine import events as e
from tinhso.kernel.cases.engine.definition import Definition
from tinhso.kernel.cases.models import Case, Document, Note, Participation, Supplement, Task
from tinhso.kernel.cases.queries.moments import Wish
from tinhso.kernel.cases.types import DocumentIssued, FormField
from tinhso.kernel.ledger.types import Actor, Event

TEXT_WIDGETS = frozenset({"text", "textarea"})
REFERENCES = frozenset({"official", "unit", "papers", "file"})
"""Widgets whose values are ids, and live in the rows and facts that they lead to."""


def _input_of(definition: Definition, wish: Wish) -> tuple[FormField, ...]:
    move = definition.moves.get(wish.move)
    return move.rule.input if move else ()


def kept_input(definition: Definition, wish: Wish) -> dict[str, str]:
    """What the mover gave with a move, by field, but for ids: it goes to tables, never into the ledger."""
    given = ((f.name, wish.input.get(f.name)) for f in _input_of(definition, wish) if f.widget not in REFERENCES)
    return {name: str(value) for name, value in given if value not in (None, "")}


def first_text(definition: Definition, wish: Wish) -> str:
    """The first thing he said in his own words: the question of a task, the note of a request."""
    texts = (wish.input.get(f.name) for f in _input_of(definition, wish) if f.widget in TEXT_WIDGETS)
    return next((str(text) for text in texts if text), "")


def file_given(definition: Definition, wish: Wish) -> Any:
    """The id of the file given with a move, if its declaration asks for one."""
    return next((wish.input.get(f.name) for f in _input_of(definition, wish) if f.widget == "file"), None) or None


def keep_facts(
    actor: Actor,
    case: Case,
    definition: Definition,
    facts: Sequence[e.CaseFact],
    extra: Sequence[Event],
    wish: Wish,
    now: datetime,
) -> None:
    """Write the rows that ``facts`` entail; ``extra`` is what effects added. Sets columns of ``case``; the caller saves it."""
    for fact in facts:
        if isinstance(fact, e.TaskOpened):
            _open_task(actor, case, definition, fact, wish, now)
        elif isinstance(fact, e.TaskClosed):
            _close_task(actor, case, definition, fact, wish, now)
        elif isinstance(fact, e.SupplementRequested):
            slip = next((event.file for event in extra if isinstance(event, DocumentIssued)), None)
            _ask(actor, case, definition, fact, slip, wish, now)
        elif isinstance(fact, e.SupplementAnswered):
            answered = {"answered_at": now, "answer": first_text(definition, wish)}
            Supplement.objects.filter(case_id=case.id, answered_at__isnull=True).update(**answered)
    _take_part(case, now)


def _open_task(actor: Actor, case: Case, definition: Definition, fact: e.TaskOpened, wish: Wish, now: datetime) -> None:
    Task.objects.create(
        case_id=case.id,
        key=fact.task,
        kind=fact.task_kind,
        unit=fact.asked,
        asked_by=actor.id,
        question=first_text(definition, wish),
        opened_at=now,
        due_at=fact.task_due,
    )
    asked = Participation(case_id=case.id, unit=fact.asked, asked=True, since=now)
    Participation.objects.bulk_create([asked], ignore_conflicts=True)  # it may have been asked before


def _close_task(actor: Actor, case: Case, definition: Definition, fact: e.TaskClosed, wish: Wish, now: datetime) -> None:
    closed: dict[str, Any] = {"closed_at": now, "outcome": fact.outcome, "answered_by": actor.id}
    if fact.task == wish.task:
        closed |= {"answer": first_text(definition, wish), "file_id": file_given(definition, wish)}
    Task.objects.filter(case_id=case.id, key=fact.task).update(**closed)


def _ask(
    actor: Actor,
    case: Case,
    definition: Definition,
    fact: e.SupplementRequested,
    slip: str | None,
    wish: Wish,
    now: datetime,
) -> None:
    number = Supplement.objects.filter(case_id=case.id).count() + 1
    Supplement.objects.create(
        case_id=case.id,
        number=number,
        asked_at=now,
        asked_by=actor.id,
        items=list(fact.items),
        correction=fact.correction,
        note=first_text(definition, wish),
        due=fact.answer_due,
        slip_id=slip,
    )
    case.wanting = list(fact.items)


def _take_part(case: Case, now: datetime) -> None:
    """The unit that holds the case now takes part in it from now on."""
    if case.holder_unit and case.holder_unit not in case.units:
        Participation.objects.create(case_id=case.id, unit=case.holder_unit, asked=False, since=now)
        case.units = [*case.units, case.holder_unit]


def keep_notes(actor: Actor, case: Case, definition: Definition, wish: Wish, entry: int, now: datetime) -> None:
    """Keep what was given with a move beside its first entry; a file that answers no task becomes a document of the case."""
    move = definition.moves.get(wish.move)
    file = file_given(definition, wish)
    if move and file and wish.task is None:
        title = move.rule.title
        Document.objects.create(
            case_id=case.id, kind=move.id, title_vi=title.vi, title_en=title.en, file_id=file, public=False, at=now
        )
    texts = kept_input(definition, wish)
    if texts:
        Note.objects.bulk_create(
            Note(case_id=case.id, entry=entry, field=name, text=text, by=actor.id, at=now) for name, text in texts.items()
        )
