"""The export: one zip that proves itself. Layout and format are told inside it (``FORMAT.md``), for a stranger to check."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from tinhso.kernel.ledger.engine.canonical import dump, instant
from tinhso.kernel.ledger.engine.heads import key_id
from tinhso.kernel.ledger.types import Head

FORMAT = """\
# The ledger's export, format 1

A zip archive:

- `entries.jsonl`: the entries in the order of the tree. Line n (counted from 0) holds the *canonical bytes* of the entry at
  position n, ended by one line feed. An empty line is an entry that was already missing when the export was made.
- `leaves.bin`: 32 bytes for each position, the leaf hash with which it was sealed.
- `heads.jsonl`: every signed head, by size: `{"key_id", "root", "signature", "signed_at", "size"}`.
- `keys/<key id>.pub`: the public keys (Ed25519, PEM). Compare the key id with one that you got another way.
- `manifest.json`: format, number of entries, when it was made.

Canonical bytes: one JSON object with the keys `actor`, `data`, `format`, `kind`, `occurred_at`, `recorded_at`,
`request_key`, `stream`, `unit`, `version`; keys sorted by code point at every depth, no spaces, UTF-8, only `"`, `\\` and
U+0000 to U+001F escaped (`\\b \\t \\n \\f \\r`, else `\\u00xx`), instants in UTC as `2026-11-22T10:15:00.000000Z`, all
numbers whole and within +-(2^53 - 1). The bytes themselves are in the file: hashing a line needs no JSON at all.

Hashes (RFC 9162, section 2.1, SHA-256): leaf = H(0x00 || canonical bytes); inner node = H(0x01 || left || right); a tree of n
leaves is split at the largest power of two smaller than n; the empty tree is H("").

A head signs these bytes with Ed25519, each line ended by a line feed: `tinhso ledger head 1`, the size in decimal, the root
in hex, `signed_at`, the key id. Key id = first 16 hex digits of H(raw public key, 32 bytes). Signatures are in hex.

To check: hash each line; compare with `leaves.bin`; grow the tree; whenever its size is that of a head, compare the root and
verify the signature. `python -m tinhso.kernel.ledger.engine.offline EXPORT` does so and names each entry at fault.
"""


class NotAnArchive(Exception):
    """The file is no export of a ledger, or a part of it is missing or unreadable."""


def head_as_json(head: Head) -> dict[str, Any]:
    """A head as it travels: in an export, on a receipt, to a witness."""
    return {
        "key_id": head.key_id,
        "root": head.root,
        "signature": head.signature,
        "signed_at": instant(head.signed_at),
        "size": head.size,
    }


def head_from_json(value: Mapping[str, Any]) -> Head:
    """The head in ``value``; ValueError when a part is missing or malformed."""
    try:
        return Head(
            size=int(value["size"]),
            root=str(value["root"]),
            signed_at=datetime.fromisoformat(str(value["signed_at"])),
            key_id=str(value["key_id"]),
            signature=str(value["signature"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"not a signed head: {error!r}") from error


class ArchiveWriter:
    """Writes an export. ``entries`` and ``leaves`` must be given in the tree's order, whole; then the rest."""

    def __init__(self, path: Path) -> None:
        self._zip = ZipFile(path, "w", ZIP_DEFLATED)
        self._zip.writestr("FORMAT.md", FORMAT)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._zip.close()

    def entries(self, lines: Iterator[bytes]) -> int:
        """Write the canonical bytes of each entry; how many."""
        count = 0
        with self._zip.open("entries.jsonl", "w", force_zip64=True) as file:
            for line in lines:
                file.write(line + b"\n")
                count += 1
        return count

    def leaves(self, hashes: Iterator[bytes]) -> None:
        """Write the sealed leaf hashes."""
        with self._zip.open("leaves.bin", "w", force_zip64=True) as file:
            for leaf in hashes:
                file.write(leaf)

    def finish(self, heads: Iterator[Head], keys: Mapping[str, bytes], size: int, made_at: datetime) -> None:
        """Write heads, public keys (PEM by key id) and the manifest."""
        with self._zip.open("heads.jsonl", "w", force_zip64=True) as file:
            for head in heads:
                file.write(dump(head_as_json(head)) + b"\n")
        for key, pem in keys.items():
            self._zip.writestr(f"keys/{key}.pub", pem)
        self._zip.writestr("manifest.json", dump({"entries": size, "format": 1, "made_at": instant(made_at)}))


class ArchiveReader:
    """Reads an export. NotAnArchive if it is none."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = ZipFile(path)
            self.manifest: dict[str, Any] = json.loads(self._zip.read("manifest.json"))
            self.heads = [head_from_json(json.loads(line)) for line in self._zip.read("heads.jsonl").splitlines()]
            self._parts = (self._zip.open("entries.jsonl"), self._zip.open("leaves.bin"))
        except (BadZipFile, KeyError, ValueError, OSError) as error:
            raise NotAnArchive(f"{path}: {error}") from error
        if self.manifest.get("format") != 1:
            raise NotAnArchive(f"{path}: format {self.manifest.get('format')!r} is not known to this program")

    def positions(self) -> Iterator[tuple[bytes, bytes]]:
        """(canonical bytes, sealed leaf) of each entry; the bytes are empty for one that was missing at export, the leaf
        where its file ends sooner."""
        entries, leaves = self._parts
        while (line := _line(entries)) is not None:
            yield line, leaves.read(32)

    def keys(self) -> dict[str, Ed25519PublicKey]:
        """The public keys it carries, by key id."""
        names = [name for name in self._zip.namelist() if name.startswith("keys/")]
        return dict(public_key(self._zip.read(name)) for name in names)


def _line(file: Any) -> bytes | None:
    stream: BinaryIO = file
    line = stream.readline()
    return line.removesuffix(b"\n") if line else None


def public_key(pem: bytes) -> tuple[str, Ed25519PublicKey]:
    """(key id, key) from PEM; NotAnArchive when it is no Ed25519 public key."""
    try:
        key = load_pem_public_key(pem)
    except ValueError as error:
        raise NotAnArchive(f"not a public key: {error}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise NotAnArchive("not an Ed25519 public key")
    return key_id(key), key
