"""Drives the real server over HTTP and says what it did: rates, times, processor time, memory, beside the raw driver's ceiling.

The server is the product's own (`tinhso serve`'s web and worker, as processes), the clients are processes of their own
(:mod:`tinhso.config.client`), the database is a throw-away one. What the machine does beside is in every figure: read
processor time for one request where it is crowded.
"""

import json
import os
import socket
import statistics
import subprocess  # our own command lines, in a home of their own
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from tinhso.config import filling
from tinhso.config.client import attachment
from tinhso.config.demo.province import SYSTEM, Model
from tinhso.config.measuring import BUDGETS, Writes
from tinhso.config.processes import children
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import CaseRef, Channel
from tinhso.kernel.files import api as files
from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.types import AccountKind, PartyKind
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor
from tinhso.ui.access import SECOND_FACTOR_KEY

PROCEDURE = Path(settings.ROOT) / "bench" / "procedure.yaml"
TYPE = "bench-request"
PAPERS = ("plan", "proof")
HOST = "127.0.0.1"
LINGER = 3.0
"""Seconds that the worker gets to finish before it is asked how late it was."""


@dataclass(frozen=True, slots=True)
class Rate:
    """One figure of the load. ``kept`` is None where there is no budget."""

    name: str
    what: str
    value: float
    unit: str
    budget: float | None
    kept: bool | None
    more: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What to drive: seconds for each phase, clients, web processes, cases stored beforehand."""

    seconds: float
    clients: int
    workers: int
    cases: int


@dataclass
class Server:
    """Web and worker as the product starts them."""

    port: int
    processes: dict[str, "subprocess.Popen[bytes]"]

    def stop(self, *names: str) -> None:
        """End some of them, or all."""
        for name in names or list(self.processes):
            process = self.processes.pop(name)
            process.terminate()
            process.wait(30)

    def seconds(self, name: str) -> float:
        """Processor time that a process and its children have used, where the system tells (Linux)."""
        ticks = 0
        for pid in _family(self.processes[name].pid):
            stat = Path(f"/proc/{pid}/stat")
            if stat.exists():
                ticks += sum(map(int, stat.read_text().rpartition(")")[2].split()[11:13]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def megabytes(self) -> float:
        """Memory of all of them; what they share is counted once for each share."""
        size = 0
        for process in self.processes.values():
            for pid in _family(process.pid):
                rollup = Path(f"/proc/{pid}/smaps_rollup")
                if rollup.exists():
                    size += sum(int(line.split()[1]) for line in rollup.read_text().splitlines() if line.startswith("Pss:"))
        return size / 1024


def _family(pid: int) -> Iterator[int]:
    yield pid
    told = Path(f"/proc/{pid}/task/{pid}/children")
    for child in told.read_text().split() if told.exists() else ():
        yield from _family(int(child))


@contextmanager
def serving(workers: int) -> Iterator[Server]:
    """The product's own processes on a free port."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = int(free.getsockname()[1])
    found = {child.name: subprocess.Popen(child.command) for child in children(HOST, port, workers, 2)}  # noqa: S603  ours
    server = Server(port, found)
    try:
        _wait_for(port)
        yield server
    finally:
        server.stop()


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/api/v1/procedures", timeout=10):
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def session_of(account_id: str) -> str:
    """The cookie of somebody who has signed in, second factor included."""
    account = identity.account(account_id)
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session[SECOND_FACTOR_KEY] = True
    session.save()
    return str(session.session_key)


class Load:
    """One run."""

    def __init__(self, model: Model, wishes: Wishes, say: Callable[[str], None]) -> None:
        self.model, self.wishes, self.say = model, wishes, say
        self.budgets: dict[str, dict[str, Any]] = yaml.safe_load(BUDGETS.read_text("utf-8"))["load"]
        self.data = answers(model.seat.commune.code)
        self.rates: list[Rate] = []
        self.writes: list[tuple[int, int]] = []

    def run(self) -> list[Rate]:
        """All of it: fill, serve, drive, seal, and the ceiling."""
        citizens = self._prepare()
        staff = {role: session_of(workers[0].account) for role, workers in self.model.seat.staff.items() if workers}
        with serving(self.wishes.workers) as server:
            self._note("memory_at_rest", server.megabytes())
            jobs = [{"kind": "create", "session": session, **self._creating()} for session in citizens]
            made = self._drive(server, "create", jobs)
            time.sleep(LINGER)
            self._note("sealed", _lateness())
            self._lists(server, staff)
            self._move(server, made, staff)
            self._note("memory_after_load", server.megabytes())
            server.stop("worker")
            self._drive(server, "", jobs)
        self._follow()
        self._ceiling()
        return self.rates

    def _prepare(self) -> list[str]:
        cases.load_packs(SYSTEM, [PROCEDURE])
        citizens = []
        for number in range(self.wishes.clients):
            party = identity.register_party(SYSTEM, PartyKind.PERSON, f"Nguyễn Thị Đo {number}", "", f"09123456{number:02}")
            account = identity.create_account(SYSTEM, AccountKind.CITIZEN, f"bench.{number}", f"Người đo {number}", party=party)
            citizens.append(account.id)
        counted = Writes()
        actor = identity.actor_for(identity.account(citizens[0]))
        with connection.execute_wrapper(counted):
            filed = self._file(actor)
        self.writes = counted.told
        if self.wishes.cases:
            self.say(f"Storing {self.wishes.cases:,} cases …")
            filling.fill(self.wishes.cases, filed, self._handled(self._file(actor)))
        self.say("Letting the worker's work of so far be done …")
        while ledger.work_once():
            pass
        return [session_of(account) for account in citizens]

    def _file(self, actor: Actor) -> CaseRef:
        papers = {code: [files.store(actor, "a.pdf", attachment(), f"upload:{actor.id}").id] for code in PAPERS}
        key = f"bench:{os.urandom(8).hex()}"
        return cases.file_case(actor, TYPE, self.data, papers, Channel.ONLINE, str(actor.party), key)

    def _handled(self, ref: CaseRef) -> CaseRef:
        staff = self.model.seat.staff
        cases.perform(staff["services.intake"][0].actor, ref.id, "receive")
        handler = f"account:{staff['services.handler'][0].account}"
        return cases.perform(staff["services.head"][0].actor, ref.id, "assign", {"assignee": handler})

    def _creating(self) -> dict[str, Any]:
        return {"procedure": TYPE, "data": self.data, "papers": PAPERS}

    def _drive(self, server: Server, name: str, jobs: list[dict[str, Any]]) -> list[tuple[str, int]]:
        """Let clients work side by side; notes the rate under ``name``. Gives what they made."""
        used, start = server.seconds("web"), time.perf_counter()
        told = _clients([{**job, "host": HOST, "port": server.port, "seconds": self.wishes.seconds} for job in jobs])
        spent = sorted(one for answer in told for one in answer["spent"])
        if name and spent:
            seconds = max(sum(answer["spent"]) for answer in told)
            web = (server.seconds("web") - used) * 1000 / len(spent)
            more = {"cpu_ms": web, **_quantiles(spent), "wall_s": time.perf_counter() - start}
            self._note(name, len(spent) / seconds, more)
        return [(code, version) for answer in told for code, version in answer["made"]]

    def _lists(self, server: Server, staff: Mapping[str, str]) -> None:
        for name, role, path in (
            ("inbox_by_status", "services.intake", "/lam-viec/ds/to_receive/"),
            ("inbox_by_handler", "services.handler", "/lam-viec/ds/mine/"),
        ):
            rows = 20 if self.wishes.cases >= filling.COMMUNES * filling.OPEN * 60 else 0
            jobs = [{"kind": "inbox", "session": staff[role], "path": path, "rows": rows}] * self.wishes.clients
            self._drive(server, name, jobs)
            last = self.rates.pop()
            self._note(name, last.more["p95_ms"], {**last.more, "per_second": last.value})

    def _move(self, server: Server, made: list[tuple[str, int]], staff: Mapping[str, str]) -> None:
        shares = [made[place :: self.wishes.clients] for place in range(self.wishes.clients)]
        people = {"session": staff["services.intake"], "head": staff["services.head"]}
        assignee = f"account:{self.model.seat.staff['services.handler'][0].account}"
        self._drive(server, "move", [{"kind": "move", "cases": share, "assignee": assignee, **people} for share in shares])

    def _follow(self) -> None:
        """What the worker does, by itself: everything that clients made since it was stopped."""
        start, used, sealed = time.perf_counter(), time.process_time(), 0
        while number := ledger.seal():
            sealed += number
        self._note("seal", sealed / (time.perf_counter() - start), _each(sealed, used))
        start, used, handled = time.perf_counter(), time.process_time(), 0
        while number := ledger.run_followers():
            handled += number
        self._note("follow", handled / (time.perf_counter() - start), _each(handled, used))

    def _ceiling(self) -> None:
        folder = Path(settings.HOME) / "raw"
        folder.mkdir(exist_ok=True)
        place = os.environ.get("DATABASE_URL") or str(settings.DATABASES["default"]["NAME"])
        job = {"kind": "raw", "database": place, "folder": str(folder), "papers": PAPERS, "writes": self.writes}
        told = _clients([{**job, "seconds": self.wishes.seconds}] * self.wishes.clients)
        spent = sorted(one for answer in told for one in answer["spent"])
        ceiling = len(spent) / max(sum(answer["spent"]) for answer in told)
        self._note("ceiling", ceiling, _quantiles(spent))
        created = next(rate.value for rate in self.rates if rate.name == "create")
        self._note("create_share", 100 * created / ceiling)

    def _note(self, name: str, value: float, more: Mapping[str, float] | None = None) -> None:
        budget = self.budgets[name]
        limit = budget.get("least", budget.get("most"))
        kept = None if limit is None else (value >= limit if "least" in budget else value <= limit)
        self.rates.append(Rate(name, budget["what"], value, budget["unit"], limit, kept, more or {}))
        self.say(f"{name}: {value:.1f} {budget['unit']}")


def answers(commune: str) -> dict[str, object]:
    """Ten answers."""
    return {
        "commune": commune,
        "subject": "Đề nghị đo tốc độ của hệ thống trên một máy hai nhân",
        "street": "Nguyễn Thị Minh Khai",
        "number": "123/4",
        "area": 100.5,
        "storeys": 3,
        "kind": "new",
        "urgent": True,
        "why": "Để biết hệ thống nhận được bao nhiêu hồ sơ trong một giây.",
        "wanted_on": "2026-12-24",
    }


def _clients(jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One process for each job; their answers."""
    command = [sys.executable, "-m", "tinhso.config.client"]
    started = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in jobs]  # noqa: S603  ours
    for process, job in zip(started, jobs, strict=True):
        assert process.stdin is not None
        process.stdin.write(json.dumps(job).encode())
        process.stdin.close()
    told = []
    for process in started:
        assert process.stdout is not None
        told.append(process.stdout.read())
        if process.wait():
            raise RuntimeError("a client failed; its message is above")
    return [json.loads(text) for text in told]


def _each(number: int, used: float) -> dict[str, float]:
    """How many, and our processor time for each."""
    return {"entries": number, "cpu_ms": (time.process_time() - used) * 1000 / max(number, 1)}


def _quantiles(spent: list[float]) -> dict[str, float]:
    if not spent:
        return {}
    return {"p50_ms": statistics.median(spent) * 1000, "p95_ms": spent[min(len(spent) - 1, int(len(spent) * 0.95))] * 1000}


def _lateness() -> float:
    """By how many milliseconds 95 of 100 entries were sealed after they were written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.recorded_at, (SELECT h.signed_at FROM ledger_head h WHERE h.size > s.position ORDER BY h.size LIMIT 1) "
            "FROM ledger_seal s JOIN ledger_entry e ON e.id = s.entry_id WHERE e.kind = 'cases.filed' "
            "ORDER BY s.position DESC LIMIT 2000"
        )
        rows = cursor.fetchall()
    late = sorted((_instant(sealed) - _instant(written)).total_seconds() * 1000 for written, sealed in rows)
    return late[min(len(late) - 1, int(len(late) * 0.95))] if late else 0.0


def _instant(told: datetime | str) -> datetime:
    """SQLite keeps instants as text."""
    return datetime.fromisoformat(told) if isinstance(told, str) else told
