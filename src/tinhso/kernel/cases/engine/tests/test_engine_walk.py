"""Every declared case type, walked by itself: from the start to each end; and any row of moves, whatever happens."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tinhso.kernel.cases.engine import clock, events, pack
from tinhso.kernel.cases.engine import decide as rules
from tinhso.kernel.cases.engine.codec import dump
from tinhso.kernel.cases.engine.context import Context
from tinhso.kernel.cases.engine.definition import Definition, Does, SupplementMode
from tinhso.kernel.cases.engine.evolve import evolve, evolve_all
from tinhso.kernel.cases.engine.state import CaseState
from tinhso.kernel.cases.types import Channel, FormField, MoveRefused, Phase
from tinhso.kernel.ledger.types import Actor, ActorKind, Grant
from tinhso.kernel.organisation.types import WorkingTime
from tinhso.lib.problems import Invalid

FACTS = [
    {"papers_missing": missing, "papers_wanting": wanting, "unpaid": unpaid, "result": result, "eligible": eligible}
    for missing, wanting, unpaid, (result, eligible) in product(
        (0, 1),
        (0, 1),
        (0, 75_000),
        (("none", "yes"), ("draft", "yes"), ("signed", "yes"), ("numbered", "no")),
    )
]


def _everybody(definition: Definition) -> tuple[Actor, Actor]:
    """Somebody with every role everywhere, and the machine itself."""
    units = [*definition.places, "asked"]
    grants = tuple(Grant(role, unit) for role in sorted(definition.family.roles) for unit in units)
    return Actor("account:all", ActorKind.OFFICIAL, grants=grants), Actor("system:payments", ActorKind.SYSTEM)


def _file(definition, calendar, at) -> tuple[events.CaseFact, ...]:
    filing = rules.Filing("c1", Channel.COUNTER, "party:1", {place: place for place in definition.places})
    return rules.file(definition, filing, Context(at, calendar, _everybody(definition)[0]))


def _value(field: FormField) -> Any:
    """Something that fits the field."""
    kind = field.schema["type"]
    if field.name == "assignee":
        return "account:all"
    if field.choices:
        return field.choices[0][0]
    if field.schema.get("format") == "date":
        return "2026-11-12"
    return {"integer": field.schema.get("minimum", 1), "boolean": True, "number": 1.5}.get(kind, "đủ dài để hợp lệ")


def _inputs(definition: Definition, move) -> Iterator[dict[str, Any]]:
    """An input for each way in which the move can come out."""
    given = _input(definition, move)
    outcomes = [value for field in move.rule.input if field.name == "outcome" for value, _ in field.choices]
    yield from ({**given, "outcome": value} for value in outcomes)
    if not outcomes:
        yield given


def _input(definition: Definition, move) -> dict[str, Any]:
    given = {f.name: _value(f) for f in move.rule.input if f.required}
    if "items" in given:
        given["items"] = [next(iter(definition.papers))]
    if "unit" in given:
        given["unit"] = "asked"
    return given


def _next(definition, state, calendar, at) -> Iterator[CaseState]:
    """Every state one move away, with whatever facts allow it."""
    for actor, facts in product(_everybody(definition), FACTS):
        context = Context(at, calendar, actor, True, {}, facts)
        for option in rules.options(definition, state, context):
            if option.enabled and option.move.does is not Does.EXTEND:
                for given in _inputs(definition, option.move):
                    command = rules.Perform(option.move.id, given, option.task)
                    try:
                        yield evolve_all(state, rules.decide(definition, state, command, context))
                    except Invalid:  # the same unit asked twice
                        continue
    if state.repeat_at is not None and not state.open_tasks and definition.steps[state.step].repeats:
        yield evolve_all(state, rules.ring(definition, state, state.repeat_at))


@pytest.fixture(scope="module", params=sorted((pack.Path(__file__).parents[6] / "packs").rglob("procedures/*.yaml")), ids=str)
def declared(request, family):
    """Each declared case type."""
    return pack.load(request.param, {family.code: family})


def test_every_type_walks_from_its_start_to_each_of_its_ends(declared, calendar, at_eight):
    start = evolve_all(None, _file(declared, calendar, at_eight))
    seen, waiting = {}, [start]
    while waiting:
        state = waiting.pop()
        beside = [task for task in state.tasks if definition_of_part(declared, task.kind)]
        asked = [task for task in state.tasks if task not in beside]
        sides = tuple(sorted((task.kind, task.open, task.returned, task.outcome or "") for task in beside))
        key = (state.step, len(asked), len(state.open_tasks), state.corrections_asked, state.supplements_asked > 0, sides)
        if key in seen or len(asked) > 1:
            continue
        seen[key] = state
        waiting.extend(_next(declared, state, calendar, at_eight))
    assert {key[0] for key in seen} == set(declared.steps)
    for state in seen.values():
        assert (state.phase is Phase.ENDED) == (
            state.outcome is not None and not _anything(declared, state, calendar, at_eight)
        )


def definition_of_part(definition: Definition, kind: str) -> bool:
    """Whether a kind of task has a place of its own: a part, or a task of a schedule."""
    return definition.tasks[kind].at is not None


def _anything(definition, state, calendar, at) -> bool:
    return next(_next(definition, state, calendar, at), None) is not None


VARIANTS = {
    "as declared": lambda rule: rule,
    "restart": lambda rule: replace(rule, supplement_mode=SupplementMode.RESTART),
    "in hours": lambda rule: replace(rule, limit=WorkingTime(working_hours=20)),
    "calendar days": lambda rule: replace(rule, limit=WorkingTime(calendar_days=9), extension_moves_kpi=True),
}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    variant=st.sampled_from(sorted(VARIANTS)),
    choices=st.lists(
        st.tuples(st.integers(0, 99), st.integers(0, 5 * 24 * 60), st.sampled_from(FACTS), st.booleans()),
        min_size=3,
        max_size=16,
    ),
)
def test_any_row_of_moves_keeps_the_case_whole(definition, calendar, at_eight, variant, choices):
    changed = VARIANTS[variant](definition.clock)
    typed = replace(definition, clock=changed, extension=definition.extension)
    at = at_eight
    past = list(_file(typed, calendar, at))
    state = evolve_all(None, past)
    for pick, minutes, facts, by_system in choices:
        at += timedelta(minutes=minutes)
        past += _ring(typed, state, at)
        state = evolve_all(None, past)
        context = Context(at, calendar, _everybody(typed)[by_system], True, {}, facts)
        before = state
        options = [o for o in rules.options(typed, state, context) if o.enabled]
        if options:
            option = options[pick % len(options)]
            command = rules.Perform(option.move.id, _input(typed, option.move), option.task)
            try:
                told = rules.decide(typed, state, command, context)
            except Invalid:
                continue
            assert told
            past += told
            state = evolve_all(state, told)
        _check_whole(typed, before, state, past, calendar, at)


def _ring(definition, state, at) -> tuple[events.CaseFact, ...]:
    when = rules.alarm_at(definition, state)
    told = rules.ring(definition, state, at)
    assert bool(told) == (when is not None and when <= at)
    if told:
        later = rules.alarm_at(definition, evolve_all(state, told))
        assert later is None or later > at
    return told


def _check_whole(definition, before, state, past, calendar, at) -> None:
    assert state.version == len(past) >= before.version
    assert CaseState.from_json(state.to_json()) == state
    assert [events.from_json(fact.kind, dump(fact)) for fact in past] == past
    assert evolve_all(None, past) == state
    assert definition.steps[state.step].phase is state.phase
    assert definition.steps[state.step].rule.status == state.status
    ticking = state.clock
    assert (ticking is not None) or state.phase in (Phase.FILED, Phase.ENDED)
    if ticking is not None:
        assert ticking.paused == (state.phase is Phase.WAITING)
        assert (ticking.stopped is not None) == (state.phase in (Phase.DONE, Phase.ENDED))
        assert (ticking.verdict is None) == (ticking.stopped is None) == (ticking.kpi_verdict is None)
        assert all(p.end is not None for p in ticking.pauses[:-1])
        assert ticking.due > ticking.started
        if before.clock is not None:
            assert ticking.due >= before.clock.due
            assert ticking.started == before.clock.started
    view = clock.view(definition, state, at, calendar)
    assert sum(share for _, share in view.segments) == pytest.approx(1)
    assert all(share > 0 for _, share in view.segments)
    if state.phase is Phase.ENDED:
        assert not state.open_tasks
        assert state.outcome


def test_facts_out_of_order_are_refused(play, definition, calendar):
    filed, moved, received = play.file().move("Tâm", "receive").past[:3]
    with pytest.raises(ValueError, match="filed once"):
        evolve(play.state, filed)
    with pytest.raises(ValueError, match="first fact"):
        evolve(None, moved)
    with pytest.raises(ValueError, match="no facts"):
        evolve_all(None, ())
    with pytest.raises(ValueError, match="has a due date"):
        evolve(evolve(None, filed), replace(received, due=None))
    play.move("Đức", "assign", assignee="account:bao")
    play.move("Bảo", "request_supplement", items=["drawing_plan"], note="x")
    paused = play.past[-1]
    with pytest.raises(ValueError, match="before the clock started"):
        evolve(evolve(None, filed), paused)


def test_a_refusal_is_the_same_whether_asked_or_tried(play, definition, calendar):
    """options() and decide() can't disagree: what is offered is accepted, what is barred is refused for the reason shown."""
    play.handled()
    for who in play.people:
        context = play.context(who)
        offered = {o.move.id: o for o in rules.options(definition, play.state, context)}
        for move in definition.moves.values():
            command = rules.Perform(move.id, _input(definition, move))
            if move.id in offered and offered[move.id].enabled:
                assert rules.decide(definition, play.state, command, context)
            else:
                with pytest.raises(MoveRefused) as refused:
                    rules.decide(definition, play.state, command, context)
                if move.id in offered:
                    assert refused.value.params["reason"] == offered[move.id].why_not
