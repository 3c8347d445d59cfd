"""Puts parameters into sentences: dates, sizes and money in the reader's way; a missing parameter never breaks a page."""

import logging
import re
from collections.abc import Mapping
from datetime import date, datetime

from django.utils.functional import Promise

from tinhso.kernel.cases.types import Words
from tinhso.ui import formats

log = logging.getLogger("tinhso.ui.words")

Text = str | Promise

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}$", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", re.ASCII)
_INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,8})$", re.ASCII)


def of(text: Words | None) -> str:
    """Text of a pack in the reader's language; Vietnamese where there is no English, and nothing for None."""
    if text is None:
        return ""
    return text.vi if formats.is_vietnamese() or not text.en else text.en


class _Some(int):
    """Stands for a number nobody gave: plural forms can count it, a sentence shows its text."""

    text: str

    @classmethod
    def saying(cls, text: str) -> "_Some":
        """Two of something, shown as ``text``."""
        some = cls(2)
        some.text = text
        return some

    def __str__(self) -> str:
        return self.text


class _Params(dict[str, object]):
    def __missing__(self, key: str) -> object:
        return _Some.saying("…")


def _shown(key: str, value: object) -> object:
    if isinstance(value, str):
        return _shown_text(value)
    if isinstance(value, bool) or value is None:
        return "" if value is None else value
    if isinstance(value, datetime):
        return formats.dmyhm(value) if value.tzinfo else formats.dmy(value)
    if isinstance(value, date):
        return formats.dmy(value)
    if isinstance(value, Words):
        return of(value)
    if isinstance(value, int):
        if key.endswith("bytes"):
            return formats.size(value)
        return formats.money(value) if key == "amount" else value
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(str(item) for item in value)
    return value


def _shown_text(value: str) -> object:
    if _INTEGER.match(value):
        return int(value)
    try:
        if _DAY.match(value):
            return formats.dmy(date.fromisoformat(value))
        if _INSTANT.match(value):
            instant = datetime.fromisoformat(value)
            return formats.dmyhm(instant) if instant.tzinfo else value
    except ValueError:
        return value
    return value


def filled(text: Text, params: Mapping[str, object]) -> str:
    """``text`` with its parameters. ``name_en`` takes the place of ``name`` for readers of English."""
    said = _Params({key: _shown(key, value) for key, value in params.items()})
    if not formats.is_vietnamese():
        said.update({key[:-3]: value for key, value in said.items() if key.endswith("_en") and value})
    try:
        return str(text % said)
    except (TypeError, ValueError, KeyError) as fault:
        log.warning("words %r can't take %s: %s", text, sorted(params), fault)
    countable = _Params({key: _Some.saying(str(value)) for key, value in said.items()})
    return str(text % countable)


def unknown(what: str, code: str) -> None:
    """Records that a code has no words."""
    log.warning("no words for %s %r", what, code)
