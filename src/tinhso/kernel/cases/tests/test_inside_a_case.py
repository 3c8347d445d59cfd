"""What effects and notices ask of a case that they have in hand."""

import pytest

from tests import request_type, world
from tests.world import World
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.queries import packs
from tinhso.kernel.cases.types import NoSuchType, Phase


def test_a_case_in_one_line(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "assign")
    brief = cases.brief_of(ref.id)
    assert (brief.code, brief.family, brief.phase) == (ref.code, "tests.request", Phase.OPEN)
    assert (brief.party, brief.handler) == (commune.party, commune.bao.id)


def test_the_newest_papers_in_the_order_of_the_type(commune: World) -> None:
    ref = request_type.filed(commune)
    proof = world.stored(commune.tam)
    cases.attach(commune.tam, ref.id, "proof", proof.id)
    papers = cases.papers_of(ref.id)
    assert [paper.code for paper in papers] == ["plan", "proof"]
    assert papers[1].files == (proof,)


def test_what_others_were_asked_and_said(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "assign")
    question = {"unit": commune.units["land-office"].key, "question": "Ranh đất?"}
    cases.perform(commune.bao, ref.id, "consult", question, if_version=ref.version)
    cases.perform(commune.actor("mai"), ref.id, "answer_opinion", {"outcome": "agree", "answer": "Rõ"}, task="t1")
    (opinion,) = cases.opinions_of(ref.id)
    assert (opinion.unit_name, opinion.question, opinion.answer) == ("Văn phòng Đăng ký đất đai", "Ranh đất?", "Rõ")


def test_the_result_and_the_version_of_the_type(commune: World, monkeypatch) -> None:
    ref = request_type.filed(commune)
    assert cases.result_rule_of(ref.id).number_series == "TP"
    version = cases.case_type(request_type.CODE).version
    monkeypatch.setattr(packs, "_compiled", {})
    assert cases.type_version(request_type.CODE, version).version == version
    with pytest.raises(NoSuchType):
        cases.type_version(request_type.CODE, "no-such")


def test_a_fee_that_depends_on_what_is_not_answered_yet(commune: World) -> None:
    priced = request_type.PACK.replace("type: test-request", "type: priced").replace(
        'amount: "75000"', 'amount: "data.urgent ? 150000 : 75000"'
    )
    request_type.load(priced)
    assert cases.fee_preview("priced", {}) == ()
    assert [line.amount for line in cases.fee_preview("priced", {"urgent": True})] == [150000]
