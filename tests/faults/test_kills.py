"""kill -9 of web, worker and database under load: what was acknowledged is there, once (bench/faults.py does it)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).parents[2]
KILLS = os.environ.get("TINHSO_KILLS", "8")
"""``bin/test --all`` says 200."""


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_or_doubled():
    vendor = "postgres" if connection.vendor == "postgresql" else "sqlite"
    command = [sys.executable, "bench/faults.py", "--kills", KILLS, "--database", vendor]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-6000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert sum(told["kills"].values()) == int(KILLS)
    assert min(told["dossiers"], told["received"], told["paid"]) > 0, told
