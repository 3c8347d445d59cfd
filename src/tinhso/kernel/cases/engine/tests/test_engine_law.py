"""The law as tables that an official can read: tests/law/construction_permit.yaml, one test for each situation."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from tinhso.kernel.cases.engine import clock
from tinhso.lib.clock import TZ

LAW = Path(__file__).parents[6] / "tests" / "law" / "construction_permit.yaml"


class _Plain(yaml.SafeLoader):
    """Instants stay text."""


_Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith("timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

SITUATIONS = yaml.load(LAW.read_text("utf-8"), Loader=_Plain)


def _instant(value: Any) -> str:
    return "none" if value is None else value.astimezone(TZ).strftime("%Y-%m-%dT%H:%M")


@pytest.mark.parametrize("case", SITUATIONS, ids=[s["situation"] for s in SITUATIONS])
def test_the_law(play, definition, calendar, case):
    for who, move, at, *rest in case["story"]:
        play.facts |= rest[1] if len(rest) > 1 else {}
        if move == "file":
            play.file(at)
        else:
            play.move(who, move, at, **(rest[0] if rest else {}))
    play.facts |= case.get("given", {})
    if "now" in case:
        play.at = datetime.fromisoformat(case["now"]).replace(tzinfo=TZ)
    then = case["then"]
    state, ticking = play.state, play.state.clock
    seen: dict[str, Any] = {
        "step": state.step,
        "status": state.status,
        "outcome": state.outcome,
        "due": _instant(ticking and ticking.due),
        "kpi_due": _instant(ticking and ticking.kpi_due),
        "verdict": ticking and ticking.verdict,
        "kpi_verdict": ticking and ticking.kpi_verdict,
        "counts_late": clock.counts_late(definition, state),
        "task_due": _instant(state.tasks[-1].due if state.tasks else None),
        "may": {who: sorted(play.may(who)) for who in then.get("may", {})},
        "blocked": {who: {m: play.why_not(who, m) for m in moves} for who, moves in then.get("blocked", {}).items()},
    }
    if "may" in then:
        then = {**then, "may": {who: sorted(moves) for who, moves in then["may"].items()}}
    if "clock" in then:
        view = clock.view(definition, state, play.at, calendar)
        seen["clock"] = {
            name: _instant(value) if name.startswith("if_") else value
            for name in then["clock"]
            for value in [getattr(view, name)]
        }
    assert {name: seen[name] for name in then} == then
