"""How often the same person or network does the same thing: one statement each time, exact however many ask at once."""

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils.crypto import salted_hmac

from tinhso.kernel.identity.models import Attempt
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor
from tinhso.lib import clock

_TABLE = Attempt._meta.db_table
_COUNT = (
    f'INSERT INTO "{_TABLE}" (key, count, until) VALUES (%s, 1, %s) '  # noqa: S608  the table's own name, no input
    f'ON CONFLICT (key) DO UPDATE SET count = "{_TABLE}".count + 1 RETURNING count'
)


@ledger.operation
def count_attempt(actor: Actor, what: str, who: str, seconds: int) -> tuple[int, int]:
    """Count one more attempt of ``who`` at ``what`` in the present span of ``seconds``.

    Returns how many there were in this span, this one included, and the seconds until it ends. Spans begin at whole
    multiples of their length, so at the turn of two of them twice as much can pass as in one. Leaves no entry: it is no
    fact of anybody's case.
    """
    span, gone = divmod(int(clock.now().timestamp()), seconds)
    key = salted_hmac("tinhso.attempts", f"{what}\n{who}\n{span}", algorithm="sha256").hexdigest()
    until = datetime.fromtimestamp((span + 1) * seconds, UTC)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [key, until])
        return int(cursor.fetchone()[0]), seconds - gone


def forget_attempts() -> int:
    """Delete the counts of spans that have ended; how many."""
    return _forget(ledger.system_actor("identity.attempts"), clock.now() - timedelta(minutes=1))


@ledger.operation
def _forget(actor: Actor, before: datetime) -> int:
    return Attempt.objects.filter(until__lt=before).delete()[0]
