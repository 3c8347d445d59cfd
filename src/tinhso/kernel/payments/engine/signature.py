"""Signatures of what two programs tell each other over HTTP: HMAC-SHA-256 over the time and the body.

``X-TinhSo-Signature: t=1795401000,v1=<hex>``, where ``v1`` is the HMAC of ``<t>.<body>``. The time is signed too, so that what
was overheard can't be sent again later; within the window, doing a thing twice must be harmless anyway.
"""

import hmac
import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from tinhso.kernel.payments.types import CallbackRefused, MessageVerdict

HEADER = "X-TinhSo-Signature"
WINDOW = timedelta(minutes=5)

_SHAPE = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})")


def sign(secret: bytes, body: bytes, now: datetime) -> str:
    """The header's value for ``body`` sent now."""
    stamp = str(int(now.timestamp()))
    return f"t={stamp},v1={_hmac(secret, stamp, body)}"


def verify(secret: bytes, value: str, body: bytes, now: datetime) -> None:
    """Raise :class:`CallbackRefused` unless ``value`` signs ``body`` (else FORGED), within the window (else STALE)."""
    found = _SHAPE.fullmatch(value)
    if found is None or not hmac.compare_digest(found[2], _hmac(secret, found[1], body)):
        raise CallbackRefused(MessageVerdict.FORGED)
    sent = datetime.fromtimestamp(int(found[1]), UTC)
    if abs(now - sent) > WINDOW:
        raise CallbackRefused(MessageVerdict.STALE)


def seal(secret: bytes, *parts: str) -> str:
    """A seal over texts that travel through a browser, so that nobody changes them on the way."""
    return _hmac(secret, "seal", "\n".join(parts).encode())


def sealed(secret: bytes, value: str, *parts: str) -> bool:
    """Whether ``value`` is the seal of ``parts``."""
    return hmac.compare_digest(value.encode(), seal(secret, *parts).encode())


def _hmac(secret: bytes, stamp: str, body: bytes) -> str:
    return hmac.new(secret, stamp.encode() + b"." + body, sha256).hexdigest()
