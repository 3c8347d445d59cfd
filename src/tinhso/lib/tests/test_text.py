"""Vietnamese text: diacritics, dates, numbers, amounts in words."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.lib import text


@pytest.mark.parametrize(
    ("written", "plain", "folded", "slug"),
    [
        ("Đồng Tháp", "Dong Thap", "dong thap", "dong-thap"),
        ("Giấy phép  xây dựng", "Giay phep  xay dung", "giay phep xay dung", "giay-phep-xay-dung"),
        ("ĐẶNG THỊ ĐÀO", "DANG THI DAO", "dang thi dao", "dang-thi-dao"),
        (
            "Nguyễn Thị Hồng Thắm (2026)",
            "Nguyen Thi Hong Tham (2026)",
            "nguyen thi hong tham (2026)",
            "nguyen-thi-hong-tham-2026",
        ),
        ("ươ", "uo", "uo", "uo"),
    ],
)
def test_diacritics_are_taken_off(written, plain, folded, slug):
    assert (text.plain(written), text.fold(written), text.slug(written)) == (plain, folded, slug)


def test_a_letter_written_in_two_ways_folds_alike():
    assert text.fold("Ho\u0300a") == text.fold("Hòa") == text.fold("Hoà") == "hoa"


@given(st.text(alphabet=st.characters(codec="utf-8", categories=["L", "N", "Zs"])))
def test_folding_twice_changes_nothing(anything):
    assert text.fold(text.fold(anything)) == text.fold(anything)


@given(st.text())
def test_a_slug_is_safe_in_an_address(anything):
    assert set(text.slug(anything)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_days_are_written_as_on_every_paper():
    assert text.day(date(2026, 11, 2)) == "02/11/2026"
    assert text.day(datetime(2026, 11, 1, 18, tzinfo=UTC)) == "02/11/2026", "on the province's wall clock"


def test_weekdays_have_names():
    assert text.weekday(date(2026, 11, 22)) == "Chủ nhật"
    assert text.weekday(date(2026, 11, 23), "en") == "Monday"
    assert text.weekday(date(2026, 11, 23), "fr") == "thứ Hai"


def test_numbers_have_points_for_thousands_and_a_comma_for_decimals():
    assert text.number(1234567) == "1.234.567"
    assert text.number(-1234.5, 1) == "-1.234,5"
    assert text.dong(75000) == "75.000\u00a0đ"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "không"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (25, "hai mươi lăm"),
        (100, "một trăm"),
        (101, "một trăm lẻ một"),
        (110, "một trăm mười"),
        (115, "một trăm mười lăm"),
        (1000, "một nghìn"),
        (1005, "một nghìn không trăm lẻ năm"),
        (1050, "một nghìn không trăm năm mươi"),
        (75_000, "bảy mươi lăm nghìn"),
        (1_000_000, "một triệu"),
        (1_000_005, "một triệu không trăm lẻ năm"),
        (21_015_104, "hai mươi mốt triệu không trăm mười lăm nghìn một trăm lẻ bốn"),
        (1_000_000_000, "một tỷ"),
        (2_000_000_005, "hai tỷ không trăm lẻ năm"),
        (1_234_567_890, "một tỷ hai trăm ba mươi tư triệu năm trăm sáu mươi bảy nghìn tám trăm chín mươi"),
        (10**18, "một tỷ tỷ"),
        (-7, "âm bảy"),
    ],
)
def test_numbers_in_words(amount, words):
    assert text.in_words(amount) == words


def test_an_amount_on_a_receipt():
    assert text.dong_in_words(75_000) == "Bảy mươi lăm nghìn đồng"


def _digits(words: str) -> int:
    """Read a number of up to nine digits back from its words, independently of how it was written."""
    digits = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
    odd = {"mốt": 1, "tư": 4, "lăm": 5}
    total = group = last = 0
    for word in words.split():
        if word in ("nghìn", "triệu"):
            total += (group + last) * (1000 if word == "nghìn" else 10**6)
            group = last = 0
        elif word == "trăm":
            group, last = last * 100, 0
        elif word == "mươi":
            group, last = group + last * 10, 0
        elif word == "mười":
            group += 10
        elif word != "lẻ":
            last = odd.get(word, digits.index(word) if word in digits else 0)
    return total + group + last


@given(st.integers(0, 10**9 - 1))
def test_words_can_be_read_back(amount):
    assert _digits(text.in_words(amount)) == amount
