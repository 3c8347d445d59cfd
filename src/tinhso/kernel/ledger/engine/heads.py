"""Signed heads: the bytes that are signed, and what a signature proves. Described in docs/ledger-format.md."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tinhso.kernel.ledger.engine.canonical import instant
from tinhso.kernel.ledger.types import Head

TITLE = "tinhso ledger head 1"


def key_id(public: Ed25519PublicKey) -> str:
    """The first 16 hex digits of SHA-256 of the raw public key."""
    return sha256(public.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


def signed_bytes(size: int, root: str, signed_at: datetime, key: str) -> bytes:
    """The five lines that are signed, each ended by a line feed."""
    return f"{TITLE}\n{size}\n{root}\n{instant(signed_at)}\n{key}\n".encode("ascii")


def sign(private: Ed25519PrivateKey, size: int, root: bytes, signed_at: datetime) -> Head:
    """A head for the first ``size`` entries."""
    key = key_id(private.public_key())
    signature = private.sign(signed_bytes(size, root.hex(), signed_at, key))
    return Head(size=size, root=root.hex(), signed_at=signed_at, key_id=key, signature=signature.hex())


def signature_holds(head: Head, keys: Mapping[str, Ed25519PublicKey]) -> bool:
    """Whether one of ``keys`` (by key id) signed ``head`` as it stands."""
    public = keys.get(head.key_id)
    if public is None:
        return False
    try:
        public.verify(bytes.fromhex(head.signature), signed_bytes(head.size, head.root, head.signed_at, head.key_id))
    except (InvalidSignature, ValueError):
        return False
    return True
