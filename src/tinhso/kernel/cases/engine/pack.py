"""Reading a case type's declaration: YAML in, :class:`Definition` out, or every fault at once with its line and its remedy."""

from collections.abc import Mapping
from pathlib import Path

from tinhso.kernel.cases.engine.definition import Definition, Family


def load(source: Path | str, families: Mapping[str, Family], name: str | None = None) -> Definition:
    """Compile a declaration (a path, or its text with a ``name`` for messages) with the declared families' vocabulary.

    Raises ``PackInvalid``: ``params["faults"]`` is a list of ``Fault(file, line, what, remedy)``; ``file``, ``line``, ``what``
    and ``remedy`` repeat the first one."""
    raise NotImplementedError
