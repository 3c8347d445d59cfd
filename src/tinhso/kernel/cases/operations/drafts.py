"""Forms that are begun and not handed in: kept for their owner alone, no entry in the ledger until they are."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max

from tinhso.kernel.cases.engine import form
from tinhso.kernel.cases.models import Draft, DraftPaper
from tinhso.kernel.cases.queries.drafts import draft, own_drafts
from tinhso.kernel.cases.queries.packs import compiled, row_in_force
from tinhso.kernel.cases.types import DraftView
from tinhso.kernel.files import api as files
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor, ActorKind
from tinhso.lib import clock
from tinhso.lib.problems import Invalid, NotAllowed


@ledger.operation
def save_draft(actor: Actor, type_code: str, data: Mapping[str, Any], page: str = "", draft_id: str | None = None) -> DraftView:
    """Keep a form as far as it is filled in, right or wrong: nothing typed is lost.

    ``data`` replaces what was kept; ``page`` is where to go on. A draft moves with the type: it is always checked against the
    version in force when it is handed in. Raises NoSuchDraft, NoSuchType, NotAllowed for who has not signed in.
    """
    if actor.kind not in (ActorKind.CITIZEN, ActorKind.OFFICIAL):
        raise NotAllowed(what="save_draft")
    kept = {"type": row_in_force(type_code), "data": dict(data), "page": page, "updated_at": clock.now()}
    if draft_id is None:
        row = Draft.objects.create(owner=actor.id, **kept)
    else:
        row = own_drafts(actor, draft_id, lock=True)
        for name, value in kept.items():
            setattr(row, name, value)
        row.save(update_fields=list(kept))
    return draft(actor, str(row.id))


@ledger.operation
def attach_to_draft(actor: Actor, draft_id: str, paper: str, file_id: str) -> DraftView:
    """Put a stored file to a draft as the component ``paper``.

    Raises NoSuchDraft; Invalid when the type asks for no such paper, there are enough files of it, or the file is not there.
    """
    row = own_drafts(actor, draft_id, lock=True)
    rule = next((p for p in form.papers(compiled(row.type), row.data) if p.code == paper), None)
    if rule is None:
        raise Invalid([(paper, "unknown_paper", {})])
    there = DraftPaper.objects.filter(draft=row, code=paper)
    if there.count() >= rule.max_files:
        raise Invalid([(paper, "too_many_files", {"max": rule.max_files})])
    if file_id not in files.refs([file_id], by=actor):
        raise Invalid([(paper, "no_such_file", {})])
    last = there.aggregate(last=Max("place"))["last"]
    DraftPaper.objects.get_or_create(
        draft=row, code=paper, file_id=uuid.UUID(file_id), defaults={"place": 0 if last is None else last + 1}
    )
    Draft.objects.filter(pk=row.pk).update(updated_at=clock.now())
    return draft(actor, draft_id)


@ledger.operation
def detach_from_draft(actor: Actor, draft_id: str, paper: str, file_id: str) -> DraftView:
    """Take a file off a draft again; one that is not there is no fault. Raises NoSuchDraft."""
    row = own_drafts(actor, draft_id, lock=True)
    if file_id in files.refs([file_id]):
        DraftPaper.objects.filter(draft=row, code=paper, file__pk=file_id).delete()
    return draft(actor, draft_id)


@ledger.operation
def drop_old_drafts(actor: Actor) -> int:
    """Throw away every form that nobody has touched for as long as the settings keep them; how many. For the worker."""
    before = clock.now() - timedelta(days=int(getattr(settings, "CASES_KEEP_DRAFTS", 90)))
    old = list(
        Draft.objects.filter(filed_at__isnull=True, updated_at__lt=before).order_by("pk").values_list("pk", flat=True)[:500]
    )
    Draft.objects.filter(pk__in=old).delete()
    return len(old)


@ledger.operation
def discard_draft(actor: Actor, draft_id: str) -> None:
    """Throw a draft away; its files fall to the retention of the files room. Raises NoSuchDraft."""
    own_drafts(actor, draft_id, lock=True).delete()
