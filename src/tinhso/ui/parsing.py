"""From what a browser sent to typed data: one reader for each widget. What can't be read is reported, never dropped."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from tinhso.kernel.cases.types import FormField
from tinhso.ui import formats
from tinhso.ui.formats import Unreadable

FieldError = tuple[str, str, dict[str, object]]
"""Path (the field's name), code, parameters."""

DATE_PARTS = ("day", "month", "year")
YES, NO = "yes", "no"
_MANY = {"choices", "papers"}
_PHONE = re.compile(r"0\d{9,10}$", re.ASCII)
_UNSEEN = re.compile(r"[\u0000-\u0008\u000b\u000c\u000e-\u001f\u200b\u200e\u200f\ufeff]")


def plain(text: str) -> str:
    """Text as it is stored: composed letters, no unseen characters, no blanks at the ends, plain line ends."""
    return _UNSEEN.sub("", unicodedata.normalize("NFC", text)).replace("\r\n", "\n").replace("\r", "\n").strip()


def _text(raw: str, field: FormField) -> Any:
    return re.sub(r"[ \t]+", " ", raw.replace("\n", " "))


def _long_text(raw: str, field: FormField) -> Any:
    return raw


def wants_integer(field: FormField) -> bool:
    """Whether the schema asks for whole numbers."""
    return field.schema.get("type") == "integer"


def _number(raw: str, field: FormField) -> Any:
    value: Decimal = formats.parse_number(raw)
    if wants_integer(field):
        if value != value.to_integral_value():
            raise Unreadable("not_whole")
        return int(value)
    return float(value)


def _money(raw: str, field: FormField) -> Any:
    return formats.parse_money(raw)


def _date(raw: str, field: FormField) -> Any:
    return formats.parse_date(raw).isoformat()


def _yesno(raw: str, field: FormField) -> Any:
    if raw in {YES, "true", "on", "1"}:
        return True
    if raw in {NO, "false", "0"}:
        return False
    raise Unreadable("choice")


def _phone(raw: str, field: FormField) -> Any:
    digits = re.sub(r"[\s.\-()]", "", raw)
    if digits.startswith("+84"):
        digits = "0" + digits[3:]
    elif digits.startswith("84") and len(digits) == 11:
        digits = "0" + digits[2:]
    if not _PHONE.match(digits):
        raise Unreadable("phone")
    return digits


def _identifier(raw: str, field: FormField) -> Any:
    return re.sub(r"[\s.]", "", raw).upper()


_READERS: Mapping[str, Callable[[str, FormField], Any]] = {
    "text": _text,
    "textarea": _long_text,
    "number": _number,
    "money": _money,
    "date": _date,
    "yesno": _yesno,
    "phone": _phone,
    "identifier": _identifier,
    "choice": _text,
    "area": _text,
    "official": _text,
    "unit": _text,
    "file": _text,
}
WIDGETS = frozenset(_READERS) | _MANY
"""Every widget that can be asked and read."""


def raw_value(field: FormField, post: QueryDict, name: str) -> str | list[str]:
    """What was typed, as text; a date's three boxes become d/m/yyyy."""
    if field.widget in _MANY:
        return [plain(value) for value in post.getlist(name) if plain(value)]
    if field.widget == "date" and name not in post:
        parts = [plain(post.get(f"{name}-{part}", "")) for part in DATE_PARTS]
        return "/".join(parts) if any(parts) else ""
    return plain(post.get(name, ""))


def read_one(field: FormField, raw: str | list[str]) -> Any:
    """The typed value of one answer; None when nothing was answered. Raises Unreadable."""
    if isinstance(raw, list):
        return list(dict.fromkeys(raw)) or None
    if not raw:
        return None
    return _READERS.get(field.widget, _text)(raw, field)


def read(
    fields: Sequence[FormField], post: QueryDict, prefix: str = ""
) -> tuple[dict[str, Any], dict[str, Any], list[FieldError]]:
    """Typed answers, what was typed (to be shown again), and what can't be read.

    An answer that can't be read is not among the typed ones, so that the engine does not judge half-read data; the caller
    merges both lists of errors with :func:`tinhso.ui.forms.merge`.
    """
    data: dict[str, Any] = {}
    typed: dict[str, Any] = {}
    errors: list[FieldError] = []
    for field in fields:
        raw = raw_value(field, post, prefix + field.name)
        typed[field.name] = raw
        try:
            value = read_one(field, raw)
        except Unreadable as fault:
            errors.append((field.name, fault.code, {}))
            continue
        if value is not None:
            data[field.name] = value
    return data, typed, errors


def shown(field: FormField, value: Any) -> str:
    """A stored answer as text for an input box: what :func:`read_one` would read back to the same."""
    if value is None:
        return ""
    if field.widget in {"number", "money"} and isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return formats.number(value)
    if field.widget == "date":
        try:
            return formats.dmy(formats.parse_date(str(value)))
        except Unreadable:
            return str(value)
    if field.widget == "yesno":
        return {True: YES, False: NO}.get(value, str(value))
    return str(value)
