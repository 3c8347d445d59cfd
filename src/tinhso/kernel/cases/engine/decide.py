"""The rules of moving: pure. A wish, a state and what is known now go in; facts come out, or a refusal with its reason.

A runner does: ``events = decide(...)``; ``state = evolve_all(definition, state, events)``; execute ``effects_of(...)``; save;
append ``events`` to the stream after ``state.version - len(events)``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tinhso.kernel.cases.engine.context import Context
from tinhso.kernel.cases.engine.definition import Definition, Move
from tinhso.kernel.cases.engine.events import CaseFact
from tinhso.kernel.cases.engine.state import CaseState
from tinhso.kernel.cases.types import Channel
from tinhso.kernel.organisation.types import Reason


@dataclass(frozen=True, slots=True)
class Filing:
    """Somebody hands a case in. ``units`` gives a unit key for every place of the definition."""

    case: str
    channel: Channel
    party: str
    units: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Perform:
    """Somebody makes a move; ``task`` names the task it answers or calls off; ``input`` is what the move asks for."""

    move: str
    input: Mapping[str, Any] = field(default_factory=dict)
    task: str | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """A move this actor could make now; ``why_not`` is set when it is not enabled, ``warning`` when it has a price."""

    move: Move
    enabled: bool
    why_not: Reason | None = None
    warning: Reason | None = None
    task: str | None = None


def file(definition: Definition, filing: Filing, context: Context) -> tuple[CaseFact, ...]:
    """The facts of handing in. The form and papers have been validated by the caller (``form.validate``).

    Raises ``ValueError`` when a place has no unit: a fault of the programmer or of the organisation's data."""
    raise NotImplementedError


def decide(definition: Definition, state: CaseState, command: Perform, context: Context) -> tuple[CaseFact, ...]:
    """The facts that follow from a move.

    Raises ``MoveRefused`` (``params["reason"]`` is a :class:`Reason`, ``params["move"]`` its id) when step, role, guard, limit
    or task forbids it, ``Invalid`` when its input breaks its schema."""
    raise NotImplementedError


def ring(definition: Definition, state: CaseState, now: datetime) -> tuple[CaseFact, ...]:
    """The facts that follow from time alone (due soon, overdue, a late part); empty when there is nothing new."""
    raise NotImplementedError


def alarm_at(definition: Definition, state: CaseState) -> datetime | None:
    """The next instant at which :func:`ring` would say something; None when there is none."""
    raise NotImplementedError


def evolve(definition: Definition, state: CaseState | None, event: CaseFact) -> CaseState:
    """The state after a fact. ``state`` is None for ``cases.filed`` only."""
    raise NotImplementedError


def evolve_all(definition: Definition, state: CaseState | None, events: tuple[CaseFact, ...]) -> CaseState:
    """The state after several facts (at least one when ``state`` is None)."""
    raise NotImplementedError


def options(definition: Definition, state: CaseState, context: Context) -> list[Option]:
    """The moves this actor could make in this step, in the order of the declaration; those that role or step forbids are left
    out, those that a guard forbids are there with their reason."""
    raise NotImplementedError
