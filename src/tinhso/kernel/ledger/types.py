"""What crosses the ledger's door: actors, entries, heads. Plain Python."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from tinhso.lib.problems import Conflict, Problem


class ActorKind(StrEnum):
    """Who is behind a write."""

    OFFICIAL = "official"
    CITIZEN = "citizen"
    SYSTEM = "system"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Grant:
    """One role held at one unit (``unit`` is the unit's stable key, not its code of the day)."""

    role: str
    unit: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as every operation must know it.

    ``id`` is pseudonymous (``account:<uuid>``, ``system:<name>``, ``anonymous``): it enters the ledger, names never do.
    ``grants`` are the roles in force today, read once per request, delegations included. ``party`` is the citizen's or
    business's own record, ``official`` the official's; ``on_behalf`` the actor id of who delegated, if somebody did.
    """

    id: str
    kind: ActorKind
    unit: str | None = None
    grants: tuple[Grant, ...] = ()
    party: str | None = None
    official: str | None = None
    on_behalf: str | None = None

    def roles_at(self, unit: str) -> frozenset[str]:
        """The roles held at ``unit``."""
        return frozenset(g.role for g in self.grants if g.unit == unit)

    def units_with(self, role: str) -> frozenset[str]:
        """The units at which ``role`` is held."""
        return frozenset(g.unit for g in self.grants if g.role == role)


class Event(Protocol):
    """A fact to append: a frozen dataclass with a dotted ``kind``; fields are JSON values, dates and enums."""

    kind: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One recorded fact. ``position`` is its place in the tree, None until it is sealed."""

    id: int
    stream: str
    version: int
    kind: str
    actor: str
    unit: str | None
    occurred_at: datetime
    recorded_at: datetime
    data: Mapping[str, Any]
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """A signed statement: the tree of ``size`` entries has this ``root`` (hex SHA-256, RFC 9162)."""

    size: int
    root: str
    signed_at: datetime
    key_id: str
    signature: str


class NoActor(Problem):
    """A write was tried outside an operation. A fault of the programmer, never of the person."""

    code = "ledger.no_actor"
    status = 500


class StreamConflict(Conflict):
    """Somebody else appended to this stream first."""

    code = "ledger.stream_conflict"
