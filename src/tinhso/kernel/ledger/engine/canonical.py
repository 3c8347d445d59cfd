"""From an event to the bytes that are hashed. The format is described in docs/ledger-format.md; a change here is a new format.

Numbers are whole and within ±(2^53 - 1); anything with a fraction travels as text, so that every language on earth
reads the same value and writes the same bytes.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from typing import Any
from uuid import UUID

FORMAT = 1
SAFE_INTEGER = 2**53 - 1


def instant(value: datetime) -> str:
    """An aware instant as ``2026-11-22T10:15:00.000000Z``: UTC, always six digits; ValueError when naive."""
    if value.tzinfo is None:
        raise ValueError("an instant in the ledger must be aware")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _text(value: str) -> str:
    if "\x00" in value:
        raise ValueError("text in the ledger must not hold U+0000")
    value.encode("utf-8")  # a lone surrogate has no bytes: refuse it here, not at the database
    return value


def _number(value: int) -> int:
    if abs(value) > SAFE_INTEGER:
        raise ValueError(f"{value} does not fit 53 bits: give it as text")
    return value


def _mapping(value: Mapping[Any, Any]) -> dict[str, Any]:
    if any(not isinstance(key, str) for key in value):
        raise TypeError("keys in the ledger are text")
    return {_text(key): plain(item) for key, item in value.items()}


def plain(value: Any) -> Any:
    """``value`` as JSON knows it: enums by value, dates by ISO 8601, decimals as text. TypeError for anything else."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        return _number(value)
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (Decimal, UUID)):
        return str(value)
    return _composite(value)


def _composite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _mapping(value)
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return [plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    raise TypeError(f"{type(value).__name__} cannot enter the ledger (a fraction goes in as Decimal or text)")


def dump(value: Any) -> bytes:
    """Canonical JSON: keys in code-point order, no spaces, UTF-8, no escapes but the ones JSON demands."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode("utf-8")


def entry_bytes(
    *,
    stream: str,
    version: int,
    kind: str,
    actor: str,
    unit: str | None,
    occurred_at: datetime,
    recorded_at: datetime,
    data: Mapping[str, Any],
    request_key: str | None,
) -> bytes:
    """The canonical bytes of an entry: what its leaf in the tree is the hash of."""
    return dump(
        {
            "actor": actor,
            "data": data,
            "format": FORMAT,
            "kind": kind,
            "occurred_at": instant(occurred_at),
            "recorded_at": instant(recorded_at),
            "request_key": request_key,
            "stream": stream,
            "unit": unit,
            "version": version,
        }
    )


def leaf(content: bytes) -> bytes:
    """RFC 9162 leaf hash: SHA-256 of 0x00 and the content."""
    return sha256(b"\x00" + content).digest()
