"""The table of worked cases that an official can read (law/deadlines.yaml), one test each."""

from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import yaml

from tinhso.kernel.organisation.types import ClockPolicy, DayEnd, Resumption, WorkingTime
from tinhso.lib.clock import TZ

TABLE = yaml.safe_load(Path(__file__).with_name("law").joinpath("deadlines.yaml").read_text(encoding="utf-8"))


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TZ)


def policy_of(rules: dict[str, Any], ordinary: ClockPolicy) -> ClockPolicy:
    readers = {"day_end": DayEnd, "resumption": Resumption, "cut_off": lambda text: time.fromisoformat(text) if text else None}
    return replace(ordinary, **{name: readers.get(name, bool)(value) for name, value in rules.items()})


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case["name"])
def test_case(calendar, case):
    received = instant(case["received"])
    policy = policy_of(case.get("policy", {}), calendar.policy_on(received.date()))
    pauses = [(instant(a), instant(b)) for a, b in case.get("pauses", [])]

    deadline = calendar.add(received, WorkingTime(**case["limit"]), policy=policy, pauses=pauses)

    assert f"{deadline.due:%Y-%m-%d %H:%M}" == case["due"], case["why"]
    assert deadline.provisional is case.get("provisional", False)
    told = {reason.code.removeprefix("deadline.") for reason in deadline.reasons}
    assert told >= set(case.get("reasons", [])), f"told only {sorted(told)}"


def test_the_table_is_long_enough_and_each_row_names_its_basis():
    assert len(TABLE["cases"]) >= 40
    assert len({case["name"] for case in TABLE["cases"]}) == len(TABLE["cases"])
    assert {case["basis"] for case in TABLE["cases"]} <= set(TABLE["basis"])


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case["name"])
def test_the_drawn_days_add_up(calendar, case):
    received = instant(case["received"])
    policy = policy_of(case.get("policy", {}), calendar.policy_on(received.date()))
    pauses = [(instant(a), instant(b)) for a, b in case.get("pauses", [])]
    days = calendar.add(received, WorkingTime(**case["limit"]), policy=policy, pauses=pauses).days
    assert [d.kind for d in days].count("due") == 1
    assert days[-1].day == date.fromisoformat(case["due"][:10])
    if "working_days" in case["limit"]:
        counted = [d.counted for d in days if d.counted is not None]
        assert counted == list(range(1, case["limit"]["working_days"] + 1))
