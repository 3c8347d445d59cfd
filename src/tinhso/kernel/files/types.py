"""What crosses the door of files. Plain Python."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from tinhso.kernel.ledger.types import Event
from tinhso.lib.problems import Conflict, NotAllowed, NotFound, Problem


class ScanState(StrEnum):
    """What the quarantine hook said of a file."""

    CLEAN = "clean"
    WAITING = "waiting"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class FileRef:
    """A stored file. Its bytes never change; ``sha256`` is hex."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    scan_state: ScanState = ScanState.CLEAN
    pages: int | None = None
    verdict: "Verdict | None" = None
    """What the check of its signatures found when it came in; None for what can't be signed (pictures)."""
    owner: str = ""
    """Whose it is: ``case:<uuid>``, ``draft:<uuid>``."""
    created_at: datetime | None = None


class Verdict(StrEnum):
    """What a check of a signature found; four faults that are never confused."""

    VALID = "valid"
    UNSIGNED = "unsigned"
    CHANGED = "changed"
    EXPIRED = "expired"
    REVOKED = "revoked"
    UNTRUSTED = "untrusted"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """One signature in a document.

    ``signed_at`` is the trusted time when ``time_trusted``, else what the signer's clock said. The verdict is judged at the
    trusted time if there is one, else at the moment of the check. ``revocation_known`` is False when no list of revoked
    certificates of the issuer is at hand, so that VALID only means "not known to be revoked".
    """

    verdict: Verdict
    signer: str
    organisation: str
    signed_at: datetime | None
    field: str
    covers_whole_file: bool
    time_trusted: bool = False
    issuer: str = ""
    valid_until: datetime | None = None
    revoked_at: datetime | None = None
    revocation_known: bool = False


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """All signatures in a document and the worst verdict among them."""

    verdict: Verdict
    signatures: tuple[SignatureReport, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class PublicDocument:
    """What anybody who has the code may know of a published document: no name of a citizen, no content.

    ``facts`` are what the publishing app declared fit for everybody (number, agency, date). ``withdrawn_at`` is set when
    the document is no longer in force. ``intact`` says that the bytes we keep are still those that were published.
    """

    code: str
    kind: str
    about: str
    facts: Mapping[str, Any]
    sha256: str
    published_at: datetime
    withdrawn_at: datetime | None
    report: VerificationReport
    intact: bool


@dataclass(frozen=True, slots=True)
class PublicCheck:
    """The answer to somebody who dropped a PDF on the verification page. ``document`` is set when these very bytes are a
    published document of ours."""

    report: VerificationReport
    document: PublicDocument | None


class KeyKind(StrEnum):
    """Whose certificate: a person who signs in an office, or an agency (its seal)."""

    PERSONAL = "personal"
    AGENCY = "agency"


class KeyPlace(StrEnum):
    """Where the private key is."""

    SERVER = "server"
    TOKEN = "token"  # noqa: S105


@dataclass(frozen=True, slots=True)
class CertificateView:
    """A certificate somebody signs with. ``owner`` is ``official:<id>`` or ``unit:<key>``."""

    id: str
    owner: str
    kind: KeyKind
    place: KeyPlace
    name: str
    organisation: str
    serial: str
    not_before: datetime
    not_after: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PreparedSignature:
    """A PDF waiting for a signature made elsewhere.

    ``to_sign`` are the CMS signed attributes (DER): what the token hashes with ``digest_algorithm`` and signs. The rest
    finds the reserved place again. Everything is bytes and numbers, so that it can be kept between two requests.
    """

    pdf: bytes
    to_sign: bytes
    document_digest: bytes
    digest_algorithm: str
    reserved_start: int
    reserved_end: int
    certificate: bytes
    field: str


@dataclass(frozen=True, slots=True)
class Damage:
    """A stored file whose content is missing or not what was stored."""

    file: str
    sha256: str
    missing: bool


# --- events: hashes only, never a name or a word of the content -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FileStored:
    """Bytes came in, or were made here."""

    kind: ClassVar[str] = "files.stored"
    file: str
    owner: str
    sha256: str
    size: int
    media_type: str
    scan_state: str
    verdict: str | None = None


@dataclass(frozen=True, slots=True)
class FileScanned:
    """The scanner answered later about a file that was waiting."""

    kind: ClassVar[str] = "files.scanned"
    file: str
    sha256: str
    scan_state: str


@dataclass(frozen=True, slots=True)
class FileDiscarded:
    """A file was taken away: by who uploaded it, or because nothing owned it any more."""

    kind: ClassVar[str] = "files.discarded"
    file: str
    owner: str
    sha256: str


@dataclass(frozen=True, slots=True)
class FileSigned:
    """A signature was put on a document. ``before`` and ``after`` are the hashes of the document without and with it."""

    kind: ClassVar[str] = "files.signed"
    before: str
    after: str
    field: str
    certificate_serial: str
    signer: str
    place: str
    timestamped: bool


@dataclass(frozen=True, slots=True)
class FilePublished:
    """A document can be checked by everybody from now on. ``code_sha256`` hides the code itself."""

    kind: ClassVar[str] = "files.published"
    file: str
    sha256: str
    document_kind: str
    about: str
    code_sha256: str


@dataclass(frozen=True, slots=True)
class FileWithdrawn:
    """A published document is no longer in force."""

    kind: ClassVar[str] = "files.withdrawn"
    file: str
    sha256: str
    about: str


@dataclass(frozen=True, slots=True)
class CertificateIssued:
    """A certificate may be used to sign here."""

    kind: ClassVar[str] = "files.certificate_issued"
    owner: str
    serial: str
    key_kind: str
    place: str
    not_after: date


@dataclass(frozen=True, slots=True)
class CertificateRevoked:
    """A certificate must not be trusted from now on."""

    kind: ClassVar[str] = "files.certificate_revoked"
    owner: str
    serial: str


EVENTS: tuple[type[Event], ...] = (
    FileStored,
    FileScanned,
    FileDiscarded,
    FileSigned,
    FilePublished,
    FileWithdrawn,
    CertificateIssued,
    CertificateRevoked,
)


# --- problems -------------------------------------------------------------------------------------------------------------


class FileEmpty(Problem):
    """Nothing in it: ``name``."""

    code = "files.empty"
    status = 422


class FileTooLarge(Problem):
    """More bytes than allowed: ``name``, ``max_bytes``."""

    code = "files.too_large"
    status = 413


class DraftFull(Problem):
    """A form, or what its sender handed in beside it, would hold more bytes than allowed: ``max_bytes``."""

    code = "files.draft_full"
    status = 413


class TooMuchToday(Problem):
    """This account handed in more bytes within a day than allowed: ``max_bytes``."""

    code = "files.too_much_today"
    status = 429


class FileMislabelled(Problem):
    """The name says one kind, the bytes another: ``name``, ``says``, ``is_really``."""

    code = "files.mislabelled"
    status = 422


class FileEncrypted(Problem):
    """The PDF wants a password: ``name``."""

    code = "files.encrypted"
    status = 422


class FileDamaged(Problem):
    """It begins like what it should be and can't be read to its end: ``name``, ``kind``."""

    code = "files.damaged"
    status = 422


class FileKindNotAllowed(Problem):
    """Not a kind that may be handed in here: ``name``, ``allowed``."""

    code = "files.kind_not_allowed"
    status = 415


class DiskFull(Problem):
    """No room left on the disk; nothing of this upload was kept, everything else is safe."""

    code = "files.disk_full"
    status = 507


class ContentMissing(Problem):
    """The row is there and the bytes are not: a fault of this installation, shown by its health check. ``file``."""

    code = "files.content_missing"
    status = 500


class ContentDamaged(Problem):
    """The bytes on disk are not those that were stored. ``file``."""

    code = "files.content_damaged"
    status = 500


class FileNotFound(NotFound):
    """No such file."""

    code = "files.not_found"


class FileQuarantined(NotAllowed):
    """The scanner found something in it; it is never served."""

    code = "files.quarantined"


class FileNotScannedYet(Conflict):
    """The scanner has not answered yet; it can be served when it has."""

    code = "files.not_scanned_yet"


class FileInUse(Conflict):
    """It is published, so it can't be discarded."""

    code = "files.in_use"


class NoSuchPage(NotFound):
    """The file has no page of that number, or nothing of it can be drawn."""

    code = "files.no_such_page"


class ScannerAway(Problem):
    """The scanner did not answer; the file waits."""

    code = "files.scanner_away"
    status = 503


class TemplateBroken(Problem):
    """A document template can't be set with these data: ``template``, ``line``, ``what``. A fault of the programmer."""

    code = "files.template_broken"
    status = 500


class FontsMissing(Problem):
    """The fonts of documents are not where they should be: ``folder``. Run the set-up."""

    code = "files.fonts_missing"
    status = 500


class NotPublished(NotFound):
    """No document has this code, or the code is mistyped (``typo`` True: its check character is wrong)."""

    code = "files.not_published"


class NoCertificate(NotFound):
    """``owner`` has no certificate in force to sign with here."""

    code = "files.no_certificate"


class CertificateInvalid(Problem):
    """What was given is no certificate: ``owner``."""

    code = "files.certificate_invalid"
    status = 422


class SignerNotAllowed(NotAllowed):
    """This actor may not use this key: a personal key is its owner's, a seal is its keeper's."""

    code = "files.signer_not_allowed"


class KeyMissing(Problem):
    """The private key of a certificate is not where it should be: ``owner``. Restore it from the backup, or revoke."""

    code = "files.key_missing"
    status = 500


class NoDemoAuthority(Problem):
    """There is no demo certificate authority here; ``create_demo_ca`` makes one, in a demonstration only."""

    code = "files.no_demo_authority"
    status = 409


class FieldNotFree(Conflict):
    """The place for this signature is taken or does not exist: ``field``."""

    code = "files.field_not_free"


class SignatureMismatch(Problem):
    """What came back from the token does not fit the document and the certificate; nothing was embedded."""

    code = "files.signature_mismatch"
    status = 422


class UnableToSign(Problem):
    """The document can't be signed: it is not a PDF, or it is broken."""

    code = "files.unable_to_sign"
    status = 422


class TimestampAway(Problem):
    """The timestamp authority did not answer; the document was not signed."""

    code = "files.timestamp_away"
    status = 503
