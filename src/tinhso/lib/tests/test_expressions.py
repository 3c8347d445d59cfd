"""Expressions in packs: what may be written, what a missing value does, and that nothing a pack writes can run away."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.lib import expressions
from tinhso.lib.expressions import ExpressionInvalid, NoAnswer

NAMES: dict[str, dict[str, Any]] = {
    "data": {"storeys": 2, "floor_area": 100.0, "kind": "new", "adjacent": True, "parts": ["a"], "note": "x"},
    "case": {"channel": "online"},
}


@pytest.mark.parametrize(
    ("source", "data", "expected"),
    [
        ("data.storeys >= 3", {"storeys": 3}, True),
        ("data.kind in ['new', 'repair']", {"kind": "repair"}, True),
        ("data.floor_area * 1000.0", {"floor_area": 120}, 120_000.0),
        ("int(data.floor_area) * 1000", {"floor_area": 120.5}, 120_000),
        ("data.storeys == null", {}, True),
        ("data.storeys != null && data.storeys > 1", {}, False),
        ("data.parts.exists(p, p == 'b')", {"parts": ["a", "b"]}, True),
        ("data.note.contains('data.nothing')", {"note": "data.nothing"}, True),
        ("data.adjacent ? 75000 : 50000", {"adjacent": False}, 50000),
        ("75000", {}, 75000),
        ("'Nhà ở' + ' riêng lẻ'", {}, "Nhà ở riêng lẻ"),
    ],
)
def test_it_computes(source: str, data: dict[str, Any], expected: object) -> None:
    value = expressions.compile(source, NAMES).evaluate({"data": data})
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    ("source", "data"),
    [
        ("data.storeys > 1", {}),
        ("data.storeys > 1", {"storeys": "two"}),
        ("100 / data.storeys", {"storeys": 0}),
        ("data.storeys * 9223372036854775807", {"storeys": 2}),
        ("data.parts.exists(p, p == 'b')", {"parts": ["a"] * 201}),
        ("data.note == 'x'", {"note": object()}),
    ],
)
def test_a_missing_or_unfit_value_has_no_answer_and_does_not_hold(source: str, data: dict[str, Any]) -> None:
    expression = expressions.compile(source, NAMES)
    with pytest.raises(NoAnswer):
        expression.evaluate({"data": data})
    assert expression.holds({"data": data}) is False


@pytest.mark.parametrize(
    ("source", "words", "column"),
    [
        ("", "empty", None),
        ("   ", "empty", None),
        ("1 +", "mismatched input", 4),
        ("data.storey >= 3", "unknown name data.storey", 1),
        ("true && data.storey >= 3", "unknown name data.storey", 9),
        ("data['storeys'] >= 3", "write data.name", 1),
        ("size(data) > 1", "write data.name", 6),
        ("facts.paid", "facts", None),
        ("now() > 1", "unknown function now", None),
        ("data.kind > 3", "overload", None),
        ("data.floor_area * 1000", "float", None),
        ("'" + "x" * 600 + "'", "longer than 500", None),
        ("[1].map(a, [1].map(b, [1].map(c, 1)))", "more than 2 loops", None),
        ("(" * 200 + "1" + ")" * 200, "", None),
    ],
)
def test_what_cannot_work_is_refused_when_it_is_written(source: str, words: str, column: int | None) -> None:
    with pytest.raises(ExpressionInvalid) as caught:
        expressions.compile(source, NAMES)
    assert words in caught.value.what
    if column is not None:
        assert caught.value.column == column


def test_text_that_looks_like_a_name_is_only_text() -> None:
    assert expressions.compile("data.note == 'facts.nobody' || data.note == \"data.x\"", NAMES).holds(
        {"data": {"note": "data.x"}}
    )


def test_an_unforeseen_message_of_the_library_still_makes_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: str) -> None:
        raise ValueError("no position here")

    monkeypatch.setattr("cel.compile", refuse)
    with pytest.raises(ExpressionInvalid, match="cannot be read"):
        expressions.compile("1", NAMES)


def test_two_with_the_same_source_and_names_are_equal() -> None:
    assert expressions.compile("data.storeys > 1", NAMES) == expressions.compile("data.storeys > 1", NAMES)
    assert expressions.compile("data.storeys > 1", NAMES).reads == {("data", "storeys")}


@given(source=st.text(max_size=80))
def test_no_text_breaks_the_compiler(source: str) -> None:
    with contextlib.suppress(ExpressionInvalid):
        expressions.compile(source, NAMES)


@given(
    source=st.lists(
        st.sampled_from(["data.storeys", "data.kind", "1", "'a'", "(", ")", "&&", ">", "+", "!", "null"]), max_size=12
    )
)
def test_no_row_of_tokens_breaks_it(source: list[str]) -> None:
    with contextlib.suppress(ExpressionInvalid):
        expressions.compile(" ".join(source), NAMES).holds({"data": {"storeys": 1}})
