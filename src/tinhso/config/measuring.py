"""Measures this machine against the product's budgets: each of our operations beside the least that the same work could cost.

The floor of an operation is measured in the same run on the same disk and database: the same number of rows and bytes by the
raw driver in one durable transaction, the same files written and fsynced, the same hash or the same key. A budget is the
ratio of ours to the floor, so that it means the same on a fast machine and on a slow one.
"""

import hashlib
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from tinhso.config.demo import papers, people
from tinhso.config.demo.play import TYPE
from tinhso.config.demo.province import SYSTEM, Model, raise_model
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import CaseRef, Channel
from tinhso.kernel.files import api as files
from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.types import PartyKind
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor
from tinhso.lib import clock

BUDGETS = Path(settings.ROOT) / "bench" / "budgets.yaml"
WRITES = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured operation. Times are milliseconds, medians; ``floor`` is the least the same work could cost."""

    name: str
    what: str
    ours: float
    slowest: float
    floor: float
    rounds: int
    budget: float

    @property
    def ratio(self) -> float:
        """How many times the floor we take."""
        return self.ours / self.floor if self.floor else 0.0

    @property
    def kept(self) -> bool:
        """Whether the budget is kept."""
        return self.ratio <= self.budget


@dataclass
class Weight:
    """What an operation wrote: rows and bytes, as the driver saw them."""

    rows: int = 0
    size: int = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Django's wrapper around a statement: count what is written."""
        if sql.lstrip().upper().startswith(WRITES):
            sets = params if many else [params or ()]
            for values in sets:
                self.rows += max(1, sql.count("),(") + sql.count("), (") + 1)
                self.size += sum(len(str(value)) for value in values)
        return execute(sql, params, many, context)


@dataclass
class Writes:
    """What each statement of an operation wrote: (rows, bytes), so that the raw driver can write the same."""

    told: list[tuple[int, int]] = field(default_factory=list)

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Django's wrapper around a statement."""
        if sql.lstrip().upper().startswith(WRITES):
            values = list(params or ())
            rows = len(values[0]) if values and isinstance(values[0], list) else sql.count("), (") + 1
            self.told.append((rows, sum(len(str(value)) for value in values)))
        return execute(sql, params, many, context)


@dataclass
class Bench:
    """One run in a throw-away database and home."""

    seconds: float
    model: Model
    source: Random = field(default_factory=lambda: Random(1))  # noqa: S311  invented people
    filed: list[CaseRef] = field(default_factory=list)
    drawn: list[tuple[str, bytes]] = field(default_factory=list)
    number: int = 0

    def run(self) -> Iterator[Figure]:
        """Every figure in turn."""
        budgets = yaml.safe_load(BUDGETS.read_text("utf-8"))["operations"]
        for name, measure in MEASURES.items():
            ours, floor = measure(self)
            middle, slowest = _middle(ours)
            lowest = _middle(floor)[0]
            yield Figure(name, budgets[name]["what"], middle, slowest, lowest, len(ours), float(budgets[name]["ratio"]))

    def timed(self, do: Callable[[], object], least: int = 3) -> list[float]:
        """Milliseconds of each round, for about as long as was asked."""
        do()  # warm
        spent: list[float] = []
        until = time.perf_counter() + self.seconds
        while len(spent) < least or time.perf_counter() < until:
            start = time.perf_counter()
            do()
            spent.append((time.perf_counter() - start) * 1000)
        return spent

    def intake(self) -> Actor:
        """The one-stop officer of the seat."""
        return self.model.seat.staff["services.intake"][0].actor

    def file_one(self) -> CaseRef:
        """Store the papers of a house and hand it in at the counter."""
        self.number += 1
        seat = self.model.seat
        actor = self.intake()
        someone = people.citizen(self.source, self.number, seat.commune, self.model.province.title)
        house = people.house(self.source, someone, seat.commune)
        party = identity.register_party(actor, PartyKind.PERSON, someone.name, someone.identifier, someone.phone)
        given = {}
        for place, rule in enumerate(r for r in cases.papers_asked(TYPE, house.answers) if r.required):
            name, data = self.drawn[place % len(self.drawn)]
            unlike = data + b"\n%" + os.urandom(8).hex().encode()
            given[rule.code] = [files.store(actor, name, unlike, "case:new").id]
        return cases.file_case(actor, TYPE, house.answers, given, Channel.COUNTER, party, f"bench:{self.number}")

    def draw(self) -> None:
        """Papers to hand in, drawn once."""
        seat = self.model.seat
        someone = people.citizen(self.source, 0, seat.commune, self.model.province.title)
        house = people.house(self.source, someone, seat.commune)
        self.drawn = [
            papers.draw(code, someone, house, seat.commune, clock.today())
            for code in ("land_right", "drawing_plan", "drawing_elevations", "drawing_foundation")
        ]


def _middle(spent: list[float]) -> tuple[float, float]:
    ordered = sorted(spent)
    return statistics.median(ordered), ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def raw_rows(rows: int, size: int) -> None:
    """Write as many rows and bytes by the driver alone, in one durable transaction."""
    body = "x" * max(1, size // max(rows, 1))
    with transaction.atomic(), connection.cursor() as cursor:
        for _ in range(rows):
            cursor.execute("INSERT INTO bench_raw (body) VALUES (%s)", [body])


def raw_file(folder: Path, data: bytes) -> None:
    """Write a file so that it survives a power cut: temporary name, fsync, rename, fsync of the folder."""
    folder.mkdir(exist_ok=True)
    target = folder / os.urandom(8).hex()
    handle = os.open(target.with_suffix(".new"), os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        os.write(handle, data)
        os.fsync(handle)
    finally:
        os.close(handle)
    target.with_suffix(".new").rename(target)
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)


def _filing(bench: Bench) -> tuple[list[float], list[float]]:
    weight = Weight()
    with connection.execute_wrapper(weight):
        bench.filed.append(bench.file_one())
    ours = bench.timed(lambda: bench.filed.append(bench.file_one()))
    folder = Path(settings.HOME) / "raw"

    def floor() -> None:
        for _, data in bench.drawn:
            raw_file(folder, data)
        raw_rows(weight.rows, weight.size)

    return ours, bench.timed(floor)


def _moving(bench: Bench) -> tuple[list[float], list[float]]:
    """A plain move, without paper: giving a received dossier to another handler and back."""
    seat = bench.model.seat
    head, handlers = seat.staff["services.head"][0].actor, seat.staff["services.handler"]
    case = bench.filed[0]
    cases.perform(bench.intake(), case.id, "receive", {})
    cases.perform(head, case.id, "assign", {"assignee": f"account:{handlers[0].account}"})
    turn = iter(range(1, 1_000_000))

    def reassign() -> None:
        cases.perform(head, case.id, "reassign", {"assignee": f"account:{handlers[next(turn) % 2].account}"})

    weight = Weight()
    with connection.execute_wrapper(weight):
        reassign()
    return bench.timed(reassign), bench.timed(lambda: raw_rows(weight.rows, weight.size))


def _inbox(bench: Bench) -> tuple[list[float], list[float]]:
    client = Client(headers={"host": "127.0.0.1"})
    client.post("/account/sign-in/demo/", {"who": "tam"})

    def page() -> None:
        answer = client.get("/lam-viec/")
        if answer.status_code != 200:
            raise RuntimeError(f"the inbox answers {answer.status_code}")

    asked: list[tuple[str, Any]] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT"):
            asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        page()

    def floor() -> None:
        with connection.cursor() as cursor:
            for sql, params in asked:
                cursor.execute(sql, params)
                cursor.fetchall()

    return bench.timed(page), bench.timed(floor)


def _record(_bench: Bench) -> tuple[list[float], list[float]]:
    while ledger.seal():
        pass
    size = max(ledger.sealed_size(), 1)
    start = time.perf_counter()
    if not ledger.verify().ok:
        raise RuntimeError("the record does not verify")
    ours = (time.perf_counter() - start) * 1000 / size
    content = b"x" * 600
    start = time.perf_counter()
    for _ in range(size):
        hashlib.sha256(content).digest()
    return [ours], [(time.perf_counter() - start) * 1000 / size]


def _printing(bench: Bench) -> tuple[list[float], list[float]]:
    seat = bench.model.seat
    someone = people.citizen(bench.source, 1, seat.commune, bench.model.province.title)
    house = people.house(bench.source, someone, seat.commune)
    data = bench.drawn[0][1]
    ours = bench.timed(lambda: papers.draw("land_right", someone, house, seat.commune, clock.today()))
    return ours, bench.timed(lambda: raw_file(Path(settings.HOME) / "raw", data))


def _signing(bench: Bench) -> tuple[list[float], list[float]]:
    """The whole of a receipt: its slip set, sealed by the agency, judged on the way into the store."""
    waiting = iter(bench.filed[1:] or [bench.file_one()])
    intake = bench.intake()

    def receive() -> None:
        case = next(waiting, None) or bench.file_one()
        start = time.perf_counter()
        cases.perform(intake, case.id, "receive", {})
        spent.append((time.perf_counter() - start) * 1000)

    spent: list[float] = []
    bench.timed(receive)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    data = bench.drawn[0][1]

    def floor() -> None:
        key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        raw_file(Path(settings.HOME) / "raw", data)

    return spent, bench.timed(floor)


MEASURES: dict[str, Callable[[Bench], tuple[list[float], list[float]]]] = {
    "file": _filing,
    "move": _moving,
    "inbox": _inbox,
    "document": _printing,
    "receipt": _signing,
    "verify": _record,
}


def prepare(seconds: float) -> Bench:
    """The tables, a small model province and its papers, in the throw-away database that the settings name."""
    call_command("migrate", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        serial = "bigserial" if connection.vendor == "postgresql" else "integer"
        cursor.execute(f"CREATE TABLE bench_raw (id {serial} PRIMARY KEY, body text)")
    identity.mark_as_demo(SYSTEM)
    with clock.at(clock.now() - timedelta(days=1)):
        model = raise_model("80", 1, 2, lambda _: None)
    bench = Bench(seconds, model)
    bench.draw()
    return bench


def machine() -> dict[str, str]:
    """What was measured on."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
        cpu = names[0] if names else cpu
    with connection.cursor() as cursor:
        cursor.execute("SELECT version()" if connection.vendor == "postgresql" else "SELECT 'SQLite ' || sqlite_version()")
        database = str(cursor.fetchone()[0]).split(" (")[0]
    return {
        "cpu": f"{cpu}, {os.cpu_count()} cores",
        "system": f"{platform.system()} {platform.release().split('-')[0]}, Python {platform.python_version()}",
        "database": database,
        "date": f"{clock.today():%Y-%m-%d}",
        "load": f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "",
    }
