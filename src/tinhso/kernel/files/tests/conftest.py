"""A home of its own for each test, and the person who hands in."""

from pathlib import Path

import pytest

from tinhso.kernel.ledger.types import Actor, ActorKind


@pytest.fixture(autouse=True)
def home(settings, tmp_path: Path) -> Path:
    """HOME of this test alone."""
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()
    return settings.HOME


@pytest.fixture
def actor() -> Actor:
    """Nguyễn Thị Hồng Thắm, who files."""
    return Actor(id="account:tham", kind=ActorKind.CITIZEN, party="party:tham")
