"""What a case does to its clock, and how the clock is drawn and explained."""

from dataclasses import replace
from datetime import datetime

import pytest

from tinhso.kernel.cases.engine import clock
from tinhso.kernel.cases.engine.definition import SupplementMode
from tinhso.kernel.cases.types import ClockVerdict, TimeLeft
from tinhso.kernel.organisation.types import WorkingTime
from tinhso.lib.clock import TZ


@pytest.fixture
def view(play, definition, calendar):
    """The clock of the case being played, as of its present instant or another."""

    def look(at=None):
        return clock.view(play.definition, play.state, play.at if at is None else at, calendar)

    return look


def _at(text):
    return datetime.fromisoformat(text).replace(tzinfo=TZ)


def test_what_a_person_is_told_before_filing(definition, calendar):
    told = clock.due(definition, _at("2026-11-02T08:45"), calendar)
    assert told.due == _at("2026-11-23T17:00")
    assert any(reason.code == "deadline.first_day_not_counted" for reason in told.reasons)


def test_before_receipt_it_has_not_started(play, view):
    play.file()
    seen = view()
    assert (seen.state, seen.due, seen.total, seen.segments) == (TimeLeft.NOT_STARTED, None, 15, (("left", 1.0),))
    assert seen.reasons[0].params == (("working_days", "15"),)
    play.move("Tâm", "refuse", reason="Không thuộc địa bàn")
    assert (view().state, view().verdict) == (TimeLeft.STOPPED, ClockVerdict.NOT_APPLICABLE)


def test_the_citizens_calendar_of_november(play, view):
    """The drawing on the citizen's page: 12 days counted, paused 19 to 23/11, holiday on 24/11, the last three to come."""
    play.handled().move("Bảo", "request_supplement", "2026-11-19T14:20", items=["drawing_plan"], note="x")
    seen = view(_at("2026-11-23T09:12"))
    numbers = {d.day.day: d.counted for d in seen.days if d.counted}
    assert numbers == dict(
        zip([3, 4, 5, 6, 9, 10, 11, 12, 13, 16, 17, 18, 25, 26, 27], range(1, 16), strict=True),
    )
    assert [d.day.day for d in seen.days if d.kind == "paused"] == [19, 20, 23]
    assert [d.day.day for d in seen.days if d.kind == "holiday"] == [24]
    assert seen.segments == (("run", 12 / 18), ("pause", 3 / 18), ("left", 3 / 18))
    assert seen.working_days_left is None
    assert "deadline.paused" in [r.code for r in seen.reasons]


@pytest.mark.parametrize(
    ("at", "state", "used", "left"),
    [
        ("2026-11-02T09:00", TimeLeft.ON_TRACK, 0, 15),
        ("2026-11-03T09:00", TimeLeft.ON_TRACK, 1, 14),
        ("2026-11-18T09:00", TimeLeft.SOON, 12, 3),
        ("2026-11-22T09:00", TimeLeft.SOON, 14, 1),
        ("2026-11-23T16:59", TimeLeft.TODAY, 15, 0),
        ("2026-11-23T17:01", TimeLeft.LATE, 15, 0),
        ("2026-11-25T09:00", TimeLeft.LATE, 16, -1),
    ],
)
def test_from_day_to_day(play, view, at, state, used, left):
    play.handled()
    seen = view(_at(at))
    assert (seen.state, seen.used, seen.working_days_left) == (state, used, left)


def test_what_runs_past_the_limit_is_drawn_as_over(play, view):
    play.handled()
    assert view(_at("2026-11-27T09:00")).segments == (("run", 15 / 18), ("over", 3 / 18))


def test_lateness_is_not_healed_by_a_pause(play, view):
    play.handled().move("Bảo", "request_supplement", "2026-11-26T09:00", items=["drawing_plan"], note="x")
    play.move("Thắm", "answer_supplement", "2026-11-30T09:00")
    assert play.state.clock.due == _at("2026-11-23T17:00")
    assert view().state is TimeLeft.LATE


def test_restart_begins_from_zero_but_766_goes_on(play, view):
    play.definition = replace(play.definition, clock=replace(play.definition.clock, supplement_mode=SupplementMode.RESTART))
    play.handled().move("Bảo", "request_supplement", "2026-11-19T14:20", items=["drawing_plan"], note="x")
    play.move("Thắm", "answer_supplement", "2026-11-23T08:52")
    assert play.past[-1].restarted
    assert play.state.clock.due == _at("2026-12-15T17:00")
    assert play.state.clock.kpi_due == _at("2026-11-27T17:00")
    assert "cases.clock.restarted" in [r.code for r in view().reasons]
    assert view().used == 0


def test_an_extension_is_explained_and_can_move_766_where_the_province_says_so(play, view):
    play.handled().move("Đức", "extend", "2026-11-16T09:00", days=5, reason="Chờ ý kiến đấu nối")
    reason = next(r for r in view().reasons if r.code == "cases.clock.extended")
    assert reason.params == (("days", "5"),)
    assert (view().extended, view().total) == (True, 20)
    honours = replace(play.definition.clock, extension_moves_kpi=True)
    run = clock.extend(honours, replace(play.state.clock, extension=None), 5, play.at, play.calendar)
    assert run.kpi_due == run.due == _at("2026-12-01T17:00")


def test_too_many_requests_are_part_of_the_explanation(play, view):
    play.handled()
    for _ in range(2):
        play.move("Bảo", "request_supplement", items=["drawing_plan"], note="x").move("Thắm", "answer_supplement")
    assert view().reasons[-1].code == "cases.clock.too_many_supplements"


def test_a_limit_in_hours_counts_office_time(play, view):
    play.definition = replace(
        play.definition, clock=replace(play.definition.clock, limit=WorkingTime(working_hours=12)), extension=None
    )
    play.file("2026-11-02T08:00").move("Tâm", "receive", "2026-11-02T08:30")
    assert play.state.clock.due == _at("2026-11-03T14:00")
    play.move("Đức", "assign", "2026-11-02T09:00", assignee="account:bao")
    play.move("Bảo", "request_supplement", "2026-11-02T10:30", items=["drawing_plan"], note="x")
    paused = view(_at("2026-11-02T11:00"))
    assert (paused.unit, paused.used, paused.total) == ("hour", 2, 12)
    play.move("Thắm", "answer_supplement", "2026-11-02T11:00")
    assert play.state.clock.due == _at("2026-11-03T14:30")
    assert view(_at("2026-11-03T15:00")).segments[-1] == ("over", 30 / (750 + 30))
    assert view(_at("2026-11-03T15:00")).used == 12.5
    assert clock.describe(play.definition.clock.limit) == "12 working_hours"
    assert play.why_not("Đức", "extend") == "cases.move.clock_not_running"


def test_a_limit_in_calendar_days_counts_them_all(play, view):
    play.definition = replace(play.definition, clock=replace(play.definition.clock, limit=WorkingTime(calendar_days=10)))
    play.handled()
    assert play.state.clock.due == _at("2026-11-12T17:00")
    assert view(_at("2026-11-08T09:00")).used == 6


def test_a_limit_as_short_as_its_warning_gives_none(play):
    play.definition = replace(play.definition, clock=replace(play.definition.clock, limit=WorkingTime(working_days=2)))
    assert play.handled().state.clock.warn_at is None


def test_used_time_is_office_time_without_the_pauses(play):
    play.handled().move("Bảo", "request_supplement", "2026-11-02T10:30", items=["drawing_plan"], note="x")
    play.move("Thắm", "answer_supplement", "2026-11-04T10:30").move("Thắm", "withdraw", "2026-11-04T11:30")
    finished = next(f for f in play.past if f.kind == "cases.finished")
    assert finished.used_minutes == 105 + 60
    assert (finished.verdict, finished.supplements, finished.extended) == ("early", 1, False)


def test_time_alone_tells_once_each(play, definition):
    play.handled().move("Bảo", "consult", "2026-11-03T09:00", unit="evn", question="?")
    assert [f.kind for f in play.ring("2026-11-12T17:00")] == []
    late = play.ring("2026-11-12T17:01")
    assert [(f.kind, f.part, f.part_id, f.of) for f in late] == [("cases.part_overdue", "task", "t1", "evn")]
    assert play.ring("2026-11-13T09:00") == ()
    assert [f.kind for f in play.ring("2026-11-18T07:00")] == ["cases.due_soon"]
    assert [(f.kind, f.assignee) for f in play.ring("2026-11-24T07:00")] == [("cases.became_overdue", "account:bao")]
    assert play.ring("2026-12-24T07:00") == ()


def test_a_step_and_an_unanswered_request_have_limits_of_their_own(play):
    play.file("2026-11-02T08:00")
    assert [(f.part, f.part_id, f.of) for f in play.ring("2026-11-03T17:00")] == [("step", "filed", "psc")]
    play.move("Tâm", "receive", "2026-11-03T17:00")
    assert play.past[-2].late_step
    play.move("Đức", "assign", "2026-11-04T08:00", assignee="account:bao")
    play.move("Bảo", "request_supplement", "2026-11-04T09:00", items=["drawing_plan"], note="x")
    assert play.state.supplements[0].due.isoformat() == "2026-11-18"
    assert play.ring("2026-11-18T23:00") == ()
    assert [(f.part, f.part_id, f.of) for f in play.ring("2026-11-19T00:00")] == [("supplement", "1", None)]
    play.move("Thắm", "answer_supplement", "2026-11-20T09:00")
    assert next(f for f in play.past if f.kind == "cases.supplement_answered").late
