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
        return sum(1 for s in self.supplements if not s.correction)

    @property
    def corrections_asked(self) -> int:
        """Requests made before receipt."""
        return sum(1 for s in self.supplements if s.correction)

    @property
    def open_supplement(self) -> SupplementState | None:
        """The request the applicant has not answered yet, if there is one."""
        last = self.supplements[-1] if self.supplements else None
        return last if last and last.answered_at is None else None

    def to_json(self) -> dict[str, Any]:
        """As JSON values; :meth:`from_json` is the exact inverse."""
        dumped: dict[str, Any] = codec.dump(self)
        return dumped

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "CaseState":
        """The state that :meth:`to_json` wrote."""
        return codec.load(cls, data)
