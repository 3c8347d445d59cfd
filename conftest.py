"""Fixtures for every test: a clean home, a real database that commits, the fixed number of statements."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
import pytest_django.fixtures
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests import databases


def pytest_configure() -> None:
    """Have a database prepared for ``fresh_database`` too: pytest-django looks for fixtures of its own names only."""
    pytest_django.fixtures._get_databases_for_setup = lambda items: ({"default"}, set())


def pytest_report_header() -> str:
    """Name the database under test, so that a log says which of the two it was."""
    return f"database: {settings.DATABASES['default']['ENGINE'].rsplit('.', 1)[-1]}"


@pytest.fixture(autouse=True)
def _in_vietnamese() -> Iterator[None]:
    """Each test begins in Vietnamese."""
    with translation.override("vi"):
        yield


@pytest.fixture(autouse=True)
def _unremembered() -> Iterator[None]:
    """Each test begins with no site remembered: one that asked for a longer memory leaves none to the next."""
    from tinhso.ui import site

    site._kept.clear()
    yield


@pytest.fixture
def fresh_database(django_db_setup: None, django_db_blocker: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A committed database of this test alone (:mod:`tests.databases`); yields its name. Not to be mixed with ``db``."""
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
