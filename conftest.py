"""Fixtures for every test: a clean home, a real database that commits, the fixed number of statements."""

import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
import pytest_django.fixtures
from django.conf import settings
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import translation


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


def _postgres(statement: str) -> None:
    """Run a statement that needs its own connection outside the databases concerned."""
    import psycopg

    params = connection.get_connection_params() | {"dbname": "postgres"}
    params = {k: v for k, v in params.items() if k in {"dbname", "user", "password", "host", "port"}}
    with psycopg.connect(autocommit=True, **params) as admin:
        for attempts_left in (4, 3, 2, 1, 0):
            try:
                admin.execute(statement)
            except psycopg.errors.ObjectInUse:  # a vacuum is looking at the template: it goes away by itself
                if not attempts_left:
                    raise
                time.sleep(1)
            else:
                return


@pytest.fixture
def fresh_database(django_db_setup: None, django_db_blocker: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A committed database of this test alone, copied from the migrated template; yields its name.

    For what a rolled-back transaction can't show: threads, other processes, live servers, raw tampering. (Django's own
    flush is refused by the ledger's triggers, and rightly.) Not to be mixed with the ``db`` fixture.
    """
    base = settings.DATABASES["default"]
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        template = connection.settings_dict["NAME"]
        if connection.vendor == "sqlite":  # else what a connection elsewhere holds open stays in the log beside the file
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connections.close_all()
        if connection.vendor == "sqlite":
            name = str(tmp_path / "fresh.sqlite3")
            shutil.copy(template, name)
        else:
            name = f"fresh_{uuid.uuid4().hex[:12]}"
            _postgres(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        connection.settings_dict["NAME"] = base["NAME"] = name
        try:
            yield name
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = base["NAME"] = template
            if connection.vendor == "postgresql":
                _postgres(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


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
