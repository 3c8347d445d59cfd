"""What crosses the identity's door. Plain Python."""

from dataclasses import dataclass
from enum import StrEnum


class AccountKind(StrEnum):
    """What sort of person signs in."""

    CITIZEN = "citizen"
    BUSINESS = "business"
    OFFICIAL = "official"


class PartyKind(StrEnum):
    """What a party is."""

    PERSON = "person"
    BUSINESS = "business"
    HOUSEHOLD = "household"


@dataclass(frozen=True, slots=True)
class PartyView:
    """A person or organisation that the province deals with, as one actor may see it (masked or whole)."""

    id: str
    kind: PartyKind
    name: str
    identifier: str
    """Personal identification number or business code; masked unless asked for with a purpose."""
    phone: str
    email: str
    address: str
    masked: bool = True


class Purpose(StrEnum):
    """Why somebody looks at personal data; part of the "who looked" entry."""

    HANDLING = "handling"
    SUPERVISION = "supervision"
    OWN = "own"
    VERIFICATION = "verification"
