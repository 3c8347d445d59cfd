"""Vietnamese text as people read it: diacritics, slugs, dates, numbers, amounts in words, weekdays. No Django."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from tinhso.lib.clock import TZ

_D = str.maketrans({"đ": "d", "Đ": "D"})
_NOT_WORD = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Words:
    """Text of a pack in both languages."""

    vi: str
    en: str

    def __str__(self) -> str:
        return self.vi


def plain(text: str) -> str:
    """Without diacritics, case kept: ``Đồng Tháp`` → ``Dong Thap``."""
    decomposed = unicodedata.normalize("NFD", text.translate(_D))
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if unicodedata.category(c) != "Mn"))


def fold(text: str) -> str:
    """For comparing and finding: no diacritics, lower case, single spaces. ``Nguyễn  Đức`` → ``nguyen duc``."""
    return " ".join(plain(text).casefold().split())


def slug(text: str) -> str:
    """For addresses and file names: ``Giấy phép xây dựng`` → ``giay-phep-xay-dung``."""
    return _NOT_WORD.sub("-", fold(text)).strip("-")


WEEKDAYS = {
    "vi": ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


def weekday(day: date, language: str = "vi") -> str:
    """The day of the week in words; Vietnamese for any language but ``en``."""
    return WEEKDAYS.get(language, WEEKDAYS["vi"])[day.weekday()]


def day(value: date | datetime) -> str:
    """``22/11/2026``; an instant is shown on the province's wall clock."""
    if isinstance(value, datetime):
        value = value.astimezone(TZ)
    return f"{value.day:02}/{value.month:02}/{value.year:04}"


def whole_number(text: str) -> int | None:
    """A number written in plain figures, at most 18 of them; None for anything else (``²`` and ``٣`` too)."""
    return int(text) if len(text) <= 18 and text.isascii() and text.isdigit() else None


def number(value: int | float, decimals: int = 0) -> str:
    """As Vietnamese texts write numbers: ``1.234.567``, with decimals ``1.234,5``. Rounds half to even."""
    text = f"{value:,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,"))


def dong(amount: int) -> str:
    """An amount of money: ``75.000 đ`` (with a no-break space)."""
    return f"{number(amount)}\u00a0đ"


_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ("", " nghìn", " triệu")


def _units(tens: int, units: int) -> str:
    if units == 0:
        return ""
    if units == 1 and tens > 1:
        return " mốt"
    if units == 4 and tens > 1:
        return " tư"
    if units == 5 and tens > 0:
        return " lăm"
    return f" {_DIGITS[units]}"


def _three(value: int, whole: bool) -> str:
    """Three digits in words; ``whole`` says the missing hundreds and tens too ("không trăm lẻ năm")."""
    hundreds, rest = divmod(value, 100)
    tens, units = divmod(rest, 10)
    said = f"{_DIGITS[hundreds]} trăm" if hundreds or whole else ""
    if tens == 0:
        if units and said:
            return f"{said} lẻ {_DIGITS[units]}"
        return said or _DIGITS[units]
    ten = "mười" if tens == 1 else f"{_DIGITS[tens]} mươi"
    return f"{said} {ten}{_units(tens, units)}".strip()


def in_words(value: int) -> str:
    """A whole number in Vietnamese words: 75.000 → ``bảy mươi lăm nghìn``, 1.000.005 → ``một triệu không trăm lẻ năm``."""
    if value < 0:
        return f"âm {in_words(-value)}"
    if value >= 10**9:
        billions, rest = divmod(value, 10**9)
        said = f"{in_words(billions)} tỷ"
        return f"{said} {_below_billion(rest, True)}" if rest else said
    return _below_billion(value, False)


def _below_billion(value: int, whole: bool) -> str:
    groups = [(value // 1000**scale % 1000, scale) for scale in (2, 1, 0)]
    said: list[str] = []
    for group, scale in groups:
        if group:
            said.append(_three(group, whole or bool(said)) + _SCALES[scale])
    return " ".join(said) or _DIGITS[0]


def dong_in_words(amount: int) -> str:
    """An amount for a receipt: ``Bảy mươi lăm nghìn đồng``."""
    words = in_words(amount)
    return f"{words[0].upper()}{words[1:]} đồng"
