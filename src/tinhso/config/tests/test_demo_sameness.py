"""The same seed on the same day gives the same model province, whatever the process: what may differ is in docs/demo.md."""

import json
import os
import subprocess
import sys

import pytest

from tinhso.config.demo import opening

PROGRAM = """
import json, sys
from datetime import datetime
import django
django.setup()
from tinhso.config.demo import opening
from tinhso.lib import clock

shares = []
with clock.at(datetime(2026, 11, 19, 15, 0, tzinfo=clock.TZ)):
    play = opening.raise_demo(opening.Wanted(dossiers=int(sys.argv[1])), lambda part, share: shares.append((part, share)))

from django.db import connection
def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [list(map(str, row)) for row in cursor.fetchall()]

print(json.dumps({
    "cases": rows("SELECT code, type_code, step, status, desk, channel, applicant, filed_at, received_at, due_at, finished_at, "
        "ended_at, arrived_at, receiving_unit, holder_unit, holder_role, area, data, version, unpaid, result FROM cases_case "
        "ORDER BY code"),
    "entries": rows("SELECT e.kind, e.unit, e.occurred_at, c.code, e.version FROM ledger_entry e "
        "LEFT JOIN cases_case c ON REPLACE(e.stream, '-', '') = 'case:' || c.id "
        "ORDER BY e.id"),
    "officials": rows("SELECT name FROM organisation_official ORDER BY name"),
    "accounts": rows("SELECT username, name, phone FROM identity_account ORDER BY username"),
    "notices": rows("SELECT kind, created_at FROM notices_notice ORDER BY id"),
    "charges": rows("SELECT amount, state, unit, created_at FROM payments_charge ORDER BY created_at, unit"),
    "notes": rows("SELECT text, at FROM cases_note ORDER BY at, text"),
    "progress": shares,
    "moves": [play.moves, len(play.lives), play.planned, len(play.past)],
}))
"""


def province(home, dossiers, hashed):
    """The province of seed 1 raised in a process of its own, with its own order of sets."""
    env = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    env |= {"TINHSO_HOME": str(home), "PYTHONHASHSEED": hashed, "DJANGO_SETTINGS_MODULE": "tinhso.config.settings"}
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(dossiers)], env=env, capture_output=True, text=True, check=False, timeout=1200
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    return json.loads(ran.stdout.splitlines()[-1])


@pytest.mark.slow
def test_the_same_seed_gives_the_same_province(tmp_path):
    first, second = (province(tmp_path / name, 90, hashed) for name, hashed in (("one", "1"), ("two", "2")))
    moves, dossiers, planned, past = first["moves"]
    assert (moves, dossiers) == (planned, 90) and past > 0, "the bar counts moves done of moves planned"
    told = [share for part, share in first["progress"] if part == "dossiers"]
    assert told == sorted(told) and max(told) == pytest.approx(opening.BEFORE_PLAY + opening.PLAYING)
    for part in first:
        assert first[part] == second[part], part
