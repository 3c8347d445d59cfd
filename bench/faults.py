"""Kills web, worker and database at random while people create, upload, move and pay; then asks whether all is there, once.

    .venv/bin/python bench/faults.py --kills 200                        # SQLite
    .venv/bin/python bench/faults.py --kills 200 --database postgres    # a cluster of its own, in a temporary folder

What a client was told has happened (201, 200) must be there exactly once afterwards: the dossier with its answers and the
very bytes of its papers, its receipt by the desk, its payment. The ledger must verify and its followers must have caught up.
Prints a line of JSON; the exit code is 1 when anything was lost or doubled, and each loss is named on standard error.
"""

import argparse
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parents[1]
T = TypeVar("T")
CSRF = "f" * 32
PATIENCE = 120
"""Seconds after the last kill in which everything must have come to rest."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Postgres:
    """A cluster of our own that may be killed. Nothing is forced to the disk: we kill processes, never the machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        self.as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        if self.as_user:
            shutil.chown(folder, "postgres")
            folder.chmod(0o700)
        self.run("initdb", "-D", str(folder / "data"), "-U", "tinhso", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        self.start()
        self.run("createdb", "-h", str(folder), "-U", "tinhso", "tinhso")

    @property
    def url(self) -> str:
        """For DATABASE_URL."""
        return f"postgres://tinhso@/tinhso?host={self.folder}"

    def run(self, *command: str, quiet: bool = False) -> None:
        """One of PostgreSQL's own commands."""
        subprocess.run(
            [*self.as_user, str(self.bin / command[0]), *command[1:]],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self.folder,
            stderr=subprocess.DEVNULL if quiet else None,
        )

    def start(self) -> None:
        """Start it; after a kill, as soon as what is left of the last one has gone."""
        setting = f"-k {self.folder} -c listen_addresses='' -c max_connections=40 -c fsync=off"
        for attempt in range(20):
            try:
                self.run(
                    "pg_ctl",
                    "-D",
                    str(self.folder / "data"),
                    "-s",
                    "-w",
                    "-l",
                    str(self.folder / "log"),
                    "-o",
                    setting,
                    "start",
                )
            except subprocess.CalledProcessError:
                if attempt == 19:
                    raise
                time.sleep(0.5)
            else:
                return

    def kill(self) -> None:
        """kill -9 of the postmaster; its children see that it is gone."""
        os.kill(int((self.folder / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        time.sleep(0.3)
        self.start()

    def stop(self) -> None:
        """Away with it."""
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-s", "stop")


@dataclass
class Told:
    """What clients were told has happened."""

    created: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    """Request key to the dossier's code and the hashes of its papers."""
    received: set[str] = field(default_factory=set)
    paid: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    answers: dict[int, int] = field(default_factory=dict)


@dataclass
class Site:
    """The processes under fire, and the people who use them."""

    home: Path
    port: int
    database: Postgres | None
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)
    told: Told = field(default_factory=Told)
    kills: dict[str, int] = field(default_factory=dict)

    def start(self, name: str) -> None:
        """Start ``web`` or ``worker`` by the product's own command line."""
        from tinhso.config.commands import serve

        command = next(child.command for child in serve.children("127.0.0.1", self.port, 1, 4) if child.name == name)
        log = (self.home / f"{name}.log").open("ab")
        self.processes[name] = subprocess.Popen(command, stdout=log, stderr=log, cwd=ROOT)

    def kill(self, name: str) -> None:
        """kill -9, and start it again."""
        self.kills[name] = self.kills.get(name, 0) + 1
        if name == "database":
            assert self.database is not None
            self.database.kill()
            return
        if name == "web worker":
            for child in children_of(self.processes["web"].pid):
                os.kill(child, signal.SIGKILL)
            return
        process = self.processes[name]
        process.kill()
        process.wait()
        self.start(name)


def children_of(pid: int) -> list[int]:
    """The processes that ``pid`` has started."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def steady(ask: Callable[[], T]) -> T:
    """An answer of the database, however often it goes away meanwhile."""
    from django.db import InterfaceError, OperationalError, connection

    until = time.monotonic() + PATIENCE
    while True:
        try:
            return ask()
        except (OperationalError, InterfaceError):
            connection.close()
            if time.monotonic() > until:
                raise
            time.sleep(0.3)


class Client:
    """Somebody with a session, who asks again until he is answered."""

    def __init__(self, site: Site, session: str) -> None:
        import httpx

        self.site = site
        cookies = {"sessionid": session, "csrftoken": CSRF}
        headers = {"X-CSRFToken": CSRF, "Accept": "application/json"}
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{site.port}", cookies=cookies, headers=headers, timeout=30)

    def until(self, wanted: set[int], method: str, path: str, **more: Any) -> Any:
        """Ask until the answer is a wanted one. Fails on what is neither that nor a passing failure."""
        import httpx

        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                answer = self.http.request(method, path, **more)
            except httpx.TransportError:
                time.sleep(0.1)
                continue
            self.site.told.answers[answer.status_code] = self.site.told.answers.get(answer.status_code, 0) + 1
            if answer.status_code in wanted:
                return answer
            if answer.status_code not in {503}:
                raise AssertionError(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
            if "problem+json" not in answer.headers["Content-Type"]:
                raise AssertionError(f"{method} {path}: 503 without a problem")
            time.sleep(0.2)
        raise AssertionError(f"{method} {path}: no answer for {PATIENCE} s")


def citizen(site: Site, session: str, asked: list[str], answers: dict[str, Any]) -> None:
    """Upload and hand in, again and again."""
    client = Client(site, session)
    while not site.stop.is_set():
        papers, hashes = {}, []
        for code in asked:
            data = paper()
            stored = client.until({201}, "POST", "/api/v1/files", files={"file": (f"{code}.pdf", data, "application/pdf")})
            papers[code] = [stored.json()["id"]]
            hashes.append(sha256(data).hexdigest())
        key = uuid.uuid4().hex
        body = {"procedure": "construction-permit-house", "data": answers, "papers": papers}
        for _ in range(random.choice((1, 1, 2))):  # some send it twice
            made = client.until({201}, "POST", "/api/v1/dossiers", json=body, headers={"Idempotency-Key": key})
            before = site.told.created.setdefault(key, (made.json()["code"], hashes))
            if before[0] != made.json()["code"]:
                site.told.wrong.append(f"{key} made two dossiers: {before[0]} and {made.json()['code']}")


def paper() -> bytes:
    """A small PDF, different each time."""
    from tests import world

    return world.PDF + f"\n%{uuid.uuid4()}".encode()


def desk(site: Site, session: str) -> None:
    """Receive what was handed in."""
    client = Client(site, session)
    while not site.stop.is_set():
        waiting = [code for code, _ in list(site.told.created.values()) if code not in site.told.received]
        for code in waiting:
            version = client.until({200}, "GET", f"/api/v1/dossiers/{code}").headers["ETag"]
            headers = {"If-Match": version, "Idempotency-Key": f"receive-{code}"}
            client.until({200}, "POST", f"/api/v1/dossiers/{code}/moves/receive", json={}, headers=headers)
            site.told.received.add(code)
            if site.stop.is_set():
                return
        time.sleep(0.05)


def bank(site: Site, secret: bytes) -> None:
    """Say that money arrived for what is owed, twice each time."""
    from tinhso.kernel.cases.models import Case
    from tinhso.kernel.payments import api as payments
    from tinhso.kernel.payments.engine import signature
    from tinhso.lib import clock

    client = Client(site, "")
    while not site.stop.is_set():
        for code in list(site.told.received - site.told.paid):
            case = steady(lambda code=code: Case.objects.get(code=code))  # type: ignore[misc]
            charge = steady(lambda case=case: payments.charges(f"case:{case.pk}"))[0]  # type: ignore[misc]
            facts = {"transaction": f"FT{code}", "reference": charge.reference, "amount": charge.amount, "currency": "VND"}
            body = json.dumps(facts | {"paid_at": clock.now().isoformat()}).encode()
            for _ in range(2):
                header = {signature.HEADER: signature.sign(secret, body, clock.now()), "Content-Type": "application/json"}
                client.until({200}, "POST", "/payments/callback/sandbox/", content=body, headers=header)
            site.told.paid.add(code)
            if site.stop.is_set():
                return
        time.sleep(0.05)


def losses(told: Told) -> list[str]:
    """What is not there exactly once."""
    from tinhso.kernel.cases.models import Case, Paper
    from tinhso.kernel.files import api as files
    from tinhso.kernel.ledger import api as ledger
    from tinhso.kernel.payments.models import Settlement

    found = list(told.wrong)
    actor = ledger.system_actor("bench")
    codes = [code for code, _ in told.created.values()]
    if len(codes) != len(set(codes)):
        found.append("two requests were given one dossier")
    for code, hashes in told.created.values():
        rows = list(Case.objects.filter(code=code))
        if len(rows) != 1:
            found.append(f"{code}: {len(rows)} rows")
            continue
        papers = Paper.objects.filter(case=rows[0])
        there = sorted(sha256(files.open_bytes(actor, str(p.file_id))).hexdigest() for p in papers)
        if there != sorted(hashes):
            found.append(f"{code}: its papers are not those handed in")
        kinds = [entry.kind for entry in ledger.history(f"case:{rows[0].pk}")]
        if kinds.count("cases.filed") != 1:
            found.append(f"{code}: filed {kinds.count('cases.filed')} times")
        if code in told.received and kinds.count("cases.received") != 1:
            found.append(f"{code}: received {kinds.count('cases.received')} times")
        paid = Settlement.objects.filter(charge__payable=f"case:{rows[0].pk}").count()
        if paid > 1 or (code in told.paid and paid != 1):
            found.append(f"{code}: paid {paid} times")
    numbers = sorted(int(code.rsplit("-", 1)[1]) for code in Case.objects.values_list("code", flat=True))
    if numbers != list(range(1, len(numbers) + 1)):
        found.append("the numbers of dossiers have a gap or a double")
    return found


def at_rest() -> list[str]:
    """Waits until all is sealed and followed; what is wrong with the record."""
    from tinhso.kernel.ledger import api as ledger

    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        unsealed = steady(lambda: ledger.verify().unsealed)
        if not unsealed and all(not s.behind and not s.error for s in steady(ledger.follower_states)):
            break
        time.sleep(0.5)
    found = [f"follower {s.name}: {s.behind} behind, {s.error}" for s in ledger.follower_states() if s.behind or s.error]
    report = ledger.verify()
    if not report.ok or report.unsealed:
        found.append(f"the ledger does not verify: {report}")
    return found


def prepare(home: Path) -> tuple[list[tuple[str, list[str], dict[str, Any]]], str]:
    """The commune, and sessions for four citizens and the desk."""
    from django.core.management import call_command
    from django.test import Client as Browser

    from tests import dossiers, world
    from tinhso.kernel.cases import api as cases
    from tinhso.ui import access

    call_command("migrate", verbosity=0, interactive=False)
    commune = dossiers.open_commune()
    asked = [rule.code for rule in cases.papers_asked(dossiers.TYPE, dossiers.ANSWERS) if rule.required]

    def session(key: str) -> str:
        browser = Browser()
        browser.force_login(commune.accounts[key], backend="tinhso.kernel.identity.backend.Backend")
        kept = browser.session
        kept[access.SECOND_FACTOR_KEY] = True
        kept.save()
        return str(kept.session_key)

    citizens = []
    for number in range(3):
        with_key = f"citizen{number}"
        world.person(commune, with_key, f"Người {number}")
        citizens.append((session(with_key), asked, dossiers.ANSWERS))
    return citizens, session("tam")


def end(site: Site) -> None:
    """Stop all processes as ``tinhso serve`` does."""
    for process in site.processes.values():
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def run(kills: int, seed: int, site: Site) -> dict[str, Any]:
    """The whole of it; ``lost`` in what it returns must be empty."""
    import django

    django.setup()
    from tinhso.kernel.payments.adapters.sandbox import secret_at

    chance = random.Random(seed)
    citizens, officer = prepare(site.home)
    secret = secret_at(site.home / "keys" / "sandbox-bank")
    for name in ("web", "worker"):
        site.start(name)
    work: list[tuple[Callable[..., None], tuple[Any, ...]]] = [(citizen, (site, *who)) for who in citizens]
    work += [(desk, (site, officer)), (bank, (site, secret))]

    def guarded(do: Callable[..., None], *args: Any) -> None:
        try:
            do(*args)
        except Exception as error:  # noqa: BLE001  a client's failure is the finding itself
            site.told.wrong.append(f"{do.__name__}: {error}")
            site.stop.set()

    threads = [threading.Thread(target=guarded, args=(do, *args)) for do, args in work]
    for thread in threads:
        thread.start()
    warm = time.monotonic() + PATIENCE
    while not site.told.paid and not site.stop.is_set() and time.monotonic() < warm:
        time.sleep(0.1)  # every kind of work is under way before the first kill
    targets = ["web", "web worker", "worker", *(["database"] if site.database else [])]
    began = time.monotonic()
    for _ in range(kills):
        site.stop.wait(chance.uniform(0.5, 4))
        if site.stop.is_set():
            break
        site.kill(chance.choice(targets))
    site.stop.wait(3)
    site.stop.set()
    for thread in threads:
        thread.join()
    record = at_rest()
    end(site)
    lost = steady(lambda: losses(site.told)) + record
    told = site.told
    counts = {"dossiers": len(told.created), "received": len(told.received), "paid": len(told.paid)}
    return {
        "kills": site.kills,
        **counts,
        "answers": dict(sorted(told.answers.items())),
        "seconds": round(time.monotonic() - began),
        "lost": lost,
    }


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tinhso-faults-") as folder:
        place = Path(folder)
        place.chmod(0o711)
        (place / "pg").mkdir()
        database = Postgres(place / "pg") if options.database == "postgres" else None
        url = database.url if database else f"sqlite:///{place / 'home' / 'tinhso.sqlite3'}"
        (place / "home").mkdir(mode=0o700)
        os.environ |= {
            "TINHSO_HOME": str(place / "home"),
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "tinhso.config.settings",
            "TINHSO_SANDBOX_BANK": "http://127.0.0.1:1",
            "PYTHONPATH": str(ROOT / "src"),
        }
        sys.path[:0] = [str(ROOT), str(ROOT / "src")]
        site = Site(place / "home", free_port(), database)
        try:
            result = run(options.kills, options.seed, site)
        finally:
            for process in site.processes.values():
                process.kill()
            if database:
                database.stop()
        for line in result["lost"]:
            print(line, file=sys.stderr)
        if result["lost"]:
            for log in sorted(place.glob("home/*.log")):
                print(f"--- {log.name}", log.read_text()[-3000:], sep="\n", file=sys.stderr)
    print(json.dumps(result))
    return 1 if result["lost"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
