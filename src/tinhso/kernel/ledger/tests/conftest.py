"""What the ledger's tests share: a declared event, an actor, and a hand that tampers with the database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import ClassVar

import pytest
from django.db import connection, transaction

from tinhso.kernel.ledger import api, context, following
from tinhso.kernel.ledger.types import Actor, ActorKind, Entry
from tinhso.lib import clock

BAO = Actor(id="account:bao", kind=ActorKind.OFFICIAL, unit="economic-25459")
GUARDED = ["ledger_entry", "ledger_seal", "ledger_tile", "ledger_head"]


@dataclass(frozen=True)
class Noted:
    """A fact of the tests."""

    kind: ClassVar[str] = "ledgertest.noted"
    number: int = 0
    text: str = "ghi chú"


@dataclass(frozen=True)
class Other:
    """Another kind of fact."""

    kind: ClassVar[str] = "ledgertest.other"


api.declare(Noted, Other)


@pytest.fixture
def actor() -> Actor:
    """The official who acts in these tests."""
    return BAO


@pytest.fixture
def note() -> Callable[..., list[Entry]]:
    """``note(stream, count=1, other=False)``: append that many facts in one operation."""

    def write(stream: str = "case:1", count: int = 1, other: bool = False, **more: object) -> list[Entry]:
        with api.acting(BAO):
            return api.append(stream, *[Other() if other else Noted(number=n) for n in range(count)], **more)

    return write


@pytest.fixture
def sealed() -> Callable[[int, int], None]:
    """``sealed(count, batch)``: that many facts in streams of three, with a head after each ``batch``."""

    def build(count: int, batch: int) -> None:
        for start in range(0, count, batch):
            with api.acting(BAO):
                for case, numbers in groupby(range(start, min(start + batch, count)), key=lambda number: number // 3):
                    events = [Noted(number=number) for number in numbers]
                    api.append(f"case:{case}", *events, after=events[0].number % 3)
            api.seal()

    return build


@pytest.fixture
def tamper() -> Callable[..., None]:
    """Run raw SQL as an insider would: with the triggers taken off first, past every guard of the program."""

    def run(*statements: str) -> None:
        with context.named(BAO), transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                for table in GUARDED:
                    cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                cursor.execute("SELECT conname FROM pg_constraint WHERE conrelid = 'ledger_seal'::regclass AND contype = 'f'")
                for (name,) in cursor.fetchall():
                    cursor.execute(f"ALTER TABLE ledger_seal DROP CONSTRAINT {name}")
            else:
                cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                for (name,) in cursor.fetchall():
                    cursor.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                cursor.execute(statement)

    return run


@pytest.fixture
def no_followers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Registers of this test alone: what the product's rooms have declared stays out."""
    monkeypatch.setattr(following, "_followers", {})
    monkeypatch.setattr(following, "_periodics", {})


@pytest.fixture
def later() -> Callable[[float], object]:
    """``with later(60):`` holds the clock that many seconds after a fixed noon."""
    noon = datetime(2026, 9, 3, 5, 0, tzinfo=UTC)
    return lambda seconds: clock.at(noon + timedelta(seconds=seconds))
