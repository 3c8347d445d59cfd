"""People: officials, the posts they hold, and what they lend each other."""

from datetime import date
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor
from tinhso.kernel.organisation import models, queries
from tinhso.kernel.organisation.operations.access import must_administer
from tinhso.kernel.organisation.types import (
    Appointed,
    DatesInvalid,
    Delegated,
    Delegation,
    DelegationEnded,
    DelegationUnknown,
    Official,
    OfficialCreated,
    OfficialUnknown,
    PostCreated,
    PostTaken,
    PostUnknown,
    Relieved,
)
from tinhso.lib.clock import today


@ledger.operation
def create_official(actor: Actor, name: str, official_id: str | None = None, at: str | None = None) -> Official:
    """Enter a civil servant; ``at`` is the unit whose administrator may do so (None: the whole organisation's).

    Raises NotAllowed.
    """
    must_administer(actor, at)
    row = models.Official.objects.create(id=UUID(official_id) if official_id else uuid4(), name=name)
    ledger.append(_stream(row.pk), OfficialCreated(str(row.pk)), unit=at, after=0)
    return Official(id=str(row.pk), name=row.name)


@ledger.operation
def create_post(
    actor: Actor,
    unit: str,
    code: str,
    title: str,
    title_en: str,
    *,
    chief: bool = False,
    rank: int = 50,
    valid_from: date | None = None,
) -> None:
    """Give a unit a post from a date on (default today). A unit has one chief post at a time.

    Raises NotAllowed, UnitUnknown, PostTaken (the code, or a second chief post).
    """
    must_administer(actor, unit)
    begins = valid_from or today()
    queries.unit(unit, begins)
    posts = models.Post.objects.filter(queries.in_force(begins), unit__key=unit)
    if posts.filter(code=code).exists() or (chief and posts.filter(chief=True).exists()):
        raise PostTaken(unit=unit, post=code)
    models.Post.objects.create(
        unit=models.Unit.objects.get(key=unit),
        code=code,
        title=title,
        title_en=title_en,
        chief=chief,
        rank=10 if chief else rank,
        valid_from=begins,
    )
    ledger.append(f"unit:{unit}", PostCreated(unit, code, chief, begins), unit=unit)


@ledger.operation
def appoint(
    actor: Actor, official_id: str, unit: str, post: str, valid_from: date | None = None, valid_to: date | None = None
) -> Official:
    """Put an official into a post from a date on (default today), until ``valid_to`` (exclusive) or further notice.

    Raises NotAllowed, PostUnknown, OfficialUnknown, DatesInvalid, PostTaken (a chief post has one holder at a time).
    """
    must_administer(actor, unit)
    begins = valid_from or today()
    if valid_to is not None and valid_to <= begins:
        raise DatesInvalid(valid_from=begins.isoformat(), valid_to=valid_to.isoformat())
    seat = _post(unit, post, begins)
    person = _official(official_id)
    try:
        with transaction.atomic(savepoint=False):
            models.Holding.objects.create(post=seat, official=person, chief=seat.chief, valid_from=begins, valid_to=valid_to)
    except IntegrityError as error:
        raise PostTaken(unit=unit, post=post, on=begins.isoformat()) from error
    ledger.append(_stream(person.pk), Appointed(official_id, unit, post, seat.chief, begins, valid_to), unit=unit)
    return Official(str(person.pk), person.name, seat.title, seat.title_en, unit, seat.chief)


@ledger.operation
def relieve(actor: Actor, official_id: str, unit: str, post: str, on: date) -> None:
    """End an official's holding of a post: ``on`` is the first day without it.

    Raises NotAllowed, PostUnknown (he does not hold it on the day before), DatesInvalid (it began on that day).
    """
    must_administer(actor, unit)
    held = models.Holding.objects.filter(post__unit__key=unit, post__code=post, official=_official(official_id))
    row = held.filter(valid_from__lte=on).order_by("-valid_from").first()
    if row is None or (row.valid_to is not None and row.valid_to <= on):
        raise PostUnknown(unit=unit, post=post)
    if row.valid_from >= on:
        raise DatesInvalid(valid_from=row.valid_from.isoformat(), valid_to=on.isoformat())
    row.valid_to = on
    row.save(update_fields=["valid_to"])
    ledger.append(_stream(row.official_id), Relieved(official_id, unit, post, on), unit=unit)


@ledger.operation
def delegate(
    actor: Actor,
    giver: str,
    receiver: str,
    unit: str,
    valid_from: date,
    valid_to: date,
    roles: tuple[str, ...] = (),
    legal_basis: str = "",
) -> Delegation:
    """Lend the giver's roles at a unit (all, or those named) to another official until ``valid_to`` (exclusive).

    The giver himself may, or an administrator of the unit. Raises NotAllowed, OfficialUnknown, UnitUnknown, DatesInvalid
    (no end, an end before the start, or lending to oneself).
    """
    _must_own(actor, giver, unit)
    if valid_to <= valid_from or giver == receiver:
        raise DatesInvalid(valid_from=valid_from.isoformat(), valid_to=valid_to.isoformat())
    place = models.Unit.objects.get(key=queries.unit(unit, valid_from).key)
    row = models.Delegation.objects.create(
        giver=_official(giver),
        receiver=_official(receiver),
        unit=place,
        roles=list(roles),
        legal_basis=legal_basis,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    fact = Delegated(str(row.pk), giver, receiver, unit, roles, valid_from, valid_to)
    ledger.append(_stream(row.giver_id), fact, unit=unit)
    return Delegation(str(row.pk), giver, receiver, unit, roles, valid_from, valid_to, legal_basis)


@ledger.operation
def end_delegation(actor: Actor, delegation_id: str, on: date) -> None:
    """Take a delegation back before its end: ``on`` is the first day without it; one not begun yet is removed.

    Raises NotAllowed, DelegationUnknown (none such, or already over).
    """
    row = models.Delegation.objects.select_related("unit").filter(pk=UUID(delegation_id)).first()
    if row is None or row.valid_to is None or row.valid_to <= on:
        raise DelegationUnknown(delegation=delegation_id)
    _must_own(actor, str(row.giver_id), row.unit.key)
    if row.valid_from >= on:
        row.delete()
    else:
        row.valid_to = on
        row.save(update_fields=["valid_to"])
    ledger.append(_stream(row.giver_id), DelegationEnded(delegation_id, on), unit=row.unit.key)


def _must_own(actor: Actor, giver: str, unit: str) -> None:
    if actor.official != giver:
        must_administer(actor, unit)


def _stream(official_id: UUID) -> str:
    return f"official:{official_id}"


def _official(official_id: str) -> models.Official:
    try:
        return models.Official.objects.get(pk=UUID(official_id))
    except (ValueError, models.Official.DoesNotExist) as error:
        raise OfficialUnknown(official=official_id) from error


def _post(unit: str, code: str, on: date) -> models.Post:
    row = models.Post.objects.filter(queries.in_force(on), unit__key=unit, code=code).first()
    if row is None:
        raise PostUnknown(unit=unit, post=code)
    return row
