"""Opening a case: the page itself, the entry of who looked, and that it has been seen."""

from tinhso.kernel.cases.models import Case
from tinhso.kernel.cases.queries.moments import stream_of
from tinhso.kernel.cases.queries.views import view_of, visible_case
from tinhso.kernel.cases.queries.visibility import is_applicant
from tinhso.kernel.cases.types import CaseView
from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.types import PartyKind, PartyView, Purpose
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor, ActorKind

NOBODY = PartyView("", PartyKind.PERSON, "", "", "", "", "")
"""The applicant of a case that a bearer handed in."""


def case_view(actor: Actor, id_or_code: str, purpose: Purpose | None = None) -> CaseView:
    """Everything a page of a case needs, as ``actor`` may see it, in a fixed number of statements.

    ``purpose`` says why the applicant's whole data are looked at, and leaves an entry of it (once each half hour); without one
    they are masked. An applicant sees his own. The first official of the holding unit to open it makes it read. Raises
    NoSuchCase.
    """
    case = visible_case(actor, id_or_code)
    if is_applicant(actor, case):
        purpose = Purpose.OWN
    party = str(case.party_id or "")
    if purpose is Purpose.OWN and actor.party != party:
        purpose = None
    if not party:
        applicant = NOBODY
    elif purpose is None:
        applicant = identity.party_masked([party])[party]
    else:
        applicant = identity.party(actor, party, purpose, stream_of(case))
    if case.unread and actor.kind is ActorKind.OFFICIAL and actor.roles_at(case.holder_unit):
        mark_read(actor, case)
    return view_of(actor, case, applicant)


def glance(actor: Actor, id_or_code: str) -> CaseView:
    """What a preview beside a list shows: the applicant masked as in the list itself, so that it is no look at his data, and
    the case stays unread. Raises NoSuchCase.
    """
    case = visible_case(actor, id_or_code)
    party = str(case.party_id or "")
    return view_of(actor, case, identity.party_masked([party])[party] if party else NOBODY)


@ledger.operation
def mark_read(actor: Actor, case: Case) -> None:
    """Note that somebody whose turn it is has opened the case; no fact of its life, so no entry."""
    if case.holder in ("", actor.id, actor.on_behalf):
        Case.objects.filter(pk=case.pk, version=case.version).update(unread=False)
