"""Publishing: a document gets a code with which anybody can check it."""

import hashlib
from collections.abc import Mapping
from typing import Any

from tinhso.kernel.files.engine import codes
from tinhso.kernel.files.models import PublishedDocument
from tinhso.kernel.files.queries import row_of
from tinhso.kernel.files.types import FileNotScannedYet, FilePublished, FileWithdrawn, NotPublished, ScanState
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor
from tinhso.lib.clock import now


def new_verify_code() -> str:
    """A fresh code to print (as QR too) on a document that will be published under it."""
    return codes.new_code()


@ledger.operation
def publish(
    actor: Actor, file_id: str, kind: str, about: str, *, facts: Mapping[str, Any] | None = None, code: str | None = None
) -> str:
    """Let everybody check this file; the code (12 characters, no hyphens). Who may publish what is the caller's policy.

    ``facts`` are shown to everybody: number, agency, date, never a name of a citizen. ``code`` is one from
    :func:`new_verify_code` that is printed on the document already. Raises FileNotFound, NotPublished (a mistyped code) and
    FileNotScannedYet.
    """
    row = row_of(file_id)
    if row.scan_state != ScanState.CLEAN:
        raise FileNotScannedYet(file=file_id)
    chosen = codes.normal(code) if code else codes.new_code()
    if chosen is None:
        raise NotPublished(typo=True)
    PublishedDocument(
        code=chosen,
        file=row,
        sha256=row.sha256,
        kind=kind,
        about=about,
        facts=dict(facts or {}),
        published_at=now(),
        published_by=actor.id,
    ).save(force_insert=True)
    ledger.append(
        f"file:{file_id}",
        FilePublished(
            file=file_id,
            sha256=row.sha256,
            document_kind=kind,
            about=about,
            code_sha256=hashlib.sha256(chosen.encode()).hexdigest(),
        ),
    )
    return chosen


@ledger.operation
def withdraw_document(actor: Actor, code: str) -> None:
    """Say that a published document is no longer in force (recalled, replaced). NotPublished."""
    row = PublishedDocument.objects.select_for_update().filter(code=codes.normal(code) or "").first()
    if row is None:
        raise NotPublished(typo=codes.normal(code) is None)
    if row.withdrawn_at is None:
        row.withdrawn_at = now()
        row.save(update_fields=["withdrawn_at"])
        ledger.append(f"file:{row.file_id}", FileWithdrawn(file=str(row.file_id), sha256=row.sha256, about=row.about))
