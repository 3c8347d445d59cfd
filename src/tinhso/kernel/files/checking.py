"""Checking signatures with what this installation trusts: ``HOME/trust`` and, where it exists, the demonstration authority.

``HOME/trust`` takes certificates (``.crt``, ``.cer``, ``.pem``; PEM or DER; self-issued ones are roots) and lists of revoked
certificates (``.crl``), put there by the province's administrators.
"""

import hashlib
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

from tinhso.kernel.files.adapters import authority
from tinhso.kernel.files.adapters.judging import Made, Trust, judge, judge_made
from tinhso.kernel.files.types import VerificationReport
from tinhso.lib.clock import now

_CERTIFICATES = {".crt", ".cer", ".pem"}
_MADE_AT_ONCE = 64
_made: dict[str, Made] = {}


def demo_folder() -> Path:
    """Where the demonstration authority lies, if there is one."""
    return Path(settings.HOME) / "keys" / "demo-ca"


def verify_pdf(pdf: bytes) -> VerificationReport:
    """What the signatures in ``pdf`` are worth, judged at their trusted time if they have one, else now. Takes any bytes."""
    return judge(pdf, trusted(), now())


def judge_stored(pdf: bytes) -> VerificationReport:
    """The same of what PDFium has opened already, quicker where this process has just signed these very bytes itself."""
    made = _made.pop(hashlib.sha256(pdf).hexdigest(), None)
    if made is not None:
        return judge_made(made, trusted(), now())
    return judge(pdf, trusted(), now(), opened=True)


def remember(made: Made) -> None:
    """Keep in mind what this process has just signed, until it is stored. It is found again by the hash of the bytes, so that
    nothing from outside can pass for it."""
    if len(_made) >= _MADE_AT_ONCE:
        _made.pop(next(iter(_made)), None)
    _made[made.sha256] = made


def trusted() -> Trust:
    """What we trust now; read again when a file changed."""
    folders = (Path(settings.HOME) / "trust", demo_folder())
    files = sorted(p for f in folders if f.is_dir() for p in f.iterdir() if p.suffix in {*_CERTIFICATES, ".crl"})
    return _load(tuple((p, p.stat().st_mtime_ns) for p in files))


@lru_cache(maxsize=8)
def _load(files: tuple[tuple[Path, int], ...]) -> Trust:
    roots: list[bytes] = []
    others: list[bytes] = []
    lists: list[bytes] = []
    for path, _ in files:
        data = path.read_bytes()
        pem = data.startswith(b"-----BEGIN")
        if path.suffix == ".crl":
            found = x509.load_pem_x509_crl(data) if pem else x509.load_der_x509_crl(data)
            lists.append(found.public_bytes(Encoding.DER))
            continue
        for certificate in x509.load_pem_x509_certificates(data) if pem else [x509.load_der_x509_certificate(data)]:
            (roots if certificate.subject == certificate.issuer else others).append(certificate.public_bytes(Encoding.DER))
    return Trust(tuple(roots), tuple(others), tuple(lists))


def chain_of(certificate: bytes) -> list[bytes]:
    """The certificates that travel with a signature of ``certificate``: what lies between it and its root."""
    demo = demo_folder()
    if authority.facts(certificate).demo and authority.exists(demo):
        return authority.chain(demo)[:1]
    return list(trusted().others)
