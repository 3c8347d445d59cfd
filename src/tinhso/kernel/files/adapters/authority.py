"""The demonstration certificate authority: a root, an issuing authority with its list of revoked certificates, and a
timestamp authority. Its names say that it is a demonstration; it exists only where somebody asked for it.

Everything lies in one folder (0700), keys as 0600.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tinhso.kernel.files.types import NoDemoAuthority
from tinhso.lib.keys import secret

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
COUNTRY = "VN"
DEMO = "DEMO - không có giá trị pháp lý"
"""The organisation of every authority made here: it is read on every certificate it issued."""
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Subject:
    """Who a certificate is for."""

    name: str
    organisation: str
    title: str = ""
    locality: str = ""


def new_key() -> Key:
    """On the curve P-256: made and used far quicker than RSA of 2048 bits, and no weaker."""
    return ec.generate_private_key(ec.SECP256R1())


def exists(folder: Path) -> bool:
    """Whether there is an authority in ``folder``."""
    return (folder / "issuing.crt").is_file()


def create(folder: Path, when: datetime) -> None:
    """Make the authority; nothing happens if it is there. Valid from ten years before ``when`` so that a past can be shown."""
    if exists(folder):
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    start, end = when - 10 * _YEAR, when + 20 * _YEAR
    root_key, issuing_key, time_key = (keep_key(folder / f"{n}.key") for n in ("root", "issuing", "timestamps"))
    root_name = _name("Tinh So DEMO Root CA", DEMO)
    root = _certificate(root_name, root_key.public_key(), root_name, root_key, (start, end), authority=1)
    issuing_name = _name("Tinh So DEMO Issuing CA", DEMO)
    issuing = _certificate(issuing_name, issuing_key.public_key(), root_name, root_key, (start, end), authority=0)
    stamp_name = _name("Tinh So DEMO Timestamp Authority", DEMO)
    stamps = _certificate(stamp_name, time_key.public_key(), issuing_name, issuing_key, (start, end), timestamps=True)
    (folder / "root.crt").write_bytes(_der(root))
    (folder / "timestamps.crt").write_bytes(_der(stamps))
    (folder / "root.crl").write_bytes(_list(root, root_key, {}, when))
    (folder / "issuing.crl").write_bytes(_list(issuing, issuing_key, {}, when))
    (folder / "issuing.crt").write_bytes(_der(issuing))  # last: its presence says that all is there


def issue(folder: Path, subject: Subject, public_key: PublicKey, span: tuple[datetime, datetime]) -> bytes:
    """A signing certificate (DER) for ``subject``. NoDemoAuthority."""
    issuer, key = _issuing(folder)
    name = _name(subject.name, subject.organisation, subject.title, subject.locality)
    return _der(_certificate(name, public_key, issuer.subject, key, span))


def revoke(folder: Path, serials: dict[int, datetime], when: datetime) -> None:
    """Publish a list with all of ``serials`` (serial number: when it was revoked)."""
    issuer, key = _issuing(folder)
    fresh = folder / "issuing.crl.tmp"
    fresh.write_bytes(_list(issuer, key, serials, when))
    fresh.replace(folder / "issuing.crl")


@dataclass(frozen=True, slots=True)
class Facts:
    """What we need to know of a certificate."""

    subject: Subject
    serial: str
    """Hexadecimal, small letters."""
    not_before: datetime
    not_after: datetime
    demo: bool


@lru_cache(maxsize=256)
def facts(certificate: bytes) -> Facts:
    """Read a certificate (DER). ValueError when it is none."""
    read = x509.load_der_x509_certificate(certificate)

    def part(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
        return next((str(a.value) for a in name.get_attributes_for_oid(oid)), "")

    subject = Subject(
        name=part(read.subject, NameOID.COMMON_NAME),
        organisation=part(read.subject, NameOID.ORGANIZATION_NAME),
        title=part(read.subject, NameOID.TITLE),
        locality=part(read.subject, NameOID.LOCALITY_NAME),
    )
    return Facts(
        subject=subject,
        serial=f"{read.serial_number:x}",
        not_before=read.not_valid_before_utc,
        not_after=read.not_valid_after_utc,
        demo=part(read.issuer, NameOID.ORGANIZATION_NAME) == DEMO,
    )


def sign_with(key: Key, message: bytes) -> bytes:
    """RSA PKCS#1 v1.5 or ECDSA over SHA-256, as tokens do."""
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(message, padding.PKCS1v15(), hashes.SHA256())
    return key.sign(message, ec.ECDSA(hashes.SHA256()))


def chain(folder: Path) -> list[bytes]:
    """The certificates between a signer and the root (DER), the root last; empty without an authority."""
    return [(folder / f"{n}.crt").read_bytes() for n in ("issuing", "root")] if exists(folder) else []


def timestamp_pair(folder: Path) -> tuple[bytes, Key]:
    """Certificate (DER) and key of the timestamp authority. NoDemoAuthority."""
    if not exists(folder):
        raise NoDemoAuthority()
    return (folder / "timestamps.crt").read_bytes(), read_key(folder / "timestamps.key")


def keep_key(path: Path, make: Callable[[], Key] = new_key) -> Key:
    """The private key in ``path``, made and kept (0600) if there is none."""
    return _key(secret(path, lambda: _pem(make())))


def read_key(path: Path) -> Key:
    """A private key as :func:`keep_key` kept it. FileNotFoundError."""
    if not path.is_file():
        raise FileNotFoundError(path)
    return keep_key(path)


def _pem(key: Key) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _key(pem: bytes) -> Key:
    # We keep no other sorts. It is ours and 0600: proving the primes of an RSA key again would cost 80 ms at each signature,
    # and a key that does not fit its certificate is noticed when the signature is embedded.
    return cast(Key, serialization.load_pem_private_key(pem, password=None, unsafe_skip_rsa_key_validation=True))


def _issuing(folder: Path) -> tuple[x509.Certificate, Key]:
    if not exists(folder):
        raise NoDemoAuthority()
    return x509.load_der_x509_certificate((folder / "issuing.crt").read_bytes()), read_key(folder / "issuing.key")


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def _fitting(text: str) -> str:
    """At most 64 bytes of UTF-8, as X.520 and the library count: whole words, then an ellipsis."""
    words = text.split(" ")
    while len(text.encode()) > 64 and len(words) > 1:
        words.pop()
        text = " ".join(words).rstrip(",") + "…"
    return text.encode()[:64].decode(errors="ignore")


def _name(common: str, organisation: str, title: str = "", locality: str = "") -> x509.Name:
    parts = [
        (NameOID.COUNTRY_NAME, COUNTRY),
        (NameOID.LOCALITY_NAME, locality),
        (NameOID.ORGANIZATION_NAME, _fitting(organisation)),
        (NameOID.TITLE, _fitting(title)),
        (NameOID.COMMON_NAME, _fitting(common)),
    ]
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts if value])


def _certificate(
    subject: x509.Name,
    public_key: PublicKey,
    issuer: x509.Name,
    issuer_key: Key,
    span: tuple[datetime, datetime],
    *,
    authority: int | None = None,
    timestamps: bool = False,
) -> x509.Certificate:
    """One certificate; ``authority`` is the path length of an authority, None for somebody who signs documents."""
    is_authority = authority is not None
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(secrets.randbits(120) | 1 << 119)
        .not_valid_before(span[0])
        .not_valid_after(span[1])
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not is_authority,
                content_commitment=not is_authority,
                key_cert_sign=is_authority,
                crl_sign=is_authority,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    )
    if timestamps:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return builder.sign(issuer_key, hashes.SHA256())


def _list(issuer: x509.Certificate, key: Key, serials: dict[int, datetime], when: datetime) -> bytes:
    """A list of revoked certificates, good for a year: nobody in a demonstration renews it."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.subject)
        .last_update(when)
        .next_update(when + _YEAR)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .add_extension(x509.CRLNumber(int(when.timestamp())), critical=False)
    )
    for serial, at in sorted(serials.items()):
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at).build()
        )
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
