"""Office hours as one number line: 8 units are a working day, so that a story can be told in "hours later"."""

from bisect import bisect_right
from datetime import date, datetime, time, timedelta

from tinhso.kernel.organisation import api as organisation
from tinhso.lib.clock import TZ

DAY = 8.0
"""Office hours in a working day, as the model province keeps them: 7:30 to 11:30 and 13:00 to 17:00."""
_MORNING, _NOON, _AFTERNOON = time(7, 30), 4.0, time(13, 0)
_REST = time(10, 30)


class OfficeHours:
    """Turns numbers into instants and back. Number 0 opens the first working day of the span, which ends with the working day
    that ``now`` falls on, or the next one."""

    def __init__(self, now: datetime, days: int) -> None:
        calendar = organisation.calendar()
        last = now.astimezone(TZ).date()
        while not calendar.is_working_day(last):
            last += timedelta(days=1)
        every = (last - timedelta(days=back) for back in range(days, -1, -1))
        self.days: list[date] = [day for day in every if calendar.is_working_day(day)]

    def instant(self, number: float) -> datetime:
        """The instant of a number; below 0 the first opening, beyond the span the last closing."""
        number = min(max(number, 0.0), len(self.days) * DAY - 0.02)
        day, hours = divmod(number, DAY)
        begins = _MORNING if hours < _NOON else _AFTERNOON
        start = datetime.combine(self.days[int(day)], begins, TZ)
        return start + timedelta(hours=hours if hours < _NOON else hours - _NOON)

    def number(self, instant: datetime) -> float:
        """The number of an instant; out of hours, that of the closing before it."""
        local = instant.astimezone(TZ)
        index = bisect_right(self.days, local.date()) - 1
        if index < 0:
            return 0.0
        if self.days[index] != local.date():
            return (index + 1) * DAY
        morning = _since(local, _MORNING)
        afternoon = _since(local, _AFTERNOON)
        return index * DAY + min(morning, _NOON) + min(afternoon, DAY - _NOON)


def _since(local: datetime, start: time) -> float:
    return max(0.0, (local - datetime.combine(local.date(), start, TZ)).total_seconds() / 3600)


def end_of_play(now: datetime) -> datetime:
    """Where the story stops: half past ten of a working day, or the closing of the last one when it is not yet so late.

    The same all day, so that one seed on one day tells one story.
    """
    local = now.astimezone(TZ)
    calendar = organisation.calendar()
    if calendar.is_working_day(local.date()) and local.time() >= _REST:
        return datetime.combine(local.date(), _REST, TZ)
    day = local.date() - timedelta(days=1)
    while not calendar.is_working_day(day):
        day -= timedelta(days=1)
    return datetime.combine(day, time(16, 59), TZ)
