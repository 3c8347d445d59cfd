"""The one place that asks what time it is.

Everything that needs "now" calls :func:`now`; tests and the demo set it with :func:`at`.
Instants are always aware; the province's wall clock is Asia/Ho_Chi_Minh (UTC+7, no daylight saving).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

TZ = ZoneInfo("Asia/Ho_Chi_Minh")

_fixed: ContextVar[datetime | None] = ContextVar("tinhso_clock", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _fixed.get() or datetime.now(UTC)


def today() -> date:
    """The present date on the province's wall clock."""
    return now().astimezone(TZ).date()


@contextmanager
def at(instant: datetime) -> Iterator[datetime]:
    """Hold the clock at ``instant`` (aware) for the code inside; nests."""
    if instant.tzinfo is None:
        raise ValueError("clock.at needs an aware instant")
    token = _fixed.set(instant.astimezone(UTC))
    try:
        yield instant
    finally:
        _fixed.reset(token)
