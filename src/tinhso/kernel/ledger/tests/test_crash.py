"""kill -9 under load: what was acknowledged is there, what was not has left no half of itself."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings
from django.db import connection

from tinhso.kernel.ledger import api, models

SRC = Path(__file__).parents[4]

WRITER = """
import sys
from dataclasses import dataclass
from typing import ClassVar
import django
django.setup()
from tinhso.kernel.ledger import api
from tinhso.kernel.ledger.types import Actor, ActorKind

@dataclass(frozen=True)
class Written:
    kind: ClassVar[str] = "crash.written"
    number: int

api.declare(Written)
actor = Actor(id="account:writer", kind=ActorKind.OFFICIAL)
number = 0
while True:
    with api.acting(actor):
        entries = api.append(f"{sys.argv[1]}:{number}", Written(number), Written(number + 1), after=0)
    print(*[e.id for e in entries], flush=True)
    number += 1
"""
WORKER = """
import time
import django
django.setup()
from tinhso.kernel.ledger import api
while True:
    if not api.work_once():
        time.sleep(0.005)
    print("round", flush=True)
"""


def environment(database):
    base = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{database}"
    else:
        at = f":{base['PORT']}" if base["PORT"] else ""
        host = f"?host={base['HOST']}" if base["HOST"].startswith("/") else ""
        url = f"postgres://{base['USER']}:{base['PASSWORD']}@{'' if host else base['HOST'] + at}/{database}{host}"
    product = {"DJANGO_SETTINGS_MODULE": "tinhso.config.settings", "TINHSO_HOME": str(settings.HOME), "PYTHONPATH": str(SRC)}
    return os.environ | product | {"DATABASE_URL": url}


def test_nothing_acknowledged_is_lost(fresh_database, tmp_path):
    connection.close()
    scripts = {"a": WRITER, "b": WRITER, "worker": WORKER}
    logs = {name: tmp_path / f"{name}.log" for name in scripts}
    processes = []
    for name, script in scripts.items():
        with logs[name].open("w") as log:
            command = [sys.executable, "-c", script, name]
            processes.append(subprocess.Popen(command, env=environment(fresh_database), stdout=log, stderr=log))
    began = time.monotonic()
    while min(log.read_text().count("\n") for log in logs.values()) < 40 and time.monotonic() - began < 60:
        assert [p.returncode for p in processes if p.poll() is not None] == [], [log.read_text() for log in logs.values()]
        time.sleep(0.02)
    for process in processes:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()

    lines = [line.split() for name in "ab" for line in logs[name].read_text().splitlines(keepends=True) if line.endswith("\n")]
    acknowledged = {int(part) for line in lines for part in line}
    there = set(models.Entry.objects.values_list("pk", flat=True))
    assert len(acknowledged) >= 160
    assert acknowledged <= there
    assert len(there) % 2 == 0  # two entries in each operation: both or none
    assert api.sealed_size() > 0
    assert api.verify().ok
    while api.seal():
        pass
    report = api.verify()
    assert (report.ok, report.size, report.unsealed) == (True, len(there), 0)
