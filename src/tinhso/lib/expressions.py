"""Expressions in packs: CEL (Common Expression Language), total, free of side effects, bounded. Why: docs/decisions/0006."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol


class ExpressionInvalid(ValueError):
    """The source cannot be used; ``column`` is where (1-based), ``what`` why."""

    def __init__(self, what: str, column: int | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.column = column


class NoAnswer(Exception):
    """The expression has no value for this context (a value it needs is missing, or of another type)."""


class Expression(Protocol):
    """A compiled expression."""

    source: str

    def evaluate(self, context: Mapping[str, Any]) -> Any:
        """Its value. Raises :class:`NoAnswer`."""
        ...

    def holds(self, context: Mapping[str, Any]) -> bool:
        """Whether it is true; an expression without an answer does not hold."""
        ...


def compile(source: str, names: Iterable[str]) -> Expression:  # noqa: A001 - like re.compile
    """Compile ``source``; it may use no other names than ``names``. Raises :class:`ExpressionInvalid`."""
    raise NotImplementedError
