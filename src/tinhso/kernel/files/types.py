"""What crosses the door of files. Plain Python."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
    """One signature in a document."""

    verdict: Verdict
    signer: str
    organisation: str
    signed_at: datetime | None
    field: str
    covers_whole_file: bool


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """All signatures in a document and the worst verdict among them."""

    verdict: Verdict
    signatures: tuple[SignatureReport, ...]
    sha256: str
