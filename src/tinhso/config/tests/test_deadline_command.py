"""``tinhso deadline explain``: the answer as words and as data, before and after a calendar is loaded."""

import json

import pytest
from click.testing import CliRunner

from tinhso.config.commands.deadline import command
from tinhso.kernel.ledger.types import Actor, ActorKind
from tinhso.kernel.organisation import api

EXAMPLE = ["explain", "--received", "2026-08-28T15:20", "--working-days", "3"]


def run(*arguments: str):
    return CliRunner().invoke(command, list(arguments))


def data(*arguments: str):
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def codes(answer) -> list[str]:
    return [reason["code"].removeprefix("deadline.") for reason in answer["reasons"]]


def test_the_answer_is_data_with_each_reason(db):
    answer = data(*EXAMPLE)
    assert answer["due"] == "2026-09-08T17:00+07:00"
    assert answer["provisional"] is False
    assert codes(answer) == [
        "received",
        "after_cut_off",
        "first_day_not_counted",
        "weekends_skipped",
        *["holiday_skipped"] * 3,
        "due",
    ]
    cut_off = answer["reasons"][1]
    assert cut_off["params"] == {"cut_off": "15:00", "counts_from": "2026-09-03T07:30+07:00"}
    assert cut_off["legal_basis"].startswith("NĐ 61/2018/NĐ-CP")
    assert {d["day"]: d["counted"] for d in answer["days"] if d["counted"]} == {
        "2026-09-04": 1,
        "2026-09-07": 2,
        "2026-09-08": 3,
    }


def test_every_reason_has_words_in_both_languages(db):
    for reason in data(*EXAMPLE)["reasons"]:
        assert reason["words"]["vi"]
        assert reason["words"]["en"].endswith(".")


def test_the_answer_is_words_for_a_person(db):
    english = run(*EXAMPLE, "--language", "en").output
    assert "It came after 15:00" in english
    assert "08/09/2026 Tuesday" in english
    assert "thứ Ba" in run(*EXAMPLE).output


def test_the_loaded_calendar_is_the_one_that_answers(db, tmp_path, settings):
    changed = tmp_path / "calendar.yaml"
    pack = (settings.PACKS / "national" / "calendar.yaml").read_text()
    changed.write_text(pack.replace('cut_off: "15:00"', "cut_off: null"))
    api.load_calendar(Actor("system:test", ActorKind.SYSTEM), changed)
    assert data(*EXAMPLE)["due"] == "2026-09-07T17:00+07:00"


def test_without_a_database_the_pack_answers(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", "/nowhere/tinhso.sqlite3")
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    assert data(*EXAMPLE)["due"] == "2026-09-08T17:00+07:00"


def test_waits_pause_or_restart(db):
    wait = ["--pause", "2026-09-07T10:00/2026-09-09T10:00"]
    assert data(*EXAMPLE, *wait)["due"] == "2026-09-11T17:00+07:00"
    restarted = data(*EXAMPLE, *wait, "--restart")
    assert restarted["due"] == "2026-09-14T17:00+07:00"
    assert "restarted" in codes(restarted)


def test_hours_and_calendar_days_and_offsets(db):
    hours = data("explain", "--received", "2026-11-02T01:00+00:00", "--working-hours", "4")
    assert hours["due"] == "2026-11-02T13:30+07:00"
    assert data("explain", "--received", "2026-11-05T09:00", "--calendar-days", "10")["due"] == "2026-11-16T17:00+07:00"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["explain", "--received", "2026-08-28T15:20"], "Give exactly one of"),
        ([*EXAMPLE, "--calendar-days", "3"], "Give exactly one of"),
        (["explain", "--received", "yesterday", "--working-days", "3"], "is not an instant"),
        ([*EXAMPLE, "--pause", "2026-09-09T10:00/2026-09-07T10:00"], "ends before it begins"),
        ([*EXAMPLE, "--pause", "2026-09-09T10:00"], "is not an instant"),
        (["explain", "--working-days", "3"], "--received"),
    ],
)
def test_wrong_input_is_told_what_is_wrong(arguments, complaint):
    result = run(*arguments)
    assert result.exit_code == 2
    assert complaint in result.output
