"""Words for what is wrong with one field: codes of the forms, of JSON Schema, and of the rooms that check more."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from tinhso.ui.words.filling import Text, filled, unknown

_REQUIRED = _("Please answer this question.")
_NUMBER = _("Write a number, for example 96,5.")
_CHOICE = _("Choose one of the answers given.")
_FORM = _("This is not in the form we need. Compare it with your papers.")

_FAULTS: dict[str, Text] = {
    "required": _REQUIRED,
    "missing": _REQUIRED,
    "empty": _REQUIRED,
    "not_a_number": _NUMBER,
    "not_whole": _("Write a whole number, without decimals."),
    "not_a_date": _("Write the date as day, month, year, for example 27/11/2026."),
    "no_such_date": _("There is no such day in the calendar."),
    "not_a_choice": _CHOICE,
    "enum": _CHOICE,
    "choice": _CHOICE,
    "const": _("This must be confirmed before you go on."),
    "pattern": _FORM,
    "format": _FORM,
    "type": _FORM,
    "not_a_phone": _("Write a phone number of 10 digits, for example 0912 345 678."),
    "not_an_identifier": _("A personal identification number has 12 digits."),
    "identifier": _("A personal identification number has 12 digits."),
    "phone": _("Write a phone number of 10 digits, for example 0912 345 678."),
    "email": _("Write an e-mail address, for example tham@example.vn."),
    "not_a_place": _("Choose the commune from the list."),
    "unknown_area": _("Choose the commune from the list."),
    "area": _("Choose the commune from the list."),
    "too_small": _("This must be at least %(least)s."),
    "too_large": _("This must be at most %(most)s."),
    "minimum": _("This must be at least %(minimum)s."),
    "maximum": _("This must be at most %(maximum)s."),
    "too_short": ngettext_lazy("Write at least %(min)s character.", "Write at least %(min)s characters.", "min"),
    "too_long": ngettext_lazy("Write at most %(max)s character.", "Write at most %(max)s characters.", "max"),
    "too_few": ngettext_lazy("Give at least %(min)s.", "Give at least %(min)s.", "min"),
    "too_many": ngettext_lazy("Give at most %(max)s.", "Give at most %(max)s.", "max"),
    "not_unique": _("The same answer is given twice."),
    "twice": _("The same answer is given twice."),
    "above": _("This must be more than %(limit)s."),
    "below": _("This must be less than %(limit)s."),
    "multiple": _("This must be a multiple of %(limit)s."),
    "in_the_past": _("This day is over. Choose a later one."),
    "in_the_future": _("This day has not come yet. Choose an earlier one."),
    "unknown": _("This form does not ask for that."),
    "unknown_field": _("This form does not ask for that."),
    "additionalProperties": _("This form does not ask for that."),
    "unknown_paper": _("This procedure does not ask for this paper."),
    "no_such_file": _("The file is not here any more. Choose it again."),
    "too_many_files": ngettext_lazy(
        "At most %(max)s file may be given here.", "At most %(max)s files may be given here.", "max"
    ),
    "missing_paper": _("This paper is still missing."),
    "paper_missing": _("This paper is still missing."),
    "paper_required": _("This paper is still missing."),
    "rule": _("%(message)s"),
    "cursor": _("The list has changed. Open it again from the beginning."),
    "asked_already": _("This was asked already."),
    "not_text": _("Write this in letters and digits."),
}

KNOWN_FAULTS = frozenset(_FAULTS)
"""Codes with words of their own."""

_ALIKE = {
    "exclusiveMinimum": "above",
    "exclusive_minimum": "above",
    "exclusiveMaximum": "below",
    "exclusive_maximum": "below",
    "multipleOf": "multiple",
    "multiple_of": "multiple",
    "minLength": "too_short",
    "maxLength": "too_long",
    "minItems": "too_few",
    "maxItems": "too_many",
}
_NAMES = {
    "too_small": ("least", "minimum", "limit", "min"),
    "too_large": ("most", "maximum", "limit", "max"),
    "minimum": ("minimum", "limit", "least", "min"),
    "maximum": ("maximum", "limit", "most", "max"),
    "above": ("limit",),
    "below": ("limit",),
    "multiple": ("limit", "multipleOf"),
    "too_short": ("min", "min_length", "minLength", "least", "limit"),
    "too_long": ("max", "max_length", "maxLength", "most", "limit"),
    "too_few": ("min", "minItems", "limit"),
    "too_many": ("max", "maxItems", "limit"),
    "too_many_files": ("max", "max_files", "limit"),
}


def field_fault(code: str, params: Mapping[str, object] | None = None) -> str:
    """What is wrong with one field and what to write instead."""
    code = _ALIKE.get(code, code)
    text = _FAULTS.get(code)
    if text is None:
        unknown("field error", code)
        text = _FORM
    facts = dict(params or {})
    names = _NAMES.get(code, ())
    given = next((facts[name] for name in names if name in facts), None)
    if names and given is None:
        return filled(_FORM, {})
    if names:
        facts[names[0]] = given
    return filled(text, facts)
