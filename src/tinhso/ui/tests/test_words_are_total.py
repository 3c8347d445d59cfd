"""Every declared code has words of its own; a forgotten one gets a safe sentence and is logged; nothing breaks a page."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tinhso.kernel.cases.engine.events import EVENTS
from tinhso.kernel.cases.engine.running import RUNNING_EVENTS
from tinhso.kernel.cases.types import HistoryItem
from tinhso.kernel.files.types import Verdict
from tinhso.kernel.identity.types import Purpose
from tinhso.kernel.organisation.types import Reason
from tinhso.kernel.payments.types import ChargeState
from tinhso.lib.problems import Problem
from tinhso.ui import gallery, words

ANYTHING = st.one_of(st.none(), st.text(max_size=20), st.integers(), st.booleans(), st.lists(st.text(max_size=5), max_size=2))
PARAMS = st.dictionaries(st.sampled_from(["name", "due", "at", "amount", "count", "days", "max", "limit", "asked"]), ANYTHING)
LANGUAGES = st.sampled_from(["vi", "en"])


def problems(base: type[Problem] = Problem) -> set[type[Problem]]:
    found = {base}
    for child in base.__subclasses__():
        found |= problems(child)
    return {kind for kind in found if kind.__module__.startswith("tinhso.") and ".tests" not in kind.__module__}


def test_every_problem_has_words() -> None:
    missing = {kind.code for kind in problems() if kind.code not in words.KNOWN_PROBLEMS}
    assert not missing, f"write words in tinhso/ui/words for {sorted(missing)}"


def test_every_fact_of_a_case_has_words() -> None:
    kinds = {event.kind for event in (*EVENTS, *RUNNING_EVENTS)}
    assert not kinds - words.KNOWN_HISTORY


@pytest.mark.parametrize("code", sorted(words.KNOWN_PROBLEMS))
def test_problems_say_what_why_and_what_now(code: str) -> None:
    for language in ("vi", "en"):
        with translation.override(language):
            said = words.problem(code, {})
            assert len(said) == 3
            assert all(said) or code in {"cases.pack_invalid", "payments.accounts_invalid"}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_states_of_every_kind_have_words(language: str) -> None:
    with translation.override(language):
        assert all(words.status(code).text for code in range(1, 11))
        assert all(words.signature_verdict(verdict).text for verdict in Verdict)
        assert all(words.charge_state(state).text for state in ChargeState)
        assert all(words.purpose(purpose) for purpose in Purpose)
        assert all(words.time_left(clock).text and words.due_sentence(clock) for clock in gallery.CLOCKS)
        assert all(words.standing(row).text for row in gallery.ROWS)


@given(st.text(max_size=20), PARAMS, LANGUAGES)
def test_unknown_codes_are_said_safely(code: str, params: dict[str, Any], language: str) -> None:
    with translation.override(language):
        assert all(words.problem(code, params, 418))
        assert words.field_fault(code, params)
        assert words.reason(Reason(code, tuple((key, str(value)) for key, value in params.items())))
        assert all(words.notice(code, params))
        assert words.history(HistoryItem(datetime(2026, 11, 23, tzinfo=UTC), code, params, "", "", True)).title
        assert words.mark(code).text and words.purpose(code) and words.fact_name(code)


@given(st.sampled_from(sorted(words.KNOWN_REASONS)), PARAMS, LANGUAGES)
def test_missing_parameters_never_break_a_reason(code: str, params: dict[str, Any], language: str) -> None:
    with translation.override(language):
        said = words.reason(Reason(code, tuple((key, str(value)) for key, value in params.items())))
    assert said and "%(" not in said.replace(str(params), "")


@given(st.sampled_from(sorted(words.KNOWN_FAULTS)), PARAMS, LANGUAGES)
def test_missing_parameters_never_break_a_fault(code: str, params: dict[str, Any], language: str) -> None:
    with translation.override(language):
        assert words.field_fault(code, params)


def test_a_code_without_words_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    words.problem("no.such_code")
    assert "no.such_code" in caplog.text


def test_parameters_are_said_in_the_readers_way() -> None:
    told = words.reason(
        Reason("deadline.holiday_skipped", (("day", "2026-11-24"), ("name", "Ngày Văn hóa"), ("name_en", "Culture Day")))
    )
    assert told == "24/11/2026 là ngày nghỉ (Ngày Văn hóa), không tính."
    with translation.override("en"):
        link = Reason("deadline.holiday_skipped", (("day", "2026-11-24"), ("name", "Ngày Văn hóa"), ("name_en", "Culture Day")))
        assert "Culture Day" in words.reason(link)
    assert words.field_fault("minimum", {"limit": 10}) == "Ít nhất phải là 10."
    assert "20 MB" in words.problem("files.too_large", {"name": "a.pdf", "max_bytes": 20_000_000})[1]


def test_the_reason_of_a_guard_is_its_own() -> None:
    link = Reason("cases.move.guard", (("vi", "Chưa ký."), ("en", "Not signed.")))
    assert words.reason(link) == "Chưa ký."
    with translation.override("en"):
        assert words.reason(link) == "Not signed."
