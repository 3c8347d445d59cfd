"""Numbers that are never given twice: one statement, the same on both databases, held until the transaction ends."""

from datetime import date

from django.db import connection

from tinhso.kernel.cases.models import Sequence

_TABLE = Sequence._meta.db_table
_NEXT = (
    f'INSERT INTO "{_TABLE}" (scope, day, last) VALUES (%s, %s, %s) '  # noqa: S608  the table's own name, no input
    f'ON CONFLICT (scope, day) DO UPDATE SET last = "{_TABLE}".last + excluded.last RETURNING last'
)


def next_number(scope: str, day: date) -> int:
    """The next number of ``scope`` on ``day``, from 1. A transaction that fails leaves no gap; two never get the same."""
    return next_numbers(scope, day, 1).start


def next_numbers(scope: str, day: date, many: int) -> range:
    """The next ``many`` numbers of ``scope`` on ``day``, as :func:`next_number` gives one."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [scope, day, many])
        last = int(cursor.fetchone()[0])
    return range(last - many + 1, last + 1)
