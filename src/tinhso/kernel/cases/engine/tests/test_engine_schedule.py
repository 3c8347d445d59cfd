"""What goes on after the decision: a task each month, for as long as the case stands in the step; stopped by leaving it."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tinhso.kernel.cases.engine import decide as rules
from tinhso.kernel.cases.engine.definition import Repeat
from tinhso.kernel.cases.engine.evolve import evolve_all
from tinhso.kernel.cases.engine.state import CaseState
from tinhso.kernel.cases.types import Phase
from tinhso.kernel.ledger.types import Actor, ActorKind, Grant

from .conftest import ALL_WELL, Play, load, local

PAYER = Actor("account:chi", ActorKind.OFFICIAL, grants=(Grant("services.payer", "economic"),))


@pytest.fixture(scope="module")
def allowance():
    return load("social-allowance")


@pytest.fixture
def paid(allowance, calendar) -> Play:
    """Decided on 20/11/2026 for a severe disability."""
    data = {"ground": "disability", "disability_level": "severe", "birth_date": "1990-01-01"}
    play = Play(allowance, calendar, data=data, facts=dict(ALL_WELL))
    play.people["Chi"] = PAYER
    play.handled()
    play.move("Bảo", "draft_result", "2026-11-10T09:00", appraisal="Đủ điều kiện.")
    play.move("Đức", "approve", "2026-11-12T09:00").move("Hòa", "sign", "2026-11-13T09:00")
    return play.move("Lan", "number", "2026-11-20T09:00")


def test_the_clock_ends_with_the_decision_and_the_entitlement_lives_on(paid):
    state = paid.state
    assert (state.phase, state.outcome) == (Phase.DONE, "granted")
    assert state.clock.verdict is not None
    assert state.repeat_at == local("2026-12-01T07:00")
    assert rules.alarm_at(paid.definition, state) == state.repeat_at


def test_each_month_brings_its_payment_even_when_nobody_asked_for_long(paid):
    told = paid.ring("2027-02-15T08:00")
    opened = [fact for fact in told if fact.kind == "cases.task_opened"]
    assert [fact.period for fact in opened] == ["2026-12", "2027-01", "2027-02"]
    assert opened[0].task_due == local("2026-12-10T23:59:59")
    late = [fact.part_id for fact in told if fact.kind == "cases.part_overdue"]
    assert late == [fact.task for fact in opened], "none was paid in time"
    assert not paid.ring("2027-02-16T08:00")


def test_a_payment_is_a_fact_with_its_month_and_amount(paid):
    paid.ring("2026-12-01T08:00")
    task = paid.state.open_tasks[0]
    paid.move("Chi", "record_payment", "2026-12-03T09:00", task=task.id, outcome="paid")
    fact = paid.past[-1]
    assert (fact.kind, fact.period, fact.amount, fact.late) == ("cases.task_closed", "2026-12", 750_000, False)


def test_what_was_not_collected_has_no_amount(paid):
    paid.ring("2026-12-01T08:00")
    paid.move("Chi", "record_payment", "2026-12-03T09:00", task=paid.state.open_tasks[0].id, outcome="not_collected")
    assert paid.past[-1].amount is None


@pytest.mark.parametrize("move", ["end_death", "end_moved", "end_ineligible"])
def test_an_end_stops_it_and_calls_off_what_is_open(paid, move):
    paid.ring("2026-12-01T08:00")
    paid.people["Bảo"] = Actor("account:bao", ActorKind.OFFICIAL, grants=(Grant("services.handler", "economic"),))
    paid.move("Bảo", move, "2026-12-05T09:00", reason="Có giấy tờ.")
    assert paid.state.phase is Phase.ENDED
    assert not paid.state.open_tasks
    assert not paid.ring("2027-06-01T08:00")


def test_the_state_does_not_grow_with_the_years(paid):
    for month in range(1, 37):
        year, number = divmod(11 + month - 1, 12)
        at = f"{2026 + year}-{number + 1:02}-05T08:00"
        paid.ring(at)
        paid.move("Chi", "record_payment", at, task=paid.state.open_tasks[0].id, outcome="paid")
    assert len(paid.state.tasks) == 1
    assert paid.state.tasks_opened == 36
    assert CaseState.from_json(paid.state.to_json()) == paid.state
    assert evolve_all(None, paid.past) == paid.state


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(day=st.integers(1, 28), start=st.datetimes(), hops=st.integers(1, 30))
def test_openings_come_once_a_month_on_their_day(day, start, hops):
    rule = Repeat("payment", "responsible", day, 28)
    at = local("2026-01-01T00:00") + timedelta(days=start.toordinal() % 3000, minutes=start.minute)
    seen = []
    for _ in range(hops):
        following = rules.next_opening(rule, at)
        assert following > at
        assert following.day == day
        seen.append((following.year, following.month))
        at = following
    assert len(set(seen)) == len(seen)
    assert all((b[0] * 12 + b[1]) - (a[0] * 12 + a[1]) == 1 for a, b in pairwise(seen))
