"""Both clocks of a case: what is used, what is left, and why (the law's clock, and that of QĐ 766).

How days are counted is the calendar's business; here is what a case does to its limit: pauses, an extension, a new start.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from tinhso.kernel.cases.engine.context import WorkCalendar
from tinhso.kernel.cases.engine.definition import ClockRule, Definition
from tinhso.kernel.cases.engine.state import CaseState, ClockState, Extension
from tinhso.kernel.cases.types import ClockVerdict, ClockView, TimeLeft
from tinhso.kernel.organisation.types import Deadline, Reason, WorkingTime
from tinhso.lib.clock import TZ

WARN_HOUR = time(7, 0)
"""When on its day a case becomes "due soon": before the office opens."""


@dataclass(frozen=True, slots=True)
class Run:
    """Where both clocks lead, as things stand now."""

    due: datetime
    kpi_due: datetime
    warn_at: datetime | None
    provisional: bool


def local_day(instant: datetime) -> date:
    """The date on the province's wall clock."""
    return instant.astimezone(TZ).date()


def unit_of(limit: WorkingTime) -> str:
    """The field of ``limit`` that is set."""
    if limit.working_days is not None:
        return "working_days"
    return "working_hours" if limit.working_hours is not None else "calendar_days"


def amount_of(limit: WorkingTime) -> int:
    """How many of its unit."""
    amount: int = getattr(limit, unit_of(limit))
    return amount


def describe(limit: WorkingTime) -> str:
    """``15 working_days``, for entries and logs."""
    return f"{amount_of(limit)} {unit_of(limit)}"


def start(rule: ClockRule, at: datetime, calendar: WorkCalendar) -> Run:
    """The plan of a clock that starts now."""
    deadline = calendar.add(at, rule.limit)
    return Run(deadline.due, deadline.due, _warn_at(rule, deadline, at), deadline.provisional)


def resume(rule: ClockRule, clock: ClockState, at: datetime, calendar: WorkCalendar, restart: bool = False) -> Run:
    """The plan of a paused clock that goes on at ``at``; ``restart``: the legal one from zero."""
    waits = _waits(clock, at)
    deadline = calendar.add(at, _limit(rule, clock)) if restart else _deadline(rule, clock, at, calendar)
    kpi_due = calendar.add(clock.started, _limit(rule, clock, kpi=True), pauses=waits).due
    warn_at = _warn_at(rule, deadline, at)
    return Run(deadline.due, kpi_due, max(warn_at, at) if warn_at else None, deadline.provisional)


def extend(rule: ClockRule, clock: ClockState, days: int, at: datetime, calendar: WorkCalendar) -> Run:
    """The plan of a clock whose due date is moved by so many days (of the limit's own kind)."""
    extended = replace(clock, extension=Extension(at, days))
    deadline = _deadline(rule, extended, at, calendar)
    kpi = calendar.add(clock.started, _limit(rule, extended, kpi=True), pauses=_waits(clock, at))
    return Run(deadline.due, kpi.due, _warn_at(rule, deadline, at), deadline.provisional)


def _deadline(rule: ClockRule, clock: ClockState, at: datetime, calendar: WorkCalendar) -> Deadline:
    """The legal clock's end, were an open pause to end at ``at``."""
    waits = [wait for wait in _waits(clock, at) if wait[0] >= clock.base]
    return calendar.add(clock.base, _limit(rule, clock), pauses=waits)


def _waits(clock: ClockState, at: datetime) -> list[tuple[datetime, datetime]]:
    return [(p.start, p.end or at) for p in clock.pauses]


def _limit(rule: ClockRule, clock: ClockState, kpi: bool = False) -> WorkingTime:
    """The limit, with the extension where it counts."""
    if clock.extension is None or (kpi and not rule.extension_moves_kpi):
        return rule.limit
    return WorkingTime(**{unit_of(rule.limit): amount_of(rule.limit) + clock.extension.days})


def _warn_at(rule: ClockRule, deadline: Deadline, at: datetime) -> datetime | None:
    """When "due soon" begins; None for a limit so short that it would begin with the clock itself."""
    if rule.limit.working_hours is not None:
        return at + (deadline.due - at) * 3 / 4
    counted = [d.day for d in deadline.days if d.counted is not None]
    if len(counted) <= rule.warn_days:
        return None
    return datetime.combine(counted[-1 - rule.warn_days], WARN_HOUR, TZ)


def verdict(due: datetime, stopped: datetime) -> ClockVerdict:
    """How a clock came out: early is on an earlier day than the due one."""
    if stopped > due:
        return ClockVerdict.LATE
    return ClockVerdict.EARLY if local_day(stopped) < local_day(due) else ClockVerdict.ON_TIME


def used_minutes(clock: ClockState, at: datetime, calendar: WorkCalendar) -> int:
    """Office minutes from the start to ``at`` without the pauses."""
    paused = sum(calendar.working_minutes(start, end) for start, end in _waits(clock, at))
    return max(0, calendar.working_minutes(clock.started, at) - paused)


def restate(rule: ClockRule, clock: ClockState, at: datetime, calendar: WorkCalendar) -> Run:
    """The plan of a clock whose limit is another one from now on: ``rule`` holds it, counted from where the clock began."""
    deadline = _deadline(rule, clock, at, calendar)
    kpi = calendar.add(clock.started, _limit(rule, clock, kpi=True), pauses=_waits(clock, at))
    return Run(deadline.due, kpi.due, _warn_at(rule, deadline, at), deadline.provisional)


def rule_of(definition: Definition, state: CaseState) -> ClockRule:
    """The clock's rule with the limit that holds for this case."""
    return definition.clock.chosen(state.limit_rule)


def due(
    definition: Definition, received_at: datetime, calendar: WorkCalendar, data: Mapping[str, Any] | None = None
) -> Deadline:
    """By when a case received at this instant is due: what a person is told before filing. Without ``data``, as most are."""
    rule = definition.clock.chosen(definition.clock.which(data)) if data is not None else definition.clock
    return calendar.add(received_at, rule.limit)


def counts_late(definition: Definition, state: CaseState) -> bool:
    """Whether QĐ 766 counts the case as late whatever its clock says: more was asked for too often."""
    return state.supplements_asked > definition.supplements.late_above


# --- the picture -------------------------------------------------------------------------------------------------------


def view(definition: Definition, state: CaseState, now: datetime, calendar: WorkCalendar) -> ClockView:
    """The case's clock as of ``now``, ready to draw and to explain."""
    rule, clock = rule_of(definition, state), state.clock
    hours = rule.limit.working_hours is not None
    unit, scale = ("hour", 60) if hours else ("day", 1)
    if clock is None:
        return _not_started(rule, state, unit)
    until = clock.stopped or now
    deadline = _deadline(rule, clock, until, calendar)
    total = amount_of(_limit(rule, clock))
    amounts = _in_minutes(clock, until, total * 60, calendar) if hours else _in_days(clock, until, deadline, calendar)
    spent = sum(amount for kind, amount in amounts if kind in ("run", "over"))
    left = _days_left(clock, until, calendar)
    return ClockView(
        state=_time_left(rule, clock, until, left),
        due=clock.due,
        started=clock.started,
        stopped=clock.stopped,
        verdict=clock.verdict,
        used=spent / scale,
        total=total,
        unit=unit,
        segments=_shares(amounts),
        reasons=_reasons(definition, state, clock, deadline),
        days=deadline.days,
        extended=clock.extension is not None,
        provisional=clock.provisional,
        working_days_left=left,
        if_resumed_today=deadline.due if clock.paused else None,
    )


def _not_started(rule: ClockRule, state: CaseState, unit: str) -> ClockView:
    ended = state.outcome is not None
    return ClockView(
        state=TimeLeft.STOPPED if ended else TimeLeft.NOT_STARTED,
        due=None,
        started=None,
        stopped=None,
        verdict=ClockVerdict.NOT_APPLICABLE if ended else None,
        used=0,
        total=amount_of(rule.limit),
        unit=unit,
        segments=(("left", 1.0),),
        reasons=(_limit_reason(rule),),
        days=(),
    )


def _time_left(rule: ClockRule, clock: ClockState, until: datetime, left: int | None) -> TimeLeft:
    if clock.stopped is not None:
        return TimeLeft.STOPPED
    if clock.paused:
        return TimeLeft.PAUSED
    if until > clock.due:
        return TimeLeft.LATE
    if local_day(until) == local_day(clock.due):
        return TimeLeft.TODAY
    return TimeLeft.SOON if left is not None and left <= rule.warn_days else TimeLeft.ON_TRACK


def _days_left(clock: ClockState, until: datetime, calendar: WorkCalendar) -> int | None:
    """Working days after today up to the due day; negative when late; None when the clock does not run."""
    if not clock.running:
        return None
    today, last = local_day(until), local_day(clock.due)
    return _working_days(today, last, calendar) if last >= today else -_working_days(last, today, calendar)


def _working_days(after: date, last: date, calendar: WorkCalendar) -> int:
    return sum(1 for n in range(1, (last - after).days + 1) if calendar.is_working_day(after + timedelta(days=n)))


def _in_days(clock: ClockState, until: datetime, deadline: Deadline, calendar: WorkCalendar) -> list[tuple[str, int]]:
    """(kind, days) in the order they come; what runs past the limit is ``over``, what is not used yet is ``left``."""
    today, amounts = local_day(until), []
    for day in deadline.days:
        if day.kind == "paused":
            amounts.append(("pause", 1))
        elif day.counted is not None:
            amounts.append(("run" if day.day <= today else "left", 1))
    amounts.append(("over", _working_days(local_day(deadline.due), today, calendar)))
    return [(kind, amount) for kind, amount in amounts if kind != "left" or clock.stopped is None]


def _in_minutes(clock: ClockState, until: datetime, total: int, calendar: WorkCalendar) -> list[tuple[str, int]]:
    amounts, spent, begin = [], 0, clock.base
    for start, end in (*(w for w in _waits(clock, until) if w[0] >= clock.base), (until, until)):
        minutes = calendar.working_minutes(begin, start)
        inside = max(0, min(minutes, total - spent))
        amounts += [("run", inside), ("over", minutes - inside), ("pause", calendar.working_minutes(start, end))]
        spent, begin = spent + minutes, end
    amounts.append(("left", max(0, total - spent) if clock.stopped is None else 0))
    return amounts


def _shares(amounts: list[tuple[str, int]]) -> tuple[tuple[str, float], ...]:
    """Neighbours of one kind joined, as shares of the whole."""
    joined: list[tuple[str, int]] = []
    for kind, amount in amounts:
        if amount and joined and joined[-1][0] == kind:
            joined[-1] = (kind, joined[-1][1] + amount)
        elif amount:
            joined.append((kind, amount))
    whole = sum(amount for _, amount in joined)
    return tuple((kind, amount / whole) for kind, amount in joined) or (("left", 1.0),)


def _limit_reason(rule: ClockRule) -> Reason:
    return Reason("cases.clock.limit", ((unit_of(rule.limit), str(amount_of(rule.limit))),), rule.legal_basis)


def _reasons(definition: Definition, state: CaseState, clock: ClockState, deadline: Deadline) -> tuple[Reason, ...]:
    """The limit, the calendar's own reasons, and what happened to this case's clock."""
    reasons = [_limit_reason(rule_of(definition, state)), *deadline.reasons]
    if clock.base != clock.started:
        on = (("on", local_day(clock.base).isoformat()),)
        reasons.append(Reason("cases.clock.restarted", on, definition.clock.legal_basis))
    if clock.extension and definition.extension:
        days = (("days", str(clock.extension.days)),)
        reasons.append(Reason("cases.clock.extended", days, definition.extension.legal_basis))
    if counts_late(definition, state):
        asked = (("asked", str(state.supplements_asked)),)
        reasons.append(Reason("cases.clock.too_many_supplements", asked, "QĐ 766/QĐ-TTg 2022"))
    return tuple(reasons)
