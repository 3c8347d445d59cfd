"""The form on the server: what is asked, what is missing or wrong, which papers, what it costs."""

import math
from dataclasses import replace
from datetime import date

import pytest

from tinhso.kernel.cases.engine import form, pack
from tinhso.kernel.cases.types import Channel, PackInvalid
from tinhso.lib.expressions import NoAnswer
from tinhso.lib.problems import Invalid


def test_a_whole_form_has_no_faults(definition, play):
    assert form.validate(definition, play.data) == []
    assert form.clean(definition, play.data) == play.data


@pytest.mark.parametrize(
    ("name", "value", "code", "params"),
    [
        ("applicant_name", None, "required", {}),
        ("applicant_name", "", "required", {}),
        ("applicant_name", "T", "too_short", {"limit": 2}),
        ("applicant_name", "T" * 101, "too_long", {"limit": 100}),
        ("applicant_name", 7, "type", {"limit": "string"}),
        ("applicant_identifier", "12345", "pattern", {"limit": "^[0-9]{12}$"}),
        ("applicant_phone", "84903123456", "pattern", {"limit": "^0[0-9]{9,10}$"}),
        ("applicant_name", "Th\0ắm", "type", {"limit": "string"}),
        ("applicant_name", ["Th", {"\0": 1}], "type", {"limit": "string"}),
        ("plot_area", math.nan, "type", {"limit": "number"}),
        ("plot_area", math.inf, "type", {"limit": "number"}),
        ("plot_area", 3, "minimum", {"limit": 10}),
        ("plot_area", "95.6", "type", {"limit": "number"}),
        ("storeys", 2.5, "type", {"limit": "integer"}),
        ("storeys", 0, "minimum", {"limit": 1}),
        ("height", 0, "above", {"limit": 0}),
        ("work_kind", "demolish", "choice", {}),
        ("adjacent", None, "required", {}),
        ("commit_truth", False, "choice", {"limit": True}),
    ],
)
def test_each_fault_has_its_code(definition, play, name, value, code, params):
    assert form.validate(definition, {**play.data, name: value}) == [(name, code, params)]


def test_one_page_at_a_time(definition):
    assert [path for path, _, _ in form.validate(definition, {}, "plot")] == [
        "plot_commune",
        "plot_address",
        "plot_no",
        "map_sheet",
        "plot_area",
    ]


def test_a_question_that_is_not_asked_is_neither_required_nor_kept(definition, play):
    data = {**play.data, "adjacent": False, "repair_scope": "Sơn lại", "favourite_horse": "Ngựa ô", "designer": ""}
    assert form.validate(definition, data) == []
    kept = form.clean(definition, data)
    assert "commit_safety" not in kept
    assert "repair_scope" not in kept
    assert "favourite_horse" not in kept
    assert "designer" not in kept


def test_what_depends_on_a_hidden_answer_is_hidden_with_it(definition, play):
    asked = {f.name for f in form.visible_fields(definition, {**play.data, "work_kind": "repair"})}
    assert "repair_scope" in asked
    assert "setback_front" not in asked
    house = {**play.data, "storeys": 3}
    assert "designer" in {f.name for f in form.visible_fields(definition, house)}
    assert [e[:2] for e in form.validate(definition, house)] == [("designer", "required")]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (
            {},
            ["application", "land_right", "drawing_plan", "drawing_elevations", "drawing_foundation", "safety_commitment"],
        ),
        (
            {"work_kind": "repair", "adjacent": False},
            ["application", "land_right", "drawing_plan", "drawing_elevations", "photos"],
        ),
    ],
)
def test_papers_follow_the_answers(definition, play, answers, expected):
    assert [p.code for p in form.papers(definition, {**play.data, **answers})] == expected


def test_the_fee_is_that_of_the_day(definition, play):
    (line,) = form.fees(definition, play.data, date(2026, 11, 2))
    assert (line.code, line.amount) == ("permit", 75_000)
    assert line.title.startswith("Lệ phí")
    assert line.legal_basis
    assert form.fees(definition, play.data, date(2025, 6, 30)) == ()


FEES = """fees:
  - code: permit
    title: { vi: Lệ phí, en: Fee }
    effective_from: 2025-07-01
    effective_to: 2026-07-01
    amount: "75000"
    collect: result
    legal_basis: Nghị quyết 1
  - code: permit
    title: { vi: Lệ phí, en: Fee }
    effective_from: 2026-07-01
    amount: "data.floor_area > 250.0 ? 150000 : 100000"
    when: case.channel != 'online'
    collect: result
    legal_basis: Nghị quyết 2
  - code: copy
    title: { vi: Sao, en: Copy }
    effective_from: 2026-07-01
    amount: "data.ground_area < 10.0 ? 0.0 : data.ground_area * 100.0"
    collect: receipt
    legal_basis: Nghị quyết 3

results:"""


@pytest.fixture(scope="module")
def dated(good, family):
    """The same permit with fees that changed on 1/7/2026."""
    before, rest = good.split("fees:\n", 1)
    return pack.load(before + FEES + rest.split("results:", 1)[1], {family.code: family})


@pytest.mark.parametrize(
    ("on", "channel", "floor", "expected"),
    [
        (date(2026, 6, 30), Channel.ONLINE, 117.6, {"permit": 75_000}),
        (date(2026, 7, 1), Channel.COUNTER, 117.6, {"permit": 100_000, "copy": 5_880}),
        (date(2026, 7, 1), Channel.COUNTER, 300, {"permit": 150_000, "copy": 5_880}),
        (date(2026, 7, 1), Channel.ONLINE, 300, {"copy": 5_880}),
    ],
)
def test_fees_change_with_law_channel_and_house(dated, play, on, channel, floor, expected):
    lines = form.fees(dated, {**play.data, "floor_area": floor}, on, channel)
    assert {line.code: line.amount for line in lines} == expected


def test_nothing_to_pay_is_no_line(dated, play):
    data = {**play.data, "ground_area": 9}
    assert [line.code for line in form.fees(dated, data, date(2026, 8, 1), Channel.COUNTER)] == ["permit"]


def test_an_amount_that_cannot_be_known_is_never_guessed(dated, play):
    data = {name: value for name, value in play.data.items() if name != "ground_area"}
    with pytest.raises(NoAnswer):
        form.fees(dated, data, date(2026, 8, 1))


def test_two_rules_for_one_fee_may_not_hold_at_once(good, family):
    before, rest = good.split("fees:\n", 1)
    twice = FEES.replace("    effective_to: 2026-07-01\n", "").replace("    when: case.channel != 'online'\n", "")
    with pytest.raises(PackInvalid) as caught:
        pack.load(before + twice + rest.split("results:", 1)[1], {family.code: family})
    assert "in force at the same time" in str(caught.value.params["what"])


def test_a_moves_input_is_held_to_its_schema(definition):
    fields = definition.moves["extend"].rule.input
    assert form.validate_input(fields, {"days": 5, "reason": "Chờ ý kiến nơi khác"}) == []
    assert form.validate_input(fields, {"days": 50, "reason": "Chờ ý kiến nơi khác"}) == [("days", "maximum", {"limit": 15})]
    assert form.validate_input(fields, {"reason": "ngắn"}) == [("days", "required", {}), ("reason", "too_short", {"limit": 10})]


def test_a_bound_of_the_type_holds_even_where_the_input_allows_more(play):
    rule = play.definition.extension
    play.definition = replace(play.definition, extension=replace(rule, max_days=3))
    play.handled()
    with pytest.raises(Invalid) as invalid:
        play.move("Đức", "extend", "2026-11-04T09:00", days=5, reason="Chờ ý kiến nơi khác")
    assert invalid.value.errors == [("days", "maximum", {"limit": 3})]


def test_several_choices_are_held_to_what_is_offered(good, family, play):
    several = good.replace(
        "widget: choice\n          required: true\n          choices", "widget: choices\n          choices", 1
    )
    typed = pack.load(several, {family.code: family})
    assert ("work_kind", "choice", {}) in form.validate(typed, {**play.data, "work_kind": ["new", "demolish"]})
    assert "work_kind" not in [path for path, _, _ in form.validate(typed, {**play.data, "work_kind": ["new"]})]


def test_an_amount_that_only_the_sample_breaks_is_allowed(good, family, play):
    typed = pack.load(good.replace('amount: "75000"', 'amount: "100 / (data.storeys - 1)"'), {family.code: family})
    assert form.fees(typed, play.data, date(2026, 8, 1))[0].amount == 100
