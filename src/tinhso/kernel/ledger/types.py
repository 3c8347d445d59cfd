"""What crosses the ledger's door: actors, entries, heads. Plain Python."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
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
class Past:
    """Something that was done earlier and is recorded now: ``events`` of one moment in one stream, after the version ``after``.

    ``actor`` is the id of who did it then, ``unit`` for which unit, ``request_key`` what made his request unrepeatable.
    """

    stream: str
    after: int
    events: tuple[Event, ...]
    actor: str
    unit: str | None
    occurred_at: datetime
    request_key: str | None = None


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


class RequestRepeated(Conflict):
    """This actor has already made this request: ask ``seen(request_key)`` for what came of it."""

    code = "ledger.request_repeated"


class Undeclared(Problem):
    """An event was appended whose kind no room has declared. A fault of the programmer."""

    code = "ledger.undeclared"
    status = 500


class KeyMissing(Problem):
    """Heads were signed by a key that is not here any more. Restore it from the backup: a new key would prove nothing
    about what was signed before."""

    code = "ledger.key_missing"
    status = 500


@dataclass(frozen=True, slots=True)
class FollowerState:
    """How a follower stands. ``behind`` counts sealed entries it has not passed yet; the rest is set while it fails at
    ``position``: it waits there, never skips, and is tried again at ``next_try_at``. ``blocked`` after many attempts."""

    name: str
    kinds: tuple[str, ...]
    position: int
    behind: int
    error: str | None = None
    attempts: int = 0
    next_try_at: datetime | None = None
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class PeriodicState:
    """How a periodic job stands; ``error`` is of its last run."""

    name: str
    every: timedelta
    next_at: datetime | None
    finished_at: datetime | None
    error: str | None
    failures: int


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """Proof that ``leaf`` is entry number ``position`` of the tree with ``head`` (RFC 9162, 2.1.3). Hashes are hex."""

    position: int
    leaf: str
    path: tuple[str, ...]
    head: Head


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """Proof that the tree of ``first`` entries is the beginning of the tree with ``head`` (RFC 9162, 2.1.4). Hex."""

    first: int
    path: tuple[str, ...]
    head: Head


class FaultKind(StrEnum):
    """What is wrong with an entry, a head or the tree."""

    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"
    REORDERED = "reordered"
    TREE = "tree"
    """The stored tiles do not follow from the entries, which are themselves as sealed."""
    SIGNATURE = "signature"
    """A head's signature does not verify, or its key is not known."""
    HEAD = "head"
    """A head's root does not follow from the entries; which entry is not known better than ``detail`` says."""
    OUTSIDE = "outside"
    """A head kept outside does not fit: the entries up to its size are not those that it signed."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding. ``position`` counts from 0; ``entry_id``, ``stream`` and ``version`` are what is known of the entry."""

    kind: FaultKind
    detail: str
    position: int | None = None
    entry_id: int | None = None
    stream: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What :func:`verify` found. ``unsealed`` entries wait for the sealer and are checked only for themselves."""

    ok: bool
    size: int
    heads: int
    unsealed: int
    head: Head | None
    faults: tuple[Fault, ...]
    against: Head | None = None
    seconds: float = 0.0
