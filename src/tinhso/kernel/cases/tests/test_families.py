"""What an app declares: every name has its function, every role its desk."""

from dataclasses import replace

import pytest

from tests import request_type, world
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import Channel, MoveRefused

FAMILY = replace(request_type.FAMILY, code="tests.other", effects=frozenset({"tests.slip"}), roles=frozenset({"tests.role"}))


@pytest.mark.parametrize(
    ("effects", "desks", "fault"),
    [
        ({}, {"tests.role": "mine"}, "effects and their functions differ"),
        ({"tests.slip": len, "tests.more": len}, {"tests.role": "mine"}, "effects and their functions differ"),
        ({"tests.slip": len}, {}, "roles and their desks differ"),
        ({"tests.slip": len}, {"tests.role": "nowhere"}, "no such desk"),
    ],
)
def test_loose_ends_are_refused(effects: dict, desks: dict, fault: str) -> None:
    with pytest.raises(TypeError, match=fault):
        cases.declare_family(FAMILY, effects=effects, desks=desks)


def test_facts_need_a_source_and_a_source_needs_facts() -> None:
    for family, source in ((replace(FAMILY, facts={"sunny": True}), None), (FAMILY, lambda moment: {})):
        with pytest.raises(TypeError, match="facts are declared without a source"):
            cases.declare_family(family, effects={"tests.slip": len}, desks={"tests.role": "mine"}, facts=source)


def test_the_same_again_is_nothing_and_another_of_the_name_is_refused() -> None:
    entry = cases.EntryPoints(desk="services:desk")
    cases.declare_family(request_type.FAMILY, effects=request_type.EFFECTS, desks=request_type.DESKS, entry=entry)
    assert cases.entry_points("tests.request").desk == "services:desk"
    with pytest.raises(TypeError, match="declared twice"):
        cases.declare_family(
            replace(request_type.FAMILY, templates=frozenset()), effects=request_type.EFFECTS, desks=request_type.DESKS
        )


def test_facts_of_an_app_reach_its_guards(commune) -> None:
    """A family's own fact decides whether a move may be made."""
    family = replace(request_type.FAMILY, code="tests.facts", facts={"sunny": True})
    weather = {"sunny": False}
    cases.declare_family(family, effects=request_type.EFFECTS, desks=request_type.DESKS, facts=lambda moment: dict(weather))
    text = request_type.PACK.replace("family: tests.request", "family: tests.facts").replace(
        "type: test-request", "type: sunny"
    )
    text = text.replace(
        "when: [{ expression: facts.papers_missing == 0,", "when: [{ expression: facts.sunny && facts.papers_missing == 0,"
    )
    request_type.load(text)
    papers = {"plan": [world.stored(commune.tham).id]}
    ref = cases.file_case(commune.tham, "sunny", request_type.data(), papers, Channel.ONLINE, commune.party, "k")
    with pytest.raises(MoveRefused):
        cases.perform(commune.tam, ref.id, "receive", {})
    weather["sunny"] = True
    cases.perform(commune.tam, ref.id, "receive", {})
