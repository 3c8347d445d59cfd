"""Opens a demonstration: finds out what the database is, raises the model province in it, lets it play, or leaves it alone."""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, connections

from tinhso.config.demo.events import DemoCompleted
from tinhso.config.demo.hours import end_of_play
from tinhso.config.demo.play import SPAN, Play, play, work
from tinhso.config.demo.province import SYSTEM, raise_model
from tinhso.kernel.identity import api as identity
from tinhso.kernel.ledger import api as ledger
from tinhso.lib import clock

STREAM = "demo:opening"
MARK = "identity_demomark"
Step = Callable[[str, float], None]
"""Told what goes on and which share of the whole is done."""
DOSSIERS = 1000
"""How many there are when nobody says otherwise: raised within a minute and a half on two quiet cores."""
BEFORE_PLAY, PLAYING = 0.12, 0.78
"""Shares of the bar: what comes before the first move, and all moves together."""


class Found(StrEnum):
    """What is in the database."""

    EMPTY = "empty"
    FOREIGN = "foreign"
    """Tables of something else."""
    REAL = "real"
    """People or entries, and no mark: a real installation, or the beginning of one."""
    INTERRUPTED = "interrupted"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to raise: an area code of a province, how many dossiers, the seed that everything invented follows from, and how
    many days up to today the story covers."""

    province: str = "80"
    dossiers: int = DOSSIERS
    seed: int = 1
    days: int = SPAN


def look() -> Found:
    """What the database holds now. Writes nothing."""
    tables = set(connection.introspection.table_names())
    if not tables:
        return Found.EMPTY
    if MARK not in tables:
        # Our own migrations may have been interrupted before they came to that table: then nothing is in the others yet.
        return Found.EMPTY if tables <= _before_the_mark() else Found.FOREIGN
    if identity.is_demo():
        return Found.COMPLETE if _completed() else Found.INTERRUPTED
    with connection.cursor() as cursor:
        for table in ("identity_account", "ledger_entry", "organisation_unit"):
            cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1')  # noqa: S608  names of our own
            if cursor.fetchone():
                return Found.REAL
    return Found.EMPTY


def _before_the_mark() -> set[str]:
    return {"django_migrations", "django_content_type", "django_cache"} | {
        table for table in connection.introspection.django_table_names() if table.startswith(("ledger_", "organisation_"))
    }


def _completed() -> bool:
    try:
        return bool(ledger.history(STREAM, [DemoCompleted.kind]))
    except DatabaseError:  # migrations of this version are not there yet
        return False


def completed_as() -> Wanted:
    """What the demonstration in this database was raised as."""
    data = ledger.history(STREAM, [DemoCompleted.kind])[-1].data
    return Wanted(str(data["province"]), int(data["dossiers"]), int(data["seed"]), int(data["days"]))


def raise_demo(wanted: Wanted, step: Step) -> Play:
    """Raise the model and play. The database is empty, or of an earlier version of the tables."""
    now = clock.now()
    step("tables", 0.01)
    call_command("migrate", verbosity=0, interactive=False)
    with unhurried():
        before = now - timedelta(days=wanted.days + 14)
        with clock.at(before):
            identity.mark_as_demo(SYSTEM)  # first of all, so that an interrupted beginning is known for what it is
            communes = max(3, wanted.dossiers // 25)
            parts = iter(range(1, 1000))
            whole = min(communes, 200) + 4
            model = raise_model(
                wanted.province, wanted.seed, communes, lambda part: step(part, 0.04 + 0.08 * min(1.0, next(parts) / whole))
            )
        end = end_of_play(now)
        made = play(model, wanted.dossiers, wanted.seed, end, wanted.days)
        planned = max(made.planned, 1)
        made.run(lambda: step("dossiers", BEFORE_PLAY + PLAYING * made.moves / planned))
        step("the record", BEFORE_PLAY + PLAYING)
        work()
        with ledger.acting(SYSTEM):
            done = DemoCompleted(wanted.province, wanted.seed, len(made.lives), wanted.days, clock.today())
            ledger.append(STREAM, done, after=0)
        while ledger.seal():
            pass
    step("", 1.0)
    return made


@contextlib.contextmanager
def unhurried() -> Iterator[None]:
    """Let this session commit without waiting for the disk: what is lost in a power cut is raised again from the start."""
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off" if postgres else "PRAGMA synchronous = OFF")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit" if postgres else "PRAGMA synchronous = FULL")
            if not postgres:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def wipe() -> None:
    """Empty the database of a demonstration. Refuses any other: RuntimeError."""
    if not identity.is_demo():
        raise RuntimeError("only a database marked as a demonstration is ever emptied")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        connections.close_all()
        return
    name = Path(connection.settings_dict["NAME"])
    connections.close_all()
    for ending in ("", "-wal", "-shm"):
        name.with_name(name.name + ending).unlink(missing_ok=True)
    home = Path(settings.HOME)
    if name.parent == home:  # the files beside it were this database's and nobody else's
        for folder in ("files", "mail"):
            shutil.rmtree(home / folder, ignore_errors=True)
