"""Yes, no, not yet known: a missing fact never makes a no, and what is decided stays decided when more becomes known."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinhso.kernel.cases.engine.eligibility import assess, every, some
from tinhso.kernel.cases.types import Holds

from .conftest import load

ON = date(2026, 11, 2)
THREE = st.sampled_from(Holds)
ANSWERS = {
    "birth_date": st.dates(date(1920, 1, 1), date(2020, 1, 1)).map(date.isoformat),
    "lives_here": st.booleans(),
    "ground": st.sampled_from(["disability", "elderly", "single_parent"]),
    "disability_level": st.sampled_from(["extreme", "severe", "light", "unknown"]),
    "poor_household": st.sampled_from(["poor", "near_poor", "none", "unknown"]),
    "supported": st.sampled_from(["nobody", "somebody", "unknown"]),
    "children": st.integers(0, 5),
    "partner": st.sampled_from(["none", "together", "unknown"]),
    "other_income": st.sampled_from(["none", "has", "unknown"]),
    "in_care": st.booleans(),
}


@pytest.fixture(scope="module")
def allowance():
    return load("social-allowance")


@given(values=st.lists(THREE, max_size=5), more=THREE)
def test_the_two_ways_of_combining_are_kleenes(values, more):
    rank = {Holds.NO: 0, Holds.UNKNOWN: 1, Holds.YES: 2}
    lowest = min(values, key=rank.__getitem__, default=Holds.YES)
    highest = max(values, key=rank.__getitem__, default=Holds.NO)
    assert every(values) is lowest
    assert some(values) is highest
    assert every([*values, more]) is every([every(values), more])
    assert some([*values, more]) is some([some(values), more])


@settings(max_examples=400, deadline=None)
@given(whole=st.fixed_dictionaries(ANSWERS), known=st.sets(st.sampled_from(sorted(ANSWERS))))
def test_what_is_decided_with_less_stays_so_with_more(allowance, whole, known):
    part = {name: value for name, value in whole.items() if name in known}
    less, more = assess(allowance, part, ON), assess(allowance, whole, ON)
    if less.holds is not Holds.UNKNOWN:
        assert more.holds is less.holds
    after = {view.rule.code: view.holds for view in more.conditions}
    for view in less.conditions:
        if view.holds is not Holds.UNKNOWN and view.rule.code in after:
            assert after[view.rule.code] is view.holds
        assert bool(view.missing) is (view.holds is Holds.UNKNOWN)


@settings(max_examples=300, deadline=None)
@given(whole=st.fixed_dictionaries(ANSWERS))
def test_with_everything_known_nothing_is_left_open(allowance, whole):
    known = {name: value for name, value in whole.items() if value != "unknown"}
    told = assess(allowance, known, ON)
    if known == whole:
        assert told.holds is not Holds.UNKNOWN
    assert (told.monthly is not None) is (told.holds is Holds.YES)


def test_nothing_known_is_not_yet_known(allowance):
    told = assess(allowance, {}, ON)
    assert told.holds is Holds.UNKNOWN
    assert all(view.holds is Holds.UNKNOWN and view.missing for view in told.conditions)


def test_a_date_that_is_none_counts_as_missing(allowance):
    told = assess(allowance, {"ground": "elderly", "birth_date": "soon"}, ON)
    assert {view.holds for view in told.conditions if view.rule.code == "old_enough"} == {Holds.UNKNOWN}
