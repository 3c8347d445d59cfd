"""Writes of identity: accounts and their passwords, roles at units, parties, and who looked at them."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import identify_hasher, make_password
from django.db import IntegrityError, transaction
from django.db.models import Q

from tinhso.kernel.identity import sign_in_rows, types
from tinhso.kernel.identity.engine import details, roles
from tinhso.kernel.identity.models import Account, DemoMark, Look, Membership, Party
from tinhso.kernel.identity.queries import account_view, identifier_box, masked, whole
from tinhso.kernel.identity.types import AccountKind, AccountView, Assurance, PartyKind, PartyView, Purpose
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor, ActorKind, Past
from tinhso.kernel.organisation import api as organisation
from tinhso.lib import clock
from tinhso.lib.problems import NotAllowed

ADMINISTRATOR = "identity.administrator"
HALF_HOUR = timedelta(minutes=30)


def _administers(actor: Actor) -> bool:
    return actor.kind is ActorKind.SYSTEM or any(grant.role == ADMINISTRATOR for grant in actor.grants)


def must_administer(actor: Actor) -> None:
    """Refuse who does not administer accounts. Raises NotAllowed."""
    if not _administers(actor):
        raise NotAllowed


def _staff(actor: Actor) -> bool:
    """An official with any role, or the machinery: those who register and check other people."""
    return actor.kind is ActorKind.SYSTEM or (actor.kind is ActorKind.OFFICIAL and bool(actor.grants))


def _account(account_id: str) -> Account:
    try:
        return Account.objects.select_for_update().get(id=uuid.UUID(account_id))
    except (ValueError, Account.DoesNotExist):
        raise types.NoSuchAccount from None


def _party(party_id: str) -> Party:
    try:
        return Party.objects.get(id=uuid.UUID(party_id))
    except (ValueError, Party.DoesNotExist):
        raise types.NoSuchParty from None


def _is_own(actor: Actor, account: Account) -> bool:
    return actor.id == f"account:{account.id}"


# --- accounts -----------------------------------------------------------------------------------------------------------


@ledger.operation
def create_account(
    actor: Actor,
    kind: AccountKind,
    username: str,
    name: str,
    *,
    password: str | None = None,
    encoded_password: str | None = None,
    phone: str = "",
    email: str = "",
    official: str | None = None,
    party: str | None = None,
    assurance: Assurance = Assurance.DECLARED,
) -> AccountView:
    """Make an account. Administrators and the machinery make any; nobody else does (see :func:`sign_up`).

    ``password`` is what the person types, ``encoded_password`` its finished hash (a demo shares one among all accounts);
    with neither, nobody signs in until a password is set. Raises AccountTaken, DetailsInvalid, OfficialUnknown, NotAllowed.
    """
    must_administer(actor)
    return _create(kind, username, name, password, encoded_password, phone, email, official, party, assurance)


def _create(
    kind: AccountKind,
    username: str,
    name: str,
    password: str | None,
    encoded_password: str | None,
    phone: str,
    email: str,
    official: str | None,
    party: str | None,
    assurance: Assurance,
) -> AccountView:
    _, phone, email = details.plain_details(PartyKind.PERSON, "", phone, email)
    _must_be_free(username=username, phone=phone, email=email)
    if encoded_password is not None:
        identify_hasher(encoded_password)  # ValueError for what is no hash
    account = Account(
        kind=kind.value,
        username=username,
        name=name.strip(),
        password=encoded_password or make_password(password),
        phone=phone,
        email=email,
        official_id=uuid.UUID(organisation.official(official).id) if official else None,
        party_id=uuid.UUID(party) if party else None,
        assurance=assurance.value,
        created_at=clock.now(),
    )
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as error:
        raise types.AccountTaken(field=_field_at_fault(error)) from error
    ledger.append(
        f"account:{account.id}",
        types.AccountCreated(str(account.id), kind, official, party),
        after=0,
    )
    return account_view(account)


def _must_be_free(*, username: str, phone: str, email: str, but: Account | None = None) -> None:
    others = Account.objects.exclude(id=but.id) if but else Account.objects.all()
    wanted = {
        "username": (username, Q(username__iexact=username)),
        "phone": (phone, Q(phone=phone)),
        "email": (email, Q(email=email)),
    }
    for field, (value, taken) in wanted.items():
        if value and others.filter(taken).exists():
            raise types.AccountTaken(field=field)


def _field_at_fault(error: IntegrityError) -> str:
    text = str(error)
    return next((field for field in ("phone", "email", "official", "party") if field in text), "username")


@ledger.operation
def sign_up(
    actor: Actor,
    kind: PartyKind,
    name: str,
    identifier: str,
    *,
    password: str,
    phone: str = "",
    email: str = "",
    address: str = "",
) -> AccountView:
    """A person makes his own account, and with it a party that is only as sure as his word.

    He signs in with his phone or e-mail; one of them is needed. Raises AccountTaken, DetailsInvalid.
    """
    if actor.kind is not ActorKind.ANONYMOUS and not _administers(actor):
        raise NotAllowed
    if not (phone.strip() or email.strip()):
        raise types.DetailsInvalid([("phone", "phone_or_email", {})])
    party = _register(kind, name, identifier, phone, email, address, checked=False)
    account_kind = AccountKind.BUSINESS if kind is PartyKind.BUSINESS else AccountKind.CITIZEN
    username = f"u{uuid.uuid4().hex[:12]}"  # nobody types it: he signs in by phone or e-mail
    return _create(account_kind, username, name, password, None, phone, email, None, str(party.id), Assurance.DECLARED)


@ledger.operation
def change_contact(actor: Actor, account_id: str, *, phone: str, email: str) -> AccountView:
    """Change by which phone and e-mail an account signs in and is told; its owner or an administrator may.

    The party's own phone and e-mail follow. Raises AccountTaken, DetailsInvalid, NotAllowed.
    """
    account = _account(account_id)
    if not _is_own(actor, account):
        must_administer(actor)
    _, phone, email = details.plain_details(PartyKind.PERSON, "", phone, email)
    _must_be_free(username="", phone=phone, email=email, but=account)
    changed = tuple(field for field, new in (("phone", phone), ("email", email)) if getattr(account, field) != new)
    if not changed:
        return account_view(account)
    account.phone, account.email = phone, email
    account.save(update_fields=["phone", "email"])
    ledger.append(f"account:{account.id}", types.AccountChanged(str(account.id), changed))
    if account.party_id:
        Party.objects.filter(id=account.party_id).update(phone=phone, email=email)
        ledger.append(f"party:{account.party_id}", types.PartyChanged(str(account.party_id), changed))
    return account_view(account)


@ledger.operation
def set_password(actor: Actor, account_id: str, password: str) -> None:
    """Give an account a new password. Who may was decided by what he proved: the old one, a mailed link, or his office."""
    account = _account(account_id)
    account.set_password(password)
    account.save(update_fields=["password"])
    ledger.append(f"account:{account.id}", types.PasswordChanged(str(account.id)))


@ledger.operation
def renew_hash(actor: Actor, account_id: str, password: str) -> None:
    """Keep the same password under today's hash; no entry, since nothing changed for anybody."""
    must_administer(actor)
    account = _account(account_id)
    account.set_password(password)
    account.save(update_fields=["password"])


@ledger.operation
def signed_in(actor: Actor, account_id: str, methods: tuple[str, ...]) -> None:
    """Record that a session began, and by which means."""
    account = _account(account_id)
    account.last_sign_in_at = clock.now()
    account.save(update_fields=["last_sign_in_at"])
    kind = AccountKind(account.kind)
    ledger.append(f"account:{account.id}", types.SignedIn(str(account.id), kind, methods))


@ledger.operation
def second_factor_changed(actor: Actor, account_id: str, method: str, added: bool) -> None:
    """Record that a second factor was set up or taken away."""
    account = _account(account_id)
    ledger.append(f"account:{account.id}", types.SecondFactorChanged(str(account.id), method, added))


@ledger.operation
def close_account(actor: Actor, account_id: str) -> None:
    """Let nobody sign in with this account any more; sessions that are open end with their next request."""
    must_administer(actor)
    account = _account(account_id)
    if account.is_active:
        account.is_active = False
        account.save(update_fields=["is_active"])
        ledger.append(f"account:{account.id}", types.AccountClosed(str(account.id)))


@ledger.operation
def reopen_account(actor: Actor, account_id: str) -> None:
    """Undo :func:`close_account`."""
    must_administer(actor)
    account = _account(account_id)
    if not account.is_active:
        account.is_active = True
        account.save(update_fields=["is_active"])
        ledger.append(f"account:{account.id}", types.AccountReopened(str(account.id)))


# --- roles --------------------------------------------------------------------------------------------------------------


@ledger.operation
def grant_role(
    actor: Actor, account_id: str, role: str, unit: str, since: date | None = None, until: date | None = None
) -> None:
    """Give an official's account a declared role at a unit (its key) from ``since`` (today) until the day ``until``.

    Given already for that time, nothing happens. Raises UnknownRole, NoSuchAccount, UnitUnknown, NotAllowed.
    """
    must_administer(actor)
    roles.role(role)
    organisation.unit(unit, since)
    account = _account(account_id)
    if account.kind != AccountKind.OFFICIAL:
        raise NotAllowed(reason="only officials hold roles")
    since = since or clock.today()
    if until is not None and until <= since:
        raise types.DetailsInvalid([("until", "before_since", {})])
    held = Membership.objects.filter(account=account, role=role, unit=unit)
    if held.filter(Q(until__isnull=True), since__lte=since).exists():
        return
    Membership.objects.update_or_create(account=account, role=role, unit=unit, since=since, defaults={"until": until})
    event = types.RoleGranted(str(account.id), role, unit, since, until)
    ledger.append(f"account:{account.id}", event, unit=unit)


@ledger.operation
def end_role(actor: Actor, account_id: str, role: str, unit: str, until: date | None = None) -> None:
    """Take a role at a unit away from the day ``until`` on (today: at once). Not held, nothing happens."""
    must_administer(actor)
    account = _account(account_id)
    until = until or clock.today()
    held = Membership.objects.filter(Q(until__isnull=True) | Q(until__gt=until), account=account, role=role, unit=unit)
    for membership in held:
        membership.until = max(until, membership.since)
        membership.save(update_fields=["until"])
        ledger.append(f"account:{account.id}", types.RoleEnded(str(account.id), role, unit, membership.until), unit=unit)


# --- parties ------------------------------------------------------------------------------------------------------------


@ledger.operation
def register_party(
    actor: Actor,
    kind: PartyKind,
    name: str,
    identifier: str,
    phone: str = "",
    email: str = "",
    address: str = "",
    account: str | None = None,
) -> str:
    """Make a person or business known and return the party's id.

    An official has the papers before him: the party counts as checked, and one already checked under the same identifier is
    returned instead of a second one. What a citizen registers is his word only. ``account`` is an account without a
    party, which gets this one. Raises DetailsInvalid, NotAllowed, NoSuchAccount.
    """
    if not _staff(actor) and actor.kind is not ActorKind.CITIZEN:
        raise NotAllowed
    owner = _account(account) if account else None
    if owner is not None and not _staff(actor) and not _is_own(actor, owner):
        raise NotAllowed
    party = _register(kind, name, identifier, phone, email, address, checked=_staff(actor))
    if owner is not None and owner.party_id is None:
        owner.party = party
        owner.save(update_fields=["party"])
        ledger.append(f"account:{owner.id}", types.AccountChanged(str(owner.id), ("party",)))
    return str(party.id)


@ledger.operation
def register_past(actor: Actor, people: Sequence[types.PastPerson]) -> list[tuple[str, str | None]]:
    """Make many people known at once, each as of his own instant, for histories that are brought in: (party id, account id).

    The system's only; they count as checked. As :func:`register_party` and :func:`create_account` one by one, in a handful of
    statements. Raises NotAllowed, DetailsInvalid, AccountTaken (any of them; then none is registered).
    """
    if actor.kind is not ActorKind.SYSTEM:
        raise NotAllowed
    box, parties, accounts, past = identifier_box(), [], [], []
    for one in people:
        identifier, phone, email = details.plain_details(PartyKind.PERSON, one.identifier, one.phone, "")
        party = Party(
            kind=PartyKind.PERSON.value,
            name=one.name,
            identifier_digest=box.digest(identifier),
            identifier_sealed=box.seal(identifier),
            identifier_tail=identifier[-4:],
            phone=phone,
            email=email,
            address=one.address,
            checked=bool(identifier),
            registered_at=one.at,
        )
        parties.append(party)
        registered = types.PartyRegistered(str(party.id), PartyKind.PERSON, party.checked)
        past.append(Past(f"party:{party.id}", 0, (registered,), actor.id, actor.unit, one.at))
        account = None
        if one.username:
            account = Account(
                kind=AccountKind.CITIZEN.value,
                username=one.username,
                name=one.name,
                password=one.encoded_password,
                phone=phone,
                party_id=party.id,
                assurance=Assurance.CHECKED.value,
                created_at=one.at,
            )
            created = types.AccountCreated(str(account.id), AccountKind.CITIZEN, None, str(party.id))
            past.append(Past(f"account:{account.id}", 0, (created,), actor.id, actor.unit, one.at))
        accounts.append(account)
    try:
        with transaction.atomic(savepoint=False):
            Party.objects.bulk_create(parties, batch_size=500)
            Account.objects.bulk_create([account for account in accounts if account], batch_size=500)
    except IntegrityError as error:
        raise types.AccountTaken(field=_field_at_fault(error)) from error
    ledger.append_history(past)
    return [(str(party.id), str(account.id) if account else None) for party, account in zip(parties, accounts, strict=True)]


def _register(kind: PartyKind, name: str, identifier: str, phone: str, email: str, address: str, *, checked: bool) -> Party:
    identifier, phone, email = details.plain_details(kind, identifier, phone, email)
    name, address = " ".join(name.split()), " ".join(address.split())
    if not name:
        raise types.DetailsInvalid([("name", "required", {})])
    _must_fit(name=name, address=address)
    checked = checked and bool(identifier)
    box = identifier_box()
    digest = box.digest(identifier)
    if checked and (known := Party.objects.filter(identifier_digest=digest, checked=True).first()):
        return known
    party = Party.objects.create(
        kind=kind.value,
        name=name,
        identifier_digest=digest,
        identifier_sealed=box.seal(identifier),
        identifier_tail=identifier[-4:],
        phone=phone,
        email=email,
        address=address,
        checked=checked,
        registered_at=clock.now(),
    )
    ledger.append(f"party:{party.id}", types.PartyRegistered(str(party.id), kind, checked), after=0)
    return party


def _must_fit(**texts: str) -> None:
    """DetailsInvalid for what is longer than its column."""
    limits = {"name": 250, "address": 500}
    long = [(field, "too_long", {"limit": limits[field]}) for field, text in texts.items() if len(text) > limits[field]]
    if long:
        raise types.DetailsInvalid([(field, code, dict(params)) for field, code, params in long])


@ledger.operation
def change_party(
    actor: Actor, party_id: str, *, name: str | None = None, phone: str | None = None, address: str | None = None
) -> PartyView:
    """Correct a party's data: its owner or an official may; the name of a checked party only an official.

    Raises NoSuchParty, NotAllowed, DetailsInvalid, PartyErasedAlready.
    """
    party = _party(party_id)
    if not _staff(actor) and actor.party != str(party.id):
        raise types.NoSuchParty
    if party.erased_at is not None:
        raise types.PartyErasedAlready
    if name is not None and party.checked and not _staff(actor):
        raise NotAllowed(reason="checked")
    _, plain, _ = details.plain_details(PartyKind(party.kind), "", phone or "", "")
    wanted = {
        "name": None if name is None else " ".join(name.split()),
        "phone": None if phone is None else plain,
        "address": None if address is None else " ".join(address.split()),
    }
    _must_fit(name=wanted["name"] or "", address=wanted["address"] or "")
    changed = {field: new for field, new in wanted.items() if new is not None and new != getattr(party, field)}
    if changed:
        for field, new in changed.items():
            setattr(party, field, new)
        party.save(update_fields=list(changed))
        ledger.append(f"party:{party.id}", types.PartyChanged(str(party.id), tuple(changed)))
    return masked(party)


@ledger.operation
def check_party(actor: Actor, party_id: str, assurance: Assurance = Assurance.CHECKED) -> None:
    """An official has compared the identifier with papers (or the national identity has): the party counts as checked.

    Accounts of the party rise to ``assurance``. Raises IdentifierTaken when another checked party has the identifier:
    then that one is the person's record, NoSuchParty, NotAllowed.
    """
    if not _staff(actor):
        raise NotAllowed
    party = _party(party_id)
    if not party.identifier_digest:
        raise types.DetailsInvalid([("identifier", "required", {})])
    if Party.objects.filter(identifier_digest=party.identifier_digest, checked=True).exclude(id=party.id).exists():
        raise types.IdentifierTaken
    party.checked = True
    party.save(update_fields=["checked"])
    Account.objects.filter(party=party, assurance__lt=assurance.value).update(assurance=assurance.value)
    ledger.append(f"party:{party.id}", types.PartyChecked(str(party.id), assurance))


@ledger.operation
def erase_party(actor: Actor, party_id: str) -> None:
    """Blank a party's personal data for good, and those of its accounts, which are closed.

    Only an administrator, after a request that he has judged: records that law keeps (results issued) stay where they are.
    The ledger stays whole, since it never held any of this. Raises NoSuchParty, NotAllowed.
    """
    must_administer(actor)
    party = _party(party_id)
    if party.erased_at is not None:
        return
    party.name = party.phone = party.email = party.address = ""
    party.identifier_digest = party.identifier_sealed = party.identifier_tail = ""
    party.checked, party.erased_at = False, clock.now()
    party.save()
    accounts = list(Account.objects.filter(party=party))
    sign_in_rows.forget([account.id for account in accounts])
    for account in accounts:
        account.name = account.phone = account.email = ""
        account.username = f"erased-{account.id}"
        account.password, account.is_active = make_password(None), False
        account.save()
    ledger.append(f"party:{party.id}", types.PartyErased(str(party.id)))


# --- who looked ---------------------------------------------------------------------------------------------------------


def half_hour_of(instant: datetime) -> datetime:
    """The beginning of the half hour in which ``instant`` lies."""
    return instant.replace(minute=instant.minute // 30 * 30, second=0, microsecond=0)


@ledger.operation
def party(actor: Actor, party_id: str, purpose: Purpose, about: str = "") -> PartyView:
    """A party's whole data for a purpose, about something (``case:<uuid>``), and an entry of the look.

    One entry for each actor, party, purpose, subject and half hour. A person's look at his own data and the machinery's
    (a slip being set) make none. Whether an official handles this matter is for the caller to check, who knows the
    case; here he needs some role. Raises NoSuchParty, MayNotLook.
    """
    found = _party(party_id)
    if actor.kind is ActorKind.SYSTEM or actor.party == str(found.id):
        return whole(found)
    if actor.kind is not ActorKind.OFFICIAL:
        raise types.NoSuchParty
    if not actor.grants or purpose is Purpose.OWN:
        raise types.MayNotLook
    _record_look(actor, found, purpose, about)
    return whole(found)


def _record_look(actor: Actor, party: Party, purpose: Purpose, about: str) -> None:
    half_hour = half_hour_of(clock.now())
    key = {"party": party, "actor": actor.id, "purpose": purpose.value, "about": about, "half_hour": half_hour}
    if Look.objects.filter(**key).exists():
        return
    look = Look(**key, official=actor.official or "", unit=actor.unit or "")
    try:
        with transaction.atomic():
            look.save(force_insert=True)
    except IntegrityError:
        return  # the same look, recorded by the same person's other window at this instant
    ledger.append(f"look:{look.id}", types.PartyLooked(str(party.id), purpose, about, actor.official, half_hour), after=0)


# --- the demo -----------------------------------------------------------------------------------------------------------


@ledger.operation
def mark_as_demo(actor: Actor) -> None:
    """Mark this database as a demo, for good. Only the machinery, and only while nobody has an account: a database with
    people in it never becomes one. Raises NotDemo, NotAllowed."""
    if actor.kind is not ActorKind.SYSTEM:
        raise NotAllowed
    if DemoMark.objects.exists():
        return
    if Account.objects.exists():
        raise types.NotDemo
    DemoMark.objects.create(since=clock.now())
    ledger.append("identity:demo", types.DatabaseMarkedDemo(), after=0)
