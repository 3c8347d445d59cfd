"""Reads of identity: actors and what they may do, parties (masked or whole), holders of roles."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db.models import F, FilteredRelation, Q

from tinhso.kernel.identity import sealing
from tinhso.kernel.identity.engine import details
from tinhso.kernel.identity.models import Account, DemoMark, Look, Membership, Party
from tinhso.kernel.identity.types import (
    AccountKind,
    AccountView,
    Assurance,
    NoSuchAccount,
    NoSuchParty,
    PartyKind,
    PartyView,
    Purpose,
)
from tinhso.kernel.identity.types import Look as LookView
from tinhso.kernel.ledger.types import Actor, ActorKind, Grant
from tinhso.kernel.organisation.api import delegations_to, lent_to, officials_by_id, units_by_key
from tinhso.lib import clock

ANONYMOUS = Actor(id="anonymous", kind=ActorKind.ANONYMOUS)
_BEARER = "bearer:"


def anonymous() -> Actor:
    """Whoever has not signed in."""
    return ANONYMOUS


def new_secret() -> str:
    """A secret for somebody who stays unknown: 128 bits, to be kept in a link or written down."""
    return secrets.token_urlsafe(16)


def bearer(secret: str) -> Actor:
    """Whoever has this secret. His id is a digest, so the record can't be turned into a way in."""
    digest = hashlib.sha256(f"tinhso bearer {secret}".encode()).hexdigest()
    return Actor(id=f"{_BEARER}{digest[:40]}", kind=ActorKind.ANONYMOUS)


def is_bearer(actor: Actor) -> bool:
    """Whether this actor is known by a secret alone."""
    return actor.kind is ActorKind.ANONYMOUS and actor.id.startswith(_BEARER)


def system(name: str) -> Actor:
    """The province's own machinery: ``system("worker")`` acts as ``system:worker``."""
    return Actor(id=f"system:{name}", kind=ActorKind.SYSTEM)


def actor_id(account_id: UUID | str) -> str:
    """The pseudonymous id under which an account enters the ledger."""
    return f"account:{account_id}"


def _held(on: date, path: str = "") -> Q:
    """The memberships in force on a day."""
    return Q(**{f"{path}since__lte": on}) & (Q(**{f"{path}until__isnull": True}) | Q(**{f"{path}until__gt": on}))


def account(account_id: str) -> Account:
    """The signed-in user object of an account; NoSuchAccount if there is none. One query, own roles of today included."""
    found = _uuid(account_id)
    loaded = account_with_grants(found, clock.today()) if found else None
    if loaded is None:
        raise NoSuchAccount
    return loaded


def account_with_grants(account_id: UUID, on: date) -> Account | None:
    """An account, the roles it holds itself on a day, and whether others have lent it any, in one query."""
    held = FilteredRelation("memberships", condition=_held(on, "memberships__"))
    rows = Account.objects.filter(id=account_id).annotate(held=held).annotate(_role=F("held__role"), _unit=F("held__unit"))
    rows = rows.annotate(_lent=lent_to("official", on))
    found = list(rows.order_by("held__unit", "held__role"))
    if not found:
        return None
    found[0].own_grants = on, tuple(Grant(row._role, row._unit) for row in found if row._role), found[0]._lent
    return found[0]


def _own_grants(account: Account, on: date) -> tuple[Grant, ...]:
    if account.own_grants is not None and account.own_grants[0] == on:
        return account.own_grants[1]
    rows = Membership.objects.filter(_held(on), account_id=account.id).order_by("unit", "role")
    return tuple(Grant(role=role, unit=at) for role, at in rows.values_list("role", "unit"))


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
    today = clock.today()
    own, official_id = _own_grants(account, today), str(account.official_id)
    known = account.own_grants
    lent = {} if known and known[0] == today and not known[2] else _lent_grants(official_id, today)
    grants = (*own, *(grant for grant in lent if grant not in own))
    units = [grant.unit for grant in grants]
    at = unit if unit in units else (units[0] if units else None)
    return Actor(
        id=actor_id(account.id),
        kind=ActorKind.OFFICIAL,
        unit=at,
        grants=grants,
        official=official_id,
        on_behalf=_on_behalf(own, lent, at),
    )


def _lent_grants(official_id: str, on: date) -> dict[Grant, str]:
    """The roles that others have lent to an official today, and the actor id of the lender of each.

    One query; one more when there is anything lent. A lender lends what he holds himself that day, not what was lent to him.
    """
    lendings = delegations_to(official_id, on)
    if not lendings:
        return {}
    rows = Membership.objects.filter(
        _held(on), account__is_active=True, account__official__in=[lending.giver for lending in lendings]
    ).values_list("account__official", "account", "role", "unit")
    held = list(rows.order_by("unit", "role"))
    return {
        Grant(role, at): actor_id(account_id)
        for lending in lendings
        for giver, account_id, role, at in held
        if str(giver) == lending.giver and at == lending.unit and (not lending.roles or role in lending.roles)
    }


def _on_behalf(own: tuple[Grant, ...], lent: dict[Grant, str], unit: str | None) -> str | None:
    """Whom he stands in for at his unit of today: only if he holds nothing there himself and one person lent it all."""
    if any(grant.unit == unit for grant in own):
        return None
    lenders = {lender for grant, lender in lent.items() if grant.unit == unit}
    return lenders.pop() if len(lenders) == 1 else None


def holders(role: str, unit: str) -> list[tuple[str, str, str]]:
    """Who holds ``role`` at ``unit`` today: (actor id, official id, name), by name."""
    rows = Membership.objects.filter(_held(clock.today()), role=role, unit=unit, account__is_active=True)
    rows = rows.select_related("account").order_by("account__name", "account_id")
    return [(actor_id(m.account_id), str(m.account.official_id), m.account.name) for m in rows]


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


def account_by_phone(phone: str) -> Account | None:
    """The account that signs in with this phone number, however it is written."""
    try:
        plain = details.plain_phone(phone)
    except ValueError:
        return None
    return Account.objects.filter(phone=plain).first() if plain else None


def account_by_username(username: str) -> Account | None:
    """The account with this username, whatever its case."""
    return Account.objects.filter(username__iexact=username).first()


def taken(phone: str = "", email: str = "") -> bool:
    """Whether somebody signs in with this phone (plain) or e-mail already."""
    wanted = Q(phone=phone) if phone else Q(email=email.strip().lower())
    return bool(phone or email) and Account.objects.filter(wanted).exists()


def unsaved_account(name: str, phone: str, email: str) -> Account:
    """An account that is nowhere kept: what a password is compared with before there is one."""
    return Account(name=name, phone=phone, email=email)


def seal(text: str) -> str:
    """Seal a secret of somebody's account (a second factor's) with the key of this installation."""
    return identifier_box().seal(text)


def unseal(sealed: str) -> str:
    """Open what :func:`seal` sealed; KeyMissing when the key is another one."""
    return identifier_box().open(sealed)


def account_view(account: Account) -> AccountView:
    """What an account's owner or an administrator may see of it."""
    return AccountView(
        id=str(account.id),
        actor=actor_id(account.id),
        kind=AccountKind(account.kind),
        username=account.username,
        name=account.name,
        phone=details.spoken_phone(account.phone),
        email=account.email,
        party=str(account.party_id) if account.party_id else None,
        official=str(account.official_id) if account.official_id else None,
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


def identifier_box() -> sealing.Box:
    """What seals and finds identifiers; KeyMissing when its key is gone though something was sealed with it."""
    return sealing.box(lambda: Party.objects.exclude(identifier_sealed="").exists())


def whole(party: Party) -> PartyView:
    """A party with everything; only for who has left an entry, for its owner, and for the machinery."""
    return PartyView(
        id=str(party.id),
        kind=PartyKind(party.kind),
        name=party.name,
        identifier=identifier_box().open(party.identifier_sealed),
        phone=details.spoken_phone(party.phone),
        email=party.email,
        address=party.address,
        masked=False,
        checked=party.checked,
        erased=party.erased_at is not None,
    )


def find_party(actor: Actor, kind: PartyKind, identifier: str) -> PartyView | None:
    """The checked party with this identifier, masked: what a counter needs before it registers a second one.

    Officials and the machinery only; NoSuchParty for anybody else. None if nobody with this number was checked yet.
    """
    if not (actor.kind is ActorKind.SYSTEM or actor.grants):
        raise NoSuchParty
    plain, _, _ = details.plain_details(kind, identifier, "", "")
    if not plain:
        return None
    found = Party.objects.filter(identifier_digest=identifier_box().digest(plain), checked=True).first()
    return masked(found) if found else None


def who_looked(party_id: str, limit: int = 50) -> list[LookView]:
    """Who saw a party's whole data, newest first: the unit and the official's post of today, never his name.

    Four queries at most, however many looks.
    """
    found = _uuid(party_id)
    rows = list(Look.objects.filter(party_id=found).order_by("-half_hour", "id")[:limit]) if found else []
    units = units_by_key({row.unit for row in rows if row.unit}) if rows else {}
    officials = officials_by_id({row.official for row in rows if row.official}) if rows else {}
    seen = []
    for row in rows:
        unit, official = units.get(row.unit), officials.get(row.official)
        seen.append(
            LookView(
                at=row.half_hour,
                unit=row.unit or None,
                unit_name=unit.name if unit else "",
                unit_name_en=unit.name_en if unit else "",
                post=official.title if official else "",
                post_en=official.title_en if official else "",
                purpose=Purpose(row.purpose),
                about=row.about,
            )
        )
    return seen


def party_masked(ids: Sequence[str]) -> dict[str, PartyView]:
    """Parties as lists show them, in one query and without an entry; unknown ids are left out."""
    wanted = {found for key in ids if (found := _uuid(key))}
    return {str(party.id): masked(party) for party in Party.objects.filter(id__in=wanted)} if wanted else {}


def is_demo() -> bool:
    """Whether this database was marked as a demo: one query."""
    return DemoMark.objects.exists()
