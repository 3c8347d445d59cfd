"""The people of the tests, and a carrier that writes down what it carries."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from tinhso.kernel.ledger.types import Actor, ActorKind
from tinhso.kernel.messages import api, ports
from tinhso.kernel.messages.types import Rendered

NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)

THAM = Actor("account:nguyen-thi-hong-tham", ActorKind.CITIZEN, party="tham")
BAO = Actor("account:tran-quoc-bao", ActorKind.OFFICIAL, unit="khanh-hau-economic")
APP = Actor("system:services", ActorKind.SYSTEM)

TO_THAM = "party:tham"


@dataclass
class Carrier:
    """A channel under the test's control."""

    code: str = "email"
    addresses: dict[str, str] = field(default_factory=lambda: {TO_THAM: "tham@example.vn", BAO.id: "bao@example.vn"})
    sent: list[tuple[str, str, str]] = field(default_factory=list)
    broken: Callable[[], None] = lambda: None

    def address(self, recipient: str) -> str | None:
        return self.addresses.get(recipient)

    def send(self, delivery: str, address: str, message: Rendered) -> str:
        self.broken()
        self.sent.append((delivery, address, message.subject))
        return f"carried-{delivery}"


def words(kind: str, params: dict, about: str, language: str) -> Rendered:
    return Rendered(f"{language}: {kind} {params.get('code', '')}", f"about {about}")


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> Carrier:
    """The only channel beside the portal."""
    monkeypatch.setattr(ports, "_channels", {})
    monkeypatch.setattr(ports, "_renderer", [words])
    made = Carrier()
    api.connect(made)
    return made


@pytest.fixture
def told(carrier: Carrier) -> Callable[..., str]:
    """Tells Thắm something."""

    def tell(recipient: str = TO_THAM, kind: str = "services.received", **params: object) -> str:
        return api.notify(APP, recipient, kind, params, "case:1")

    return tell


@pytest.fixture
def states() -> Callable[[], dict[tuple[str, str], int]]:
    """How many deliveries stand where."""
    return lambda: {(c.channel, c.state.value): c.count for c in api.delivery_states()}


@pytest.fixture
def only_ours(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No follower and no teller but the test's own."""
    monkeypatch.setattr(ports, "_tellers", {})
    monkeypatch.setattr("tinhso.kernel.ledger.following._followers", {})
    monkeypatch.setattr("tinhso.kernel.ledger.registry._kinds", {})
    yield
