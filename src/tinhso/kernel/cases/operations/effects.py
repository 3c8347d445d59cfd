"""Doing what a move declares beside going on: the case room's own effects and those of its family."""

from tinhso.kernel.cases.engine import form
from tinhso.kernel.cases.engine.definition import Move
from tinhso.kernel.cases.engine.running import DocumentIssued, ResultRecorded
from tinhso.kernel.cases.engine.state import CaseState
from tinhso.kernel.cases.families import declared
from tinhso.kernel.cases.models import Case, Document, Result
from tinhso.kernel.cases.queries.moments import Turn, moment, stream_of
from tinhso.kernel.cases.types import Moment, NewResult, Outcome
from tinhso.kernel.ledger.types import Event
from tinhso.kernel.payments import api as payments
from tinhso.kernel.payments.types import CancelReason, ChargeState
from tinhso.lib.clock import TZ


def run_effects(turn: Turn, move: Move, after: CaseState, version: int) -> list[Event]:
    """Run the effects of a move in their order and write what they ask for; gives the entries to append.

    ``after`` is the state that the move's facts lead to, ``version`` what the stream has come to with them. Sets ``unpaid`` and
    ``result`` of the case; the caller saves it.
    """
    events: list[Event] = []
    if not move.effects:
        return events
    case, at = turn.case, moment(turn, after, version)
    for name in move.effects:
        if name == "cases.create_charge":
            _charge(turn, at)
        elif name == "cases.cancel_charge":
            _cancel_charges(case, at, after.outcome)
        else:
            outcome = declared(turn.definition.family.code).effects[name](at)
            if outcome is not None:
                events += _write(case, at, outcome)
    return events


def _charge(turn: Turn, at: Moment) -> None:
    case = turn.case
    lines = form.fees(turn.definition, case.data, at.at.astimezone(TZ).date(), at.channel)
    if lines:
        charge = payments.create_charge(at.actor, stream_of(case), lines, str(case.party_id or ""), unit=case.receiving_unit)
        case.unpaid += charge.amount


def _cancel_charges(case: Case, at: Moment, outcome: str | None) -> None:
    reason = next((known for known in CancelReason if known == outcome), CancelReason.STOPPED)
    for charge in payments.charges(stream_of(case)):
        if charge.state is ChargeState.DUE:
            payments.cancel_charge(at.actor, charge.id, reason)
    case.unpaid = 0


def _write(case: Case, at: Moment, outcome: Outcome) -> list[Event]:
    type_code = at.type.code
    rows = [
        Document(
            case_id=case.id,
            kind=new.kind,
            title_vi=new.title.vi,
            title_en=new.title.en,
            file_id=new.file,
            number=new.number,
            at=at.at,
            verify_code=new.verify_code,
        )
        for new in outcome.documents
    ]
    Document.objects.bulk_create(rows)
    events: list[Event] = [
        DocumentIssued(case=at.case, type_code=type_code, document=new.kind, file=new.file, number=new.number)
        for new in outcome.documents
    ]
    if outcome.result is not None:
        events.append(_write_result(case, at, outcome.result))
    return events + list(outcome.events)


def _write_result(case: Case, at: Moment, new: NewResult) -> ResultRecorded:
    version = Result.objects.filter(case_id=case.id, code=new.code).count() + 1
    Result.objects.create(
        case_id=case.id,
        code=new.code,
        version=version,
        title_vi=new.title.vi,
        title_en=new.title.en,
        file_id=new.file,
        number=new.number,
        state=new.state,
        signed=list(new.signed),
        verify_code=new.verify_code,
        final=new.final,
        at=at.at,
    )
    case.result = new.state
    return ResultRecorded(
        case=at.case,
        type_code=at.type.code,
        result=new.code,
        version=version,
        state=new.state,
        file=new.file,
        number=new.number,
        final=new.final,
    )
