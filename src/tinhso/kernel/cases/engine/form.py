"""The form of a type, on the server: what is asked, what is missing, what is wrong."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from tinhso.kernel.cases.engine.definition import Definition
from tinhso.kernel.cases.types import FormField, PaperRule
from tinhso.kernel.payments.types import ChargeLine

FieldError = tuple[str, str, dict[str, object]]
"""Path (the field's name), code (``required``, ``too_long``, ``minimum``…), parameters."""


def visible_fields(definition: Definition, data: Mapping[str, Any]) -> tuple[FormField, ...]:
    """The questions that are asked, given what is answered so far."""
    raise NotImplementedError


def clean(definition: Definition, data: Mapping[str, Any]) -> dict[str, Any]:
    """The data without what was not asked: unknown names, invisible fields, empty answers."""
    raise NotImplementedError


def validate(definition: Definition, data: Mapping[str, Any], page: str | None = None) -> list[FieldError]:
    """What is wrong with ``data`` (on one page, or on all). Invisible fields are neither required nor checked."""
    raise NotImplementedError


def validate_input(fields: tuple[FormField, ...], data: Mapping[str, Any]) -> list[FieldError]:
    """What is wrong with a move's input."""
    raise NotImplementedError


def papers(definition: Definition, data: Mapping[str, Any]) -> tuple[PaperRule, ...]:
    """The papers asked for, given these answers."""
    raise NotImplementedError


def fees(definition: Definition, data: Mapping[str, Any], on: date) -> tuple[ChargeLine, ...]:
    """What is to be paid, by the rules in force on a day. Lines of 0 đồng are left out."""
    raise NotImplementedError
