"""Which days and hours officials work: the ground on which time limits are counted. Pure, immutable, memoised by year."""

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta

from tinhso.kernel.organisation.types import ClockPolicy, Deadline, OfficeHours, SpecialDay
from tinhso.lib.clock import TZ

DAY = timedelta(days=1)
DEFAULT_HOURS = OfficeHours(date(1900, 1, 1), ((time(7, 30), time(11, 30)), (time(13), time(17))))


def local(instant: datetime) -> datetime:
    """The instant on the province's wall clock. ValueError for a naive one."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(TZ)


class WorkDays:
    """Days and hours of work of one province, as the facts loaded so far say.

    ``base`` gives the ordinary holidays of a year; ``overrides`` are days set by an act and win; ``official_years`` are the
    years whose official calendar is loaded. ``policies`` and ``hours`` are dated: the latest begun one holds.
    """

    def __init__(
        self,
        base: Callable[[int], Mapping[date, SpecialDay]],
        overrides: Iterable[SpecialDay] = (),
        hours: Iterable[OfficeHours] = (),
        policies: Iterable[ClockPolicy] = (),
        official_years: Iterable[int] = (),
    ) -> None:
        self._base = base
        self._overrides = {special.day: special for special in overrides}
        self._hours = sorted(hours, key=lambda h: (h.valid_from, h.province is not None)) or [DEFAULT_HOURS]
        self._hours_from = [h.valid_from for h in self._hours]
        self._policies = sorted(policies, key=lambda p: p.valid_from) or [ClockPolicy()]
        self._policies_from = [p.valid_from for p in self._policies]
        self._last_official = max(official_years, default=0)
        self._years: dict[int, dict[date, SpecialDay]] = {}
        self.counted: dict[Hashable, Deadline] = {}

    def special(self, day: date) -> SpecialDay | None:
        """What makes this day different from its weekday, if anything does."""
        year = self._years.get(day.year)
        if year is None:
            year = dict(self._base(day.year))
            year.update((d, s) for d, s in self._overrides.items() if d.year == day.year)
            self._years[day.year] = year
        return year.get(day)

    def is_working_day(self, day: date, /) -> bool:
        """Whether officials work on this day."""
        special = self.special(day)
        if special is not None:
            return special.working
        return day.isoweekday() in self.hours_on(day).weekdays

    def is_official(self, year: int) -> bool:
        """Whether the official calendar of this year is known; years before the last loaded one are."""
        return year <= self._last_official

    def hours_on(self, day: date) -> OfficeHours:
        """The office hours in force on this day."""
        return self._hours[max(bisect_right(self._hours_from, day) - 1, 0)]

    def policy_on(self, day: date) -> ClockPolicy:
        """The rules of counting in force on this day."""
        return self._policies[max(bisect_right(self._policies_from, day) - 1, 0)]

    def next_working_day(self, day: date) -> date:
        """The first working day after this one."""
        return self.nth_working_day(day, 1)

    def nth_working_day(self, day: date, number: int) -> date:
        """The ``number``-th working day after this one, before it when negative; ``day`` itself for 0."""
        step = DAY if number > 0 else -DAY
        left = abs(number)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after ``start`` up to and including ``end``; negative when ``end`` comes first."""
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_working_day(start + DAY * n) for n in range(1, (end - start).days + 1))

    def opening(self, day: date) -> datetime:
        """When offices open on this day."""
        return datetime.combine(day, self.hours_on(day).opening, TZ)

    def closing(self, day: date) -> datetime:
        """When offices close on this day."""
        return datetime.combine(day, self.hours_on(day).closing, TZ)

    def sessions(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """The office sessions of a day, none on a day off."""
        if self.is_working_day(day):
            for start, end in self.hours_on(day).sessions:
                yield datetime.combine(day, start, TZ), datetime.combine(day, end, TZ)

    def working_between(self, start: datetime, end: datetime, /) -> timedelta:
        """Office time between two instants; zero when ``end`` is not later."""
        start, end = local(start), local(end)
        total = timedelta()
        day = start.date()
        while day <= end.date():
            for opens, closes in self.sessions(day):
                total += max(min(closes, end) - max(opens, start), timedelta())
            day += DAY
        return total

    def working_minutes(self, start: datetime, end: datetime, /) -> int:
        """Whole minutes of office time between two instants; 0 when ``end`` is not later."""
        return int(self.working_between(start, end).total_seconds() // 60)
