"""What crosses the door of payments. Plain Python. Money is whole đồng."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """One fee within a charge, with the rule it came from."""

    code: str
    title: str
    title_en: str
    amount: int
    legal_basis: str


@dataclass(frozen=True, slots=True)
class ChargeView:
    """Money owed for something. ``payable`` is a reference such as ``case:<uuid>``; ``reference`` is unique, at most
    25 characters of A–Z and 0–9, and travels in the QR so that a transfer finds its charge."""

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
