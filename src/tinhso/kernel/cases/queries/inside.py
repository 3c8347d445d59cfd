"""What effects and notices ask of a case that they have in hand already: no policy is asked, no look is recorded."""

from tinhso.kernel.cases.engine.definition import Definition
from tinhso.kernel.cases.models import Case, Paper, Task
from tinhso.kernel.cases.queries.packs import definition_of
from tinhso.kernel.cases.types import CaseBrief, CaseType, GivenPaper, Opinion, Phase, ResultRule
from tinhso.kernel.files import api as files
from tinhso.kernel.organisation import api as organisation


def brief_of(case_id: str) -> CaseBrief:
    """A case in one line. Raises Case.DoesNotExist: whoever asks has its id from the ledger."""
    row = Case.objects.only("id", "code", "type_code", "type_version", "party", "handler", "phase").get(pk=case_id)
    return CaseBrief(
        id=str(row.id),
        code=row.code,
        family=definition_of(row.type_code, row.type_version).family.code,
        party=str(row.party_id or ""),
        handler=row.handler,
        phase=Phase(row.phase),
    )


def papers_of(case_id: str) -> tuple[GivenPaper, ...]:
    """The newest version of each paper handed in, in the order in which the type asks for them."""
    definition = _definition(case_id)
    rows = list(Paper.objects.filter(case_id=case_id).order_by("-version", "place"))
    newest = {row.code: max(other.version for other in rows if other.code == row.code) for row in rows}
    refs = files.refs([str(row.file_id) for row in rows])
    return tuple(
        GivenPaper(
            rule.code,
            rule.title,
            tuple(refs[str(r.file_id)] for r in rows if (r.code, r.version) == (rule.code, newest[rule.code])),
        )
        for rule in definition.public.papers
        if rule.code in newest
    )


def opinions_of(case_id: str) -> tuple[Opinion, ...]:
    """What other units were asked and said, oldest first."""
    rows = list(Task.objects.filter(case_id=case_id).order_by("opened_at", "pk"))
    units = organisation.units_by_key({row.unit for row in rows})
    return tuple(
        Opinion(
            row.key,
            units[row.unit].name if row.unit in units else row.unit,
            row.question,
            row.outcome,
            row.answer,
            row.closed_at,
        )
        for row in rows
    )


def result_rule_of(case_id: str, task_kind: str | None = None) -> ResultRule:
    """What this case is to produce: what a kind of task declares, otherwise the first result of its type."""
    definition = _definition(case_id)
    task = definition.tasks.get(task_kind or "")
    if task is not None and task.result is not None:
        return definition.results[task.result]
    return next(iter(definition.results.values()))


def type_version(code: str, version: str) -> CaseType:
    """One version of a case type, in force or not: what a case that began under it shows."""
    return definition_of(code, version).public


def _definition(case_id: str) -> Definition:
    row = Case.objects.only("type_code", "type_version").get(pk=case_id)
    return definition_of(row.type_code, row.type_version)
