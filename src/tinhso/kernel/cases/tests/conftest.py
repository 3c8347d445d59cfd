"""The commune and the neutral case type for every test of the engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import request_type, world
from tinhso.lib import clock

MONDAY = "2026-11-02 08:45"
"""When tests begin: a Monday morning, no holiday near."""


@pytest.fixture(autouse=True)
def home(settings, tmp_path: Path) -> Path:
    """A home of this test alone, so that files of one test are not another's."""
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()
    return settings.HOME


@pytest.fixture
def commune(db: None) -> Iterator[world.World]:
    """Khánh Hậu with its people, the test type loaded, the clock held on a Monday morning."""
    with clock.at(world.local(MONDAY)):
        built = world.build()
        request_type.load()
        yield built
