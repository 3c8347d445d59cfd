"""What takes two rooms at once: an official enters the organisation and gets an account with his first role."""

from dataclasses import dataclass
from datetime import date

from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.types import AccountKind, AccountView, Assurance
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor
from tinhso.kernel.organisation import api as organisation


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Whom to employ: how he signs in, and the role at a unit that he begins with."""

    name: str
    username: str
    email: str
    phone: str
    role: str
    unit: str
    since: date
    until: date | None


@ledger.operation
def employ(actor: Actor, who: Newcomer) -> tuple[AccountView, str]:
    """Enter an official, make his account, give him his first role; returns the account and its first password.

    Needs the administrators' roles of organisation and identity. Raises NotAllowed, AccountTaken, DetailsInvalid, UnitUnknown,
    UnknownRole; then nothing of it has happened.
    """
    official = organisation.create_official(actor, who.name, at=who.unit)
    password = identity.new_password()
    account = identity.create_account(
        actor,
        AccountKind.OFFICIAL,
        who.username,
        who.name,
        password=password,
        phone=who.phone,
        email=who.email,
        official=official.id,
        assurance=Assurance.CHECKED,
    )
    identity.grant_role(actor, account.id, who.role, who.unit, who.since, who.until)
    return account, password
