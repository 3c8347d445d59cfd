"""What must hold for every time limit, whatever the day."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.kernel.organisation import api
from tinhso.kernel.organisation.engine.holidays_vn import special_days
from tinhso.kernel.organisation.engine.workcalendar import WorkCalendar
from tinhso.kernel.organisation.types import (
    ClockPolicy,
    DayEnd,
    OfficeHours,
    Resumption,
    SpecialDay,
    WorkingTime,
)
from tinhso.lib.clock import TZ

CALENDAR = api.calendar_of_pack()
MINUTES = 2 * 365 * 24 * 60
instants = st.integers(0, MINUTES).map(lambda n: datetime(2025, 1, 1, tzinfo=TZ) + timedelta(minutes=n))
days = st.integers(0, 60)
limits = st.one_of(
    st.builds(WorkingTime, working_days=days),
    st.builds(WorkingTime, working_hours=days),
    st.builds(WorkingTime, calendar_days=days),
)
policies = st.builds(
    ClockPolicy,
    cut_off=st.sampled_from([None, time(15), time(16, 30)]),
    first_day_counts=st.booleans(),
    resumption=st.sampled_from(Resumption),
)
waits = st.lists(
    st.tuples(instants, st.timedeltas(timedelta(0), timedelta(days=30))).map(lambda w: (w[0], w[0] + w[1])), max_size=4
)


@given(instants, limits, policies, waits)
def test_it_is_never_due_on_a_day_off_and_never_before_it_came(received, limit, policy, pauses):
    deadline = CALENDAR.add(received, limit, policy=policy, pauses=pauses)
    assert CALENDAR.is_working_day(deadline.due.date())
    assert deadline.due >= received or limit.working_hours == 0 or limit.calendar_days == limit.working_days == 0
    assert deadline.due.time() <= time(17)


@given(instants, instants, limits, policies)
def test_who_comes_later_is_not_due_earlier(one, other, limit, policy):
    first, second = sorted([one, other])
    assert CALENDAR.add(first, limit, policy=policy).due <= CALENDAR.add(second, limit, policy=policy).due


@given(instants, days, policies)
def test_a_longer_limit_is_not_due_earlier(received, number, policy):
    for unit in ("working_days", "working_hours", "calendar_days"):
        short, long = (CALENDAR.add(received, WorkingTime(**{unit: n}), policy=policy).due for n in (number, number + 1))
        assert short <= long


@given(instants, st.integers(1, 40), instants, st.timedeltas(timedelta(minutes=1), timedelta(days=40)))
def test_a_wait_of_k_working_days_moves_the_end_by_k(received, number, asked, length):
    limit = WorkingTime(working_days=number)
    plain = CALENDAR.add(received, limit)
    paused = CALENDAR.add(received, limit, pauses=[(asked, asked + length)])
    taken = [d for d in paused.days if d.kind == "paused"]
    assert CALENDAR.working_days_between(plain.due.date(), paused.due.date()) == len(taken)


@given(instants, st.integers(1, 40), waits)
def test_waits_never_shorten_and_restarting_is_never_shorter_than_pausing_nothing(received, number, pauses):
    limit = WorkingTime(working_days=number)
    plain = CALENDAR.add(received, limit).due
    for resumption in Resumption:
        policy = replace(CALENDAR.policy_on(received.date()), resumption=resumption)
        assert CALENDAR.add(received, limit, policy=policy, pauses=pauses).due >= plain


@given(instants, st.integers(1, 60))
def test_each_counted_day_is_a_working_day_with_its_number(received, number):
    deadline = CALENDAR.add(received, WorkingTime(working_days=number))
    counted = [(d.counted, d.day) for d in deadline.days if d.counted is not None]
    assert [n for n, _ in counted] == list(range(1, number + 1))
    assert all(CALENDAR.is_working_day(day) for _, day in counted)
    assert [d.day for d in deadline.days] == [
        received.date() + timedelta(days=n) for n in range((deadline.due.date() - received.date()).days + 1)
    ]


@given(instants, st.integers(0, 100))
def test_hours_are_office_hours(received, hours):
    starts = CALENDAR.counts_from(received)
    deadline = CALENDAR.add(received, WorkingTime(working_hours=hours))
    assert CALENDAR.working_between(starts, deadline.due) == timedelta(hours=hours)


@given(instants, st.integers(0, 40))
def test_what_is_taken_from_the_end_leaves_room_for_the_limit(end, number):
    back = CALENDAR.subtract(end, WorkingTime(working_days=number))
    assert back.date() <= end.date()
    if number:
        assert CALENDAR.is_working_day(back.date())
        assert CALENDAR.working_days_between(back.date(), end.date()) >= number - (not CALENDAR.is_working_day(end.date()))


@given(instants, st.integers(0, 100))
def test_hours_taken_from_the_end_are_office_hours(end, hours):
    assert CALENDAR.working_between(CALENDAR.subtract(end, WorkingTime(working_hours=hours)), end) == timedelta(hours=hours)


@given(instants, instants, instants)
def test_office_time_adds_up(one, two, three):
    a, b, c = sorted([one, two, three])
    assert CALENDAR.working_between(a, b) + CALENDAR.working_between(b, c) == CALENDAR.working_between(a, c)
    assert CALENDAR.working_minutes(c, a) == (0 if c > a else CALENDAR.working_minutes(a, c))


@given(st.dates(date(2025, 1, 1), date(2026, 12, 31)), st.integers(-80, 80))
def test_counting_days_forward_and_back_agree(day, number):
    end = CALENDAR.nth_working_day(day, number)
    counted = CALENDAR.working_days_between(day, end)
    assert counted == number or (number < 0 and not CALENDAR.is_working_day(day) and counted == number + 1)


def test_the_explanation_is_fast_enough_for_every_page(calendar):
    began = datetime.now(TZ)
    for _ in range(200):
        calendar.add(datetime(2026, 11, 2, 9, tzinfo=TZ), WorkingTime(working_days=15))
    assert (datetime.now(TZ) - began).total_seconds() < 2


# --- faults and edges ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [WorkingTime(), WorkingTime(1, 1), WorkingTime(working_days=-1)])
def test_a_limit_is_one_number_of_one_unit(calendar, limit):
    with pytest.raises(ValueError, match="a time limit is one number"):
        calendar.add(datetime(2026, 11, 2, 9, tzinfo=TZ), limit)


def test_a_naive_instant_is_refused(calendar):
    with pytest.raises(ValueError, match="time zone"):
        calendar.add(datetime(2026, 11, 2, 9), WorkingTime(working_days=1))  # noqa: DTZ001


def test_waits_that_end_before_they_begin_or_overlap_are_put_in_order(calendar):
    nine = datetime(2026, 11, 3, 9, tzinfo=TZ)
    limit = WorkingTime(working_days=3)
    once = calendar.add(nine, limit, pauses=[(nine + timedelta(days=1), nine + timedelta(days=3))])
    day = timedelta(days=1)
    pieces = [(nine + day * 2, nine + day * 3), (nine + day, nine + day * 2), (nine + day * 5, nine + day * 4)]
    assert calendar.add(nine, limit, pauses=pieces).due == once.due


def test_calendar_days_are_taken_from_the_end_to_a_working_day(calendar):
    end = datetime(2026, 11, 12, 17, tzinfo=TZ)
    assert calendar.subtract(end, WorkingTime(calendar_days=2)) == datetime(2026, 11, 10, 17, tzinfo=TZ)
    assert calendar.subtract(end, WorkingTime(calendar_days=4)) == datetime(2026, 11, 6, 17, tzinfo=TZ)


def test_a_province_with_its_own_hours_and_a_saturday_shift():
    own = OfficeHours(date(2026, 1, 1), ((time(7), time(11)), (time(13, 30), time(17))), (1, 2, 3, 4, 5, 6), "80")
    usual = OfficeHours(date(1900, 1, 1), ((time(8), time(12)), (time(13), time(17))))
    calendar = WorkCalendar(special_days, hours=[own, usual], official_years=[2026])
    friday = datetime(2026, 11, 6, 9, tzinfo=TZ)
    assert calendar.add(friday, WorkingTime(working_days=1)).due == datetime(2026, 11, 7, 17, tzinfo=TZ)
    assert calendar.hours_on(date(2025, 12, 31)) is usual
    assert own.length == timedelta(hours=7, minutes=30)
    assert calendar.opening(date(2026, 1, 5)).time() == time(7)


def test_rules_change_on_their_day():
    later = ClockPolicy(valid_from=date(2026, 11, 5), cut_off=None, day_end=DayEnd.MIDNIGHT)
    calendar = WorkCalendar(special_days, policies=[later, ClockPolicy()], official_years=[2026])
    before, after = datetime(2026, 11, 4, 16, tzinfo=TZ), datetime(2026, 11, 5, 16, tzinfo=TZ)
    assert calendar.add(before, WorkingTime(working_days=1)).due == datetime(2026, 11, 6, 17, tzinfo=TZ)
    assert calendar.add(after, WorkingTime(working_days=1)).due.date() == date(2026, 11, 6)
    assert calendar.add(after, WorkingTime(working_days=1)).due.time() == time.max


def test_a_province_may_say_that_a_holiday_is_a_working_day():
    culture_day = SpecialDay(date(2026, 11, 24), True, "Làm việc", "Working day", "một văn bản")
    calendar = WorkCalendar(special_days, overrides=[culture_day], official_years=[2026])
    monday = datetime(2026, 11, 23, 9, tzinfo=TZ)
    assert calendar.add(monday, WorkingTime(working_days=1)).due == datetime(2026, 11, 24, 17, tzinfo=TZ)


def test_without_any_official_year_everything_is_provisional():
    deadline = WorkCalendar(special_days).add(datetime(2026, 11, 23, 9, tzinfo=TZ), WorkingTime(working_days=1))
    assert deadline.provisional
    assert deadline.reasons[-1].params == (("year", "2026"),)
