"""Time limits: by when something is due, and why, day by day. Pure; rules in docs: rules of the field 3.1, 3.6, 10.

How a limit is counted, in the order in which a clerk would explain it:

1. *Start.* What comes in on a day off, or after the cut-off (15:00), counts as received when the next working day opens.
2. *First day.* For limits in days the day of receipt is not counted (Civil Code art. 147.2) unless the policy says so;
   limits in hours run from the very moment (art. 147.1), in office time.
3. *Days.* Working days skip days off; calendar days do not, but one that ends on a day off ends on the next working day
   (art. 148.5).
4. *Waits.* No day from the request to the answer counts, both included (the day of the answer is treated like the day of
   receipt; an answer after the cut-off came on the next working day). So the end moves by as many days as the wait took away.
   Under ``restart`` the limit begins again when the wait ends. A wait that begins after the limit has run out changes
   nothing: lateness is not forgiven.
5. *End.* At the closing time of the last day, or at 24:00 where the policy says so.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from tinhso.kernel.organisation.engine.workdays import DAY, WorkDays, local
from tinhso.kernel.organisation.types import (
    ClockPolicy,
    DayCount,
    DayEnd,
    Deadline,
    Reason,
    Resumption,
    WorkingTime,
)

Pause = tuple[datetime, datetime]
"""From when until when the clock stood still."""
REMEMBERED = 512
"""Deadlines that a calendar keeps; each holds its days, some kilobytes."""


def _reason(code: str, basis: str | None = None, /, **params: object) -> Reason:
    return Reason(f"deadline.{code}", tuple((name, _text(value)) for name, value in params.items()), basis)


def _text(value: object) -> str:
    """Parameters travel as text: instants and dates in ISO form, for ``ui`` to put into words."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)


def _checked(limit: WorkingTime) -> WorkingTime:
    given = [n for n in (limit.working_days, limit.working_hours, limit.calendar_days) if n is not None]
    if len(given) != 1 or given[0] < 0:
        raise ValueError(f"a time limit is one number, not negative, of one unit: {limit}")
    return limit


def _merged(pauses: Iterable[Pause], received: datetime) -> list[Pause]:
    """In order, without overlaps, none before the receipt; empty and reversed ones dropped."""
    merged: list[Pause] = []
    for start, end in sorted((max(local(a), received), local(b)) for a, b in pauses):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


class WorkCalendar(WorkDays):
    """The working calendar of one province: what is a working day, and when a time limit ends and why."""

    def add(
        self, start: datetime, limit: WorkingTime, /, policy: ClockPolicy | None = None, pauses: Sequence[Pause] = ()
    ) -> Deadline:
        """When ``limit``, begun by a receipt at ``start``, is used up. ``policy`` None: the rules of the day of receipt.

        ``pauses`` are waits, each from when until when (for one still open give the present instant). ``days`` of the answer
        holds every day from the receipt to the end. Raises ValueError for a naive instant or a limit without one unit.
        """
        return self._added(local(start), limit, policy, tuple(pauses))

    def _added(self, received: datetime, limit: WorkingTime, policy: ClockPolicy | None, pauses: tuple[Pause, ...]) -> Deadline:
        """A calendar never changes, so what it once counted it need not count again: lists ask the same for each row."""
        asked = (received, limit, policy, pauses)
        known: Deadline | None = self.counted.get(asked)
        if known is None:
            rules = policy or self.policy_on(received.date())
            count = self._restarted if rules.resumption is Resumption.RESTART else self._counted
            known = count(received, _checked(limit), rules, _merged(pauses, received))
            if len(self.counted) >= REMEMBERED:
                self.counted.clear()
            self.counted[asked] = known
        return known

    def subtract(self, end: datetime, limit: WorkingTime, /, policy: ClockPolicy | None = None) -> datetime:
        """The last instant that is still ``limit`` before ``end``: for "at the latest one working day before it is due".

        Days: the end of the day that lies so many days before (the working day before it, if that is a day off).
        """
        end = local(end)
        rules = policy or self.policy_on(end.date())
        limit = _checked(limit)
        if limit.working_days is not None:
            return self._end_of(self.nth_working_day(end.date(), -limit.working_days), rules)
        if limit.calendar_days is not None:
            day = end.date() - DAY * limit.calendar_days
            return self._end_of(day if self.is_working_day(day) else self.nth_working_day(day, -1), rules)
        return self._hours_before(end, timedelta(hours=limit.working_hours or 0))

    # --- the start ---------------------------------------------------------------------------------------------------

    def counts_from(self, received: datetime, policy: ClockPolicy | None = None) -> datetime:
        """The instant from which something received at this instant counts: itself, or when offices next open."""
        received = local(received)
        return self._start(received, policy or self.policy_on(received.date()))[0]

    def _start(self, received: datetime, rules: ClockPolicy) -> tuple[datetime, list[Reason]]:
        day = received.date()
        following = self.opening(self.next_working_day(day)) if not self.is_working_day(day) else None
        if following is not None:
            special = self.special(day)
            names = {"name": special.name, "name_en": special.name_en} if special else {}
            return following, [_reason("received_on_day_off", on=day, counts_from=following, **names)]
        if received < self.opening(day):
            return self.opening(day), [_reason("before_opening", opens=self.opening(day))]
        after_cut_off = rules.cut_off is not None and received > datetime.combine(day, rules.cut_off, received.tzinfo)
        if after_cut_off or received >= self.closing(day):
            following = self.opening(self.next_working_day(day))
            if after_cut_off:
                cut_off = _reason("after_cut_off", rules.cut_off_basis, cut_off=rules.cut_off, counts_from=following)
                return following, [cut_off]
            return following, [_reason("after_closing", closed=self.closing(day), counts_from=following)]
        return received, []

    def _end_of(self, day: date, rules: ClockPolicy) -> datetime:
        if rules.day_end is DayEnd.MIDNIGHT:
            return datetime.combine(day, time.max, self.opening(day).tzinfo)
        return self.closing(day)

    # --- days --------------------------------------------------------------------------------------------------------

    def _counted(self, received: datetime, limit: WorkingTime, rules: ClockPolicy, pauses: list[Pause]) -> Deadline:
        if limit.working_hours is not None:
            return self._in_hours(received, limit.working_hours, rules, pauses)
        begins, reasons = self._start(received, rules)
        reasons = [_reason("received", at=received), *reasons]
        first = begins.date()
        if rules.first_day_counts:
            reasons.append(_reason("first_day_counted", rules.first_day_basis, day=first))
        else:
            reasons.append(_reason("first_day_not_counted", rules.first_day_basis, day=first))
        number = limit.working_days if limit.working_days is not None else limit.calendar_days
        assert number is not None
        working = limit.working_days is not None
        countable: Callable[[date], bool] = self.is_working_day if working else lambda _: True
        uncounted: set[date] = set() if rules.first_day_counts else {first}
        last = _last_day(first, number, countable, uncounted)
        paused: set[date] = set()
        for a, b in pauses:
            stops, resumes = self._stops(a, working), self._start(b, rules)[0].date()
            if stops > last:
                break
            until = resumes if rules.first_day_counts else resumes + DAY
            taken = _days_taken(max(stops, first), until, countable, uncounted)
            uncounted |= taken
            paused |= taken
            last = _last_day(first, number, countable, uncounted)
            reasons.append(_reason("paused", since=a, until=b, resumes=resumes, days=len(taken), working=working))
        due_day, rolled = self._rolled(last, rules, working)
        days = self._drawn(received.date(), first, due_day, countable, uncounted - {first}, rules.first_day_counts)
        reasons += self._explained(days if working else [d for d in days if d.day >= last], working) + rolled
        return self._answer(self._end_of(due_day, rules), reasons, days)

    def _stops(self, instant: datetime, working: bool) -> date:
        """The first day that a wait beginning at this instant takes away from the office."""
        day = instant.date()
        if not working or (self.is_working_day(day) and instant < self.closing(day)):
            return day
        return self.next_working_day(day)

    def _rolled(self, last: date, rules: ClockPolicy, working: bool) -> tuple[date, list[Reason]]:
        if working or not rules.roll_over or self.is_working_day(last):
            return last, []
        following = self.next_working_day(last)
        return following, [_reason("rolled_over", rules.roll_over_basis, ends=last, moved_to=following)]

    # --- hours -------------------------------------------------------------------------------------------------------

    def _in_hours(self, received: datetime, hours: int, rules: ClockPolicy, pauses: list[Pause]) -> Deadline:
        begins, reasons = self._start(received, rules)
        reasons = [_reason("received", at=received), *reasons, _reason("office_hours", hours=hours)]
        waits = [(a, self._start(b, rules)[0]) for a, b in pauses]
        left, instant = timedelta(hours=hours), begins
        spent: dict[date, int] = {}
        day = begins.date()
        while left:
            for opens, closes in self.sessions(day):
                for start, end in _without(max(opens, begins), closes, waits):
                    used = min(end - start, left)
                    left -= used
                    instant = start + used if used else instant
            spent[day] = int((timedelta(hours=hours) - left).total_seconds() // 3600)
            day += DAY
        for a, b in waits:
            if a < instant and self.working_between(a, b):
                minutes = self.working_minutes(a, b)
                reasons.append(_reason("paused_hours", since=a, until=b, minutes=minutes))
        days = self._drawn_hours(received.date(), instant.date(), spent)
        return self._answer(instant, reasons + self._explained(days, True), days)

    def _hours_before(self, end: datetime, left: timedelta) -> datetime:
        day, instant = end.date(), end
        while left:
            for opens, closes in reversed(list(self.sessions(day))):
                closes = min(closes, end)
                used = max(min(closes - opens, left), timedelta())
                if used:
                    left -= used
                    instant = closes - used
            day -= DAY
        return instant

    # --- starting again ----------------------------------------------------------------------------------------------

    def _restarted(self, received: datetime, limit: WorkingTime, rules: ClockPolicy, pauses: list[Pause]) -> Deadline:
        plain = replace(rules, resumption=Resumption.PAUSE)
        answer = self._counted(received, limit, plain, [])
        for a, b in pauses:
            if a > answer.due:
                break
            again = self._counted(b, limit, plain, [])
            why = _reason("restarted", stopped=a, again=b)
            answer = replace(again, reasons=(_reason("received", at=received), why, *again.reasons[1:]))
        return answer

    # --- the explanation ---------------------------------------------------------------------------------------------

    def _drawn(
        self, received: date, first: date, due: date, countable: Callable[[date], bool], paused: set[date], first_counts: bool
    ) -> list[DayCount]:
        """Every day from the receipt to the end, with its running number where it counts."""
        days, number, day = [], 0, received
        while day <= due:
            counts = countable(day) and day not in paused and (day > first or (first_counts and day == first))
            number += counts
            kind, note, note_en = self._look(day)
            if day in paused:
                kind = "paused"
            elif day == due:
                kind = "due"
            elif day in (received, first) and not counts:
                kind = "start"
            elif counts and kind != "makeup":
                kind = "counted"
            days.append(DayCount(day, number if counts else None, kind, note, note_en))
            day += DAY
        return days

    def _drawn_hours(self, received: date, due: date, spent: dict[date, int]) -> list[DayCount]:
        """The same for hours: the running number is the hours used by the end of the day."""
        days, day = [], received
        while day <= due:
            kind, note, note_en = self._look(day)
            if day == due:
                kind = "due"
            elif day == received:
                kind = "start"
            elif kind == "working":
                kind = "counted"
            days.append(DayCount(day, spent.get(day) if self.is_working_day(day) else None, kind, note, note_en))
            day += DAY
        return days

    def _look(self, day: date) -> tuple[str, str | None, str | None]:
        special = self.special(day)
        if special is None:
            return ("working" if self.is_working_day(day) else "weekend"), None, None
        return ("makeup" if special.working else "holiday"), special.name, special.name_en

    def _explained(self, days: Sequence[DayCount], working: bool) -> list[Reason]:
        """What was skipped or counted against its weekday, in order: weekends once, each holiday by name."""
        reasons: list[Reason] = []
        weekends = [d for d in days if d.kind == "weekend"]
        if working and weekends:
            reasons.append(_reason("weekends_skipped", days=len(weekends)))
        for count in days:
            special = self.special(count.day)
            if special is None:
                continue
            if special.working:
                if count.counted is not None:
                    reasons.append(_reason("makeup_counted", special.legal_basis, day=count.day))
            else:
                names = {"name": special.name, "name_en": special.name_en}
                reasons.append(_reason("holiday_skipped", special.legal_basis, day=count.day, **names))
            if not special.confirmed:
                reasons.append(_reason("day_unconfirmed", special.legal_basis, day=count.day))
        return reasons

    def _answer(self, due: datetime, reasons: list[Reason], days: list[DayCount]) -> Deadline:
        unknown = sorted({d.day.year for d in days if not self.is_official(d.day.year)})
        reasons = [*reasons, _reason("due", at=due)]
        reasons += [_reason("provisional", year=year) for year in unknown]
        return Deadline(due, tuple(reasons), tuple(days), provisional=bool(unknown))


def _last_day(first: date, number: int, countable: Callable[[date], bool], uncounted: set[date]) -> date:
    """The ``number``-th countable day from ``first`` on; ``first`` itself for a limit of 0."""
    day, left = first, number
    if left and countable(day) and day not in uncounted:
        left -= 1
    while left:
        day += DAY
        left -= countable(day) and day not in uncounted
    return day


def _days_taken(stops: date, until: date, countable: Callable[[date], bool], uncounted: set[date]) -> set[date]:
    """The days from ``stops`` until before ``until`` that would have counted."""
    span = (stops + DAY * n for n in range((until - stops).days))
    return {day for day in span if countable(day) and day not in uncounted}


def _without(start: datetime, end: datetime, waits: Iterable[Pause]) -> list[tuple[datetime, datetime]]:
    """The parts of a span that no wait covers."""
    parts = []
    for a, b in waits:
        if a < end and b > start:
            if a > start:
                parts.append((start, a))
            start = max(start, b)
    return [*parts, (start, end)] if start < end else parts
