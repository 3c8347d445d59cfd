"""Drafts of one owner."""

import contextlib
import uuid
from collections.abc import Iterable, Sequence

from tinhso.kernel.cases.models import Draft, DraftPaper
from tinhso.kernel.cases.types import DraftGiven, DraftView, NoSuchDraft
from tinhso.kernel.files import api as files
from tinhso.kernel.files.types import FileRef
from tinhso.kernel.ledger.types import Actor


def own_drafts(actor: Actor, draft_id: str, *, lock: bool = False) -> Draft:
    """The row of a draft of this actor's that is not handed in yet. Raises :class:`NoSuchDraft`."""
    try:
        key = uuid.UUID(draft_id)
    except ValueError as fault:
        raise NoSuchDraft from fault
    rows = Draft.objects.filter(owner=actor.id, filed_at__isnull=True, pk=key)
    row = (rows.select_for_update() if lock else rows.select_related("type").defer("type__source")).first()
    if row is None:
        raise NoSuchDraft
    return row


def draft(actor: Actor, draft_id: str) -> DraftView:
    """A draft of this actor's, with its files. Raises :class:`NoSuchDraft`."""
    return _views([own_drafts(actor, draft_id)])[0]


def existing_drafts(draft_ids: Iterable[str]) -> set[str]:
    """Which of these forms are still there, handed in or not: their files are kept."""
    wanted = []
    for draft_id in draft_ids:
        with contextlib.suppress(ValueError):  # no form of ours ever had such an id
            wanted.append(uuid.UUID(draft_id))
    return {str(pk) for pk in Draft.objects.filter(pk__in=wanted).values_list("pk", flat=True)}


def draft_given(actor: Actor, draft_id: str) -> DraftGiven:
    """A draft of this actor's as it is to be handed in: two statements. Raises :class:`NoSuchDraft`."""
    row = own_drafts(actor, draft_id)
    papers: dict[str, tuple[str, ...]] = {}
    for code, file in DraftPaper.objects.filter(draft=row).order_by("code", "place").values_list("code", "file_id"):
        papers[code] = (*papers.get(code, ()), str(file))
    return DraftGiven(str(row.id), row.type.code, row.data, papers)


def drafts(actor: Actor) -> list[DraftView]:
    """The drafts of this actor, newest first: at most 50, three queries."""
    return _views(
        list(Draft.objects.filter(owner=actor.id, filed_at__isnull=True).select_related("type").order_by("-updated_at")[:50])
    )


def _views(rows: Sequence[Draft]) -> list[DraftView]:
    put = list(DraftPaper.objects.filter(draft__in=rows).order_by("draft_id", "code", "place"))
    refs = files.refs([str(p.file_id) for p in put]) if put else {}
    papers: dict[uuid.UUID, dict[str, tuple[FileRef, ...]]] = {row.id: {} for row in rows}
    for paper in put:
        of = papers[paper.draft_id]
        of[paper.code] = (*of.get(paper.code, ()), refs[str(paper.file_id)])
    return [
        DraftView(
            id=str(row.id),
            type_code=row.type.code,
            type_version=row.type.version,
            data=row.data,
            papers=papers[row.id],
            page=row.page,
            updated_at=row.updated_at,
        )
        for row in rows
    ]
