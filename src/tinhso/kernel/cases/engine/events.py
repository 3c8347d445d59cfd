"""The facts of a case, as they enter the ledger: codes, instants and pseudonymous ids; never free text, never a name.

Every fact carries what a measure groups by (:class:`CaseFact`), so that no reader has to join entries.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from tinhso.kernel.cases.engine import codec


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFact:
    """What every fact of a case says: which case of which family, type and version, where it stands *after* the fact, who
    holds it, who is responsible, and by when it is due (None while no clock runs)."""

    kind: ClassVar[str] = "cases.fact"

    case: str
    family: str
    type_code: str
    type_version: str
    field: str
    channel: str
    receiving: str
    responsible: str
    unit: str | None
    step: str
    phase: str
    status: int
    due: datetime | None
    at: datetime
    """When it happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed(CaseFact):
    """An applicant handed the case in. ``party`` is the applicant's pseudonymous id (None for a bearer), ``units`` the units of
    its places, ``limit_rule`` which of the declared time limits holds (None: the general one)."""

    kind: ClassVar[str] = "cases.filed"
    party: str | None
    units: Mapping[str, str]
    step_due: datetime | None = None
    limit_rule: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(CaseFact):
    """It went from one step to another by a move. ``late_step`` says that the step left was past its own limit."""

    kind: ClassVar[str] = "cases.moved"
    move: str
    source: str
    left_unit: str | None
    step_minutes: int
    """Office minutes spent in the step left."""
    step_due: datetime | None = None
    late_step: bool = False
    repeat_at: datetime | None = None
    """When the first task of the step's schedule opens, if it has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted(CaseFact):
    """Somebody put something on record that changes nothing (a site visit)."""

    kind: ClassVar[str] = "cases.noted"
    move: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(CaseFact):
    """It was accepted and the clock started. ``kpi_due`` is QĐ 766's due instant, ``limit`` reads like ``15 working_days``,
    ``provisional`` when the calendar of a year it crosses is not official yet."""

    kind: ClassVar[str] = "cases.received"
    kpi_due: datetime
    warn_at: datetime | None
    limit: str
    provisional: bool = False
    limit_rule: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened(CaseFact):
    """A case that had been handled was taken up again, for the ``number``-th time, with a new clock."""

    kind: ClassVar[str] = "cases.reopened"
    number: int
    kpi_due: datetime
    warn_at: datetime | None
    limit: str
    provisional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Amended(CaseFact):
    """An official put answers of the form right (``fields`` names them, never their content); ``units`` are those of the places
    since. ``kpi_due`` and ``warn_at`` are set when the clock runs: with another limit it has another end."""

    kind: ClassVar[str] = "cases.amended"
    fields: tuple[str, ...]
    units: Mapping[str, str]
    limit_rule: int | None
    kpi_due: datetime | None = None
    warn_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned(CaseFact):
    """It was given to an official (an actor id), by ``previous`` one's place if it was somebody's already."""

    kind: ClassVar[str] = "cases.assigned"
    assignee: str
    previous: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOpened(CaseFact):
    """Another unit was asked, with its own deadline."""

    kind: ClassVar[str] = "cases.task_opened"
    task: str
    task_kind: str
    asked: str
    """The unit asked."""
    task_due: datetime
    period: str | None = None
    """Of a task that comes again: the month it is for."""
    repeat_at: datetime | None = None
    """When the next one opens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskClosed(CaseFact):
    """A task was answered (``outcome``) or called off (``cancelled``)."""

    kind: ClassVar[str] = "cases.task_closed"
    task: str
    task_kind: str
    asked: str
    outcome: str
    late: bool
    minutes: int
    """Office minutes it took, without the applicant's."""
    period: str | None = None
    amount: int | None = None
    """Đồng, where the task is to pay something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReturned(CaseFact):
    """For a task the applicant was asked for more; its clock stands, the rest of the case goes on."""

    kind: ClassVar[str] = "cases.task_returned"
    task: str
    task_kind: str
    asked: str
    number: int
    items: tuple[str, ...]
    answer_due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskResumed(CaseFact):
    """The applicant gave what was asked for a task; its clock goes on, to a new due instant."""

    kind: ClassVar[str] = "cases.task_resumed"
    task: str
    task_kind: str
    asked: str
    number: int
    task_due: datetime
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsFound(CaseFact):
    """An official established facts of the form himself; ``fields`` names them, never their content."""

    kind: ClassVar[str] = "cases.facts_found"
    move: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementRequested(CaseFact):
    """The applicant was asked for more. ``number`` counts from 1; ``correction`` when it was before receipt."""

    kind: ClassVar[str] = "cases.supplement_requested"
    number: int
    items: tuple[str, ...]
    answer_due: date
    correction: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementAnswered(CaseFact):
    """The applicant gave what was asked."""

    kind: ClassVar[str] = "cases.supplement_answered"
    number: int
    correction: bool
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused(CaseFact):
    """The clock stopped for the time being; ``step`` says what it waits for."""

    kind: ClassVar[str] = "cases.paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(CaseFact):
    """The clock goes on, to a new due instant; ``restarted`` when the legal one began again from zero."""

    kind: ClassVar[str] = "cases.resumed"
    restarted: bool
    kpi_due: datetime
    warn_at: datetime | None
    provisional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended(CaseFact):
    """The due date was moved, with an apology."""

    kind: ClassVar[str] = "cases.extended"
    days: int
    previous_due: datetime
    kpi_due: datetime
    warn_at: datetime | None
    provisional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished(CaseFact):
    """The clock stopped for good, with both verdicts: the law's and QĐ 766's. ``used_minutes`` is office time without pauses,
    ``outcome`` how it came out."""

    kind: ClassVar[str] = "cases.finished"
    verdict: str
    kpi_verdict: str
    kpi_due: datetime
    used_minutes: int
    supplements: int
    extended: bool
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(CaseFact):
    """Nothing more can happen. ``outcome``: ``granted``, ``refused``, ``withdrawn``, ``stopped``…"""

    kind: ClassVar[str] = "cases.ended"
    outcome: str
    received: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DueSoon(CaseFact):
    """The due date is near (the type says how near)."""

    kind: ClassVar[str] = "cases.due_soon"


@dataclass(frozen=True, slots=True, kw_only=True)
class BecameOverdue(CaseFact):
    """The due instant passed while the clock ran."""

    kind: ClassVar[str] = "cases.became_overdue"
    assignee: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartOverdue(CaseFact):
    """A part of the case passed its own limit: ``part`` is ``task``, ``step`` or ``supplement``, ``part_id`` which one, ``of``
    the unit that is late (None for the applicant)."""

    kind: ClassVar[str] = "cases.part_overdue"
    part: str
    part_id: str
    of: str | None
    part_due: datetime


EVENTS: tuple[type[CaseFact], ...] = (
    Filed,
    Moved,
    Noted,
    Received,
    Reopened,
    Amended,
    Assigned,
    TaskOpened,
    TaskClosed,
    TaskReturned,
    TaskResumed,
    FactsFound,
    SupplementRequested,
    SupplementAnswered,
    Paused,
    Resumed,
    Extended,
    Finished,
    Ended,
    DueSoon,
    BecameOverdue,
    PartOverdue,
)
"""Every kind, to be declared to the ledger."""

_BY_KIND = {event.kind: event for event in EVENTS}


def from_json(kind: str, data: Mapping[str, Any]) -> CaseFact:
    """The fact that an entry of the ledger holds. KeyError for a kind that is not a case's."""
    return codec.load(_BY_KIND[kind], data)
