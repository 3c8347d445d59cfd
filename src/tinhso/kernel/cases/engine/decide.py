"""The rules of moving: pure. A wish, a state and what is known now go in; facts come out, or a refusal with its reason.

A runner does: ``facts = decide(...)``; ``state = evolve_all(state, facts)``; executes ``definition.moves[move].effects``;
saves; appends the facts to the case's stream after the version it read. :func:`options` asks the same questions as
:func:`decide`, so a button is never offered that the server would refuse.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, ClassVar, TypeVar

from tinhso.kernel.cases.engine import clock as clocks
from tinhso.kernel.cases.engine import events as e
from tinhso.kernel.cases.engine import form, parts
from tinhso.kernel.cases.engine.context import Context
from tinhso.kernel.cases.engine.definition import (
    ON_TASKS,
    Branch,
    Condition,
    Definition,
    Does,
    Move,
    Repeat,
    Step,
    SupplementMode,
    TaskRule,
)
from tinhso.kernel.cases.engine.evolve import evolve, evolve_all, request_id
from tinhso.kernel.cases.engine.form import FieldError, validate_input
from tinhso.kernel.cases.engine.state import CaseState, ClockState, TaskState
from tinhso.kernel.cases.types import Channel, ClockVerdict, MoveRefused, Phase
from tinhso.kernel.ledger.types import ActorKind
from tinhso.kernel.organisation.types import Reason, WorkingTime
from tinhso.lib.clock import TZ
from tinhso.lib.problems import Invalid

Fact = TypeVar("Fact", bound=e.CaseFact)


@dataclass(frozen=True, slots=True)
class Filing:
    """Somebody hands a case in. ``units`` gives a unit key for every place of the definition."""

    case: str
    channel: Channel
    party: str | None
    units: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Amendment:
    """The form's answers as a move puts them right: all of them, the names of those that change, and a unit for each place."""

    data: Mapping[str, Any]
    fields: tuple[str, ...]
    units: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Perform:
    """Somebody makes a move; ``task`` names the task it answers or calls off; ``input`` is what the move asks for,
    ``amended`` what comes of it for a move that amends."""

    move: str
    input: Mapping[str, Any] = field(default_factory=dict)
    task: str | None = None
    amended: Amendment | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """A move this actor could make now; ``why_not`` is set when it is not enabled, ``warning`` when it has a price."""

    move: Move
    enabled: bool
    why_not: Reason | None = None
    warning: Reason | None = None
    task: str | None = None


def file(definition: Definition, filing: Filing, context: Context) -> tuple[e.CaseFact, ...]:
    """The facts of handing in. Form and papers have been validated by the caller (``form.validate``).

    Raises ``ValueError`` when a place has no unit: a fault of the programmer or of the organisation's data."""
    missing = sorted(set(definition.places) - set(filing.units))
    if missing:
        raise ValueError(f"no unit for {', '.join(missing)}")
    step = definition.steps[definition.initial]
    return (
        e.Filed(
            **_standing(definition, filing.case, filing.channel, filing.units),
            unit=filing.units.get(step.rule.at or ""),
            step=step.id,
            phase=step.phase.value,
            status=step.rule.status,
            due=None,
            at=context.now,
            party=filing.party,
            units=dict(filing.units),
            step_due=_limit_end(step.limit, context),
            limit_rule=definition.clock.which(context.data),
        ),
    )


def decide(definition: Definition, state: CaseState, command: Perform, context: Context) -> tuple[e.CaseFact, ...]:
    """The facts that follow from a move.

    Raises ``MoveRefused`` (``params["reason"]`` is a :class:`Reason`, ``params["move"]`` the id) when step, role, guard, limit
    or task forbids it, ``Invalid`` when its input breaks its schema."""
    move = check(definition, state, command, context)
    errors = validate_input(move.rule.input, command.input) or _unfit(definition, state, move, command.input)
    if errors:
        raise Invalid(errors)
    return _Recorder(definition, state, context).perform(move, command)


def check(definition: Definition, state: CaseState, command: Perform, context: Context) -> Move:
    """The move, if this actor may make it now, whatever he gives with it. Raises ``MoveRefused`` as :func:`decide` does."""
    move = definition.moves.get(command.move)
    if move is None:
        raise MoveRefused(move=command.move, reason=Reason("cases.move.unknown", (("move", command.move),)))
    reason = _barred(definition, state, move, command.task, context) or _blocked(definition, state, move, command.task, context)
    if reason is not None:
        raise MoveRefused(move=move.id, reason=reason)
    return move


def options(definition: Definition, state: CaseState, context: Context) -> list[Option]:
    """The moves this actor could make in this step, in the order of the declaration. Those that step or role forbids are left
    out; those that a guard, a limit or somebody else's holding it forbids are there with the reason."""
    found = []
    for move in definition.moves.values():
        for task in _tasks_for(move, state):
            if _barred(definition, state, move, task, context) is None:
                why_not = _blocked(definition, state, move, task, context)
                warning = _warning(definition, state, move)
                found.append(Option(move, why_not is None, why_not, warning, task))
    return found


def _tasks_for(move: Move, state: CaseState) -> tuple[str | None, ...]:
    if move.does in ON_TASKS:
        return tuple(t.id for t in state.open_tasks if t.kind == move.task)
    return (None,)


# --- may it be made? ---------------------------------------------------------------------------------------------------


def _barred(definition: Definition, state: CaseState, move: Move, task_id: str | None, context: Context) -> Reason | None:
    """Why this move is not this actor's at all in this step; None when it is."""
    if state.phase is Phase.ENDED:
        return Reason("cases.move.ended")
    if state.step not in move.rule.sources:
        return Reason("cases.move.wrong_step", (("step", state.step),))
    task = None
    if move.does in ON_TASKS:
        task = state.task(task_id or "")
        if task is None or not task.open or task.kind != move.task:
            return Reason("cases.move.no_such_task")
    return _not_by(definition, state, move, task, context)


def _not_by(definition: Definition, state: CaseState, move: Move, task: TaskState | None, context: Context) -> Reason | None:
    actor, by = context.actor, move.rule.by
    if by == "system":
        return None if actor.kind is ActorKind.SYSTEM else Reason("cases.move.system_only")
    if by == "applicant":
        at_counter = move.counter is not None and move.counter in actor.roles_at(state.units["receiving"])
        return None if context.is_applicant or at_counter else Reason("cases.move.applicant_only")
    place = move.at or definition.steps[state.step].rule.at or ""
    unit = task.unit if place == "task" and task else state.units.get(place, "")
    return None if by in actor.roles_at(unit) else Reason("cases.move.wrong_role", (("role", by), ("unit", unit)))


def _blocked(definition: Definition, state: CaseState, move: Move, task: str | None, context: Context) -> Reason | None:
    """Why the move can't be made just now; None when it can."""
    if move.assignee_only and (state.assignee is None or state.assignee not in (context.actor.id, context.actor.on_behalf)):
        return Reason("cases.move.not_assignee")
    limit = _LIMITS.get(move.does)
    reason = limit(definition, state, context) if limit else _task_limit(state, move, task)
    if reason is not None:
        return reason
    return next(filter(None, (_failed(definition, state, c, context) for c in move.conditions)), None)


def _failed(definition: Definition, state: CaseState, condition: Condition, context: Context) -> Reason | None:
    if condition.guard is not None:
        return definition.family.guards[condition.guard](state, context)
    if condition.expression is None or condition.expression.holds(expression_context(state, context)):
        return None
    words = condition.why
    params = (("vi", words.vi), ("en", words.en)) if words else ()
    return Reason("cases.move.guard", params, condition.legal_basis)


def expression_context(state: CaseState, context: Context) -> dict[str, Mapping[str, Any]]:
    """What guards and branches may read: ``case``, ``data``, ``facts`` and ``parts`` (how tasks of a kind came out)."""
    return {
        "case": {
            "step": state.step,
            "channel": state.channel.value,
            "open_tasks": len(state.open_tasks),
            "supplements": state.supplements_asked,
            "corrections": state.corrections_asked,
            "assigned": state.assignee is not None,
            "extended": state.clock is not None and state.clock.extension is not None,
            "overdue": state.clock is not None and state.clock.running and context.now > state.clock.due,
            "reopened": state.reopened,
            "days_handled": _days_handled(state, context.now),
        },
        "data": context.data,
        "facts": context.facts,
        "parts": parts.outcomes(state),
    }


def _days_handled(state: CaseState, now: datetime) -> int:
    """Calendar days since the clock stopped; 0 while it has not."""
    stopped = state.clock.stopped if state.clock else None
    return (clocks.local_day(now) - clocks.local_day(stopped)).days if stopped else 0


def _ask_limit(definition: Definition, state: CaseState, context: Context) -> Reason | None:
    rule = definition.supplements
    asked, allowed = (
        (state.corrections_asked, rule.corrections_max) if state.phase is Phase.FILED else (state.supplements_asked, rule.max)
    )
    return Reason("cases.move.asked_enough", (("allowed", str(allowed)),)) if asked >= allowed else None


def _answer_limit(definition: Definition, state: CaseState, context: Context) -> Reason | None:
    return None if state.open_supplement else Reason("cases.move.nothing_asked")


def _extend_limit(definition: Definition, state: CaseState, context: Context) -> Reason | None:
    rule, clock = definition.extension, state.clock
    if rule is None or clock is None or not clock.running:
        return Reason("cases.move.clock_not_running")
    if clock.extension is not None:
        return Reason("cases.move.extended_already", legal_basis=rule.legal_basis)
    latest = clocks.local_day(clock.due) - timedelta(days=rule.notice_days)
    if clocks.local_day(context.now) > latest:
        return Reason("cases.move.too_late_to_extend", (("latest", latest.isoformat()),), rule.legal_basis)
    return None


_LIMITS = {Does.ASK_SUPPLEMENT: _ask_limit, Does.ANSWER_SUPPLEMENT: _answer_limit, Does.EXTEND: _extend_limit}


def _task_limit(state: CaseState, move: Move, task_id: str | None) -> Reason | None:
    """What is asked of the applicant for a task is answered before anything else is done to it, and only once."""
    task = state.task(task_id or "")
    if move.does is Does.RESUME_TASK:
        return None if task and task.returned else Reason("cases.move.nothing_asked")
    if move.does in (Does.RETURN_TASK, Does.CLOSE_TASK) and task and task.returned:
        return Reason("cases.move.task_waits")
    return None


def _warning(definition: Definition, state: CaseState, move: Move) -> Reason | None:
    """The price of a move that may be made."""
    costly = move.does is Does.ASK_SUPPLEMENT and state.phase is not Phase.FILED
    if costly and state.supplements_asked >= definition.supplements.late_above:
        return Reason("cases.move.counts_late", (("asked", str(state.supplements_asked)),), "QĐ 766/QĐ-TTg 2022")
    return None


def _unfit(definition: Definition, state: CaseState, move: Move, given: Mapping[str, Any]) -> list[FieldError]:
    """What no schema can say of a move's input."""
    if move.does in (Does.ASK_SUPPLEMENT, Does.RETURN_TASK):
        unknown = [item for item in given["items"] if item not in definition.papers and item not in definition.fields]
        return [("items", "unknown", {"value": str(unknown[0])})] if unknown else []
    if move.does is Does.OPEN_TASK and any(t.unit == given["unit"] and t.kind == move.task for t in state.open_tasks):
        return [("unit", "asked_already", {})]
    if move.does is Does.EXTEND and definition.extension and given["days"] > definition.extension.max_days:
        return [("days", "maximum", {"limit": definition.extension.max_days})]
    return []


# --- what follows ------------------------------------------------------------------------------------------------------


def _standing(definition: Definition, case: str, channel: Channel, units: Mapping[str, str]) -> dict[str, str]:
    """What every fact says of a case and that never changes."""
    return {
        "case": case,
        "family": definition.family.code,
        "type_code": definition.code,
        "type_version": definition.version,
        "field": definition.field_code,
        "channel": channel.value,
        "receiving": units["receiving"],
        "responsible": units["responsible"],
    }


def _limit_end(limit: WorkingTime | None, context: Context) -> datetime | None:
    return context.calendar.add(context.now, limit).due if limit else None


def _paid(definition: Definition, task: TaskState, outcome: str, command: Perform, context: Context) -> int | None:
    """What was paid with a task of a schedule: as typed, else by the rules of the day."""
    if task.period is None or outcome in (parts.CANCELLED, *definition.tasks[task.kind].fails):
        return None
    typed = command.input.get("amount")
    return form.benefits(definition, context.data, clocks.local_day(context.now)) if typed is None else int(typed)


class _Recorder:
    """Writes down what a move entails, in the order it happens. Each fact says where the case stands after the whole move,
    and by when it is due after the fact itself."""

    def __init__(self, definition: Definition, state: CaseState, context: Context) -> None:
        self.definition = definition
        self.state = state
        self.context = context
        self.step = definition.steps[state.step]
        self.unit = state.unit
        self.units = state.units
        self.due = state.clock.due if state.clock else None
        self.after = state
        self.facts: list[e.CaseFact] = []

    def record(self, kind: type[Fact], **particulars: Any) -> None:
        """One fact with what every fact says."""
        state = self.state
        fact = kind(
            **_standing(self.definition, state.case, state.channel, self.units),
            unit=self.unit,
            step=self.step.id,
            phase=self.step.phase.value,
            status=self.step.rule.status,
            due=self.due,
            at=self.context.now,
            **particulars,
        )
        self.facts.append(fact)
        self.after = evolve(self.after, fact)

    def perform(self, move: Move, command: Perform) -> tuple[e.CaseFact, ...]:
        """All facts of a move."""
        target = self._chosen(move.branches, self.state)
        if move.does is Does.AMEND:
            self._amend(command)
        if target is not None:
            self._go(move, target)
        act = self._ACTS.get(move.does)
        if act is not None:
            act(self, move, command)
        elif target is None and move.does is not Does.AMEND:
            self.record(e.Noted, move=move.id)
        found = tuple(name for name in move.finds if command.input.get(name) not in (None, "", []))
        if found:
            self.record(e.FactsFound, move=move.id, fields=found)
        if target is not None:
            self._clock(move, target)
        if self.step.parts:
            self._side_by_side(move)
        return tuple(self.facts)

    def _chosen(self, branches: tuple[Branch, ...], state: CaseState) -> Step | None:
        known = expression_context(state, self.context)
        for branch in branches:
            if branch.when is None or branch.when.holds(known):
                return self.definition.steps[branch.step]
        return None

    def _side_by_side(self, move: Move) -> None:
        """The step's parts begin, or all are settled. While every running one waits for the applicant, so does the case."""
        step = self.step
        for kind in parts.to_begin(self.definition, step.parts, self.after):
            rule = self.definition.tasks[kind]
            self._open(rule, self.state.units[rule.at or ""], rule.limit)
        if parts.settled(self.definition, step.parts, self.after):
            if target := self._chosen(step.join, self.after):
                self._go(move, target)
                self._clock(move, target)
            return
        clock = self.after.clock
        if clock is not None and clock.stopped is None and step.phase is Phase.OPEN:
            if parts.all_returned(step.parts, self.after):
                self._pause(clock)
            elif clock.paused:
                self._resume(clock, move)

    def _go(self, move: Move, target: Step) -> None:
        state, now = self.state, self.context.now
        left = self.unit
        self.step = target
        if target.rule.at == "applicant":
            self.unit = None
        elif target.rule.at is not None:
            self.unit = self.units[target.rule.at]
        self.record(
            e.Moved,
            move=move.id,
            source=state.step,
            left_unit=left,
            step_minutes=self.context.calendar.working_minutes(state.step_entered, now),
            step_due=_limit_end(target.limit, self.context),
            late_step=state.step_due is not None and now > state.step_due,
            repeat_at=next_opening(target.repeats, now) if target.repeats else None,
        )

    def _assign(self, move: Move, command: Perform) -> None:
        self.record(e.Assigned, assignee=command.input["assignee"], previous=self.state.assignee)

    def _ask_supplement(self, move: Move, command: Perform) -> None:
        state = self.state
        correction = state.phase is Phase.FILED
        answer_due = self.context.calendar.add(self.context.now, self.definition.supplements.answer_within).due
        self.record(
            e.SupplementRequested,
            number=1 + (state.corrections_asked if correction else state.supplements_asked),
            items=tuple(command.input["items"]),
            answer_due=clocks.local_day(answer_due),
            correction=correction,
        )

    def _answer_supplement(self, move: Move, command: Perform) -> None:
        asked = self.state.open_supplement
        assert asked is not None  # _answer_limit has looked
        late = clocks.local_day(self.context.now) > asked.due
        self.record(e.SupplementAnswered, number=asked.number, correction=asked.correction, late=late)

    def _open_task(self, move: Move, command: Perform) -> None:
        rule = self.definition.tasks[move.task or ""]
        limit = rule.limit
        if command.input.get("days") and limit.working_days is not None:
            limit = WorkingTime(working_days=command.input["days"])
        self._open(rule, command.input["unit"], limit)

    def _open(self, rule: TaskRule, unit: str, limit: WorkingTime) -> None:
        self.record(
            e.TaskOpened,
            task=f"t{self.after.tasks_opened + 1}",
            task_kind=rule.kind,
            asked=unit,
            task_due=self.context.calendar.add(self.context.now, limit).due,
        )

    def _return_task(self, move: Move, command: Perform) -> None:
        task, within = self._task(command), self.definition.supplements.answer_within
        self.record(
            e.TaskReturned,
            task=task.id,
            task_kind=task.kind,
            asked=task.unit,
            number=1 + sum(1 for s in self.state.supplements if s.task == task.id),
            items=tuple(command.input["items"]),
            answer_due=clocks.local_day(self.context.calendar.add(self.context.now, within).due),
        )

    def _resume_task(self, move: Move, command: Perform) -> None:
        task, now = self._task(command), self.context.now
        waits = [(pause.start, pause.end or now) for pause in task.pauses]
        asked = next(s for s in self.state.open_requests if s.task == task.id)
        limit = self.definition.tasks[task.kind].limit
        self.record(
            e.TaskResumed,
            task=task.id,
            task_kind=task.kind,
            asked=task.unit,
            number=asked.number,
            task_due=self.context.calendar.add(task.opened_at, limit, pauses=waits).due,
            late=clocks.local_day(now) > asked.due,
        )

    def _task(self, command: Perform) -> TaskState:
        task = self.state.task(command.task or "")
        assert task is not None  # _barred has looked
        return task

    def _close_task(self, move: Move, command: Perform) -> None:
        outcome = "cancelled" if move.does is Does.CANCEL_TASK else str(command.input["outcome"])
        task = self._task(command)
        self._close(task, outcome, _paid(self.definition, task, outcome, command, self.context))

    def _close(self, task: TaskState, outcome: str, amount: int | None = None) -> None:
        now, calendar = self.context.now, self.context.calendar
        waited = sum(calendar.working_minutes(pause.start, pause.end or now) for pause in task.pauses)
        self.record(
            e.TaskClosed,
            task=task.id,
            task_kind=task.kind,
            asked=task.unit,
            outcome=outcome,
            late=now > task.due and not task.returned,
            minutes=max(0, calendar.working_minutes(task.opened_at, now) - waited),
            period=task.period,
            amount=amount,
        )

    def _extend(self, move: Move, command: Perform) -> None:
        clock, days = self.state.clock, command.input["days"]
        assert clock is not None  # _extend_limit has looked
        run = clocks.extend(clocks.rule_of(self.definition, self.state), clock, days, self.context.now, self.context.calendar)
        self.due = run.due
        self.record(
            e.Extended,
            days=days,
            previous_due=clock.due,
            kpi_due=run.kpi_due,
            warn_at=run.warn_at,
            provisional=run.provisional,
        )

    def _reopen(self, move: Move, command: Perform) -> None:
        rule = clocks.rule_of(self.definition, self.state)
        run = clocks.start(rule, self.context.now, self.context.calendar)
        self.due = run.due
        self.record(
            e.Reopened,
            number=self.state.reopened + 1,
            kpi_due=run.kpi_due,
            warn_at=run.warn_at,
            limit=clocks.describe(rule.limit),
            provisional=run.provisional,
        )

    def _amend(self, command: Perform) -> None:
        """The case goes on at the units of its answers as they are now; a running clock takes their limit from its start."""
        amended = command.amended
        if amended is None:
            raise ValueError(f"{command.move} amends, and nobody worked out what comes of it")
        number, clock = self.definition.clock.which(amended.data), self.state.clock
        new_due: dict[str, Any] = {}
        if clock is not None and clock.running and number != self.state.limit_rule:
            rule = self.definition.clock.chosen(number)
            run = clocks.restate(rule, clock, self.context.now, self.context.calendar)
            self.due, new_due = run.due, {"kpi_due": run.kpi_due, "warn_at": run.warn_at}
        self.units = amended.units
        place = self.step.rule.at
        self.unit = self.units.get(place or "", self.unit) if place != "applicant" else None
        self.record(e.Amended, fields=amended.fields, units=dict(amended.units), limit_rule=number, **new_due)

    _ACTS: ClassVar[Mapping[Does, Callable[["_Recorder", Move, Perform], None]]] = {
        Does.ASSIGN: _assign,
        Does.ASK_SUPPLEMENT: _ask_supplement,
        Does.ANSWER_SUPPLEMENT: _answer_supplement,
        Does.OPEN_TASK: _open_task,
        Does.CLOSE_TASK: _close_task,
        Does.CANCEL_TASK: _close_task,
        Does.RETURN_TASK: _return_task,
        Does.RESUME_TASK: _resume_task,
        Does.EXTEND: _extend,
        Does.REOPEN: _reopen,
    }

    def _clock(self, move: Move, target: Step) -> None:
        """What the phases of both steps mean for the clock: it starts, pauses, goes on, stops."""
        if self.state.clock is None and target.phase in (Phase.OPEN, Phase.WAITING, Phase.DONE):
            self._start()
        clock = self.after.clock
        if clock is not None and clock.stopped is None:
            if target.phase is Phase.WAITING:
                self._pause(clock)
            elif clock.paused:
                self._resume(clock, move)
            if target.phase in (Phase.DONE, Phase.ENDED):
                self._finish(target)
        if target.phase is Phase.ENDED:
            for task in self.after.open_tasks:
                self._close(task, "cancelled")
            outcome = target.outcome or self.after.outcome or target.id
            self.record(e.Ended, outcome=outcome, received=self.after.clock is not None)

    def _start(self) -> None:
        number = self.after.limit_rule
        rule = self.definition.clock.chosen(number)
        run = clocks.start(rule, self.context.now, self.context.calendar)
        self.due = run.due
        self.record(
            e.Received,
            kpi_due=run.kpi_due,
            warn_at=run.warn_at,
            limit=clocks.describe(rule.limit),
            provisional=run.provisional,
            limit_rule=number,
        )

    def _pause(self, clock: ClockState) -> None:
        if clock.running:
            self.record(e.Paused)

    def _resume(self, clock: ClockState, move: Move) -> None:
        rule = clocks.rule_of(self.definition, self.after)
        restart = move.does is Does.ANSWER_SUPPLEMENT and rule.supplement_mode is SupplementMode.RESTART
        run = clocks.resume(rule, clock, self.context.now, self.context.calendar, restart)
        self.due = run.due
        self.record(e.Resumed, restarted=restart, kpi_due=run.kpi_due, warn_at=run.warn_at, provisional=run.provisional)

    def _finish(self, target: Step) -> None:
        """Both verdicts. A paused clock has gone on first, at this very instant: waiting for others is never late."""
        clock, now = self.after.clock, self.context.now
        assert clock is not None  # _clock has looked
        late = clocks.counts_late(self.definition, self.after)
        kpi = ClockVerdict.LATE if late else clocks.verdict(clock.kpi_due, now)
        self.record(
            e.Finished,
            verdict=clocks.verdict(clock.due, now).value,
            kpi_verdict=kpi.value,
            kpi_due=clock.kpi_due,
            used_minutes=clocks.used_minutes(clock, now, self.context.calendar),
            supplements=self.after.supplements_asked,
            extended=clock.extension is not None,
            outcome=target.outcome or target.id,
        )


# --- time alone --------------------------------------------------------------------------------------------------------

_JUST_AFTER = timedelta(seconds=1)


def ring(definition: Definition, state: CaseState, now: datetime) -> tuple[e.CaseFact, ...]:
    """The facts that follow from time alone (due soon, overdue, a late part, the next task of a schedule), each once however
    long nobody has asked; empty when there is nothing new."""
    told: tuple[e.CaseFact, ...] = ()
    while new := _rung(definition, state, now):
        told += new
        state = evolve_all(state, new)
    return told


def _rung(definition: Definition, state: CaseState, now: datetime) -> tuple[e.CaseFact, ...]:
    step = definition.steps[state.step]
    common: dict[str, Any] = {
        **_standing(definition, state.case, state.channel, state.units),
        "unit": state.unit,
        "step": step.id,
        "phase": state.phase.value,
        "status": state.status,
        "due": state.clock.due if state.clock else None,
        "at": now,
    }
    return tuple(kind(**common, **particulars) for when, kind, particulars in _alarms(definition, state) if when <= now)


def timed(definition: Definition, state: CaseState, now: datetime) -> str | None:
    """The move that the system makes now because a step has lasted as long as it may; None when there is none."""
    then = definition.steps[state.step].then
    return then if then and state.step_due is not None and state.step_due < now else None


def alarm_at(definition: Definition, state: CaseState) -> datetime | None:
    """The next instant at which :func:`ring` says something; None when there is none."""
    found = [when for when, _, _ in _alarms(definition, state)]
    if definition.steps[state.step].then and state.step_due is not None:
        found.append(state.step_due + _JUST_AFTER)
    return min(found, default=None)


def _alarms(definition: Definition, state: CaseState) -> Iterator[tuple[datetime, type[e.CaseFact], dict[str, Any]]]:
    """Everything that time has still to say of this case: when, what."""
    if state.phase is Phase.ENDED:
        return
    clock = state.clock
    if clock is not None and clock.running:
        if clock.warn_at is not None and not clock.warned:
            yield clock.warn_at, e.DueSoon, {}
        if not clock.overdue:
            yield clock.due + _JUST_AFTER, e.BecameOverdue, {"assignee": state.assignee}
    for part, part_id, of, due in _late_parts(definition, state):
        yield due + _JUST_AFTER, e.PartOverdue, {"part": part, "part_id": part_id, "of": of, "part_due": due}
    repeats = definition.steps[state.step].repeats
    if repeats is not None and state.repeat_at is not None:
        yield state.repeat_at, e.TaskOpened, _repeated(repeats, state, state.repeat_at)


def _repeated(rule: Repeat, state: CaseState, opens: datetime) -> dict[str, Any]:
    """The task that a schedule opens at this instant."""
    day = clocks.local_day(opens)
    return {
        "task": f"t{state.tasks_opened + 1}",
        "task_kind": rule.task,
        "asked": state.units[rule.at],
        "task_due": datetime.combine(day.replace(day=rule.due_day), time(23, 59, 59), TZ),
        "period": f"{day:%Y-%m}",
        "repeat_at": next_opening(rule, opens),
    }


def next_opening(rule: Repeat, after: datetime) -> datetime:
    """When a schedule's next task opens: early on its day of the month."""
    day = clocks.local_day(after).replace(day=rule.opens_day)
    opens = datetime.combine(day, clocks.WARN_HOUR, TZ)
    if opens > after:
        return opens
    following = (day.replace(day=1) + timedelta(days=32)).replace(day=rule.opens_day)
    return datetime.combine(following, clocks.WARN_HOUR, TZ)


def _late_parts(definition: Definition, state: CaseState) -> Iterator[tuple[str, str, str | None, datetime]]:
    for task in state.open_tasks:
        if not task.overdue and not task.returned:
            yield "task", task.id, task.unit, task.due
    for asked in (s for s in state.open_requests if not s.overdue):
        yield "supplement", request_id(asked), None, datetime.combine(asked.due, time(23, 59, 59), TZ)
    if state.step_due is not None and not state.step_overdue and definition.steps[state.step].then is None:
        yield "step", state.step, state.unit, state.step_due
