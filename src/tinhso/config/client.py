"""One client of ``tinhso bench``: a process of its own that speaks HTTP as a person's program would, or uses the raw driver.

It reads its job as JSON from standard input, works until its time is up, and prints what it saw. It knows nothing of the
product but its addresses, and imports nothing of it, so that what a client costs is small.
"""

import http.client
import json
import os
import sqlite3
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg

ATTACHMENT = 8 * 1024
PAGE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
)


def attachment() -> bytes:
    """An empty page as PDF, 8 KiB with noise behind it: no two have the same content."""
    places = [PAGE.index(b"%d 0 obj" % number) for number in (1, 2, 3)]
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n%%" % len(PAGE)
    whole = PAGE + b"xref\n0 4\n0000000000 65535 f \n" + table + end
    return whole + os.urandom((ATTACHMENT - len(whole)) // 2).hex().encode()


class Person:
    """A signed-in person's connection; it stays open, as a browser's does."""

    def __init__(self, job: dict[str, Any], session: str) -> None:
        self.connection = http.client.HTTPConnection(job["host"], job["port"], timeout=60)
        token = "b" * 32
        self.headers = {"Cookie": f"sessionid={session}; csrftoken={token}", "X-CSRFToken": token}

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "", **headers: str) -> bytes:
        """The answer's body; RuntimeError unless it is a success."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        if kind:
            more["Content-Type"] = kind
        self.connection.request(method, path, body or None, self.headers | more)
        answer = self.connection.getresponse()
        found = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {found[:300]!r}")
        return found

    def post(self, path: str, body: object, **headers: str) -> Any:
        """Send JSON, get JSON."""
        return json.loads(self.ask("POST", path, json.dumps(body).encode(), "application/json", **headers))


def _form(data: bytes) -> tuple[bytes, str]:
    """A form with one file, and its media type."""
    edge = uuid.uuid4().hex
    head = 'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf'
    whole = f"--{edge}\r\n{head}\r\n\r\n".encode() + data + f"\r\n--{edge}--\r\n".encode()
    return whole, f"multipart/form-data; boundary={edge}"


def until(job: dict[str, Any]) -> Iterator[float]:
    """Instants at which to begin another round, until the job's time is up."""
    end = time.perf_counter() + job["seconds"]
    while (start := time.perf_counter()) < end:
        yield start


def create(job: dict[str, Any]) -> dict[str, Any]:
    """Hand dossiers in: two attachments and ten answers each."""
    me = Person(job, job["session"])
    spent, made = [], []
    for start in until(job):
        papers = {}
        for paper in job["papers"]:
            body, kind = _form(attachment())
            papers[paper] = [json.loads(me.ask("POST", "/api/v1/files", body, kind))["id"]]
        whole = {"procedure": job["procedure"], "data": job["data"], "papers": papers}
        ref = me.post("/api/v1/dossiers", whole, Idempotency_Key=uuid.uuid4().hex)
        spent.append(time.perf_counter() - start)
        made.append((ref["code"], ref["version"]))
    return {"spent": spent, "made": made}


def move(job: dict[str, Any]) -> dict[str, Any]:
    """Receive dossiers, then assign them: two moves of two people."""
    counter, head = Person(job, job["session"]), Person(job, job["head"])
    spent: list[float] = []
    waiting = iter(job["cases"])
    for start in until(job):
        case = next(waiting, None)
        if case is None:
            break
        code, version = case
        version = _move(counter, code, version, "receive", {})
        between = time.perf_counter()
        _move(head, code, version, "assign", {"assignee": job["assignee"]})
        spent += [between - start, time.perf_counter() - between]
    return {"spent": spent, "made": []}


def _move(who: Person, code: str, version: int, name: str, given: dict[str, Any]) -> int:
    path = f"/api/v1/dossiers/{code}/moves/{name}"
    key = {"If_Match": f'"{version}"', "Idempotency_Key": uuid.uuid4().hex}
    return int(who.post(path, {"input": given}, **key)["version"])


def inbox(job: dict[str, Any]) -> dict[str, Any]:
    """Open work lists, as a person does: one page of twenty rows after the other."""
    me = Person(job, job["session"])
    spent = []
    for start in until(job):
        page = me.ask("GET", job["path"])
        spent.append(time.perf_counter() - start)
        if page.count(b"data-preview=") < job["rows"]:
            raise RuntimeError(f"{job['path']} shows {page.count(b'data-preview=')} rows")
    return {"spent": spent, "made": []}


def raw(job: dict[str, Any]) -> dict[str, Any]:
    """The ceiling of creating: the same files fsynced, the same statements' rows and bytes, by the driver alone."""
    connection: Any
    if job["database"].startswith("postgres"):
        connection, mark = psycopg.connect(job["database"]), "%s"
    else:
        connection, mark = sqlite3.connect(job["database"], timeout=20, isolation_level="IMMEDIATE"), "?"
        connection.execute("PRAGMA synchronous=FULL")
    spent = []
    for start in until(job):
        for _ in job["papers"]:
            _durable(Path(job["folder"]), attachment())
        with connection if mark == "?" else connection.transaction():
            for rows, size in job["writes"]:
                bodies = ["x" * max(1, size // rows)] * rows
                values = ", ".join([f"({mark})"] * rows)
                connection.execute(f"INSERT INTO bench_raw (body) VALUES {values}", bodies)  # noqa: S608  no input
        spent.append(time.perf_counter() - start)
    return {"spent": spent, "made": []}


def _durable(folder: Path, data: bytes) -> None:
    target = folder / uuid.uuid4().hex
    handle = os.open(target, os.O_WRONLY | os.O_CREAT, 0o600)
    os.write(handle, data)
    os.fsync(handle)
    os.close(handle)
    place = os.open(folder, os.O_RDONLY)
    os.fsync(place)
    os.close(place)


KINDS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "create": create,
    "move": move,
    "inbox": inbox,
    "raw": raw,
}

if __name__ == "__main__":
    told = json.load(sys.stdin)
    json.dump(KINDS[told["kind"]](told), sys.stdout)
