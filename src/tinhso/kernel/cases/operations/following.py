"""What happens elsewhere and changes cases: money arrives, units end. Driven by the ledger's followers, so nothing is missed,
and harmless when driven twice."""

import uuid
from collections.abc import Sequence
from dataclasses import replace

from tinhso.kernel.cases.engine.running import UnitSucceeded
from tinhso.kernel.cases.engine.state import CaseState
from tinhso.kernel.cases.models import Case, Participation
from tinhso.kernel.cases.operations.moving import perform
from tinhso.kernel.cases.operations.projecting import PROJECTED, project
from tinhso.kernel.cases.queries.moments import stream_of
from tinhso.kernel.cases.queries.packs import definition_of
from tinhso.kernel.cases.types import Phase
from tinhso.kernel.identity import api as identity
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor, Entry
from tinhso.kernel.payments import api as payments
from tinhso.kernel.payments.types import ChargeState
from tinhso.lib import clock

PAY = "pay"
"""The system's move by which a case goes on once it is paid, in types that wait for payment."""
PAYABLE = "case:"


def after_settlement(entries: Sequence[Entry]) -> None:
    """Follower of ``payments.settled`` and ``payments.cancelled``: what a case still owes, and on it goes."""
    actor = identity.system("case-payments")
    payables = {str(entry.data.get("payable", "")) for entry in entries}
    keys = [payable.removeprefix(PAYABLE) for payable in payables if payable.startswith(PAYABLE)]
    over = Case.objects.filter(pk__in=keys, phase=Phase.ENDED, unpaid=0)  # nothing waits for money there
    done = {f"{PAYABLE}{key}" for key in over.values_list("pk", flat=True)}
    for entry in entries:
        payable = str(entry.data.get("payable", ""))
        if payable.startswith(PAYABLE) and payable not in done:
            settled(actor, payable.removeprefix(PAYABLE), f"settled:{entry.stream}:{entry.version}")


@ledger.operation
def settled(actor: Actor, case_id: str, request_key: str) -> bool:
    """Write down what a case still owes; when that is nothing and the step has the system's move ``pay``, make it.

    Says whether the move was made. What is owed is asked of payments, not taken from the entry, so any number of repeats in any
    order leads to the same.
    """
    case = Case.objects.select_for_update(of=("self",)).filter(pk=uuid.UUID(case_id)).first()
    if case is None:
        return False
    owed = sum(charge.amount for charge in payments.charges(stream_of(case)) if charge.state is ChargeState.DUE)
    if owed != case.unpaid:
        case.unpaid = owed
        case.save(update_fields=["unpaid"])
    move = definition_of(case.type_code, case.type_version).moves.get(PAY)
    if owed or move is None or move.rule.by != "system" or case.step not in move.rule.sources:
        return False
    perform(actor, case_id, PAY, {}, request_key=request_key)
    return True


def after_unit_ended(entries: Sequence[Entry]) -> None:
    """Follower of ``organisation.unit_ended``: cases go on at the unit that took the work over."""
    actor = identity.system("case-units")
    for entry in entries:
        successors = entry.data.get("successors") or ()
        if successors:
            old, new = str(entry.data["unit"]), str(successors[0])
            for key in (
                Case.objects.filter(ended_at__isnull=True, participations__unit=old).values_list("pk", flat=True).distinct()
            ):
                succeed(actor, key, old, new)


@ledger.operation
def succeed(actor: Actor, case_id: uuid.UUID, old: str, new: str) -> bool:
    """Let the unit ``new`` take the place of ``old`` in a running case; False when ``old`` has no place in it any more.

    Minimal on purpose: every place of the case goes to the *main* successor, who handles it keeps it, opinions asked of the old
    unit stay with it in the record and are answered by the new one. The receiving unit of the past stays in the entries.
    """
    case = Case.objects.select_for_update(of=("self",)).filter(pk=case_id, ended_at__isnull=True).first()
    if case is None:
        return False
    state = CaseState.from_json(case.state)
    tasks = tuple(replace(task, unit=new) if task.open and task.unit == old else task for task in state.tasks)
    if old not in state.units.values() and tasks == state.tasks:
        return False
    units = {place: new if unit == old else unit for place, unit in state.units.items()}
    moved = replace(state, units=units, unit=new if state.unit == old else state.unit, tasks=tasks)
    now = clock.now()
    if new not in case.units:
        case.units = [*case.units, new]
        Participation.objects.create(case=case, unit=new, since=now)
    case.tasks.filter(unit=old, closed_at__isnull=True).update(unit=new)
    case.version += 1
    project(case, definition_of(case.type_code, case.type_version), moved, now)
    case.save(update_fields=PROJECTED)
    fact = UnitSucceeded(case=str(case.id), type_code=case.type_code, previous=old, successor=new)
    ledger.append(stream_of(case), fact, unit=new, occurred_at=now, after=case.version - 1)
    return True
