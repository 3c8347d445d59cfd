"""Forms from declarations: pages of a case type and inputs of a move as accessible fields, and back to typed data.

A view does three things::

    data, typed, unreadable = forms.read(page.fields, request.POST)
    errors = forms.merge(unreadable, api.validate_page(...))
    form = forms.draw(page.fields, data, errors=errors, typed=typed)      # {% include "ui/parts/form.html" %}

Everything works without JavaScript; labels, help and faults are tied to their boxes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from tinhso.kernel.cases.types import FormField, Words
from tinhso.kernel.organisation import api as organisation
from tinhso.kernel.organisation.types import Area, AreaKind
from tinhso.lib.text import fold
from tinhso.ui import formats, words
from tinhso.ui.parsing import DATE_PARTS, NO, YES, FieldError, read, shown, wants_integer

__all__ = ["Asked", "Drawn", "Fault", "FieldError", "Option", "answers", "draw", "merge", "read"]

Choices = Mapping[str, Sequence[tuple[str, str]]]
"""For fields whose choices depend on the case: field name to (value, label)."""

_AUTOCOMPLETE = {
    "party.name": "name",
    "party.phone": "tel",
    "party.email": "email",
    "party.address": "street-address",
}
_FEW = 6
"""So many choices at most are drawn as cards; more become a list."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that may be chosen."""

    id: str
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, ready to be drawn by ``ui/parts/field.html``."""

    name: str
    id: str
    label: str
    help: str
    kind: str
    """``input``, ``textarea``, ``select``, ``cards``, ``boxes`` (several may be chosen), ``confirm``, ``date`` or ``file``."""
    required: bool
    value: str = ""
    unit: str = ""
    fault: str = ""
    options: tuple[Option, ...] = ()
    parts: tuple[tuple[str, str, str], ...] = ()
    """Of a date: part, label, value."""
    attrs: dict[str, Any] = field(default_factory=dict)

    @property
    def described_by(self) -> str:
        """The ids of help and fault, for ``aria-describedby``."""
        ids = [f"{self.id}-help"] if self.help else []
        return " ".join([*ids, f"{self.id}-fault"] if self.fault else ids)

    @property
    def state(self) -> dict[str, Any]:
        """What a box says to a screen reader of being required, described and wrong."""
        return {
            "required": self.required,
            "aria-describedby": self.described_by or None,
            "aria-invalid": "true" if self.fault else None,
        }

    @property
    def first_id(self) -> str:
        """Where a link from the summary of faults leads."""
        if self.kind in {"cards", "boxes"} and self.options:
            return self.options[0].id
        return f"{self.id}-{DATE_PARTS[0]}" if self.kind == "date" else self.id


@dataclass(frozen=True, slots=True)
class Fault:
    """A line of the summary at the top."""

    label: str
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A form ready to be drawn by ``ui/parts/form.html``."""

    fields: tuple[Asked, ...]
    faults: tuple[Fault, ...]


def merge(*lists: Sequence[FieldError]) -> list[FieldError]:
    """Errors of several judges, one for each field: who comes first knows best (an unreadable number isn't "missing" too)."""
    seen: dict[str, FieldError] = {}
    for errors in lists:
        for error in errors:
            seen.setdefault(error[0], error)
    return list(seen.values())


def draw(
    fields: Sequence[FormField],
    data: Mapping[str, Any],
    *,
    errors: Sequence[FieldError] = (),
    typed: Mapping[str, Any] | None = None,
    choices: Choices | None = None,
    prefix: str = "",
) -> Drawn:
    """Questions ready to be drawn. ``typed`` (from :func:`read`) wins over ``data``, so that nobody's mistake is lost.

    Errors whose path is none of these fields (a rule over several answers) lead to the top of the form.
    """
    by_field = {path.split(".")[0]: (code, params) for path, code, params in reversed(errors)}
    drawn = tuple(_asked(f, data, by_field.get(f.name), typed, choices or {}, prefix) for f in fields)
    known = {f.name for f in fields}
    faults = [Fault(a.label, a.fault, f"#{a.first_id}") for a in drawn if a.fault]
    faults += [
        Fault("", words.field_fault(code, params), "#form") for path, code, params in errors if path.split(".")[0] not in known
    ]
    return Drawn(drawn, tuple(faults))


def _asked(
    f: FormField,
    data: Mapping[str, Any],
    error: tuple[str, Mapping[str, object]] | None,
    typed: Mapping[str, Any] | None,
    choices: Choices,
    prefix: str,
) -> Asked:
    id_ = f"q-{prefix}{f.name}"
    stored = data.get(f.name)
    given = typed[f.name] if typed is not None and f.name in typed else None
    value = given if isinstance(given, str) else shown(f, stored)
    chosen = set(given if isinstance(given, list) else stored if isinstance(stored, list) else [value])
    kind, options = _kind(f, id_, {str(c) for c in chosen}, choices)
    return Asked(
        name=prefix + f.name,
        id=id_,
        label=words.of(f.label),
        help=words.of(f.help),
        kind=kind,
        required=f.required,
        value=value,
        unit=_unit(f.unit),
        fault=words.field_fault(*error) if error else "",
        options=options,
        parts=_date_parts(value) if kind == "date" else (),
        attrs=_attrs(f),
    )


def _unit(unit: str | Words | None) -> str:
    return words.of(unit) if isinstance(unit, Words) else (unit or "")


def _kind(f: FormField, id_: str, chosen: set[str], choices: Choices) -> tuple[str, tuple[Option, ...]]:
    if f.widget == "yesno":
        if f.schema.get("const") is True:
            return "confirm", (Option(id_, YES, words.of(f.label), YES in chosen),)
        pairs: Sequence[tuple[str, str]] = ((YES, gettext("Yes")), (NO, gettext("No")))
        return "cards", _options(id_, pairs, chosen)
    if f.widget in {"choice", "choices", "papers", "official", "unit", "area"}:
        pairs = _pairs(f, choices)
        if f.widget in {"choices", "papers"}:
            return "boxes", _options(id_, pairs, chosen)
        as_list = f.widget == "area" or len(pairs) > _FEW
        return ("select" if as_list else "cards"), _options(id_, pairs, chosen)
    return {"textarea": "textarea", "date": "date", "file": "file", "files": "files"}.get(f.widget, "input"), ()


def _pairs(f: FormField, choices: Choices) -> Sequence[tuple[str, str]]:
    if f.name in choices:
        return choices[f.name]
    if f.widget == "area":
        return communes()
    return [(value, words.of(text)) for value, text in f.choices]


def communes() -> list[tuple[str, str]]:
    """The communes of the province that this installation serves, in the order of the alphabet: code and full name."""
    found = organisation.areas(parent=organisation.home_province(), kind=AreaKind.COMMUNE)
    return sorted(((area.code, _area_title(area)) for area in found), key=lambda pair: fold(pair[1]))


def _area_title(area: Area) -> str:
    return area.title if formats.is_vietnamese() or not area.title_en else area.title_en


def _options(id_: str, pairs: Sequence[tuple[str, str]], chosen: set[str]) -> tuple[Option, ...]:
    return tuple(Option(f"{id_}-{n}", value, label, value in chosen) for n, (value, label) in enumerate(pairs))


def _date_parts(value: str) -> tuple[tuple[str, str, str], ...]:
    parts = [*value.split("/"), "", "", ""][:3]
    labels = (gettext("Day"), gettext("Month"), gettext("Year"))
    return tuple(zip(DATE_PARTS, labels, parts, strict=True))


def _attrs(f: FormField) -> dict[str, Any]:
    attrs: dict[str, Any] = {"maxlength": f.schema.get("maxLength"), "autocomplete": _AUTOCOMPLETE.get(f.prefill or "", "off")}
    if f.widget == "number":
        attrs["inputmode"] = "numeric" if wants_integer(f) else "decimal"
    elif f.widget == "phone":
        attrs |= {"type": "tel", "inputmode": "tel", "autocomplete": "tel"}
    elif f.widget in {"money", "identifier"}:
        attrs["inputmode"] = "numeric"
    elif f.schema.get("format") == "email":
        attrs |= {"type": "email", "inputmode": "email", "autocomplete": "email"}
    return attrs


def answers(fields: Sequence[FormField], data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(question, answer) in words, for a preview or a case's page; questions without an answer are left out."""
    told = []
    for f in fields:
        value = data.get(f.name)
        if value is None or value == "" or value == []:
            continue
        told.append((words.of(f.label), answer(f, value)))
    return told


def answer(f: FormField, value: Any) -> str:
    """One stored answer in words."""
    if f.widget == "yesno":
        return gettext("Yes") if value else gettext("No")
    if f.widget in {"choice", "choices"}:
        labels = {code: words.of(text) for code, text in f.choices}
        values = value if isinstance(value, list) else [value]
        return ", ".join(labels.get(v, str(v)) for v in values)
    if f.widget == "area":
        area = organisation.areas_by_code([str(value)]).get(str(value))
        return _area_title(area) if area else str(value)
    if f.widget == "money":
        return formats.money(int(value))
    text = shown(f, value)
    return f"{text}\u00a0{_unit(f.unit)}" if f.unit else text
