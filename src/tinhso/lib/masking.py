"""Hiding personal data in text that becomes public. A help for the official who reads it, not a replacement for reading."""

import re

HIDDEN = "…"

_EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(r"(?<![\w/])\+?\d(?:[ .\-]?\d){8,13}(?![\w/])")
"""Telephone numbers, identity numbers, account numbers: nine figures and more, however they are parted."""
_PLATE = re.compile(r"\b\d{2}[ -]?[A-Z]\d?[ -]?\d{3}[.]?\d{1,2}\b")
_HOUSE = re.compile(r"(?i:\b(số nhà|nhà số|số)\s+)\d+[A-Za-z]?(?:/\d+[A-Za-z]?)*")
_WORD = r"[A-ZĐÀ-ỸÁẢÃẠÂĂÊÔƠƯ][a-zđà-ỹ]+"
_PERSON = re.compile(rf"(?i:\b(ông|bà|anh|chị|cô|chú|bác|em|cháu|tên là|tên|hộ))\s+((?:{_WORD}\s+){{0,3}}{_WORD})")


def masked(text: str) -> str:
    """``text`` without e-mail addresses, long numbers, number plates, house numbers, and names behind a form of address."""
    text = _EMAIL.sub(HIDDEN, text)
    text = _NUMBER.sub(HIDDEN, text)
    text = _PLATE.sub(HIDDEN, text)
    text = _HOUSE.sub(lambda found: f"{found[1]} {HIDDEN}", text)
    return _PERSON.sub(lambda found: f"{found[1]} {HIDDEN}", text)
