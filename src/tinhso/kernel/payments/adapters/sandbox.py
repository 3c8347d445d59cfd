"""The provider that speaks to the sandbox bank: our side of it. A real provider is a module of this shape."""

import json
import os
import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tinhso.kernel.payments.adapters import wire
from tinhso.kernel.payments.engine import signature
from tinhso.kernel.payments.types import (
    CallbackRefused,
    ChargeView,
    MessageVerdict,
    PayPlace,
    ProviderUnreachable,
    SettlementNotice,
)
from tinhso.lib import clock

CODE = "sandbox"
_TEXT_MAX = 100
_AMOUNT_MAX = 2**53 - 1


def secret_at(path: Path) -> bytes:
    """The secret that both sides share, made on first use, readable by its owner only. Safe when both start at once."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    if not path.exists():
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(secrets.token_hex(32).encode())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass  # the other side was first: its secret counts
        finally:
            fresh.unlink()
    return path.read_bytes()


def message_in(body: bytes) -> SettlementNotice:
    """The notice in a verified body; :class:`CallbackRefused` (UNREADABLE) if it is not one."""
    try:
        return notice_of(json.loads(body))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CallbackRefused(MessageVerdict.UNREADABLE) from error


def notice_of(facts: Mapping[str, Any]) -> SettlementNotice:
    """The notice in a message's facts; ValueError, KeyError or TypeError if there is none."""
    transaction, reference, amount = facts["transaction"], facts["reference"], facts["amount"]
    paid_at = datetime.fromisoformat(facts["paid_at"])
    texts = all(isinstance(t, str) and len(t) <= _TEXT_MAX and "\x00" not in t for t in (transaction, reference))
    if not texts or not transaction or type(amount) is not int or not 0 < amount <= _AMOUNT_MAX:
        raise ValueError("not a notice")
    if facts["currency"] != "VND" or paid_at.tzinfo is None:
        raise ValueError("not a notice")
    return SettlementNotice(CODE, transaction, reference, amount, paid_at)


class SandboxProvider:
    """Speaks to the sandbox bank at ``bank_url``."""

    code = CODE

    def __init__(self, bank_url: str, secret: bytes) -> None:
        self._bank_url = bank_url.rstrip("/")
        self._secret = secret

    def start(self, charge: ChargeView, payload: str, return_to: str) -> PayPlace:
        """The bank's page for this payload; sealed, so that it sends nobody back elsewhere."""
        query = {"qr": payload, "return": return_to, "seal": signature.seal(self._secret, payload, return_to)}
        return PayPlace(self.code, f"{self._bank_url}/pay?{urlencode(query)}")

    def read_callback(self, headers: Mapping[str, str], body: bytes, now: datetime) -> SettlementNotice:
        """The notice in a callback, verified; raises :class:`CallbackRefused`."""
        found = {name.lower(): value for name, value in headers.items()}
        signature.verify(self._secret, found.get(signature.HEADER.lower(), ""), body, now)
        return message_in(body)

    def query(self, reference: str) -> list[SettlementNotice]:
        """What the bank knows of ``reference``; raises :class:`ProviderUnreachable`."""
        url = f"{self._bank_url}/api/transactions?{urlencode({'reference': reference})}"
        asked = {signature.HEADER: signature.sign(self._secret, reference.encode(), clock.now())}
        try:
            answer = wire.call("GET", url, asked)
            if not answer.good:
                raise ProviderUnreachable(provider=self.code, status=answer.status)
            signature.verify(self._secret, answer.headers.get(signature.HEADER.lower(), ""), answer.body, clock.now())
            return [notice_of(facts) for facts in json.loads(answer.body)]
        except (wire.WireBroken, CallbackRefused, ValueError, KeyError, TypeError) as error:
            raise ProviderUnreachable(provider=self.code) from error
