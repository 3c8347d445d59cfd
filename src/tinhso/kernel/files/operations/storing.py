"""Writes of files."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any, BinaryIO

from django.conf import settings
from django.db.models import Q, Sum

from tinhso.kernel.files.adapters import drawing
from tinhso.kernel.files.adapters.scanners import Scanner, scanner
from tinhso.kernel.files.checking import judge_stored
from tinhso.kernel.files.engine import content, kinds
from tinhso.kernel.files.models import PublishedDocument, StoredFile
from tinhso.kernel.files.queries import as_ref, content_root, row_of
from tinhso.kernel.files.types import (
    DraftFull,
    FileDiscarded,
    FileEmpty,
    FileInUse,
    FileKindNotAllowed,
    FileMislabelled,
    FileRef,
    FileScanned,
    FileStored,
    FileTooLarge,
    ScannerAway,
    ScanState,
    SignatureReport,
    TooMuchToday,
)
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor, ActorKind
from tinhso.lib.clock import now

MAX_BYTES = 20 * 1024 * 1024
WAITING = frozenset({"draft", "upload"})
"""Kinds of owner under which a file waits to be handed in: a form, an account at the HTTP API."""
MAX_DRAFT, MAX_DAY = 200 * 1024 * 1024, 1024 * 1024 * 1024


@ledger.operation
def store(
    actor: Actor,
    name: str,
    data: bytes | BinaryIO,
    owner: str,
    *,
    allowed: Sequence[str] = ("pdf", "jpg", "png"),
    max_bytes: int = MAX_BYTES,
    keep_until: date | None = None,
) -> FileRef:
    """Keep a file as it is, for ``owner`` (``case:<uuid>``). Its bytes are on the disk before the row commits.

    ``allowed`` are kinds (``pdf``, ``jpg``, ``png``, ``heic``, ``docx``), told from the bytes. A PDF's signatures are checked
    and the verdict kept; the scanner's answer is in the ref's ``scan_state`` (what is not CLEAN is kept and not served).
    Raises DraftFull and TooMuchToday for what waits to be handed in (``WAITING``); FileEmpty, FileTooLarge, FileKindNotAllowed,
    FileMislabelled, FileEncrypted, FileDamaged, DiskFull.
    """
    whole = data if isinstance(data, bytes) else data.read(max_bytes + 1)
    kind = _check(name, whole, allowed, max_bytes)
    _check_room(actor, owner, len(whole))
    pages = _look_inside(name, whole, kind)
    state = _ask(whole)
    report = judge_stored(whole) if kind is kinds.PDF else None
    row = StoredFile(
        sha256=content.put(content_root(), whole),
        name=kinds.clean_name(name, kind),
        media_type=kind.media_type,
        size=len(whole),
        pages=pages,
        owner=owner,
        keep_until=keep_until,
        scan_state=state.value,
        verdict=report.verdict.value if report else None,
        signatures=[plain_signature(s) for s in report.signatures] if report else [],
        scanned_at=now() if state is not ScanState.WAITING else None,
        created_at=now(),
        created_by=actor.id,
    )
    row.save(force_insert=True)
    ledger.append(
        f"file:{row.pk}",
        FileStored(
            file=str(row.pk),
            owner=owner,
            sha256=row.sha256,
            size=row.size,
            media_type=row.media_type,
            scan_state=row.scan_state,
            verdict=row.verdict,
        ),
        after=0,
    )
    return as_ref(row)


def plain_signature(signature: SignatureReport) -> dict[str, Any]:
    """A signature's report as searchable data on the row."""
    return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in asdict(signature).items()}


def _check(name: str, data: bytes, allowed: Sequence[str], max_bytes: int) -> kinds.Kind:
    """What it is, if it may be handed in at all."""
    if not data:
        raise FileEmpty(name=name)
    if len(data) > max_bytes:
        raise FileTooLarge(name=name, max_bytes=max_bytes)
    kind = kinds.sniff(data)
    says = kinds.extension(name)
    if kind is None or kind.name not in allowed:
        if kind is None and any(says in k.extensions for k in kinds.KINDS if k.name in allowed):
            raise FileMislabelled(name=name, says=says, is_really="?")
        raise FileKindNotAllowed(name=name, allowed=", ".join(allowed))
    if says and says not in kind.extensions:
        raise FileMislabelled(name=name, says=says, is_really=kind.name)
    return kind


def _check_room(actor: Actor, owner: str, size: int) -> None:
    """What nobody has taken in yet must not fill the disk: so much for one form, so much a day for one citizen. Officials hand
    in for everybody at the counter all day; their forms have the same limit each."""
    if owner.partition(":")[0] not in WAITING:
        return
    limits: dict[str, int] = getattr(settings, "FILES", {})
    for_draft, for_day = limits.get("draft_bytes", MAX_DRAFT), limits.get("day_bytes", MAX_DAY)
    here, today = Q(owner=owner), Q(created_by=actor.id, created_at__gte=now() - timedelta(days=1))
    there = StoredFile.objects.filter(here | today).aggregate(here=Sum("size", filter=here), today=Sum("size", filter=today))
    if actor.kind is not ActorKind.OFFICIAL and (there["today"] or 0) + size > for_day:
        raise TooMuchToday(max_bytes=for_day)
    if owner.startswith("draft:") and (there["here"] or 0) + size > for_draft:
        raise DraftFull(max_bytes=for_draft)


def _look_inside(name: str, data: bytes, kind: kinds.Kind) -> int | None:
    """Read it to its end; the number of pages of a PDF."""
    if kind is kinds.PDF:
        return drawing.check_pdf(data, name=name)
    if kind in {kinds.JPEG, kinds.PNG}:
        drawing.check_picture(data, name=name, kind=kind.name)
    return None


def _ask(data: bytes) -> ScanState:
    """The scanner's answer; WAITING when it gives none."""
    try:
        return configured_scanner().scan(data)
    except ScannerAway:
        return ScanState.WAITING


def configured_scanner() -> Scanner:
    """The scanner that the settings name."""
    return scanner(str(getattr(settings, "FILES", {}).get("scanner", "none")))


@ledger.operation
def rescan(actor: Actor, file_id: str) -> ScanState:
    """Ask the scanner again about a file that waits. ScannerAway when it still gives no answer."""
    row = StoredFile.objects.select_for_update().filter(pk=file_id, scan_state=ScanState.WAITING.value).first()
    if row is None:
        return ScanState(row_of(file_id).scan_state)
    state = configured_scanner().scan(content.get(content_root(), row.sha256, file=file_id))
    row.scan_state, row.scanned_at = state.value, now()
    row.save(update_fields=["scan_state", "scanned_at"])
    ledger.append(f"file:{file_id}", FileScanned(file=file_id, sha256=row.sha256, scan_state=state.value))
    return state


@ledger.operation
def discard(actor: Actor, file_id: str) -> None:
    """Take a file away; its content goes with the sweep when no other file shares it. Twice is as once. FileInUse."""
    row = StoredFile.objects.select_for_update().filter(pk=file_id).first()
    if row is None:
        return
    if PublishedDocument.objects.filter(file=row).exists():
        raise FileInUse(file=file_id)
    row.delete()
    ledger.append(f"file:{file_id}", FileDiscarded(file=file_id, owner=row.owner, sha256=row.sha256))
