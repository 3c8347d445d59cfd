"""Where a case stands: the fold of its facts, small, immutable, and exactly representable as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tinhso.kernel.cases.engine import codec
from tinhso.kernel.cases.types import Channel, ClockVerdict, Phase


@dataclass(frozen=True, slots=True)
class Pause:
    """A span in which the clock stood; ``end`` None while it still does. ``step`` says why."""

    start: datetime
    step: str
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """The due date moved by so many days of the limit's own kind."""

    at: datetime
    days: int


@dataclass(frozen=True, slots=True)
class ClockState:
    """The case's clock, or rather both: ``due`` is the legal one's, ``kpi_due`` that of QĐ 766.

    ``base`` is what the legal clock counts from: ``started``, or the answer that made it start again. While the clock is
    paused the due instants are those of before."""

    started: datetime
    base: datetime
    due: datetime
    kpi_due: datetime
    warn_at: datetime | None
    pauses: tuple[Pause, ...] = ()
    extension: Extension | None = None
    warned: bool = False
    overdue: bool = False
    stopped: datetime | None = None
    verdict: ClockVerdict | None = None
    kpi_verdict: ClockVerdict | None = None
    provisional: bool = False

    @property
    def paused(self) -> bool:
        """Whether it stands now."""
        return bool(self.pauses) and self.pauses[-1].end is None and self.stopped is None

    @property
    def running(self) -> bool:
        """Whether it runs now."""
        return self.stopped is None and not self.paused


@dataclass(frozen=True, slots=True)
class TaskState:
    """A consultation or other work beside the main step. ``id`` is ``t1``, ``t2``… within the case."""

    id: str
    kind: str
    unit: str
    opened_at: datetime
    due: datetime
    closed_at: datetime | None = None
    outcome: str | None = None
    overdue: bool = False
    pauses: tuple[Pause, ...] = ()
    """When it stood because something was asked of the applicant for it."""
    period: str | None = None
    """Of a task that comes again and again: the month it is for (``2026-12``)."""

    @property
    def returned(self) -> bool:
        """Whether it stands now, waiting for the applicant."""
        return self.open and bool(self.pauses) and self.pauses[-1].end is None

    @property
    def open(self) -> bool:
        """Whether it still waits for its answer."""
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class SupplementState:
    """One request for more. ``correction`` marks one made before receipt, which no clock knows."""

    number: int
    asked_at: datetime
    due: date
    items: tuple[str, ...]
    correction: bool = False
    answered_at: datetime | None = None
    overdue: bool = False
    task: str | None = None
    """The task for which it is asked; None when it is asked for the case as a whole."""


@dataclass(frozen=True, slots=True)
class CaseState:
    """A whole case as the machine sees it. ``version`` is the number of facts folded in: the stream's version."""

    case: str
    type_code: str
    type_version: str
    channel: Channel
    party: str | None
    units: Mapping[str, str]
    """Place (``receiving``, ``responsible``, a unit kind) to unit key, as resolved when it was filed."""
    filed_at: datetime
    step: str
    phase: Phase
    status: int
    step_entered: datetime
    version: int
    unit: str | None
    """The unit that holds it now; None while the applicant does."""
    assignee: str | None = None
    step_due: datetime | None = None
    step_overdue: bool = False
    clock: ClockState | None = None
    tasks: tuple[TaskState, ...] = ()
    supplements: tuple[SupplementState, ...] = ()
    outcome: str | None = None
    limit_rule: int | None = None
    """Which of the declaration's limits holds (see ``ClockRule.which``)."""
    reopened: int = 0
    tasks_opened: int = 0
    """How many tasks there ever were: of those that come again and again, ``tasks`` keeps only the last."""
    repeat_at: datetime | None = None
    """When the next task of the step's schedule opens; None in a step without one."""

    @property
    def open_tasks(self) -> tuple[TaskState, ...]:
        """Tasks that still wait for their answer."""
        return tuple(t for t in self.tasks if t.open)

    def task(self, task_id: str) -> TaskState | None:
        """The task with this id, if there is one."""
        return next((t for t in self.tasks if t.id == task_id), None)

    @property
    def supplements_asked(self) -> int:
        """Requests made after receipt: the number QĐ 766 looks at."""
        return sum(1 for s in self.supplements if not s.correction and s.task is None)

    @property
    def corrections_asked(self) -> int:
        """Requests made before receipt."""
        return sum(1 for s in self.supplements if s.correction)

    @property
    def open_supplement(self) -> SupplementState | None:
        """The request for the case as a whole that the applicant has not answered yet, if there is one."""
        return next((s for s in self.open_requests if s.task is None), None)

    @property
    def open_requests(self) -> tuple[SupplementState, ...]:
        """Every request the applicant has not answered yet: for the case, and for its tasks."""
        going_on = {None, *(t.id for t in self.open_tasks)}
        return tuple(s for s in self.supplements if s.answered_at is None and s.task in going_on)

    def to_json(self) -> dict[str, Any]:
        """As JSON values; :meth:`from_json` is the exact inverse."""
        dumped: dict[str, Any] = codec.dump(self)
        return dumped

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "CaseState":
        """The state that :meth:`to_json` wrote."""
        return codec.load(cls, data)
