"""The write guard: no row of ours changes outside an operation.

An execute wrapper on every connection. It looks at the first word of each statement; only INSERT, UPDATE, DELETE, REPLACE
and TRUNCATE go further. Migrations pass: they are found by their frame, which costs nothing until a refusal is near.
"""

import re
import sys
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper

from tinhso.kernel.ledger.context import acting_now
from tinhso.kernel.ledger.types import NoActor

_WRITE = re.compile(
    r"\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE(?:\s+OR\s+\w+)?(?:\s+ONLY)?|DELETE\s+FROM(?:\s+ONLY)?|"
    r'TRUNCATE(?:\s+TABLE)?)\s+["`]?(?P<table>\w+)',
    re.IGNORECASE,
)


@lru_cache(maxsize=1)
def our_tables() -> frozenset[str]:
    """The tables of tinhso's own models, many-to-many tables included."""
    ours = (m for m in apps.get_models(include_auto_created=True) if (m.__module__ or "").startswith("tinhso."))
    return frozenset(model._meta.db_table for model in ours)


@lru_cache(maxsize=2048)
def written_table(sql: str) -> str | None:
    """The table of ours that ``sql`` writes to, if it does."""
    found = _WRITE.match(sql)
    return found["table"] if found and found["table"] in our_tables() else None


def _in_migration() -> bool:
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_globals.get("__name__", "").startswith("django.db.migrations."):
            return True
        frame = frame.f_back  # type: ignore[assignment]
    return False


def refuse_stray_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Execute wrapper: raises NoActor for a write to our tables outside an operation."""
    if not acting_now() and (table := written_table(sql)) is not None and not _in_migration():
        raise NoActor(table=table)
    return execute(sql, params, many, context)


def install(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Put the guard on ``connection``; first in line, so that temporary wrappers (tests, tools) come off before it."""
    if refuse_stray_writes not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, refuse_stray_writes)
