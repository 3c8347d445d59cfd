"""Both clocks of a case: what is used, what is left, and why (the law's clock, and that of QĐ 766)."""

from datetime import datetime

from tinhso.kernel.cases.engine.context import WorkCalendar
from tinhso.kernel.cases.engine.definition import Definition
from tinhso.kernel.cases.engine.state import CaseState
from tinhso.kernel.cases.types import ClockView
from tinhso.kernel.organisation.types import Deadline


def view(definition: Definition, state: CaseState, now: datetime, calendar: WorkCalendar) -> ClockView:
    """The case's clock as of ``now``, ready to draw and to explain."""
    raise NotImplementedError


def due(definition: Definition, received_at: datetime, calendar: WorkCalendar) -> Deadline:
    """By when a case received at this instant is due: what a person is told before filing."""
    raise NotImplementedError
