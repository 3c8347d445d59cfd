"""Papers and answers that come after handing in: what a request asked for, what an official scans, what he thinks of it."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import Max

from tinhso.kernel.cases.engine import form
from tinhso.kernel.cases.engine.running import DataCorrected, PaperAdded, PaperChecked
from tinhso.kernel.cases.engine.state import CaseState
from tinhso.kernel.cases.models import Case, Paper
from tinhso.kernel.cases.operations.moving import locked, ref_of
from tinhso.kernel.cases.queries.moments import stream_of
from tinhso.kernel.cases.queries.packs import definition_of
from tinhso.kernel.cases.queries.visibility import is_applicant
from tinhso.kernel.cases.types import CaseRef, Phase
from tinhso.kernel.files import api as files
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor, Event
from tinhso.lib import clock
from tinhso.lib.problems import Invalid, NotAllowed


@ledger.operation
def attach(actor: Actor, case_id: str, paper_code: str, file_id: str) -> CaseRef:
    """Hand in a stored file as a component of a running case.

    The applicant may while a request of more is open (the first file of a request begins a new version of that paper, more
    files join it); an official of the unit that receives or holds the case may at any time before it is handled, for what
    comes to the counter on paper.

    Raises NoSuchCase, NotAllowed, Invalid (``unknown_paper``, ``too_many_files``, ``no_such_file``).
    """
    case = locked(actor, case_id)
    definition = definition_of(case.type_code, case.type_version)
    applicant = _check_may_add(actor, case)
    rule = next((rule for rule in form.papers(definition, case.data) if rule.code == paper_code), None)
    if rule is None:
        raise Invalid([(paper_code, "unknown_paper", {})])
    ref = files.refs([file_id], by=actor).get(file_id)
    if ref is None:
        raise Invalid([(paper_code, "no_such_file", {})])
    version, place = _next_place(case, paper_code)
    if place >= rule.max_files:
        raise Invalid([(paper_code, "too_many_files", {"max": rule.max_files})])
    now = clock.now()
    Paper.objects.create(
        case=case,
        code=paper_code,
        version=version,
        place=place,
        file_id=uuid.UUID(file_id),
        state="given",
        added_at=now,
        added_by=actor.id,
    )
    case.given = {**case.given, paper_code: version}
    case.wanting = [code for code in case.wanting if code != paper_code]
    added = PaperAdded(
        case=str(case.id),
        type_code=case.type_code,
        paper=paper_code,
        version=version,
        sha256=ref.sha256,
        digital=applicant,
    )
    return _append(actor, case, added, ["given", "wanting"])


@ledger.operation
def correct(actor: Actor, case_id: str, data: Mapping[str, Any]) -> CaseRef:
    """Correct answers of the form: the applicant, those fields that the open request asks for, no others.

    Raises NoSuchCase, NotAllowed, Invalid (``not_asked`` for a field that was not asked for, or the fault of its content).
    """
    case = locked(actor, case_id)
    definition = definition_of(case.type_code, case.type_version)
    asked = CaseState.from_json(case.state).open_requests
    if not asked or not is_applicant(actor, case):
        raise NotAllowed(what="correct")
    wanted = {item for request in asked for item in request.items}
    strange = [name for name in data if name not in wanted or name not in definition.fields]
    if strange:
        raise Invalid([(name, "not_asked", {}) for name in strange])
    merged = form.clean(definition, {**case.data, **data})
    errors = form.validate(definition, merged)
    if errors:
        raise Invalid(errors)
    case.data = merged
    case.wanting = [code for code in case.wanting if code not in data]
    fact = DataCorrected(case=str(case.id), type_code=case.type_code, fields=tuple(sorted(data)))
    return _append(actor, case, fact, ["data", "wanting"])


@ledger.operation
def check_paper(actor: Actor, case_id: str, paper_code: str, accepted: bool, note: str = "") -> CaseRef:
    """Say whether a paper will do, with a note for the request if not: an official of the unit that holds the case.

    Raises NoSuchCase, NotAllowed, Invalid (``unknown_paper``).
    """
    case = locked(actor, case_id)
    if not actor.roles_at(case.holder_unit) or case.phase == Phase.ENDED:
        raise NotAllowed(what="check_paper")
    state = "accepted" if accepted else "wanting"
    latest = case.given.get(paper_code)
    if not Paper.objects.filter(case=case, code=paper_code, version=latest).update(state=state, note=note):
        raise Invalid([(paper_code, "unknown_paper", {})])
    return _append(
        actor, case, PaperChecked(case=str(case.id), type_code=case.type_code, paper=paper_code, accepted=accepted), []
    )


def _append(actor: Actor, case: Case, fact: Event, columns: list[str]) -> CaseRef:
    """One entry and the columns it changes."""
    case.version += 1
    case.updated_at = clock.now()
    case.save(update_fields=[*columns, "version", "updated_at"])
    ledger.append(stream_of(case), fact, unit=actor.unit, occurred_at=case.updated_at, after=case.version - 1)
    return ref_of(case)


def _check_may_add(actor: Actor, case: Case) -> bool:
    """Raises NotAllowed for who may not add papers now; says whether it is the applicant."""
    if is_applicant(actor, case):
        if not CaseState.from_json(case.state).open_requests:
            raise NotAllowed(what="attach")
        return True
    holds = actor.roles_at(case.holder_unit) | actor.roles_at(case.receiving_unit)
    if not holds or case.phase in (Phase.DONE, Phase.ENDED):
        raise NotAllowed(what="attach")
    return False


def _next_place(case: Case, paper_code: str) -> tuple[int, int]:
    """The version and the place of the next file: the first one since a request begins a new version."""
    version = case.given.get(paper_code, 0)
    if version == 0 or paper_code in case.wanting:
        return version + 1, 0
    rows = Paper.objects.filter(case=case, code=paper_code, version=version)
    last: int | None = rows.aggregate(last=Max("place"))["last"]
    return version, 0 if last is None else last + 1
