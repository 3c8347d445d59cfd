"""Reads of files."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from uuid import UUID

from django.conf import settings

from tinhso.kernel.files.adapters import drawing
from tinhso.kernel.files.checking import verify_pdf
from tinhso.kernel.files.engine import codes, content, kinds
from tinhso.kernel.files.models import PublishedDocument, SigningCertificate, StoredFile
from tinhso.kernel.files.types import (
    CertificateView,
    ContentDamaged,
    ContentMissing,
    Damage,
    FileEmpty,
    FileNotFound,
    FileNotScannedYet,
    FileQuarantined,
    FileRef,
    FileTooLarge,
    KeyKind,
    KeyPlace,
    NoCertificate,
    NoSuchPage,
    NotPublished,
    PublicCheck,
    PublicDocument,
    ScanState,
    Verdict,
    VerificationReport,
)
from tinhso.kernel.ledger.types import Actor
from tinhso.lib.clock import now

PAGE_WIDTHS = (240, 480, 960, 1440, 2000)
"""Widths, in pixels, in which pages are drawn; another one is rounded up, so that the cache stays small."""


def content_root() -> Path:
    """Where contents lie."""
    return Path(settings.HOME) / "files"


def as_ref(row: StoredFile) -> FileRef:
    """A row as it crosses the door."""
    return FileRef(
        id=str(row.pk),
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        scan_state=ScanState(row.scan_state),
        pages=row.pages,
        verdict=Verdict(row.verdict) if row.verdict else None,
        owner=row.owner,
        created_at=row.created_at,
    )


def row_of(file_id: str) -> StoredFile:
    """The row of ``file_id``; FileNotFound, also for what is no id at all."""
    try:
        return StoredFile.objects.get(pk=UUID(file_id))
    except (ValueError, StoredFile.DoesNotExist) as error:
        raise FileNotFound(file=file_id) from error


def ref(file_id: str) -> FileRef:
    """What is known of a stored file. FileNotFound."""
    return as_ref(row_of(file_id))


def refs(file_ids: Iterable[str], *, by: Actor | None = None) -> dict[str, FileRef]:
    """Several files with one statement, by id; what does not exist, or is no id at all, is left out.

    With ``by``, what this actor did not hand in is left out too: an id that somebody names proves nothing.
    """
    wanted = {found for file_id in file_ids if (found := _id(file_id))}
    if not wanted:
        return {}
    rows = StoredFile.objects.filter(pk__in=wanted)
    return {str(row.pk): as_ref(row) for row in (rows.filter(created_by=by.id) if by else rows)}


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def open_bytes(actor: Actor, file_id: str) -> bytes:
    """The bytes of a file, checked against their hash. Whether ``actor`` may have them is the policy of the room that owns the
    file (a case, a draft); here an actor must only be named.

    Raises FileNotFound, FileQuarantined, FileNotScannedYet, ContentMissing, ContentDamaged.
    """
    return bytes_of(row_of(file_id))


def bytes_of(row: StoredFile) -> bytes:
    """The bytes of a row, if they may be served at all."""
    if row.scan_state == ScanState.QUARANTINED:
        raise FileQuarantined(file=str(row.pk))
    if row.scan_state == ScanState.WAITING:
        raise FileNotScannedYet(file=str(row.pk))
    return content.get(content_root(), row.sha256, file=str(row.pk))


def page_image(file_id: str, page: int = 1, width: int = 960) -> bytes:
    """Page ``page`` (from 1) of a PDF, or a picture, as PNG; kept in the cache. Width is rounded up to PAGE_WIDTHS.

    Raises what :func:`open_bytes` raises, and NoSuchPage.
    """
    row = row_of(file_id)
    if row.scan_state != ScanState.CLEAN:
        bytes_of(row)
    width = next((w for w in PAGE_WIDTHS if w >= width), PAGE_WIDTHS[-1])
    cache = Path(settings.HOME) / "cache" / "pages" / row.sha256[:2]
    kept = cache / f"{row.sha256}-{page}-{width}.png"
    if kept.is_file():
        return kept.read_bytes()
    image = _draw(row, page, width)
    cache.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = kept.with_suffix(f".{hashlib.sha256(image).hexdigest()[:8]}.tmp")
    fresh.write_bytes(image)
    fresh.replace(kept)
    return image


def _draw(row: StoredFile, page: int, width: int) -> bytes:
    data = bytes_of(row)
    if row.media_type == kinds.PDF.media_type:
        return drawing.draw_pdf_page(data, page, width)
    if row.media_type in {kinds.JPEG.media_type, kinds.PNG.media_type} and page == 1:
        return drawing.draw_picture(data, width)
    raise NoSuchPage(page=page)


def download_headers(ref_: FileRef, *, inline_image: bool = False) -> Mapping[str, str]:
    """The headers of every answer that carries a file or a page picture drawn from it.

    An upload is always an attachment, with a policy under which nothing in it runs even if a browser opens it;
    ``inline_image`` is for the PNG that :func:`page_image` drew.
    """
    headers = {
        "Content-Type": "image/png" if inline_image else ref_.media_type,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store" if not inline_image else "private, max-age=600",
    }
    if not inline_image:
        headers["Content-Disposition"] = _attachment(ref_.name)
    return headers


def _attachment(name: str) -> str:
    """``Content-Disposition`` with a name in Vietnamese letters (RFC 6266, RFC 8187)."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._- ") else "_" for c in name)
    coded = "".join(
        chr(b) if chr(b).isascii() and (chr(b).isalnum() or chr(b) in "._-") else f"%{b:02X}" for b in name.encode()
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{coded}"


def damages() -> Iterator[Damage]:
    """Every stored file whose content is missing or is not what was stored (reads all of it: for the health check)."""
    last, bad = "", None
    for row in StoredFile.objects.order_by("sha256", "pk").only("sha256").iterator(chunk_size=500):
        if row.sha256 != last:
            last, bad = row.sha256, None
            try:
                content.get(content_root(), row.sha256)
            except (ContentMissing, ContentDamaged) as problem:
                bad = problem
        if bad is not None:
            yield Damage(file=str(row.pk), sha256=row.sha256, missing=isinstance(bad, ContentMissing))


def missing_contents() -> list[Damage]:
    """Stored files without content, told from names and sizes only (quick: for every start)."""
    found = []
    for row in StoredFile.objects.only("sha256", "size").iterator(chunk_size=1000):
        path = content.place(content_root(), row.sha256)
        if not path.is_file() or path.stat().st_size != row.size:
            found.append(Damage(file=str(row.pk), sha256=row.sha256, missing=not path.is_file()))
    return found


# --- certificates -------------------------------------------------------------------------------------------------------


def certificate_view(row: SigningCertificate) -> CertificateView:
    """A row as it crosses the door."""
    return CertificateView(
        id=str(row.pk),
        owner=row.owner,
        kind=KeyKind(row.kind),
        place=KeyPlace(row.place),
        name=row.name,
        organisation=row.organisation,
        serial=row.serial,
        not_before=row.not_before,
        not_after=row.not_after,
        revoked_at=row.revoked_at,
    )


def certificate_row(owner: str, place: KeyPlace | None = None) -> SigningCertificate:
    """The newest certificate of ``owner`` in force now. NoCertificate."""
    rows = SigningCertificate.objects.filter(owner=owner, revoked_at__isnull=True, not_before__lte=now(), not_after__gte=now())
    if place is not None:
        rows = rows.filter(place=place.value)
    row = rows.order_by("-not_after", "-created_at").first()
    if row is None:
        raise NoCertificate(owner=owner)
    return row


def signing_certificate(owner: str) -> CertificateView | None:
    """What ``owner`` (``official:<id>``, ``unit:<key>``) signs with now, None when with nothing."""
    try:
        return certificate_view(certificate_row(owner))
    except NoCertificate:
        return None


def certificates_of(owner: str) -> list[CertificateView]:
    """Every certificate ``owner`` ever had here, newest first."""
    return [certificate_view(r) for r in SigningCertificate.objects.filter(owner=owner).order_by("-created_at", "-pk")]


# --- the public check ---------------------------------------------------------------------------------------------------


def by_verify_code(code: str) -> PublicDocument:
    """What everybody may know of the document with this code, its signatures judged now. NotPublished (``typo`` True when the
    check character is wrong, so that the page can say "mistyped" without asking the database)."""
    normal = codes.normal(code)
    row = PublishedDocument.objects.select_related("file").filter(code=normal).first() if normal else None
    if row is None:
        raise NotPublished(typo=normal is None)
    return _public(row)


def _public(row: PublishedDocument, report: VerificationReport | None = None) -> PublicDocument:
    intact = True
    if report is None:
        try:
            report = verify_pdf(content.get(content_root(), row.sha256))
        except (ContentMissing, ContentDamaged):
            intact, report = False, VerificationReport(Verdict.UNREADABLE, (), row.sha256)
    return PublicDocument(
        code=row.code,
        kind=row.kind,
        about=row.about,
        facts=row.facts,
        sha256=row.sha256,
        published_at=row.published_at,
        withdrawn_at=row.withdrawn_at,
        report=report,
        intact=intact,
    )


def check_upload(pdf: bytes, *, max_bytes: int = 20 * 1024 * 1024) -> PublicCheck:
    """The verdict on a PDF that anybody dropped; nothing of it is kept. FileEmpty, FileTooLarge."""
    if not pdf:
        raise FileEmpty(name="")
    if len(pdf) > max_bytes:
        raise FileTooLarge(name="", max_bytes=max_bytes)
    report = verify_pdf(pdf)
    row = PublishedDocument.objects.filter(sha256=report.sha256).order_by("-published_at").first()
    return PublicCheck(report=report, document=_public(row, report) if row else None)
