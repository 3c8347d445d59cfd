"""What time alone does to cases: warnings, overdue cases, late opinions and answers; each case in a transaction of its own."""

import logging
import uuid

from tinhso.kernel.cases.engine import decide as machine
from tinhso.kernel.cases.engine.evolve import evolve_all
from tinhso.kernel.cases.engine.state import CaseState
from tinhso.kernel.cases.models import Case
from tinhso.kernel.cases.operations.moving import Decided, perform, save
from tinhso.kernel.cases.queries.moments import Turn, Wish
from tinhso.kernel.cases.queries.packs import definition_of
from tinhso.kernel.identity import api as identity
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor
from tinhso.kernel.organisation import api as organisation
from tinhso.lib import clock

log = logging.getLogger(__name__)
BATCH = 200


def tick(limit: int = BATCH) -> int:
    """Ring the alarms that are due, the oldest first, at most ``limit`` cases; gives how many cases rang.

    A case that fails is logged and left for the next time: it must not keep the others waiting.
    """
    actor = identity.system("case-clock")
    due = Case.objects.filter(alarm_at__lte=clock.now()).order_by("alarm_at").values_list("pk", flat=True)[:limit]
    rung = 0
    for key in list(due):
        try:
            rung += ring_case(actor, key)
        except Exception:  # one broken case must not silence the clock of all others; it is logged and stays due
            log.exception("the alarm of case %s failed", key)
    return rung


@ledger.operation
def ring_case(actor: Actor, case_id: uuid.UUID) -> bool:
    """Record what time has done to one case; False when somebody else has done it meanwhile."""
    now = clock.now()
    case = Case.objects.select_for_update(of=("self",)).filter(pk=case_id, alarm_at__lte=now).first()
    if case is None:
        return False
    definition = definition_of(case.type_code, case.type_version)
    state = CaseState.from_json(case.state)
    facts = machine.ring(definition, state, now)
    turn = Turn(actor, case, definition, state, Wish(""), now, organisation.calendar())
    after = evolve_all(state, facts) if facts else state
    save(turn, Decided(after, facts))
    move = machine.timed(definition, after, now)
    if move is not None:
        perform(actor, str(case_id), move)
    return bool(facts) or move is not None
