"""``tinhso ledger``: what an operator sees, and the exit codes a script reads."""

import json
import zipfile
from dataclasses import dataclass
from typing import ClassVar

import pytest
from click.testing import CliRunner
from django.db import connection, transaction

from tinhso.config.cli import main
from tinhso.kernel.ledger import api
from tinhso.kernel.ledger.types import Actor, ActorKind

BAO = Actor(id="account:bao", kind=ActorKind.OFFICIAL)


@dataclass(frozen=True)
class Filed:
    """A fact of this test."""

    kind: ClassVar[str] = "commandtest.filed"
    number: int


api.declare(Filed)


@pytest.fixture
def run():
    """``run(*arguments)``: exit code and all that was said."""

    def invoke(*arguments):
        result = CliRunner().invoke(main, ["ledger", *map(str, arguments)])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.output

    return invoke


@pytest.fixture
def ledger(fresh_database):
    """Ten entries in two rounds."""
    for start in (0, 5):
        with api.acting(BAO):
            api.append("case:1", *[Filed(number=n) for n in range(start, start + 5)])
        api.seal()


def tamper(statement):
    with api.named(BAO), transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER ledger_entry_no_UPDATE")
        cursor.execute(statement)


def test_a_whole_record_passes(ledger, run):
    code, said = run("verify")
    assert code == 0
    assert "10 entries, 2 signed heads" in said
    assert "OK: the record is whole" in said


def test_what_waits_for_the_sealer_is_counted(ledger, run):
    with api.acting(BAO):
        api.append("case:2", Filed(number=1))
    code, said = run("verify")
    assert (code, "1 entries wait for the sealer" in said) == (0, True)


def test_a_changed_entry_is_named_and_fails(ledger, run):
    entry = api.history("case:1")[6]
    tamper(f"UPDATE ledger_entry SET actor = 'account:x' WHERE id = {entry.id}")
    code, said = run("verify")
    assert code == 1
    assert f"CHANGED position 6, entry {entry.id}, case:1 version 7: its content is not what was sealed" in said
    code, said = run("verify", "--json")
    assert code == 1
    assert json.loads(said)["faults"][0]["position"] == 6


def test_a_head_kept_outside_is_compared(ledger, run, tmp_path):
    code, text = run("head")
    assert code == 0
    head = json.loads(text)
    kept = tmp_path / "head.json"
    kept.write_text(text)
    for given in (kept, text, f"{head['size']}:{head['root'].upper()}"):
        code, said = run("verify", "--against", given)
        assert (code, "compared with a head kept outside: size 10" in said) == (0, True)
    code, said = run("verify", "--against", f"10:{'0' * 64}")
    assert code == 1
    assert "OUTSIDE: the first 10 entries are not those that the head given signed" in said


@pytest.mark.parametrize("given", ["absent.json", "{", '{"size": 1}', "{}"])
def test_a_head_that_can_not_be_read(ledger, run, given):
    code, said = run("verify", "--against", given)
    assert code == 2
    assert "Can't read the head" in said


def test_export_writes_once(ledger, run, tmp_path):
    path = tmp_path / "ledger.zip"
    code, said = run("export", path)
    assert (code, said) == (0, f"10 entries written to {path}\n")
    assert zipfile.is_zipfile(path)
    code, said = run("export", path)
    assert code == 2
    assert "exists already" in said
    assert run("export", tmp_path / "absent" / "x.zip")[0] == 2


def test_nothing_sealed_has_no_head(fresh_database, run):
    assert run("head")[0] == 1


def test_followers_are_shown(ledger, run, monkeypatch):
    monkeypatch.setattr("tinhso.kernel.ledger.following._followers", {})

    def fail(entries):
        raise ValueError("hỏng")

    api.follower("commandtest.good", ["*"])(lambda entries: None)
    assert run("followers")[0] == 0
    api.follower("commandtest.bad", ["*"])(fail)
    api.run_followers(once=False)
    code, said = run("followers")
    assert code == 1
    assert "failing at 0: ValueError: hỏng" in said
    code, said = run("followers", "--json")
    assert [s["behind"] for s in json.loads(said)] == [0, 10]
