"""Fills a throw-away database with cases by copying two real ones in SQL: a province's ten years in a minute.

One case in twenty is open, one in 96 belongs to the seat (a province has about as many communes). Copies have everything that
a real row has, state and answers included, but no entries in the ledger: lists never read them.
"""

from dataclasses import dataclass

from django.db import connection

from tinhso.config.demo.province import SYSTEM
from tinhso.kernel.cases.types import CaseRef
from tinhso.kernel.ledger import api as ledger

COMMUNES = 96
OPEN = 20
SPREAD = 30 * 24 * 60
"""Minutes over which the due dates of copies lie."""


@dataclass(frozen=True, slots=True)
class Copies:
    """What is made of one case: the ``number``-th to the last, kept when ``keep`` (SQL over ``g``) holds."""

    of: CaseRef
    keep: str
    ended: bool


def fill(number: int, filed: CaseRef, handled: CaseRef) -> None:
    """Add ``number`` cases: copies of one that waits at the counter and of one that an official has in his hands."""
    still = f"(g / {COMMUNES}) %% {OPEN} = 0"
    third = f"(g / {COMMUNES * OPEN}) %% 3 = 0"
    for copies in (
        Copies(filed, f"{still} AND {third}", ended=False),
        Copies(handled, f"{still} AND NOT {third}", ended=False),
        Copies(handled, f"NOT ({still})", ended=True),
    ):
        with ledger.acting(SYSTEM):
            _copy(number, copies)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum would have by then


def _copy(number: int, copies: Copies) -> None:
    """One INSERT of cases and two of who takes part in them; ``%%`` is SQL's remainder, the drivers' marks being ``%s``."""
    postgres = connection.vendor == "postgresql"
    minutes = "interval '1 minute'" if postgres else "1"
    prefix = f"BENCH-{int(copies.ended)}{copies.of.code[-4:]}-"
    said = {
        "id": "gen_random_uuid()" if postgres else "lower(hex(randomblob(16)))",
        "code": f"'{prefix}' || g",
        "due_at": f"c.due_at + (g %% {SPREAD}) * {minutes}",
    }
    if not postgres:
        said["due_at"] = f"datetime(c.due_at, '+' || (g %% {SPREAD}) || ' minutes')"
    for name in ("receiving_unit", "responsible_unit", "holder_unit", "holder", "handler"):
        said[name] = f"CASE WHEN g %% {COMMUNES} = 0 THEN c.{name} ELSE c.{name} || '-' || (g %% {COMMUNES}) END"
    if copies.ended:
        said |= {"phase": "'ended'", "desk": "'ended'", "ended_at": "c.filed_at", "holder_unit": "''", "holder": "''"}
        said["alarm_at"] = "NULL"
    numbers = "generate_series(1, %s) AS g"
    if not postgres:
        numbers = "(WITH RECURSIVE n(g) AS (SELECT 1 UNION ALL SELECT g + 1 FROM n WHERE g < %s) SELECT g FROM n)"
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cases_case LIMIT 0")
        columns = [column[0] for column in cursor.description or ()]
        values = ", ".join(said.get(column, f"c.{column}") for column in columns)
        source = f"FROM {numbers}, cases_case c WHERE c.code = %s AND {copies.keep}"
        cursor.execute(f"INSERT INTO cases_case ({', '.join(columns)}) SELECT {values} {source}", [number, copies.of.code])
        for unit in ("receiving_unit", "responsible_unit"):
            source = f"SELECT id, {unit}, %s, filed_at FROM cases_case WHERE code LIKE %s"  # noqa: S608  our own constants
            cursor.execute(f"INSERT INTO cases_participation (case_id, unit, asked, since) {source}", [False, f"{prefix}%"])
