"""Writes the CMS (RFC 5652) of a signature, and of a timestamp (RFC 3161), as DER. Knows no Django and no key.

pyHanko writes them through asn1crypto, which takes every certificate apart and puts it together again several times,
for what is a few hundred bytes around certificates that are DER already. What is written here is read by pyHanko and by
poppler in the tests. Only SHA-256, with RSA PKCS#1 v1.5 or ECDSA, as in ETSI EN 319 122 (CAdES) and EN 319 142 (PAdES).
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

_INTEGER, _OCTETS, _NULL, _OID, _TIME, _SEQUENCE, _SET = 0x02, 0x04, 0x05, 0x06, 0x18, 0x30, 0x31
_CHOICE_0, _CHOICE_1, _DIRECTORY_NAME = 0xA0, 0xA1, 0xA4


def tlv(tag: int, *parts: bytes) -> bytes:
    """One value of DER: tag, length, content."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(length))) + length + content


def _integer(value: int) -> bytes:
    return tlv(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1))


def _oid(dotted: str) -> bytes:
    first, second, *rest = (int(part) for part in dotted.split("."))
    out = b""
    for arc in (first * 40 + second, *rest):
        piece = bytes((arc & 0x7F,))
        while arc := arc >> 7:
            piece = bytes((arc & 0x7F | 0x80,)) + piece
        out += piece
    return tlv(_OID, out)


DATA, TIME_INFO = _oid("1.2.840.113549.1.7.1"), _oid("1.2.840.113549.1.9.16.1.4")
"""What is signed: bytes elsewhere, or a timestamp."""
_SIGNED_DATA = _oid("1.2.840.113549.1.7.2")
_CONTENT_TYPE, _MESSAGE_DIGEST = _oid("1.2.840.113549.1.9.3"), _oid("1.2.840.113549.1.9.4")
_SIGNING_CERTIFICATE, _ALGORITHMS = _oid("1.2.840.113549.1.9.16.2.47"), _oid("1.2.840.113549.1.9.52")
_TIMESTAMP = _oid("1.2.840.113549.1.9.16.2.14")
_SHA256 = tlv(_SEQUENCE, _oid("2.16.840.1.101.3.4.2.1"))
_RSA = tlv(_SEQUENCE, _oid("1.2.840.113549.1.1.11"), tlv(_NULL))
_ECDSA = tlv(_SEQUENCE, _oid("1.2.840.10045.4.3.2"))
_CURVE_KEY = _oid("1.2.840.10045.2.1")
_EXAMPLE_POLICY = _oid("2.999.1")
"""The policy of a timestamp for demonstrations: an OID that ITU-T set aside for examples."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a signature says of its certificate."""

    certificate: bytes
    serial: bytes
    issuer: bytes
    subject: bytes
    algorithm: bytes


def _values(content: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Tag, content and whole of each value in ``content``, one after the other. ValueError when it is cut short."""
    at = 0
    while at < len(content):
        start, size = at + 2, content[at + 1]
        if size & 0x80:
            start, size = start + (size & 0x7F), int.from_bytes(content[start : start + (size & 0x7F)])
        if start + size > len(content):
            raise ValueError("DER that ends too early")
        yield content[at], content[start : start + size], content[at : start + size]
        at = start + size


@lru_cache(maxsize=256)
def identity(certificate: bytes) -> Identity:
    """Take an X.509 certificate (DER) as far apart as a signature needs it."""
    ((_, whole, _),) = _values(certificate)
    parts = [part for part in _values(next(_values(whole))[1]) if part[0] != _CHOICE_0]  # without the version
    (_, _, serial), _, (_, _, issuer), _, (_, _, subject), (_, key, _) = parts[:6]
    curve = next(_values(next(_values(key))[1]))[2] == _CURVE_KEY
    return Identity(certificate, serial, issuer, subject, _ECDSA if curve else _RSA)


def _attribute(kind: bytes, *values: bytes) -> bytes:
    return tlv(_SEQUENCE, kind, tlv(_SET, *values))


def attributes(who: Identity, digest: bytes, content_type: bytes = DATA) -> bytes:
    """The signed attributes: what the key has to sign. ``digest`` is the SHA-256 of what is signed for."""
    name = tlv(_SEQUENCE, tlv(_DIRECTORY_NAME, who.issuer))
    reference = tlv(_SEQUENCE, tlv(_OCTETS, hashlib.sha256(who.certificate).digest()), tlv(_SEQUENCE, name, who.serial))
    # [1] IMPLICIT: the tag of the sequence changes, its content stays.
    algorithms = tlv(_SEQUENCE, _SHA256, bytes((_CHOICE_1,)) + who.algorithm[1:])
    return tlv(
        _SET,
        *sorted(
            (
                _attribute(_CONTENT_TYPE, content_type),
                _attribute(_MESSAGE_DIGEST, tlv(_OCTETS, digest)),
                _attribute(_SIGNING_CERTIFICATE, tlv(_SEQUENCE, tlv(_SEQUENCE, reference))),
                _attribute(_ALGORITHMS, algorithms),
            )
        ),
    )


def signed_data(
    who: Identity,
    signed_attributes: bytes,
    signature: bytes,
    chain: Sequence[bytes],
    *,
    timestamp: bytes | None = None,
    time_info: bytes | None = None,
) -> bytes:
    """The whole CMS. ``signature`` is over ``signed_attributes`` (as :func:`attributes` gives them); ``chain`` are certificates
    that travel with it (roots stay at home); ``timestamp`` a token over the signature; ``time_info`` what is signed, inside."""
    unsigned = b"" if timestamp is None else tlv(_CHOICE_1, _attribute(_TIMESTAMP, timestamp))
    signer = tlv(
        _SEQUENCE,
        _integer(1),
        tlv(_SEQUENCE, who.issuer, who.serial),
        _SHA256,
        bytes((_CHOICE_0,)) + signed_attributes[1:],
        who.algorithm,
        tlv(_OCTETS, signature),
        unsigned,
    )
    others = [link for link in map(identity, chain) if link.subject != link.issuer]
    inside = tlv(_SEQUENCE, DATA) if time_info is None else tlv(_SEQUENCE, TIME_INFO, tlv(_CHOICE_0, tlv(_OCTETS, time_info)))
    whole = tlv(
        _SEQUENCE,
        _integer(1 if time_info is None else 3),
        tlv(_SET, _SHA256),
        inside,
        tlv(_CHOICE_0, *sorted({who.certificate, *(link.certificate for link in others)})),
        tlv(_SET, signer),
    )
    return tlv(_SEQUENCE, _SIGNED_DATA, tlv(_CHOICE_0, whole))


def time_info(digest: bytes, when: datetime, number: int, nonce: int | None = None) -> bytes:
    """What a timestamp says: these bytes (by their SHA-256) existed at ``when``. ``number`` is its own, never given twice."""
    return tlv(
        _SEQUENCE,
        _integer(1),
        _EXAMPLE_POLICY,
        tlv(_SEQUENCE, _SHA256, tlv(_OCTETS, digest)),
        _integer(number),
        tlv(_TIME, f"{when.astimezone(UTC):%Y%m%d%H%M%SZ}".encode()),
        b"" if nonce is None else _integer(nonce),
    )
