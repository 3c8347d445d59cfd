"""The form of a type, on the server: what is asked, what is missing, what is wrong, what it costs.

What a browser hides is decided again here: an answer to a question that was not asked is dropped, never stored.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from tinhso.kernel.cases.engine.definition import Definition, FeeRule, FieldRule
from tinhso.kernel.cases.types import Channel, FormField, PaperRule
from tinhso.kernel.payments.types import ChargeLine
from tinhso.lib.expressions import NoAnswer

FieldError = tuple[str, str, dict[str, object]]
"""Path (the field's name), code (``required``, ``too_long``, ``minimum``…), parameters."""

_FORMATS = FormatChecker(("date", "email"))

_CODES = {
    "maxLength": "too_long",
    "minLength": "too_short",
    "maxItems": "too_many",
    "minItems": "too_few",
    "enum": "choice",
    "const": "choice",
    "uniqueItems": "twice",
    "exclusiveMinimum": "above",
    "exclusiveMaximum": "below",
    "multipleOf": "multiple",
}
"""JSON Schema's keywords as codes of ours; ``type``, ``pattern``, ``minimum``, ``maximum`` and ``format`` keep their name."""


def asked(definition: Definition, data: Mapping[str, Any]) -> tuple[FieldRule, ...]:
    """The questions asked, given these answers. A question hidden because of a hidden one stays hidden: expressions see only
    answers to questions that are themselves asked, in the order of the form."""
    seen: dict[str, Any] = {}
    found = []
    for name, rule in definition.fields.items():
        if all(condition.holds({"data": seen}) for condition in rule.visible):
            found.append(rule)
            if not _empty(data.get(name)):
                seen[name] = data[name]
    return tuple(found)


def visible_fields(definition: Definition, data: Mapping[str, Any]) -> tuple[FormField, ...]:
    """The questions that are asked, given what is answered so far."""
    return tuple(rule.field for rule in asked(definition, data))


def clean(definition: Definition, data: Mapping[str, Any]) -> dict[str, Any]:
    """The data without what was not asked: unknown names, invisible fields, empty answers."""
    names = [rule.field.name for rule in asked(definition, data)]
    return {name: data[name] for name in names if not _empty(data.get(name))}


def validate(definition: Definition, data: Mapping[str, Any], page: str | None = None) -> list[FieldError]:
    """What is wrong with ``data`` (on one page, or on all). Questions not asked are neither required nor checked."""
    fields = (rule.field for rule in asked(definition, data) if page in (None, rule.page))
    return list(_errors(fields, data))


def validate_input(fields: Iterable[FormField], data: Mapping[str, Any]) -> list[FieldError]:
    """What is wrong with a move's input; names that were not asked for are at fault too."""
    fields = tuple(fields)
    known = {f.name for f in fields}
    strangers: list[FieldError] = [(name, "unknown", {}) for name in data if name not in known]
    return [*strangers, *_errors(fields, data)]


def _errors(fields: Iterable[FormField], data: Mapping[str, Any]) -> Iterator[FieldError]:
    for field in fields:
        value = data.get(field.name)
        if _empty(value):
            if field.required:
                yield field.name, "required", {}
            continue
        if _hostile(value):
            yield field.name, "type", {"limit": str(field.schema.get("type", ""))}
            continue
        fault = next(iter(sorted(_validator(field).iter_errors(value), key=_weight)), None)
        if fault is not None:
            yield field.name, *_coded(fault)


def _hostile(value: Any) -> bool:
    """What no form of ours sends and no database keeps alike: NUL in a text, a number that is none."""
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, float):
        return not math.isfinite(value)
    if isinstance(value, list | tuple):
        return any(map(_hostile, value))
    return isinstance(value, Mapping) and any(_hostile(part) for pair in value.items() for part in pair)


def _validator(field: FormField) -> Draft202012Validator:
    return Draft202012Validator(field.schema, format_checker=_FORMATS)


def _weight(fault: ValidationError) -> tuple[bool, str]:
    """A wrong type first: every other fault may only follow from it."""
    return fault.validator != "type", str(fault.validator)


def _coded(fault: ValidationError) -> tuple[str, dict[str, object]]:
    keyword = str(fault.validator)
    limit = fault.validator_value
    params: dict[str, object] = {"limit": limit} if isinstance(limit, str | int | float) else {}
    return _CODES.get(keyword, keyword), params


def _empty(value: Any) -> bool:
    return value is None or value == "" or value == []


def papers(definition: Definition, data: Mapping[str, Any]) -> tuple[PaperRule, ...]:
    """The papers asked for, given these answers."""
    context = {"data": clean(definition, data)}
    visible = {c.code for c in definition.papers.values() if c.visible is None or c.visible.holds(context)}
    return tuple(paper for paper in definition.public.papers if paper.code in visible)


def fees(
    definition: Definition, data: Mapping[str, Any], on: date, channel: Channel = Channel.COUNTER
) -> tuple[ChargeLine, ...]:
    """What is to be paid, by the rules in force on a day. Lines of 0 đồng are left out.

    Raises ``NoAnswer`` when an amount can't be computed from the data: the form must require what its fees need."""
    answers = clean(definition, data)
    context = {"data": answers, "case": {"channel": channel.value}, "age": ages(definition, answers, on)}
    lines = []
    for rule in definition.fees:
        if _in_force(rule, on) and (rule.when is None or rule.when.holds(context)):
            amount = int(rule.amount.evaluate(context))
            if amount:
                title = rule.title
                lines.append(ChargeLine(rule.code, title.vi, title.en, amount, rule.legal_basis))
    return tuple(lines)


def ages(definition: Definition, data: Mapping[str, Any], on: date) -> dict[str, int]:
    """Whole years from each date that was given until ``on``."""
    ages = {}
    for name, rule in definition.fields.items():
        if rule.field.widget == "date" and name in data:
            try:
                born = date.fromisoformat(str(data[name]))
            except ValueError:
                continue  # not a date: as good as not given
            ages[name] = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return ages


def benefits(definition: Definition, data: Mapping[str, Any], on: date) -> int | None:
    """What somebody of whom ``data`` are known gets each month, in đồng, by the rules in force on a day; None for a type that
    gives nothing, or as long as a fact that an amount needs is missing."""
    context = {"data": data, "case": {"channel": Channel.COUNTER.value}, "age": ages(definition, data, on)}
    rules = [rule for rule in definition.benefits if _in_force(rule, on)]
    try:
        sums = [int(rule.amount.evaluate(context)) for rule in rules if rule.when is None or rule.when.holds(context)]
    except NoAnswer:
        return None
    return sum(sums) if rules else None


def _in_force(rule: FeeRule, on: date) -> bool:
    return rule.effective_from <= on and (rule.effective_to is None or on < rule.effective_to)
