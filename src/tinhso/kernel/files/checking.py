"""Checking signatures with what this installation trusts: ``HOME/trust`` and, where it exists, the demonstration authority.

``HOME/trust`` takes certificates (``.crt``, ``.cer``, ``.pem``; PEM or DER; self-issued ones are roots) and lists of revoked
certificates (``.crl``), put there by the province's administrators.
"""

from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

from tinhso.kernel.files.adapters import authority
from tinhso.kernel.files.adapters.judging import Trust, judge
from tinhso.kernel.files.types import VerificationReport
from tinhso.lib.clock import now

_CERTIFICATES = {".crt", ".cer", ".pem"}


def demo_folder() -> Path:
    """Where the demonstration authority lies, if there is one."""
    return Path(settings.HOME) / "keys" / "demo-ca"


def verify_pdf(pdf: bytes) -> VerificationReport:
    """What the signatures in ``pdf`` are worth, judged at their trusted time if they have one, else now. Takes any bytes."""
    return judge(pdf, trusted(), now())


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
