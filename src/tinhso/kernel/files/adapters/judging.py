"""Judging the signatures of a PDF: is it whole, whose is it, was the certificate good when it was made.

pyHanko checks the mathematics and compares the revisions; what to call the outcome is decided here, one cause at a time, so
that "changed", "expired", "revoked" and "untrusted" are never confused. Nothing is fetched from any network.
"""

import asyncio
import hashlib
import io
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any

from cryptography import x509

from tinhso.kernel.files.adapters import drawing
from tinhso.kernel.files.engine.cms import identity
from tinhso.kernel.files.engine.unsigned import never_signed
from tinhso.kernel.files.types import FileDamaged, FileEncrypted, SignatureReport, Verdict, VerificationReport
from tinhso.lib.clock import TZ

_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")
_OLD_KINDS = (b"/adbe.x509.rsa_sha1", b"/adbe.pkcs7.sha1")
_WORST = (
    Verdict.UNREADABLE,
    Verdict.CHANGED,
    Verdict.UNTRUSTED,
    Verdict.REVOKED,
    Verdict.EXPIRED,
    Verdict.VALID,
)
_MANY = 512
"""Certificates, ways and lists kept in memory; a province has a few dozen."""
_kept = threading.local()
_paths: dict[tuple[bytes, frozenset[bytes], "Trust"], "_Found"] = {}


@dataclass(frozen=True, slots=True)
class Trust:
    """What this installation believes: roots, certificates in between, lists of revoked ones (all DER)."""

    roots: tuple[bytes, ...] = ()
    others: tuple[bytes, ...] = ()
    lists: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class _Standing:
    """How a certificate stands at a moment."""

    verdict: Verdict
    revoked_at: datetime | None = None
    revocation_known: bool = False


def judge(pdf: bytes, trust: Trust, now: datetime, *, opened: bool = False) -> VerificationReport:
    """The report on every signature in ``pdf``, judged at its trusted time or at ``now``. ``opened``: it is known to be
    a PDF that can be read."""
    sha256 = hashlib.sha256(pdf).hexdigest()
    if never_signed(pdf):  # the common case, quickly
        return VerificationReport(Verdict.UNSIGNED if opened or _is_pdf(pdf) else Verdict.UNREADABLE, (), sha256)
    reports = _read(pdf, trust, now)
    if reports is None or len(reports) < len(_BYTE_RANGE.findall(pdf)):
        # Something that looks like a signature was not read as one: a changed byte may have hidden it, or it is of a kind
        # from before PAdES that nobody here can check.
        reports = None if any(kind in pdf for kind in _OLD_KINDS) else [*(reports or []), *_read_raw(pdf)] or reports
    if reports is None:
        return VerificationReport(Verdict.UNREADABLE, (), sha256)
    verdicts = {r.verdict for r in reports}
    worst = next((v for v in _WORST if v in verdicts), Verdict.UNSIGNED)
    return VerificationReport(worst, tuple(reports), sha256)


@dataclass(frozen=True, slots=True)
class Made:
    """A signature that this process has just put on a PDF that nobody had signed: certificates as DER. ``when`` is the
    signer's own time; ``stamped`` certificate and time of the authority inside this process, if it gave one."""

    sha256: str
    certificate: bytes
    chain: tuple[bytes, ...]
    field: str
    when: datetime
    stamped: tuple[bytes, datetime] | None


def judge_made(made: Made, trust: Trust, now: datetime) -> VerificationReport:
    """What :func:`judge` would say of it. That it is whole, and by whom, is known; how its certificates stand is asked."""
    certificate, others = _certificate(made.certificate), [_certificate(c) for c in made.chain if not _own_root(c)]
    signed_at, moment, trusted = made.when.astimezone(TZ).replace(microsecond=0), now, False
    if made.stamped and _standing(_certificate(made.stamped[0]), others, trust, now).verdict is Verdict.VALID:
        signed_at = moment = made.stamped[1].astimezone(UTC).replace(microsecond=0)
        trusted = True
    report = _report(certificate, _standing(certificate, others, trust, moment), made.field)
    report = replace(report, signed_at=signed_at, covers_whole_file=True, time_trusted=trusted)
    return VerificationReport(report.verdict, (report,), made.sha256)


def _own_root(der: bytes) -> bool:
    found = identity(der)
    return found.subject == found.issuer


def _report(certificate: Any, standing: _Standing, field: str) -> SignatureReport:
    """What a report says of the certificate."""
    subject = certificate.subject.native
    return SignatureReport(
        verdict=standing.verdict,
        signer=str(subject.get("common_name", "")),
        organisation=str(subject.get("organization_name", "")),
        signed_at=None,
        field=field,
        covers_whole_file=False,
        issuer=str(certificate.issuer.native.get("common_name", "")),
        valid_until=certificate.not_valid_after,
        revoked_at=standing.revoked_at,
        revocation_known=standing.revocation_known,
    )


def _is_pdf(data: bytes) -> bool:
    try:
        return drawing.check_pdf(data, name="") > 0
    except (FileDamaged, FileEncrypted):
        return False


def _read(pdf: bytes, trust: Trust, now: datetime) -> list[SignatureReport] | None:
    """A report for each signature; None when it is no PDF that can be read."""
    from pyhanko.pdf_utils.crypt import AuthStatus  # noqa: PLC0415
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        if reader.encrypted and reader.decrypt("").status is AuthStatus.FAILED:  # it wants a password
            return None
        signatures = list(reader.embedded_regular_signatures)
        if reader.encrypted and signatures:
            return None
        return [_one(signature, trust, now) for signature in signatures]
    except Exception:  # noqa: BLE001  a stranger's file may fail in any way a parser can; every one of them means "unreadable"
        return None


def _read_raw(pdf: bytes) -> list[SignatureReport]:
    """The signatures that do not fit the bytes they were made over, found without understanding the file: a changed byte may
    have broken a compressed part of it, or the words around the signature."""
    reports = []
    for found in _BYTE_RANGE.finditer(pdf):
        first, length, second, rest = (int(n) for n in found.groups())
        hexadecimal = pdf[first + length : second]
        if pdf[max(0, first + length - 9) : first + length].rstrip().endswith(b"/MAC"):
            continue  # the seal of an encrypted file (ISO/TS 32004), not a signature
        if hexadecimal[:1] != b"<" or hexadecimal[-1:] != b">" or second + rest > len(pdf):
            continue
        signed = pdf[first : first + length] + pdf[second : second + rest]
        try:
            fits, name, organisation = _raw_signature(hexadecimal[1:-1], signed)
        except (ValueError, KeyError, IndexError, TypeError, AttributeError):  # what asn1crypto raises for broken DER
            fits, name, organisation = False, "", ""
        if not fits:
            reports.append(SignatureReport(Verdict.CHANGED, name, organisation, None, "", covers_whole_file=False))
    return reports


def _raw_signature(hexadecimal: bytes, signed: bytes) -> tuple[bool, str, str]:
    """Whether the digest in a signature is that of ``signed``; who it says it is by."""
    from asn1crypto import cms  # noqa: PLC0415

    content = cms.ContentInfo.load(bytes.fromhex(hexadecimal.decode("ascii")))["content"]
    if content["encap_content_info"]["content_type"].native == "tst_info":  # a timestamp of the document, not a signature
        return True, "", ""
    signer = content["signer_infos"][0]
    attributes = {a["type"].native: a["values"][0].native for a in signer["signed_attrs"]}
    subject = content["certificates"][0].chosen.subject.native
    fits = hashlib.new(signer["digest_algorithm"]["algorithm"].native, signed).digest() == attributes.get("message_digest")
    return fits, str(subject.get("common_name", "")), str(subject.get("organization_name", ""))


def _one(signature: Any, trust: Trust, now: datetime) -> SignatureReport:
    """One signature. What pyHanko can't even parse (a cut-off CMS, a wrong byte range) counts as changed."""
    from pyhanko.sign.general import UnacceptableSignerError  # noqa: PLC0415
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415
    from pyhanko.sign.validation.errors import SignatureValidationError  # noqa: PLC0415

    try:
        # Whether the signer's certificate leads to a root is asked below, at the time that counts; here it is its own.
        itself = _context(Trust((signature.signer_cert.dump(),)), now)
        status: Any = validate_pdf_signature(signature, itself, _context(trust, now))
    except (SignatureValidationError, UnacceptableSignerError, ValueError):
        return _unparsed(signature)
    stamp = status.timestamp_validity
    held = signature.other_embedded_certs
    time_trusted = bool(
        stamp is not None
        and stamp.valid
        and stamp.intact
        and stamp.trusted
        and _standing(stamp.signing_cert, list(signature.other_embedded_certs), trust, now).verdict is Verdict.VALID
    )
    moment = stamp.timestamp if time_trusted else now
    standing = _standing(status.signing_cert, held, trust, moment)
    whole = status.intact and status.valid and status.docmdp_ok is not False and _allowed(status) and _tidy(signature)
    return replace(
        _report(status.signing_cert, standing, str(signature.field_name)),
        verdict=standing.verdict if whole else Verdict.CHANGED,
        signed_at=moment if time_trusted else status.signer_reported_dt,
        covers_whole_file=status.coverage.name == "ENTIRE_FILE",
        time_trusted=time_trusted,
    )


def _allowed(status: Any) -> bool:
    """Whether nothing but allowed changes followed: filling in what was kept free, further signatures, archival data."""
    from pyhanko.sign.diff_analysis import ModificationLevel  # noqa: PLC0415

    return bool(status.coverage.name == "ENTIRE_FILE" or status.modification_level < ModificationLevel.ANNOTATIONS)


def _tidy(signature: Any) -> bool:
    """Whether what was reserved and not used is zeros: the only bytes of the file that neither signature nor CMS covers."""
    from asn1crypto import parser  # noqa: PLC0415

    contents = bytes(signature.pkcs7_content)
    return not any(contents[parser.peek(contents) :])


def _unparsed(signature: Any) -> SignatureReport:
    return SignatureReport(Verdict.CHANGED, "", "", None, str(signature.field_name), covers_whole_file=False)


def _certificate(der: bytes) -> Any:
    """A certificate as pyHanko reads it. What it works out of one (names made comparable) is kept, for this thread alone: it is
    worked out bit by bit, which two threads must not do at once."""
    from asn1crypto import x509 as asn1  # noqa: PLC0415

    kept: dict[bytes, Any] = _kept.__dict__.setdefault("certificates", {})
    if der not in kept:
        if len(kept) >= _MANY:
            kept.clear()
        kept[der] = asn1.Certificate.load(der)
    return kept[der]


def _context(trust: Trust, moment: datetime) -> Any:
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    return ValidationContext(
        trust_roots=[_certificate(c) for c in trust.roots],
        other_certs=[_certificate(c) for c in trust.others],
        allow_fetching=False,
        revocation_mode="soft-fail",
        moment=moment,
    )


def _standing(certificate: Any, others: Sequence[Any], trust: Trust, moment: datetime) -> _Standing:
    """How ``certificate`` stood at ``moment``: no way to a root, then revoked, then out of its time, then good."""
    in_time = certificate.not_valid_before <= moment <= certificate.not_valid_after
    # A certificate out of its time must still lead to a root, or anybody's could be called merely "expired".
    asked = moment if in_time else certificate.not_valid_after - timedelta(seconds=1)
    path = _path(certificate, others, trust, asked)
    if path is None:
        return _Standing(Verdict.UNTRUSTED)
    known, revoked_at = _revocation(path, trust, moment)
    if revoked_at is not None:
        return _Standing(Verdict.REVOKED, revoked_at, known)
    return _Standing(Verdict.VALID if in_time else Verdict.EXPIRED, None, known)


@dataclass(frozen=True, slots=True)
class _Found:
    """A way from a root to a certificate, and when every certificate on it is in its time."""

    path: tuple[bytes, ...]
    since: datetime
    until: datetime


def _path(certificate: Any, others: Sequence[Any], trust: Trust, moment: datetime) -> Sequence[bytes] | None:
    """The certificates from the root to ``certificate`` (DER), None when none of our roots vouches for it.

    A way once found is kept: only time can spoil it, and time is asked every time. (What revokes is asked afterwards.)
    """
    key = (certificate.dump(), frozenset(o.dump() for o in others), trust)
    found = _paths.get(key)
    if found is None or not found.since <= moment <= found.until:
        found = _find(certificate, others, trust, moment)
        if found is None:
            return None
        if len(_paths) >= _MANY:
            _paths.clear()
        _paths[key] = found
    return found.path


def _find(certificate: Any, others: Sequence[Any], trust: Trust, moment: datetime) -> _Found | None:
    from pyhanko_certvalidator import CertificateValidator  # noqa: PLC0415
    from pyhanko_certvalidator.errors import PathError, ValidationError  # noqa: PLC0415

    validator = CertificateValidator(certificate, intermediate_certs=list(others), validation_context=_context(trust, moment))
    try:
        path = list(asyncio.run(validator.async_validate_path()).iter_certs(include_root=True))
    except (PathError, ValidationError):
        return None
    since, until = max(c.not_valid_before for c in path), min(c.not_valid_after for c in path)
    return _Found(tuple(c.dump() for c in path), since, until)


@lru_cache(maxsize=_MANY)
def _vouched(revoked: bytes, issuer: bytes) -> x509.CertificateRevocationList | None:
    """A list of revoked certificates (DER), if it is this issuer's own."""
    found, certificate = x509.load_der_x509_crl(revoked), x509.load_der_x509_certificate(issuer)
    ours = found.issuer == certificate.subject and found.is_signature_valid(certificate.public_key())  # type: ignore[arg-type]
    return found if ours else None


def _revocation(path: Sequence[bytes], trust: Trust, moment: datetime) -> tuple[bool, datetime | None]:
    """Whether every issuer on the path has a list, and the earliest revocation in force at ``moment``."""
    known, revoked = True, []
    for issuer, certificate in pairwise(path):
        ours = [found for c in trust.lists if (found := _vouched(c, issuer)) is not None]
        known = known and bool(ours)
        serial = x509.load_der_x509_certificate(certificate).serial_number
        for found in ours:
            entry = found.get_revoked_certificate_by_serial_number(serial)
            if entry is not None and entry.revocation_date_utc <= moment:
                revoked.append(entry.revocation_date_utc)
    return known, min(revoked, default=None)
