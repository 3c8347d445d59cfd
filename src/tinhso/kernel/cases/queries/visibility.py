"""Who may see which case: one predicate, the same for a row and for a list.

An applicant sees what is his own or what his account filed; a bearer what was filed with his secret. An official sees a case
in which a unit where he holds a role takes part (:class:`~tinhso.kernel.cases.models.Participation`): it receives it, is
responsible for it, holds or held it, is the parent of one of those (so a leader of the commune's committee sees the commune's),
or was asked for an opinion, as long as the case has not ended. Nobody else sees anything; the system sees all.
"""

import uuid

from django.db.models import Exists, OuterRef, Q, QuerySet

from tinhso.kernel.cases.models import Case, Participation
from tinhso.kernel.cases.types import Phase
from tinhso.kernel.identity import api as identity
from tinhso.kernel.ledger.types import Actor, ActorKind

NOBODY = Q(pk__in=())


def units_of(actor: Actor) -> list[str]:
    """The keys of the units where ``actor`` holds any role, each once, in a fixed order."""
    return sorted({grant.unit for grant in actor.grants})


def takes_part(units: list[str]) -> Q:
    """Cases in which one of ``units`` acts or has acted; those asked for an opinion only do not count."""
    return Q(Exists(Participation.objects.filter(case=OuterRef("pk"), unit__in=units, asked=False)))


def visible_to(actor: Actor) -> Q:
    """The predicate on :class:`~tinhso.kernel.cases.models.Case` that says what ``actor`` may see."""
    if actor.kind is ActorKind.SYSTEM:
        return Q()
    if actor.kind is ActorKind.OFFICIAL:
        units = units_of(actor)
        if not units:
            return NOBODY
        # One EXISTS, so that a database can begin with the units' own cases; an OR of two would make it read all.
        still = Q(asked=False) | ~Q(case__phase=Phase.ENDED)
        return Q(Exists(Participation.objects.filter(still, case=OuterRef("pk"), unit__in=units)))
    if actor.kind is ActorKind.CITIZEN:
        own = Q(filed_by=actor.id)
        return own | Q(party=actor.party) if actor.party else own
    if identity.is_bearer(actor):
        return Q(filed_by=actor.id)
    return NOBODY


def named(id_or_code: str) -> QuerySet[Case]:
    """The case with this id or this code, whoever asks: to be narrowed by :func:`visible_to`."""
    try:
        return Case.objects.filter(pk=uuid.UUID(id_or_code))
    except ValueError:
        return Case.objects.filter(code=id_or_code.strip().upper())


def is_applicant(actor: Actor, case: Case) -> bool:
    """Whether ``actor`` is the applicant or the account that filed for him."""
    if identity.is_bearer(actor):
        return case.filed_by == actor.id
    if actor.kind is not ActorKind.CITIZEN:
        return False
    return str(case.party_id) == actor.party or case.filed_by == actor.id
