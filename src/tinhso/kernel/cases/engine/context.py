"""What a decision is made with: the calendar, the actor, the instant, and the facts the machine cannot know itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from tinhso.kernel.cases.engine.state import CaseState
from tinhso.kernel.ledger.types import Actor
from tinhso.kernel.organisation.types import Deadline, Reason, WorkingTime


class WorkCalendar(Protocol):
    """What the machine asks of the province's calendar (``organisation.api.calendar()`` gives one)."""

    def add(self, start: datetime, limit: WorkingTime, /, *, pauses: Sequence[tuple[datetime, datetime]] = ()) -> Deadline:
        """When ``limit``, begun by a receipt at ``start``, is used up: first day, cut-off and days off by the calendar's own
        dated policy. ``pauses`` are waits; ``days`` holds every day from the receipt to the end."""
        ...

    def working_minutes(self, start: datetime, end: datetime, /) -> int:
        """Minutes of office time between two instants (0 when ``end`` is not later)."""
        ...

    def is_working_day(self, day: date, /) -> bool:
        """Whether officials work on this day."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """What is known at the moment of a decision. ``facts`` must hold every name of ``BUILTIN_FACTS`` and of the family's;
    ``data`` is the case's form data; ``is_applicant`` whether the actor is the applicant or acts for them."""

    now: datetime
    calendar: WorkCalendar
    actor: Actor
    is_applicant: bool = False
    data: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


Guard = Callable[[CaseState, Context], Reason | None]
"""A named condition of an app: None when it holds, otherwise why not."""
