"""The working calendar of an installation: loaded from its file, read with one statement, refused by row when wrong."""

from datetime import date, datetime
from pathlib import Path

import pytest
from django.conf import settings

from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.organisation import api
from tinhso.kernel.organisation.types import FactsInvalid, WorkingTime
from tinhso.lib.clock import TZ

PACK = settings.PACKS / "national" / "calendar.yaml"
FRIDAY = datetime(2026, 8, 28, 15, 20, tzinfo=TZ)


def test_before_it_is_loaded_everything_is_provisional(db):
    assert not api.calendar_loaded()
    assert api.calendar().add(FRIDAY, WorkingTime(working_days=3)).provisional


def test_loaded_it_says_what_the_file_says(db, system):
    assert api.load_calendar(system) is True
    assert api.calendar_loaded()
    deadline = api.calendar().add(FRIDAY, WorkingTime(working_days=3))
    assert deadline == api.calendar_of_pack().add(FRIDAY, WorkingTime(working_days=3))
    assert deadline.due == datetime(2026, 9, 8, 17, tzinfo=TZ)
    assert not deadline.provisional
    assert ledger.history("organisation:facts")[-1].data["years"] == [2025, 2026]


def test_loaded_twice_it_changes_nothing(db, system):
    api.load_calendar(system)
    assert api.load_calendar(system) is False
    assert len(ledger.history("organisation:facts")) == 1


def test_it_is_read_with_one_statement_and_a_new_one_is_seen_at_once(db, system, statements, tmp_path: Path):
    api.load_calendar(system)
    api.calendar()
    with statements(1):
        before = api.calendar()
    changed = tmp_path / "calendar.yaml"
    changed.write_text(PACK.read_text().replace('cut_off: "15:00"', "cut_off: null"))
    api.load_calendar(system, changed)
    assert before.policy_on(date(2026, 8, 28)).cut_off is not None
    assert api.calendar().policy_on(date(2026, 8, 28)).cut_off is None


def test_a_province_s_own_hours_win_over_the_country_s(db, system, tmp_path: Path):
    own = '  - {from: 2026-01-01, province: "80", sessions: ["07:00-11:00", "13:30-17:30"], weekdays: [1, 2, 3, 4, 5, 6]}\n'
    changed = tmp_path / "calendar.yaml"
    changed.write_text(PACK.read_text().replace("office_hours:\n", f"office_hours:\n{own}"))
    api.load_calendar(system, changed)
    assert api.calendar("80").closing(date(2026, 11, 2)).hour == 17
    assert api.calendar("80").is_working_day(date(2026, 11, 7))
    assert not api.calendar("51").is_working_day(date(2026, 11, 7))
    assert api.calendar_of_pack(changed, "80").is_working_day(date(2026, 11, 7))


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ('kind: "WORK"', 'kind: "PLAY"', "days[2]: KeyError: 'PLAY'"),
        ("date: 2026-01-02", "date: soon", "days[1]: ValueError: not a date: 'soon'"),
        ("date: 2026-01-10", "date: 2026-01-02", "days: 2026-01-02 twice"),
        (
            "07:30-11:30",
            "12:30-11:30",
            "office_hours[1]: ValueError: sessions are given in order, each with its end after its start",
        ),
        (
            "weekdays: [1, 2, 3, 4, 5]",
            "weekdays: [0]",
            "office_hours[1]: ValueError: weekdays are numbers from 1 (Monday) to 7 (Sunday)",
        ),
        ("day_end: closing", "day_end: dusk", "policies[1]: ValueError: 'dusk' is not a valid DayEnd"),
    ],
)
def test_a_wrong_row_is_refused_by_section_and_number(db, system, tmp_path: Path, before, after, what):
    text = PACK.read_text()
    assert before in text
    wrong = tmp_path / "calendar.yaml"
    wrong.write_text(text.replace(before, after, 1))
    with pytest.raises(FactsInvalid) as problem:
        api.load_calendar(system, wrong)
    assert problem.value.params["what"] == what


@pytest.mark.parametrize(("text", "what", "line"), [("days: [", "yaml", 2), ("- a list", "sections", 1), (None, "missing", 0)])
def test_a_file_that_is_none_is_refused(tmp_path: Path, text, what, line):
    wrong = tmp_path / "calendar.yaml"
    if text is not None:
        wrong.write_text(f"{text}\n")
    with pytest.raises(FactsInvalid) as problem:
        api.calendar_of_pack(wrong)
    assert (problem.value.params["what"], problem.value.params["line"]) == (what, line)
