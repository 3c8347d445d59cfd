"""Expressions in packs: CEL (Common Expression Language), total, free of side effects, bounded.

A pack may write ``data.storeys >= 3 && data.kind == 'new'``. It may use only the names it is given, each with a sample of
its type, so a misspelt name or a comparison of text with a number is refused when the pack is loaded, not when a citizen
meets it. Why this library, and the limits that make its time bounded: docs/decisions/0006-expressions.md.

Missing values are explicit: every known name is there, ``null`` when it has no value, so ``data.x == null`` can be asked.
Anything else done with a missing value has no answer (:class:`NoAnswer`); :meth:`Expression.holds` reads that as "no".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import cel

MAX_LENGTH = 500
"""Characters of one expression."""
MAX_LOOPS = 2
"""``all``, ``exists``, ``exists_one``, ``filter``, ``map`` in one expression: three nested over a hundred items took 13 s."""
MAX_ITEMS = 200
"""Items of one list given to an expression."""
FUNCTIONS = frozenset({"int", "double", "string", "size", "contains", "startsWith", "endsWith", "matches"})
"""The named functions a pack may call. ``size`` is for lists: of a text this library counts bytes, not letters."""

Names = Mapping[str, Mapping[str, Any]]
"""Root name (``data``) to its members, each with a sample value of its type."""

_TEXT = re.compile(r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"")
_LOOP = re.compile(r"\.\s*(?:all|exists|exists_one|filter|map)\s*\(")
_POSITION = re.compile(r"<input>:(\d+):(\d+): (.*)")


class ExpressionInvalid(ValueError):
    """The source cannot be used; ``what`` says why and ``column`` (from 1) where, when that is known."""

    def __init__(self, what: str, column: int | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.column = column


class NoAnswer(Exception):
    """The expression has no value in this context: something it needs is missing, of another type, or out of range."""


@dataclass(frozen=True)
class Expression:
    """A compiled expression. Equal when source and names are."""

    source: str
    names: Names
    reads: frozenset[tuple[str, str]]
    """The (root, member) pairs it mentions."""
    _program: Any = field(repr=False, compare=False)

    def evaluate(self, context: Mapping[str, Any]) -> Any:
        """Its value, with ``context`` giving a mapping for each root name. Raises :class:`NoAnswer`."""
        try:
            return self._program.execute({root: self._members(root, context.get(root) or {}) for root in self.names})
        except (TypeError, ValueError, KeyError, ArithmeticError, RuntimeError) as fault:
            raise NoAnswer(f"{self.source}: {fault}") from fault

    def holds(self, context: Mapping[str, Any]) -> bool:
        """Whether it is true; an expression without an answer does not hold."""
        try:
            return self.evaluate(context) is True
        except NoAnswer:
            return False

    def _members(self, root: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Only what the expression reads (the rest need not be converted), null where there is nothing."""
        samples = self.names[root]
        return {name: _fit(values.get(name), samples[name]) for at, name in self.reads if at == root}


def _fit(value: Any, sample: Any) -> Any:
    """``value`` as the sample's type: CEL does not add whole numbers and decimals, JSON does not tell them apart."""
    if isinstance(sample, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, list | tuple) and len(value) > MAX_ITEMS:
        raise ValueError(f"a list of more than {MAX_ITEMS} items")
    return value


def compile(source: str, names: Names) -> Expression:  # noqa: A001 - like re.compile
    """Compile ``source``, which may read no other names than ``names``. Raises :class:`ExpressionInvalid`."""
    if not source.strip():
        raise ExpressionInvalid("the expression is empty")
    if len(source) > MAX_LENGTH:
        raise ExpressionInvalid(f"the expression is longer than {MAX_LENGTH} characters")
    bare = _TEXT.sub(lambda text: "'" + " " * (len(text.group()) - 2) + "'", source)
    if len(_LOOP.findall(bare)) > MAX_LOOPS:
        raise ExpressionInvalid(f"the expression has more than {MAX_LOOPS} loops (all, exists, exists_one, filter, map)")
    reads = _reads(bare, names)
    try:
        program = cel.compile(source)
    except ValueError as fault:
        raise _unreadable(str(fault)) from fault
    _check_functions(program.functions())
    expression = Expression(source, names, reads, program)
    _probe(expression)
    return expression


def _reads(bare: str, names: Names) -> frozenset[tuple[str, str]]:
    """The members mentioned. Refuses unknown ones, and a root used otherwise than ``root.member``."""
    found = set()
    for root in names:
        for match in re.finditer(rf"(?<![\w.]){root}\b(?:\s*\.\s*([A-Za-z_]\w*))?", bare):
            member = match.group(1)
            if member is None:
                raise ExpressionInvalid(f"write {root}.name: {root} alone, or with brackets, is not allowed", match.start() + 1)
            if member not in names[root]:
                raise ExpressionInvalid(f"unknown name {root}.{member}", match.start() + 1)
            found.add((root, member))
    return frozenset(found)


def _unreadable(message: str) -> ExpressionInvalid:
    position = _POSITION.search(message)
    if position is None:
        return ExpressionInvalid("the expression cannot be read")
    return ExpressionInvalid(position.group(3), int(position.group(2)))


def _check_functions(functions: list[str]) -> None:
    unknown = sorted(f for f in functions if f.replace("_", "a").isalnum() and re.search("[A-Za-z]", f) and f not in FUNCTIONS)
    if unknown:
        raise ExpressionInvalid(f"unknown function {unknown[0]}")


def _probe(expression: Expression) -> None:
    """Run it once on the samples: unknown variables and types that do not fit show themselves."""
    try:
        expression.evaluate(expression.names)
    except NoAnswer as fault:
        if isinstance(fault.__cause__, TypeError | RuntimeError):
            raise ExpressionInvalid(str(fault.__cause__)) from fault
