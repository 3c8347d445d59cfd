"""Fixtures for every test: a clean home, a real database that commits, the fixed number of statements."""

import copy
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_django.fixtures
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import translation

from tests import databases

if TYPE_CHECKING:
    from tests.world import World

TOUCHES_A_DATABASE = {"db", "transactional_db", "fresh_database", "module_database", "django_db_setup", "live_server"}
"""Fixtures without which a test can't reach the database: pytest-django refuses it any other way."""


def pytest_configure() -> None:
    """Have a database prepared for ``fresh_database`` too: pytest-django looks for fixtures of its own names only."""
    pytest_django.fixtures._get_databases_for_setup = lambda items: ({"default"}, set())


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--only-database``: what ``bin/test`` runs on its second database."""
    parser.addoption("--only-database", action="store_true", help="leave out tests that touch no database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, if so asked, what would only prove the same again. The marker ``database`` is for tests that start a program
    which opens the database itself."""
    if not config.getoption("--only-database"):
        return

    def touches(item: pytest.Item) -> bool:
        marked = any(item.get_closest_marker(name) for name in ("django_db", "database", "postgres"))
        return marked or not TOUCHES_A_DATABASE.isdisjoint(getattr(item, "fixturenames", ()))

    config.hook.pytest_deselected(items=[item for item in items if not touches(item)])
    items[:] = [item for item in items if touches(item)]


def pytest_report_header() -> str:
    """Name the database under test, so that a log says which of the two it was."""
    return f"database: {settings.DATABASES['default']['ENGINE'].rsplit('.', 1)[-1]}"


@pytest.fixture(autouse=True)
def _in_vietnamese() -> Iterator[None]:
    """Each test begins in Vietnamese."""
    with translation.override("vi"):
        yield


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """What a process keeps for some seconds is no test's but its own."""
    from tinhso.kernel.organisation import queries
    from tinhso.ui import site

    queries._kept.clear()
    site._kept.clear()


@pytest.fixture
def fresh_database(django_db_setup: None, django_db_blocker: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A committed database of this test alone (:mod:`tests.databases`); yields its name. Not to be mixed with ``db``."""
    assert not connection.in_atomic_block, "a module that shares its database (module_database) can't have a fresh one too"
    with django_db_blocker.unblock(), databases.copied(tmp_path) as name:  # type: ignore[attr-defined]
        yield name


@pytest.fixture
def statements() -> Callable[[int], AbstractContextManager[list[str]]]:
    """``with statements(12): …`` asserts at most that many SQL statements; transaction control is not counted."""

    @contextmanager
    def at_most(number: int) -> Iterator[list[str]]:
        seen: list[str] = []
        with CaptureQueriesContext(connection) as captured:
            yield seen
        control = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
        seen += [q["sql"] for q in captured.captured_queries if not q["sql"].upper().startswith(control)]
        listing = "\n".join(f"{i:2} {sql[:200]}" for i, sql in enumerate(seen, 1))
        assert len(seen) <= number, f"{len(seen)} statements, at most {number} allowed:\n{listing}"

    return at_most


@pytest.fixture(scope="module")
def module_database(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest
) -> Iterator[Callable[[], AbstractContextManager[None]]]:
    """What is written in ``with module_database():`` is there for each test of the module, and gone after its last.

    One transaction lies around them all; each test's own (the ``db`` fixture) is rolled back inside it.
    """
    unblock = django_db_blocker.unblock  # type: ignore[attr-defined]
    with unblock():
        around = transaction.atomic()
        around.__enter__()
    yield unblock
    with unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture(scope="module")
def country(module_database: Callable[[], AbstractContextManager[None]]) -> None:
    """The areas of the whole country, loaded once for the module."""
    from tests import world
    from tinhso.kernel.organisation import api as organisation

    with module_database():
        organisation.load_areas(world.SYSTEM)


@pytest.fixture(scope="module")
def _open_commune(
    module_database: Callable[[], AbstractContextManager[None]], tmp_path_factory: pytest.TempPathFactory
) -> "tuple[World, Path]":
    from tests import dossiers, world
    from tinhso.lib import clock

    home = tmp_path_factory.mktemp("commune")
    with module_database(), override_settings(HOME=home), clock.at(world.local(dossiers.MORNING)):
        return dossiers.open_commune(), home


@pytest.fixture
def open_commune(_open_commune: "tuple[World, Path]", db: None, settings: object, tmp_path: Path) -> "Iterator[World]":
    """Khánh Hậu on the morning of 2/11/2026, its permit loaded, its leader and agencies able to sign; built once a module."""
    from tests import dossiers, world
    from tinhso.lib import clock

    built, kept = _open_commune
    shutil.copytree(kept, tmp_path, dirs_exist_ok=True)
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    with clock.at(world.local(dossiers.MORNING)):
        yield copy.deepcopy(built)
