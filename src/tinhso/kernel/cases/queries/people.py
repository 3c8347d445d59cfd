"""What applicants, and anybody with a code, may ask of cases; lines and files of one case."""

import uuid
from collections.abc import Collection

from django.db.models import Q

from tinhso.kernel.cases.models import Case, Document, Paper, Result, Supplement, Task
from tinhso.kernel.cases.queries.lists import narrowed
from tinhso.kernel.cases.queries.packs import definition_of
from tinhso.kernel.cases.queries.rows import as_rows
from tinhso.kernel.cases.queries.views import may_have_result, result_view, visible_case
from tinhso.kernel.cases.queries.visibility import is_applicant, named, visible_to
from tinhso.kernel.cases.types import CaseKey, CaseRef, CaseRow, ListFilter, NoSuchCase, OwnResult, PublicStatus
from tinhso.kernel.files import api as files
from tinhso.kernel.files.types import FileRef
from tinhso.kernel.ledger.types import Actor, ActorKind
from tinhso.kernel.organisation import api as organisation
from tinhso.lib import clock
from tinhso.lib.codes import DossierCodeInvalid, parse_dossier_code
from tinhso.lib.problems import NotFound

LATEST = 100


def case_row(actor: Actor, id_or_code: str) -> CaseRow:
    """One case as a line of a list. Raises :class:`NoSuchCase`."""
    return as_rows(actor, [visible_case(actor, id_or_code)])[0]


def case_key(actor: Actor, id_or_code: str) -> CaseKey:
    """What a case is called and of which type it is: one statement. Raises :class:`NoSuchCase`."""
    rows = named(id_or_code).filter(visible_to(actor))
    case = rows.only("id", "code", "version", "type_code", "type_version").first()
    if case is None:
        raise NoSuchCase
    return CaseKey(CaseRef(str(case.id), case.code, case.version), case.type_code, case.type_version)


def my_cases(actor: Actor) -> list[CaseRow]:
    """The cases of an applicant, the newest first (at most 100); nobody else's, whoever asks. Five statements."""
    own = Q(filed_by=actor.id)
    if actor.party:
        own |= Q(party=actor.party)
    if actor.kind is not ActorKind.CITIZEN:
        return []
    return list(
        as_rows(
            actor, list(Case.objects.filter(own).select_related("party").defer("data").order_by("-filed_at", "id")[:LATEST])
        )
    )


def my_results(actor: Actor) -> list[OwnResult]:
    """What the province has issued to an applicant and is his, the newest first (at most 100). Three statements."""
    if actor.kind is not ActorKind.CITIZEN or not actor.party:
        return []
    rows = Result.objects.filter(case__party_id=uuid.UUID(actor.party), case__unpaid=0, final=True).select_related("case__type")
    found = list(rows.order_by("-at", "-id")[:LATEST])
    refs = files.refs([str(row.file_id) for row in found])
    return [
        OwnResult(
            code=row.case.code,
            family=row.case.type.family,
            type_title=definition_of(row.case.type_code, row.case.type_version).public.title,
            result=result_view(row, refs[str(row.file_id)]),
        )
        for row in found
        if str(row.file_id) in refs
    ]


def find(actor: Actor, words: str, limit: int = 20) -> list[CaseRow]:
    """Cases that ``actor`` may see whose code or applicant has these words in it, the newest first."""
    if not words.strip():
        return []
    rows = Case.objects.filter(visible_to(actor) & narrowed(ListFilter(text=words))).defer("data")
    return list(as_rows(actor, list(rows.select_related("party").order_by("-filed_at", "id")[:limit])))


def codes_of(actor: Actor, ids: Collection[str]) -> dict[str, tuple[str, str]]:
    """Code and type of those of these cases that ``actor`` may see, by id. One statement."""
    rows = Case.objects.filter(visible_to(actor), pk__in=[uuid.UUID(key) for key in ids])
    return {str(key): (code, kind) for key, code, kind in rows.values_list("pk", "code", "type_code")}


def public_status(code: str) -> PublicStatus:
    """Where a case stands, for anybody who has its code, in either format and however typed: no name, no paper.

    Raises :class:`NoSuchCase`, also for what is no code at all.
    """
    try:
        written = str(parse_dossier_code(code))
    except DossierCodeInvalid as fault:
        raise NoSuchCase from fault
    case = Case.objects.filter(code=written).defer("data").first()
    if case is None:
        raise NoSuchCase
    definition = definition_of(case.type_code, case.type_version)
    shown = case.holder_unit or case.responsible_unit
    unit = organisation.units_by_key({shown}).get(shown)
    return PublicStatus(
        code=case.code,
        type_title=definition.public.title,
        status=case.status,
        step_public=definition.steps[case.step].rule.public,
        unit_name=unit.name if unit else "",
        filed_on=case.filed_at.astimezone(clock.TZ).date(),
        received_at=case.received_at,
        due=case.due_at,
    )


def file_of_case(actor: Actor, case_id: str, file_id: str) -> FileRef:
    """A file of a case, if ``actor`` may have it: the policy of downloads. Three statements.

    Who may see the case may have its papers and slips; only officials what they write to each other; the applicant the result
    when it is final and paid. Raises :class:`NoSuchCase`, NotFound for a file that is not of this case or not for this actor.
    """
    case = visible_case(actor, case_id)
    try:
        key = uuid.UUID(file_id)
    except ValueError as fault:
        raise NotFound(file=file_id) from fault
    own = is_applicant(actor, case)
    documents = Document.objects.filter(case=case, file=key)
    known = Paper.objects.filter(case=case, file=key).order_by().values_list("file_id")
    known = known.union(
        (documents.filter(public=True) if own else documents).order_by().values_list("file_id"),
        Supplement.objects.filter(case=case, slip=key).order_by().values_list("slip_id"),
    )
    if not own:
        known = known.union(
            Task.objects.filter(case=case, file=key).order_by().values_list("file_id"),
            Result.objects.filter(case=case, file=key).order_by().values_list("file_id"),
        )
    found = bool(list(known))
    if not found and own:
        result = Result.objects.filter(case=case, file=key).first()
        found = result is not None and may_have_result(result, case)
    ref = files.refs([file_id]).get(file_id) if found else None
    if ref is None:
        raise NotFound(file=file_id)
    return ref
