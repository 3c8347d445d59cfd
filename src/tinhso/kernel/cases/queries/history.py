"""What has happened to a case, read from the ledger, with names put in for all entries together."""

from collections.abc import Mapping, Sequence
from typing import Any

from tinhso.kernel.cases.engine.definition import Definition, Does
from tinhso.kernel.cases.models import Note
from tinhso.kernel.cases.types import HistoryItem, Phase, Words
from tinhso.kernel.identity import api as identity
from tinhso.kernel.ledger.types import Entry
from tinhso.kernel.organisation import api as organisation
from tinhso.kernel.organisation.types import Unit

PUBLIC = frozenset(
    {
        "cases.filed",
        "cases.moved",
        "cases.received",
        "cases.task_opened",
        "cases.task_closed",
        "cases.task_returned",
        "cases.task_resumed",
        "cases.supplement_requested",
        "cases.supplement_answered",
        "cases.paused",
        "cases.resumed",
        "cases.reopened",
        "cases.amended",
        "cases.extended",
        "cases.finished",
        "cases.ended",
        "cases.paper_added",
        "cases.data_corrected",
        "cases.document_issued",
    }
)
"""Kinds that the applicant sees; who in the office got it, alarms and drafts are the office's own business."""

_TOLD = frozenset(
    {
        "cases.supplement_requested",
        "cases.supplement_answered",
        "cases.extended",
        "cases.task_returned",
        "cases.task_resumed",
    }
)
"""Kinds whose words are for the applicant or his own."""

COMMON = frozenset(
    {"case", "family", "type_code", "type_version", "field", "channel", "receiving", "responsible", "at", "units", "limit_rule"}
)
"""What every fact says: it would only be noise in a line of history."""
UNIT_NAMES = ("unit", "asked", "left_unit", "of", "previous", "successor")
PERSON_NAMES = ("assignee", "previous")


def unit_keys(entries: Sequence[Entry]) -> set[str]:
    """Every unit that entries speak of."""
    said = {str(entry.data[name]) for entry in entries for name in UNIT_NAMES if entry.data.get(name)}
    return said | {entry.unit for entry in entries if entry.unit}


def person_ids(entries: Sequence[Entry]) -> set[str]:
    """Every actor id that entries speak of."""
    said = {str(entry.data[name]) for entry in entries for name in PERSON_NAMES if entry.data.get(name)}
    return said | {entry.actor for entry in entries}


def history_items(
    definition: Definition,
    entries: Sequence[Entry],
    notes: Sequence[Note],
    people: Mapping[str, str],
    units: Mapping[str, Unit],
    *,
    for_applicant: bool,
) -> tuple[HistoryItem, ...]:
    """The entries as lines, the newest first. An applicant sees the public ones, units but no officials' names."""
    texts: dict[int, list[Note]] = {}
    for note in notes:
        texts.setdefault(note.entry, []).append(note)
    items = []
    for entry in entries:
        public = is_public(entry, definition.family.told)
        if for_applicant and not public:
            continue
        said = _params(definition, entry, units, {} if for_applicant else people)
        kept = texts.get(entry.version, [])
        if kept and (not for_applicant or _told(definition, entry)):
            said["notes"] = _labelled(definition, entry, kept)
        unit = units.get(entry.unit or "")
        items.append(
            HistoryItem(
                at=entry.occurred_at,
                kind=entry.kind,
                params=said,
                actor_name="" if for_applicant and unit else people.get(entry.actor, ""),
                unit_name=unit.name if unit else "",
                public=public,
                position=entry.position,
            )
        )
    return tuple(reversed(items))


def is_public(entry: Entry, told: frozenset[str]) -> bool:
    """Whether the applicant sees this entry; ``told`` are the kinds of its family that he does."""
    final = entry.kind == "cases.result_recorded" and bool(entry.data.get("final"))
    return final or entry.kind in PUBLIC or entry.kind in told


def _told(definition: Definition, entry: Entry) -> bool:
    """Whether what was typed with this move is for the applicant: his own words, and what the office tells him."""
    move = definition.moves.get(str(entry.data.get("move", "")))
    if entry.kind in _TOLD:
        return True
    if move is None:
        return False
    if move.rule.by == "applicant" or move.does in (Does.ASK_SUPPLEMENT, Does.EXTEND):
        return True
    return any(definition.steps[branch.step].phase is Phase.ENDED for branch in move.branches)


def _params(definition: Definition, entry: Entry, units: Mapping[str, Unit], people: Mapping[str, str]) -> dict[str, Any]:
    data = entry.data
    said: dict[str, Any] = {name: value for name, value in data.items() if name not in COMMON}
    for name in UNIT_NAMES:
        if (unit := units.get(str(data.get(name)))) is not None:
            said[f"{name}_name"] = unit.name
    for name in PERSON_NAMES:
        if (person := people.get(str(data.get(name)))) is not None:
            said[f"{name}_name"] = person
    for name in ("step", "source"):
        if (step := definition.steps.get(str(data.get(name)))) is not None:
            said[f"{name}_title"] = step.rule.title
    if (move := definition.moves.get(str(data.get("move")))) is not None:
        said["move_title"] = move.rule.title
    if data.get("items"):
        said["item_titles"] = tuple(item_title(definition, code) for code in data["items"])
    if data.get("paper"):
        said["paper_title"] = item_title(definition, str(data["paper"]))
    return said


def _labelled(definition: Definition, entry: Entry, notes: Sequence[Note]) -> tuple[tuple[Words, str], ...]:
    """What was typed, each beside the label of its field; what was chosen from a list is a fact and told as one."""
    move = definition.moves.get(str(entry.data.get("move", "")))
    labels = {f.name: f.label for m in ([move] if move else definition.moves.values()) for f in m.rule.input}
    chosen = {f.name for m in ([move] if move else definition.moves.values()) for f in m.rule.input if f.choices}
    notes = [note for note in notes if note.field not in chosen]
    return tuple((labels.get(note.field, Words(note.field, note.field)), note.text) for note in notes)


def item_title(definition: Definition, code: str) -> Words:
    """The words of something that can be asked for: a paper's title or a form field's label."""
    paper = next((paper for paper in definition.public.papers if paper.code == code), None)
    if paper is not None:
        return paper.title
    rule = definition.fields.get(code)
    return rule.field.label if rule else Words(code, code)


def names(people: set[str], units: set[str]) -> tuple[dict[str, str], dict[str, Unit]]:
    """Names of people and units: two statements for all."""
    return identity.actor_names(people), organisation.units_by_key(units)
