"""Reads of identity: actors and what they may do, parties (masked or whole), holders of roles."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q

from tinhso.kernel.identity.models import Account, DemoMark, Membership, Party
from tinhso.kernel.identity.types import AccountKind, AccountView, Assurance, PartyKind, PartyView
from tinhso.kernel.ledger.types import Actor, ActorKind, Grant
from tinhso.lib import clock

ANONYMOUS = Actor(id="anonymous", kind=ActorKind.ANONYMOUS)


def anonymous() -> Actor:
    """Whoever has not signed in."""
    return ANONYMOUS


def system(name: str) -> Actor:
    """The province's own machinery: ``system("worker")`` acts as ``system:worker``."""
    return Actor(id=f"system:{name}", kind=ActorKind.SYSTEM)


def actor_id(account_id: UUID | str) -> str:
    """The pseudonymous id under which an account enters the ledger."""
    return f"account:{account_id}"


def in_force(on: date) -> Q:
    """The memberships in force on a day."""
    return Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gte=on))


def actor_for(account: Account, unit: str | None = None) -> Actor:
    """The actor behind an account, with the roles in force today, delegations included.

    ``unit`` is the unit he acts for if he belongs to several; one at which he holds nothing is ignored. Without it, the
    first of his units. Citizens and businesses have no roles: no query. A closed account is nobody.
    """
    if not account.is_active:
        return ANONYMOUS
    if account.kind != AccountKind.OFFICIAL:
        party = str(account.party_id) if account.party_id else None
        return Actor(id=actor_id(account.id), kind=ActorKind.CITIZEN, party=party)
    rows = Membership.objects.filter(in_force(clock.today()), account_id=account.id).values_list("role", "unit")
    grants = tuple(Grant(role=role, unit=at) for role, at in rows.order_by("unit", "role"))
    units = [grant.unit for grant in grants]
    return Actor(
        id=actor_id(account.id),
        kind=ActorKind.OFFICIAL,
        unit=unit if unit in units else (units[0] if units else None),
        grants=grants,
        official=account.official,
    )


def holders(role: str, unit: str) -> list[tuple[str, str, str]]:
    """Who holds ``role`` at ``unit`` today: (actor id, official id, name), by name."""
    rows = Membership.objects.filter(in_force(clock.today()), role=role, unit=unit, account__is_active=True)
    rows = rows.select_related("account").order_by("account__name", "account_id")
    return [(actor_id(m.account_id), m.account.official or "", m.account.name) for m in rows]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def actor_names(ids: Iterable[str]) -> dict[str, str]:
    """The names behind actor ids, in one query; ids that are no account's (``system:…``) are left out."""
    wanted = {key: found for key in set(ids) if key.startswith("account:") and (found := _uuid(key[8:]))}
    if not wanted:
        return {}
    names = dict(Account.objects.filter(id__in=wanted.values()).values_list("id", "name"))
    return {key: names[found] for key, found in wanted.items() if found in names}


def account_view(account: Account) -> AccountView:
    """What an account's owner or an administrator may see of it."""
    return AccountView(
        id=str(account.id),
        actor=actor_id(account.id),
        kind=AccountKind(account.kind),
        username=account.username,
        name=account.name,
        phone=account.phone,
        email=account.email,
        party=str(account.party_id) if account.party_id else None,
        official=account.official,
        assurance=Assurance(account.assurance),
        active=account.is_active,
    )


def _hidden(text: str, keep: int) -> str:
    return "•" * 6 + text[-keep:] if text else ""


def _hidden_email(email: str) -> str:
    local, _, domain = email.partition("@")
    return f"{local[:1]}•••@{domain}" if email else ""


def masked(party: Party) -> PartyView:
    """A party as lists show it: the name, and the last figures of the rest."""
    return PartyView(
        id=str(party.id),
        kind=PartyKind(party.kind),
        name=party.name,
        identifier=_hidden(party.identifier_tail, 3),
        phone=_hidden(party.phone, 3),
        email=_hidden_email(party.email),
        address="",
        masked=True,
        checked=party.checked,
        erased=party.erased_at is not None,
    )


def party_masked(ids: Sequence[str]) -> dict[str, PartyView]:
    """Parties as lists show them, in one query and without an entry; unknown ids are left out."""
    wanted = {found for key in ids if (found := _uuid(key))}
    return {str(party.id): masked(party) for party in Party.objects.filter(id__in=wanted)} if wanted else {}


def is_demo() -> bool:
    """Whether this database was marked as a demo: one query."""
    return DemoMark.objects.exists()
