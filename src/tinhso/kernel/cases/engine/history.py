"""The past of a case as somebody else kept it: who handed it in, and who did what when. What ``write_histories`` is given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tinhso.kernel.cases.types import Channel
from tinhso.kernel.ledger.types import Actor
from tinhso.kernel.payments.types import Method


@dataclass(frozen=True, slots=True)
class Act:
    """A move that was made: by whom (with the roles he held then), when, and what he gave with it.

    ``papers`` are codes of papers that came just before it; the papers themselves are kept elsewhere. ``result`` is how far the
    result had come with it (``draft``, ``signed``, ``numbered``), "" when the move did not touch it. An ``optional`` act that
    the rules refuse is left out; any other refusal refuses all histories.
    """

    at: datetime
    actor: Actor
    move: str
    input: Mapping[str, Any] = field(default_factory=dict)
    task: str | None = None
    papers: tuple[str, ...] = ()
    result: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Paid:
    """Everything owed was paid to ``actor``, a cashier of the unit that collects."""

    at: datetime
    actor: Actor
    method: Method


@dataclass(frozen=True, slots=True)
class History:
    """One case from handing in on. ``papers`` are codes of the papers given, which are kept elsewhere; ``acts`` come in the
    order of time; ``request_key`` names the history, so that it can't be written twice by the one who handed it in."""

    type_code: str
    data: Mapping[str, Any]
    papers: tuple[str, ...]
    channel: Channel
    party: str
    actor: Actor
    at: datetime
    request_key: str
    acts: tuple[Act | Paid, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """What came of writing histories: the cases' ids in the order given, how many entries they made, how many optional acts
    were left out."""

    cases: tuple[str, ...]
    entries: int
    left_out: int
