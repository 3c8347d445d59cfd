"""The commune and the neutral case type for every test of the engine."""

import copy
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

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


@pytest.fixture(scope="module")
def _commune(module_database, tmp_path_factory: pytest.TempPathFactory) -> tuple[world.World, Path]:
    kept = tmp_path_factory.mktemp("commune")
    with module_database(), override_settings(HOME=kept), clock.at(world.local(MONDAY)):
        built = world.build()
        request_type.load()
        return built, kept


@pytest.fixture
def commune(_commune: tuple[world.World, Path], home: Path, db: None) -> Iterator[world.World]:
    """Khánh Hậu with its people, the test type loaded, the clock held on a Monday morning. Built once for a module."""
    built, kept = _commune
    shutil.copytree(kept, home, dirs_exist_ok=True)
    with clock.at(world.local(MONDAY)):
        yield copy.deepcopy(built)
