"""Whether somebody fulfils a type's conditions: yes, no, or not yet known. Pure.

A missing fact never makes a "no". Each test of a condition is decided only when every fact it reads is there; tests are then
combined by the rules of three-valued logic (Kleene): one "no" among tests that must all hold is a "no" whatever the others will
say, and one "yes" among tests of which one suffices is a "yes". So a verdict of "yes" or "no" stays as it is when more becomes
known. An answer ``unknown`` ("I do not know") to a question counts as missing.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from tinhso.kernel.cases.engine import form
from tinhso.kernel.cases.engine.definition import Definition, Requirement
from tinhso.kernel.cases.types import Assessment, ConditionView, Holds, Words
from tinhso.lib.expressions import Expression, NoAnswer

UNKNOWN = "unknown"
"""The answer of a choice that says: I do not know."""


def assess(definition: Definition, data: Mapping[str, Any], on: date) -> Assessment:
    """The conditions in force on a day, for somebody of whom ``data`` are known."""
    known = _known(definition, data)
    context = {"data": known, "age": form.ages(definition, known, on)}
    views = tuple(_judged(definition, rule, context) for rule in definition.conditions if _in_force(rule, on))
    concerning = tuple(view for view in views if view is not None)
    holds = every(view.holds for view in concerning)
    monthly = form.benefits(definition, known, on) if holds is Holds.YES else None
    return Assessment(holds, concerning, monthly)


def every(values: Iterable[Holds]) -> Holds:
    """All must hold: a no decides, else what is unknown leaves it open."""
    found = set(values)
    if Holds.NO in found:
        return Holds.NO
    return Holds.UNKNOWN if Holds.UNKNOWN in found else Holds.YES


def some(values: Iterable[Holds]) -> Holds:
    """One is enough: a yes decides, else what is unknown leaves it open."""
    found = set(values)
    if Holds.YES in found:
        return Holds.YES
    return Holds.UNKNOWN if Holds.UNKNOWN in found else Holds.NO


def _judged(definition: Definition, rule: Requirement, context: Mapping[str, Mapping[str, Any]]) -> ConditionView | None:
    """The condition for this person; None when it does not concern him."""
    concerns = _decided(rule.when, context) if rule.when else Holds.YES
    if concerns is Holds.NO:
        return None
    holds = (every if rule.every else some)(_decided(test, context) for test in rule.tests)
    if concerns is Holds.UNKNOWN and holds is Holds.NO:
        holds = Holds.UNKNOWN
    if holds is not Holds.UNKNOWN:
        return ConditionView(rule.public, holds)
    asked = [rule.when, *rule.tests] if rule.when else [*rule.tests]
    absent = dict.fromkeys(name for test in asked for name in _missing(test, context))
    labels: tuple[Words, ...] = tuple(definition.fields[name].field.label for name in absent)
    return ConditionView(rule.public, holds, labels)


def _decided(test: Expression, context: Mapping[str, Mapping[str, Any]]) -> Holds:
    if any(True for _ in _missing(test, context)):
        return Holds.UNKNOWN
    try:
        return Holds.YES if test.evaluate(context) is True else Holds.NO
    except NoAnswer:
        return Holds.UNKNOWN


def _missing(test: Expression, context: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Names of the questions that a test reads and whose answers are not known."""
    return (name for root, name in sorted(test.reads) if context[root].get(name) is None)


def _known(definition: Definition, data: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that say something."""
    return {name: value for name, value in data.items() if name in definition.fields and value not in (None, "", [], UNKNOWN)}


def _in_force(rule: Requirement, on: date) -> bool:
    begun = rule.effective_from is None or rule.effective_from <= on
    return begun and (rule.effective_to is None or on < rule.effective_to)
