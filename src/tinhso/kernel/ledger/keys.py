"""The keys that sign heads: files under ``HOME/keys``, made on first use, never replaced in silence.

``ledger.key`` is the private key (PEM, PKCS 8, mode 0600); ``ledger-<key id>.pub`` the public one. Old public keys stay,
so that heads signed before a change of key still verify.
"""

import os
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings

from tinhso.kernel.ledger.engine.heads import key_id
from tinhso.kernel.ledger.types import KeyMissing


def folder() -> Path:
    """Where the keys are."""
    return Path(settings.HOME) / "keys"


def signing_key(last_key_id: str | None) -> Ed25519PrivateKey:
    """The private key. Made now if no head has been signed yet (``last_key_id`` None).

    Raises KeyMissing when heads exist and their key is gone, unreadable, or another one lies in its place.
    """
    path = folder() / "ledger.key"
    if not path.exists():
        if last_key_id is not None:
            raise KeyMissing(path=str(path), key_id=last_key_id)
        _make(path)
    private = _load_private(path, path.stat().st_mtime_ns)
    found = key_id(private.public_key())
    if last_key_id is not None and found != last_key_id:
        raise KeyMissing(path=str(path), key_id=last_key_id, found=found)
    return private


@lru_cache(maxsize=4)
def _load_private(path: Path, changed: int) -> Ed25519PrivateKey:
    try:
        private = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm, OSError) as error:
        raise KeyMissing(path=str(path), reason=type(error).__name__) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyMissing(path=str(path), reason="not Ed25519")
    return private


def _make(path: Path) -> None:
    """Write a new pair; if another process is quicker, its pair stands."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    private = Ed25519PrivateKey.generate()
    draft = path.with_suffix(f".new-{os.getpid()}-{os.urandom(4).hex()}")
    _write(draft, private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), 0o600)
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
    public = private.public_key()
    _write(path.parent / f"ledger-{key_id(public)}.pub", public_pem(public), 0o644)


def _write(path: Path, content: bytes, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def public_pem(public: Ed25519PublicKey) -> bytes:
    """The public key as PEM (SubjectPublicKeyInfo)."""
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def public_keys() -> dict[str, Ed25519PublicKey]:
    """Every public key here by its key id; the private key's too, should its own file be gone."""
    found: dict[str, Ed25519PublicKey] = {}
    for path in sorted(folder().glob("ledger-*.pub")):
        public = load_pem_public_key(path.read_bytes())
        if isinstance(public, Ed25519PublicKey):
            found[key_id(public)] = public
    path = folder() / "ledger.key"
    if path.exists():
        own = _load_private(path, path.stat().st_mtime_ns).public_key()
        found[key_id(own)] = own
    return found
