"""Databases that commit, copied from one that is ready: what a rolled-back transaction can't show needs them.

Threads, other processes, live servers, raw tampering. Django's own flush is refused by the ledger's triggers, and rightly.
"""

import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, connections


def postgres(statement: str) -> None:
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


def made_from(template: str, folder: Path) -> str:
    """A copy of a database (SQLite: a file in ``folder``), not in use yet; gives its name. :func:`drop` takes it away."""
    if connection.vendor == "sqlite" and connection.settings_dict["NAME"] == template:
        with connection.cursor() as cursor:  # else what a connection elsewhere holds open stays in the log beside the file
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connections.close_all()
    if connection.vendor == "sqlite":
        return str(shutil.copy(template, folder / "fresh.sqlite3"))
    name = f"fresh_{uuid.uuid4().hex[:12]}"
    postgres(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return name


def drop(name: str) -> None:
    """Take a copy away again; a file goes with its folder."""
    if connection.vendor == "postgresql":
        postgres(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def used(name: str) -> Iterator[str]:
    """Every connection, in every thread, is to this database until the end."""
    base = settings.DATABASES["default"]
    before, template = base["NAME"], connection.settings_dict["NAME"]
    connections.close_all()
    connection.settings_dict["NAME"] = base["NAME"] = name
    try:
        yield name
    finally:
        connections.close_all()
        connection.settings_dict["NAME"], base["NAME"] = template, before


@contextmanager
def copied(folder: Path, template: str = "") -> Iterator[str]:
    """A copy of a database (by itself: of the one in use), in use in its place until the end; yields its name."""
    name = made_from(template or str(connection.settings_dict["NAME"]), folder)
    try:
        with used(name):
            yield name
    finally:
        drop(name)
