"""What is shown can be typed back, in either language; what is doubtful is decided by the reader's language."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tinhso.lib import clock
from tinhso.ui import formats

LANGUAGES = st.sampled_from(["vi", "en"])


@given(LANGUAGES, st.integers(-(10**15), 10**15))
def test_whole_numbers_come_back(language: str, value: int) -> None:
    with translation.override(language):
        assert formats.parse_number(formats.number(value)) == value


@given(LANGUAGES, st.decimals(-(10**9), 10**9, places=3))
def test_decimals_come_back(language: str, value: Decimal) -> None:
    with translation.override(language):
        assert formats.parse_number(formats.number(value)) == value


@given(LANGUAGES, st.integers(0, 10**12))
def test_money_comes_back(language: str, amount: int) -> None:
    with translation.override(language):
        assert formats.parse_money(formats.money(amount)) == amount


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_dates_come_back(day: date) -> None:
    assert formats.parse_date(formats.dmy(day)) == day
    assert formats.parse_date(day.isoformat()) == day


@given(LANGUAGES, st.text(max_size=40))
def test_any_text_is_a_number_or_refused(language: str, text: str) -> None:
    with translation.override(language):
        try:
            assert formats.parse_number(text).is_finite()
        except formats.Unreadable as fault:
            assert fault.code == "not_a_number"


@given(st.text(max_size=20))
def test_any_text_is_a_date_or_refused(text: str) -> None:
    try:
        formats.parse_date(text)
    except formats.Unreadable as fault:
        assert fault.code in {"not_a_date", "no_such_date"}


@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [
        ("vi", "1.234,5", "1234.5"),
        ("vi", "1.234", "1234"),
        ("vi", "96.5", "96.5"),
        ("vi", "96,5", "96.5"),
        ("vi", "1 234 567", "1234567"),
        ("vi", "1,234,567", "1234567"),
        ("vi", "1,234.5", "1234.5"),
        ("vi", "1,234", "1.234"),
        ("vi", ",5", "0.5"),
        ("en", "1,234", "1234"),
        ("en", "1,234.5", "1234.5"),
        ("en", "1.234", "1.234"),
        ("en", "-7", "-7"),
    ],
)
def test_what_is_meant(language: str, typed: str, meant: str) -> None:
    with translation.override(language):
        assert formats.parse_number(typed) == Decimal(meant)


@pytest.mark.parametrize("typed", ["", "abc", "1..2", "1,2,3", "12e5", "--1", "∞", "NaN", "٣"])
def test_no_number(typed: str) -> None:
    with pytest.raises(formats.Unreadable, match="not_a_number"):
        formats.parse_number(typed)


def test_money_has_no_fractions() -> None:
    with pytest.raises(formats.Unreadable, match="not_whole"):
        formats.parse_money("75.000,5 đ")


@pytest.mark.parametrize(
    ("typed", "code"), [("31/02/2026", "no_such_date"), ("27/11/26", "not_a_date"), ("2026/11/27", "not_a_date")]
)
def test_no_date(typed: str, code: str) -> None:
    with pytest.raises(formats.Unreadable, match=code):
        formats.parse_date(typed)


def test_shown_as_vietnamese_papers_do() -> None:
    instant = datetime(2026, 11, 27, 7, 20, tzinfo=UTC)
    assert formats.dmyhm(instant) == "14:20 27/11/2026"
    assert formats.longday(instant) == "Thứ\u00a0Sáu\u00a027/11/2026"
    assert formats.dm(instant) == "27/11"
    assert formats.number(1234567) == "1.234.567"
    assert formats.money(75000) == "75.000\u00a0đ"
    with translation.override("en"):
        assert formats.dmyhm(instant) == "27/11/2026 14:20"
        assert formats.longday(instant) == "Friday\u00a027/11/2026"


@pytest.mark.parametrize(
    ("then", "said"),
    [
        ((2026, 11, 23, 8, 0, 30), "vừa xong"),
        ((2026, 11, 23, 7, 41, 0), "20 phút trước"),
        ((2026, 11, 23, 5, 0, 0), "3 giờ trước"),
        ((2026, 11, 22, 14, 20, 0), "hôm qua 14:20"),
        ((2026, 11, 19, 14, 20, 0), "4 ngày trước"),
        ((2026, 11, 2, 8, 45, 0), "02/11/2026"),
        ((2026, 11, 23, 17, 0, 0), "hôm nay 17:00"),
        ((2026, 11, 24, 17, 0, 0), "ngày mai 17:00"),
        ((2026, 11, 27, 17, 0, 0), "4 ngày nữa"),
        ((2026, 12, 27, 17, 0, 0), "27/12/2026"),
    ],
)
def test_how_long_ago(then: tuple[int, ...], said: str) -> None:
    with clock.at(datetime(2026, 11, 23, 8, 1, tzinfo=clock.TZ)):
        assert formats.ago(datetime(*then, tzinfo=clock.TZ)) == said


@pytest.mark.parametrize(
    ("whole", "seen"), [("080188001242", "0801••••••42"), ("12345", "•••••"), ("", ""), ("•••242", "•••242")]
)
def test_identifiers_are_masked(whole: str, seen: str) -> None:
    assert formats.masked(whole) == seen


@pytest.mark.parametrize(("octets", "said"), [(12, "12 B"), (600_000, "600 kB"), (2_400_000, "2,4 MB")])
def test_sizes(octets: int, said: str) -> None:
    assert formats.size(octets) == said
