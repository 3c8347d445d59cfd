"""What crosses the door of payments. Plain Python. Money is whole đồng."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar, Protocol
from uuid import uuid4

from tinhso.kernel.ledger.types import Actor
from tinhso.lib.problems import Conflict, NotAllowed, NotFound, Problem


class ChargeState(StrEnum):
    """Where a charge stands."""

    DUE = "due"
    PAID = "paid"
    CANCELLED = "cancelled"


class Method(StrEnum):
    """How it was paid."""

    CASH = "cash"
    TRANSFER = "transfer"
    ONLINE = "online"


class CancelReason(StrEnum):
    """Why nothing is owed any more."""

    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    STOPPED = "stopped"
    EXEMPTED = "exempted"
    MISTAKE = "mistake"


class MessageVerdict(StrEnum):
    """What we thought of something that a provider told us. All but ``SETTLED`` and ``REPEATED`` wait for a person."""

    SETTLED = "settled"
    """It paid its charge, to the đồng."""
    REPEATED = "repeated"
    """The provider says again, in other words, what it had said of this transaction."""
    ALREADY_PAID = "already_paid"
    """A second transaction for a charge that is paid: money to give back."""
    UNDERPAID = "underpaid"
    OVERPAID = "overpaid"
    CANCELLED = "cancelled"
    """The charge had been cancelled: money to give back."""
    UNKNOWN_REFERENCE = "unknown_reference"
    CONTRADICTS = "contradicts"
    """The same transaction was reported before with another amount or reference."""
    FORGED = "forged"
    """The signature is missing or wrong."""
    STALE = "stale"
    """Rightly signed, but outside the time window: a replay, or a clock that is wrong."""
    UNREADABLE = "unreadable"
    """Rightly signed, but not a message that we understand."""


WAITING_VERDICTS = frozenset(MessageVerdict) - {MessageVerdict.SETTLED, MessageVerdict.REPEATED}
"""Verdicts that put a message on the list of those that a person must look at."""


class Resolution(StrEnum):
    """What a person did with a listed message."""

    SETTLED = "settled"
    """Took the money (overpaid) as the charge's settlement; the rest is given back outside this system."""
    RETURNED = "returned"
    """Had the money given back."""
    DISMISSED = "dismissed"
    """Nothing to do: no money behind it."""


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """One fee within a charge, with the rule it came from: ``rule`` its id, ``rule_from`` the day that rule took effect."""

    code: str
    title: str
    title_en: str
    amount: int
    legal_basis: str
    rule: str = ""
    rule_from: date | None = None


@dataclass(slots=True)
class PastCharge:
    """Money that was owed earlier (``by`` is the actor who made it so) and what became of it; for histories brought in."""

    payable: str
    lines: Sequence[ChargeLine]
    payer: str | None
    unit: str
    by: str
    at: datetime
    id: str = field(default_factory=lambda: str(uuid4()))
    settled: tuple[Method, Actor, datetime] | None = None
    cancelled: tuple[CancelReason, Actor, datetime] | None = None

    @property
    def amount(self) -> int:
        """Đồng."""
        return sum(line.amount for line in self.lines)

    @property
    def due(self) -> bool:
        """Whether it still waits for its money."""
        return self.settled is None and self.cancelled is None

    def settle(self, method: Method, cashier: Actor, at: datetime) -> None:
        """It was paid to ``cashier``."""
        self.settled = (method, cashier, at)

    def cancel(self, reason: CancelReason, actor: Actor, at: datetime) -> None:
        """It was called off."""
        self.cancelled = (reason, actor, at)


@dataclass(frozen=True, slots=True)
class ChargeView:
    """Money owed for something. ``payable`` is a reference such as ``case:<uuid>``; ``reference`` is unique, at most
    25 characters of A–Z and 0–9, and travels in the QR so that a transfer finds its charge. ``unit`` is the key of the unit
    that collects."""

    id: str
    payable: str
    reference: str
    amount: int
    lines: tuple[ChargeLine, ...]
    state: ChargeState
    payer: str | None
    created_at: datetime
    paid_at: datetime | None = None
    method: Method | None = None
    receipt_number: str | None = None
    unit: str = ""
    due_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class SettlementView:
    """Money that arrived. ``recorded_by`` is an actor id; ``transaction`` the provider's own number, None at the counter."""

    charge: str
    payable: str
    reference: str
    unit: str
    amount: int
    method: Method
    provider: str | None
    transaction: str | None
    paid_at: datetime
    receipt_number: str
    recorded_by: str


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """What a receipt for a fee shows."""

    charge: ChargeView
    settlement: SettlementView


@dataclass(frozen=True, slots=True)
class AccountView:
    """A collecting account: ``bank`` is the six-digit BIN of NAPAS, ``holder`` the name as the bank has it."""

    unit: str | None
    bank: str
    bank_name: str
    number: str
    holder: str
    valid_from: date
    valid_until: date | None
    legal_basis: str = ""


@dataclass(frozen=True, slots=True)
class SettlementNotice:
    """What a provider says happened: one transaction of ``amount`` đồng carrying ``reference``."""

    provider: str
    transaction: str
    reference: str
    amount: int
    paid_at: datetime


@dataclass(frozen=True, slots=True)
class MessageView:
    """Something that a provider told us. ``times`` counts how often exactly this arrived."""

    id: str
    provider: str
    verdict: MessageVerdict
    transaction: str
    reference: str
    amount: int | None
    charge: ChargeView | None
    received_at: datetime
    times: int
    resolution: Resolution | None
    raw: str


@dataclass(frozen=True, slots=True)
class CallbackOutcome:
    """What to answer a provider: ``accepted`` False only if it should not have sent this (forged, stale, unreadable).
    A message that waits for a person is accepted all the same: sending it again would not help."""

    verdict: MessageVerdict
    accepted: bool
    message: str


@dataclass(frozen=True, slots=True)
class PayPlace:
    """Where the payer can pay now, by a link."""

    provider: str
    url: str


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One line of a provider's statement."""

    transaction: str
    reference: str
    amount: int
    paid_at: datetime


@dataclass(frozen=True, slots=True)
class AmountDiffers:
    """A transaction that both sides know, with two amounts or references."""

    ours: SettlementView
    theirs: StatementLine


@dataclass(frozen=True, slots=True)
class ReconcileReport:
    """A day compared. ``missing``: settled here, unknown to the provider; ``extra``: money at the provider, no settlement
    here; ``repeated``: lines that the statement holds twice."""

    provider: str
    day: date
    matched: tuple[SettlementView, ...]
    missing: tuple[SettlementView, ...]
    extra: tuple[StatementLine, ...]
    differing: tuple[AmountDiffers, ...]
    repeated: tuple[StatementLine, ...]
    our_total: int
    their_total: int

    @property
    def balanced(self) -> bool:
        """Nothing to look at."""
        return not (self.missing or self.extra or self.differing or self.repeated)


class Provider(Protocol):
    """Who tells us that money arrived: a bank, an intermediary, the sandbox."""

    code: str

    def start(self, charge: ChargeView, payload: str, return_to: str) -> PayPlace:
        """Where to send the payer for this charge; ``return_to`` is our page to come back to."""
        ...

    def read_callback(self, headers: Mapping[str, str], body: bytes, now: datetime) -> SettlementNotice:
        """The message in a callback, its signature and time verified; raises a :class:`CallbackRefused`."""
        ...

    def query(self, reference: str) -> list[SettlementNotice]:
        """What the provider knows of this reference, asked by us; raises :class:`ProviderUnreachable`."""
        ...


# --- entries -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Charged:
    """Money is owed. ``payer`` is a pseudonymous party id; ``lines`` are the codes of the fees and their amounts."""

    kind: ClassVar[str] = "payments.charged"
    charge: str
    payable: str
    unit: str
    amount: int
    lines: Mapping[str, int]
    payer: str | None
    due_before: datetime | None


@dataclass(frozen=True, slots=True)
class Settled:
    """The money arrived, all of it, once."""

    kind: ClassVar[str] = "payments.settled"
    charge: str
    payable: str
    unit: str
    amount: int
    method: Method
    provider: str | None
    receipt_number: str
    charged_at: datetime
    paid_at: datetime


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Nothing is owed any more."""

    kind: ClassVar[str] = "payments.cancelled"
    charge: str
    payable: str
    unit: str
    amount: int
    reason: CancelReason


@dataclass(frozen=True, slots=True)
class MessageRefused:
    """A provider told us something that did not settle a charge; the row waits for a person."""

    kind: ClassVar[str] = "payments.message_refused"
    message: str
    provider: str
    verdict: MessageVerdict
    amount: int | None
    charge: str | None
    payable: str | None


@dataclass(frozen=True, slots=True)
class MessageResolved:
    """A person dealt with a listed message."""

    kind: ClassVar[str] = "payments.message_resolved"
    message: str
    verdict: MessageVerdict
    resolution: Resolution


@dataclass(frozen=True, slots=True)
class AccountSet:
    """Money for ``unit`` ("" for any without its own) is collected into this account from a day on."""

    kind: ClassVar[str] = "payments.account_set"
    unit: str
    bank: str
    number: str
    valid_from: date
    valid_until: date | None


# --- problems ----------------------------------------------------------------------------------------------------------


class ChargeNotFound(NotFound):
    """There is no such charge."""

    code = "payments.charge_not_found"


class NothingToCharge(Problem):
    """The lines come to nothing, or one of them is not a whole positive amount: no charge is made of that."""

    code = "payments.nothing_to_charge"
    status = 422


class NoCollectingUnit(Problem):
    """Nobody said which unit collects the money."""

    code = "payments.no_collecting_unit"
    status = 500


class NoCollectingAccount(Problem):
    """No account in force is on record for ``unit`` on ``day``: load one (``packs/<province>/accounts.yaml``)."""

    code = "payments.no_collecting_account"
    status = 503


class AlreadyPaid(Conflict):
    """The charge is paid."""

    code = "payments.already_paid"


class AlreadyCancelled(Conflict):
    """The charge is cancelled."""

    code = "payments.already_cancelled"


class NotCashier(NotAllowed):
    """Taking money for this unit needs a cashier's role at it."""

    code = "payments.not_cashier"


class NotAtCounter(Problem):
    """Only cash and a transfer seen at the counter are recorded by hand; ``online`` comes from a provider."""

    code = "payments.not_at_counter"
    status = 422


class QrInvalid(Problem):
    """Not a valid payload. ``params["fault"]`` names what is wrong, ``params["at"]`` where."""

    code = "payments.qr_invalid"
    status = 422


class UnknownProvider(NotFound):
    """No provider of that name is connected."""

    code = "payments.unknown_provider"


class ProviderUnreachable(Problem):
    """The provider does not answer; the payer can try again, or pay at the counter."""

    code = "payments.provider_unreachable"
    status = 503


class MessageNotFound(NotFound):
    """There is no such provider message."""

    code = "payments.message_not_found"


class MessageNotWaiting(Conflict):
    """The message has been dealt with, or can't be dealt with in this way."""

    code = "payments.message_not_waiting"


class StatementUnreadable(Problem):
    """The statement is not the CSV that we understand. ``params`` hold ``line`` and ``fault``."""

    code = "payments.statement_unreadable"
    status = 422


class AccountsInvalid(Problem):
    """The accounts of a pack break their rules. ``params`` hold ``file``, ``entry``, ``what`` and ``remedy``."""

    code = "payments.accounts_invalid"
    status = 500


class CallbackTooLarge(Problem):
    """A callback far larger than any message we know; it is not kept."""

    code = "payments.callback_too_large"
    status = 413


class CallbackRefused(Exception):
    """A provider's adapter does not accept a callback; ``verdict`` says why. Inside payments only."""

    def __init__(self, verdict: MessageVerdict) -> None:
        super().__init__(verdict.value)
        self.verdict = verdict
