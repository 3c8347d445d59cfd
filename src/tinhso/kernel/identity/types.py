"""What crosses the identity's door. Plain Python."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import ClassVar

from tinhso.lib.problems import Conflict, Invalid, NotAllowed, NotFound, Problem


class AccountKind(StrEnum):
    """What sort of person signs in."""

    CITIZEN = "citizen"
    BUSINESS = "business"
    OFFICIAL = "official"


class Assurance(IntEnum):
    """How sure the province is who an account belongs to; compare with ``>=``.

    The steps follow the two levels of electronic identity of NĐ 69/2024, with one below them for what a person says
    of himself.
    """

    DECLARED = 0
    """The person said so himself."""
    CHECKED = 1
    """An official compared the identity papers at a counter, or electronic identity of level 1."""
    STRONG = 2
    """Electronic identity of level 2 (face and chip compared)."""


class PartyKind(StrEnum):
    """What a party is."""

    PERSON = "person"
    BUSINESS = "business"
    HOUSEHOLD = "household"


@dataclass(frozen=True, slots=True)
class PastPerson:
    """Somebody who became known at ``at``; with a ``username`` he has an account too (``encoded_password`` is a hash)."""

    at: datetime
    name: str
    identifier: str
    phone: str
    address: str
    username: str = ""
    encoded_password: str = ""


@dataclass(frozen=True, slots=True)
class PartyView:
    """A person or organisation that the province deals with, as one actor may see it (masked or whole).

    Masked keeps the name, which lists can't do without, and hides the rest but for the last figures. An erased party has
    blanks everywhere.
    """

    id: str
    kind: PartyKind
    name: str
    identifier: str
    """Personal identification number or business code; masked unless asked for with a purpose."""
    phone: str
    email: str
    address: str
    masked: bool = True
    checked: bool = False
    """True when the identifier was compared with papers or with the national identity."""
    erased: bool = False


class Purpose(StrEnum):
    """Why somebody looks at personal data; part of the "who looked" entry."""

    HANDLING = "handling"
    SUPERVISION = "supervision"
    OWN = "own"
    VERIFICATION = "verification"


@dataclass(frozen=True, slots=True)
class Role:
    """A role an app declares: ``services.intake``. Names in both languages, since a role is also read by people."""

    code: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked at a person's data in one half hour, as that person may know it: the unit and the post, no name."""

    at: datetime
    unit: str | None
    unit_name: str
    unit_name_en: str
    post: str
    post_en: str
    purpose: Purpose
    about: str
    """What it was for: ``case:<uuid>``, or nothing."""


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as its owner or an administrator sees it."""

    id: str
    actor: str
    kind: AccountKind
    username: str
    name: str
    phone: str
    email: str
    party: str | None
    official: str | None
    assurance: Assurance
    active: bool


@dataclass(frozen=True, slots=True)
class MembershipView:
    """A role at a unit (its key) that an account holds, held or will hold; ``until`` is the first day without it."""

    role: str
    unit: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class StaffRow:
    """An official's account as a list shows it, with the roles held today as (role, unit)."""

    id: str
    name: str
    username: str
    active: bool
    second_factor: bool
    last_sign_in_at: datetime | None
    roles: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class StaffPage:
    """A page of officials' accounts by name; ``after`` is the cursor of the next page, None at the end."""

    rows: tuple[StaffRow, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class StaffView:
    """An official's account as an administrator sees it, with all its roles, those over and those to come included."""

    account: AccountView
    second_factor: bool
    created_at: datetime
    last_sign_in_at: datetime | None
    memberships: tuple[MembershipView, ...]


# --- what goes into the ledger: no names, no numbers ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AccountCreated:
    """An account was made."""

    kind: ClassVar[str] = "identity.account.created"
    account: str
    account_kind: AccountKind
    official: str | None
    party: str | None


@dataclass(frozen=True, slots=True)
class AccountClosed:
    """An account can't sign in any more."""

    kind: ClassVar[str] = "identity.account.closed"
    account: str


@dataclass(frozen=True, slots=True)
class AccountReopened:
    """A closed account can sign in again."""

    kind: ClassVar[str] = "identity.account.reopened"
    account: str


@dataclass(frozen=True, slots=True)
class AccountChanged:
    """Contact data of an account were changed; ``fields`` names which, never their content."""

    kind: ClassVar[str] = "identity.account.changed"
    account: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PasswordChanged:
    """An account has a new password."""

    kind: ClassVar[str] = "identity.password.changed"
    account: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session began. ``methods`` are those used: ``password``, ``mfa``…"""

    kind: ClassVar[str] = "identity.signed_in"
    account: str
    account_kind: AccountKind
    methods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SecondFactorChanged:
    """A second factor was added to an account or taken from it."""

    kind: ClassVar[str] = "identity.second_factor.changed"
    account: str
    method: str
    added: bool


@dataclass(frozen=True, slots=True)
class RoleGranted:
    """A role at a unit was given."""

    kind: ClassVar[str] = "identity.role.granted"
    account: str
    role: str
    at_unit: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class RoleEnded:
    """A role at a unit is given back: ``until`` is the first day without it."""

    kind: ClassVar[str] = "identity.role.ended"
    account: str
    role: str
    at_unit: str
    until: date


@dataclass(frozen=True, slots=True)
class PartyRegistered:
    """A person or business became known to the province."""

    kind: ClassVar[str] = "identity.party.registered"
    party: str
    party_kind: PartyKind
    checked: bool


@dataclass(frozen=True, slots=True)
class PartyChanged:
    """A party's data were changed; ``fields`` names which, never their content."""

    kind: ClassVar[str] = "identity.party.changed"
    party: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartyChecked:
    """Somebody compared a party's identifier with papers or with the national identity."""

    kind: ClassVar[str] = "identity.party.checked"
    party: str
    assurance: Assurance


@dataclass(frozen=True, slots=True)
class PartyErased:
    """A party's personal data were blanked; what was recorded under its pseudonymous id stays."""

    kind: ClassVar[str] = "identity.party.erased"
    party: str


@dataclass(frozen=True, slots=True)
class PartyLooked:
    """An actor saw a party's whole data in the half hour that begins at ``half_hour``."""

    kind: ClassVar[str] = "identity.party.looked"
    party: str
    purpose: Purpose
    about: str
    official: str | None
    half_hour: datetime


@dataclass(frozen=True, slots=True)
class DatabaseMarkedDemo:
    """This database was marked as a demo."""

    kind: ClassVar[str] = "identity.database.marked_demo"


# --- expected failures ----------------------------------------------------------------------------------------------------


class UnknownRole(Problem):
    """No app declared this role."""

    code = "identity.unknown_role"


class AccountTaken(Conflict):
    """The username, e-mail or phone (``field``) already signs in somebody."""

    code = "identity.account_taken"


class IdentifierTaken(Conflict):
    """Another checked party has this identifier."""

    code = "identity.identifier_taken"


class NoSuchAccount(NotFound):
    """There is no such account."""

    code = "identity.no_such_account"


class NoSuchParty(NotFound):
    """There is no such party, or this actor may not know of it."""

    code = "identity.no_such_party"


class MayNotLook(NotAllowed):
    """This actor has no business seeing the whole data of this party."""

    code = "identity.may_not_look"


class PartyErasedAlready(Conflict):
    """The party's data were erased."""

    code = "identity.party_erased"


class DetailsInvalid(Invalid):
    """Personal data do not look right: phone, e-mail or identifier."""

    code = "identity.details_invalid"


class KeyMissing(Problem):
    """The key that seals identifiers is not the one they were sealed with, or is not there."""

    code = "identity.key_missing"
    status = 500


class NotDemo(Conflict):
    """A database that already holds accounts can't become a demo."""

    code = "identity.not_demo"
