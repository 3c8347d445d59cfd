"""Judging the signatures of a PDF: is it whole, whose is it, was the certificate good when it was made.

pyHanko checks the mathematics and compares the revisions; what to call the outcome is decided here, one cause at a time, so
that "changed", "expired", "revoked" and "untrusted" are never confused. Nothing is fetched from any network.
"""

import asyncio
import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from cryptography import x509

from tinhso.kernel.files.adapters import drawing
from tinhso.kernel.files.types import FileDamaged, FileEncrypted, SignatureReport, Verdict, VerificationReport

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


def judge(pdf: bytes, trust: Trust, now: datetime) -> VerificationReport:
    """The report on every signature in ``pdf``, judged at its trusted time or at ``now``."""
    sha256 = hashlib.sha256(pdf).hexdigest()
    if b"/ByteRange" not in pdf:  # no signature was ever put in: the common case, quickly
        return VerificationReport(Verdict.UNSIGNED if _is_pdf(pdf) else Verdict.UNREADABLE, (), sha256)
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


def _is_pdf(data: bytes) -> bool:
    try:
        return drawing.check_pdf(data, name="") > 0
    except (FileDamaged, FileEncrypted):
        return False


def _read(pdf: bytes, trust: Trust, now: datetime) -> list[SignatureReport] | None:
    """A report for each signature; None when it is no PDF that can be read."""
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        signatures = list(reader.embedded_regular_signatures)
        if reader.encrypted:
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

    context = _context(trust, now)
    try:
        status: Any = validate_pdf_signature(signature, context, _context(trust, now))
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
    subject = status.signing_cert.subject.native
    return SignatureReport(
        verdict=standing.verdict if whole else Verdict.CHANGED,
        signer=str(subject.get("common_name", "")),
        organisation=str(subject.get("organization_name", "")),
        signed_at=moment if time_trusted else status.signer_reported_dt,
        field=str(signature.field_name),
        covers_whole_file=status.coverage.name == "ENTIRE_FILE",
        time_trusted=time_trusted,
        issuer=str(status.signing_cert.issuer.native.get("common_name", "")),
        valid_until=status.signing_cert.not_valid_after,
        revoked_at=standing.revoked_at,
        revocation_known=standing.revocation_known,
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


def _context(trust: Trust, moment: datetime) -> Any:
    from asn1crypto import x509 as asn1  # noqa: PLC0415
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    return ValidationContext(
        trust_roots=[asn1.Certificate.load(c) for c in trust.roots],
        other_certs=[asn1.Certificate.load(c) for c in trust.others],
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


def _path(certificate: Any, others: Sequence[Any], trust: Trust, moment: datetime) -> list[bytes] | None:
    """The certificates from the root to ``certificate`` (DER), None when none of our roots vouches for it."""
    from pyhanko_certvalidator import CertificateValidator  # noqa: PLC0415
    from pyhanko_certvalidator.errors import PathError, ValidationError  # noqa: PLC0415

    validator = CertificateValidator(certificate, intermediate_certs=list(others), validation_context=_context(trust, moment))
    try:
        path = asyncio.run(validator.async_validate_path())
    except (PathError, ValidationError):
        return None
    return [c.dump() for c in path.iter_certs(include_root=True)]


def _revocation(path: Sequence[bytes], trust: Trust, moment: datetime) -> tuple[bool, datetime | None]:
    """Whether every issuer on the path has a list, and the earliest revocation in force at ``moment``."""
    lists = [x509.load_der_x509_crl(c) for c in trust.lists]
    chain = [x509.load_der_x509_certificate(c) for c in path]
    known, revoked = True, []
    for issuer, certificate in pairwise(chain):
        ours = [c for c in lists if c.issuer == issuer.subject and c.is_signature_valid(issuer.public_key())]  # type: ignore[arg-type]
        known = known and bool(ours)
        for found in ours:
            entry = found.get_revoked_certificate_by_serial_number(certificate.serial_number)
            if entry is not None and entry.revocation_date_utc <= moment:
                revoked.append(entry.revocation_date_utc)
    return known, min(revoked, default=None)
