"""What an installation needs, looked at one by one: the database, its tables, keys, fonts, packs, the worker, the disk."""

import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from tinhso.config.procedures import faults_of, procedure_files
from tinhso.kernel.cases import api as cases
from tinhso.kernel.files import api as files
from tinhso.kernel.identity import api as identity
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.messages import api as messages
from tinhso.kernel.organisation import api as organisation
from tinhso.lib import clock

WORKER_AWAY = timedelta(minutes=5)
"""After this long without any periodic job the worker counts as gone."""
DISK_LOW, DISK_FULL = 5 * 1024**3, 512 * 1024**2
SHOWN = 5
"""How many of a kind of trouble are named."""


class Level(StrEnum):
    """How bad it is. Only FAIL makes the exit code 1."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what it is, how it stands, what was found, and what to do about it."""

    name: str
    level: Level
    text: str
    remedy: str = ""

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)


def ok(name: str, text: str) -> Finding:
    """All is well."""
    return Finding(name, Level.OK, text)


def look() -> Iterator[Finding]:
    """Everything, in the order in which to mend it. Writes nothing."""
    yield from (fonts(), screens(), disk(), keys(), packs())
    reached = database()
    yield reached
    if reached.level is Level.FAIL:
        return
    tables = migrations()
    yield tables
    if tables.level is Level.FAIL:
        return
    yield from _inside()


def _inside() -> Iterator[Finding]:
    """What only the tables can tell."""
    looks: tuple[Callable[[], Finding], ...] = (
        purpose,
        province,
        procedures,
        worker,
        followers,
        jobs,
        deliveries,
        contents,
        record,
        network,
    )
    for one in looks:
        yield one()


def database() -> Finding:
    """Whether the database answers, and which one it is."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT version()" if connection.vendor == "postgresql" else "SELECT sqlite_version()")
            version = str(cursor.fetchone()[0]).split(",")[0]
    except DatabaseError as error:
        said = str(error).strip().splitlines()[0]
        return Finding("database", Level.FAIL, f"it does not answer: {said}", "Look at DATABASE_URL, and whether it runs.")
    return ok(
        "database", version if connection.vendor == "postgresql" else f"SQLite {version}, {connection.settings_dict['NAME']}"
    )


def migrations() -> Finding:
    """Whether the tables are those of this version."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        first = ", ".join(f"{m.app_label}.{m.name}" for m, _ in waiting[:SHOWN])
        return Finding("tables", Level.FAIL, f"{len(waiting)} migrations wait ({first})", "Run: tinhso setup")
    return ok("tables", "as this version wants them")


def keys() -> Finding:
    """Whether the secrets are there and nobody else may read them."""
    folder = Path(settings.HOME) / "keys"
    private = sorted(folder.rglob("*.key"))
    loose = [path for path in private if stat.S_IMODE(path.stat().st_mode) & 0o077]
    if loose:
        names = " ".join(str(path) for path in loose[:SHOWN])
        return Finding("keys", Level.FAIL, f"{len(loose)} can be read by others", f"Run: chmod 600 {names}")
    if not (folder / "django.key").exists():
        return Finding("keys", Level.FAIL, f"none in {folder}", "Run tinhso setup, or restore them from the backup.")
    return ok("keys", f"{len(private)} in {folder}, readable by their owner only. Back them up apart from the database.")


def fonts() -> Finding:
    """Whether documents can be set."""
    found = sorted(Path(settings.FONTS_DIR).glob("*.*tf")) if Path(settings.FONTS_DIR).is_dir() else []
    if not found:
        return Finding(
            "fonts",
            Level.FAIL,
            f"none in {settings.FONTS_DIR}: no document can be made",
            "Run: python -m tinhso.config.frontend",
        )
    return ok("fonts", f"{len(found)} faces for documents")


def screens() -> Finding:
    """Whether the front-end files were built."""
    folder = Path(settings.ROOT) / "build" / "static"
    if not folder.is_dir():
        return Finding("screens", Level.FAIL, "their files were not built", "Run: python -m tinhso.config.frontend")
    return ok("screens", "built")


def packs() -> Finding:
    """Whether every procedure can be loaded."""
    found = procedure_files()
    faults = faults_of(found)
    if faults:
        return Finding("packs", Level.FAIL, "; ".join(faults[:SHOWN]), "Run: tinhso packs check")
    return ok("packs", f"{len(found)} procedures, no fault")


def disk() -> Finding:
    """How much room is left where files are kept."""
    free = shutil.disk_usage(settings.HOME if Path(settings.HOME).exists() else Path.cwd()).free
    said = f"{free / 1024**3:.1f} GiB free for {settings.HOME}"
    if free < DISK_FULL:
        return Finding(
            "disk", Level.FAIL, said, "Make room: uploads are refused when it is full; nothing acknowledged is lost."
        )
    if free < DISK_LOW:
        return Finding("disk", Level.WARN, said, "Make room soon.")
    return ok("disk", said)


def purpose() -> Finding:
    """A demonstration or the real thing."""
    if identity.is_demo():
        return Finding(
            "purpose", Level.WARN, "a demonstration: anybody may sign in as anybody", "Never use it for real dossiers."
        )
    return ok("purpose", "a real installation")


def province() -> Finding:
    """Whom it serves."""
    code = organisation.home_province()
    if code is None:
        return Finding("province", Level.FAIL, "none is set up", "Run: tinhso setup (or tinhso demo)")
    return ok("province", f"{organisation.area(code).title} ({code})")


def procedures() -> Finding:
    """What can be filed today."""
    there = cases.case_types()
    if not there:
        return Finding("procedures", Level.FAIL, "none is loaded", "Run: tinhso packs load")
    return ok("procedures", f"{len(there)} in force today")


def worker() -> Finding:
    """Whether a worker has been seen lately."""
    ends = [state.finished_at for state in ledger.periodic_states() if state.finished_at]
    if not ends:
        return Finding("worker", Level.WARN, "none has ever worked here", "Run tinhso serve, or tinhso worker as a service.")
    away = clock.now() - max(ends)
    if away > WORKER_AWAY:
        said = f"none seen for {int(away.total_seconds() // 60)} minutes: nobody is notified, no deadline is watched"
        return Finding("worker", Level.WARN, said, "Start it: systemctl start tinhso, or tinhso serve.")
    return ok("worker", f"seen {max(0, int(away.total_seconds()))} seconds ago")


def followers() -> Finding:
    """Whether the readers of the record keep up."""
    states = ledger.follower_states()
    stuck = [state for state in states if state.error]
    if stuck:
        said = "; ".join(f"{state.name} waits at {state.position}: {state.error}" for state in stuck[:SHOWN])
        return Finding("readers", Level.FAIL, said, "Mend the cause; it is tried again by itself and skips nothing.")
    return ok("readers", f"{len(states)} keep up, at most {max((s.behind for s in states), default=0)} entries behind")


def jobs() -> Finding:
    """Whether the periodic jobs end well."""
    broken = [state for state in ledger.periodic_states() if state.error]
    if broken:
        said = "; ".join(f"{state.name}: {state.error}" for state in broken[:SHOWN])
        return Finding("jobs", Level.FAIL, said, "Look into the worker's log.")
    return ok("jobs", "the last run of each ended well")


def deliveries() -> Finding:
    """Whether messages reach people."""
    failed = messages.failed_deliveries(limit=100)
    if failed:
        said = f"{len(failed)} could not be delivered (latest: {failed[0].channel}, {failed[0].error_code})"
        return Finding("messages", Level.WARN, said, "Look at TINHSO_SMTP_*; the notice itself is in the portal all the same.")
    return ok("messages", "none failed")


def contents() -> Finding:
    """Whether every file that was stored is still on the disk."""
    missing = files.missing_contents()
    if missing:
        ids = ", ".join(damage.file for damage in missing[:SHOWN])
        return Finding(
            "files", Level.FAIL, f"{len(missing)} have lost their content ({ids})", "Restore HOME/files from the backup."
        )
    return ok("files", "all contents are there")


def record() -> Finding:
    """The head of the record, to be kept elsewhere."""
    head = ledger.head()
    if head is None:
        return ok("record", "nothing sealed yet")
    return ok("record", f"{head.size} entries sealed, head {head.size}:{head.root}. Prove it with: tinhso ledger verify")


def network() -> Finding:
    """Whether people can reach it safely."""
    if identity.is_demo():
        return ok("network", "a demonstration needs no more")
    if not settings.HTTPS:
        return Finding(
            "network", Level.WARN, "sign-ins are not protected by https", "Put a TLS proxy before it, set TINHSO_HTTPS=1."
        )
    if not settings.SITE_URL:
        return Finding("network", Level.WARN, "papers and mails carry no address", "Set TINHSO_SITE_URL=https://…")
    return ok("network", settings.SITE_URL)
