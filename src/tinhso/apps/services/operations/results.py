"""The result of a dossier: drafted from its own data, signed by the leader, numbered and sealed by the clerk, published."""

from typing import Any

from tinhso.apps.services.operations.letterhead import TEMPLATES, applicant, day_words, place_of, qr_svg, verify_address
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import FormField, Moment, NewResult, Outcome, ResultView, Words
from tinhso.kernel.files import api as files
from tinhso.kernel.identity import api as identity
from tinhso.kernel.organisation import api as organisation
from tinhso.kernel.organisation.types import Official
from tinhso.lib.clock import TZ
from tinhso.lib.text import number

LEADER, AGENCY = "leader", "agency"
"""Names of the two signature fields that a result's template keeps free."""


def _answer(field: FormField, value: Any) -> str:
    """An answer as the paper prints it, in Vietnamese."""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, int | float):
        shown = number(value, 0 if float(value).is_integer() else 2)
        return f"{shown} {field.unit}" if field.unit else shown
    if field.widget == "area":
        return organisation.area(str(value)).title
    return {code: label.vi for code, label in field.choices}.get(str(value), str(value))


def _facts(at: Moment, pages: tuple[str, ...]) -> list[tuple[str, str]]:
    return [
        (field.label.vi, _answer(field, at.data[field.name]))
        for page in at.type.pages
        if page.id in pages
        for field in page.fields
        if field.name in at.data
    ]


def _signer(at: Moment) -> Official:
    """The leader whose name the paper carries: the head of the unit that signs."""
    chief = organisation.chief_of(at.units["commune-pc"])
    return chief or Official(id="", name="", title="Chủ tịch")


def _opinions(at: Moment) -> str:
    said = [
        f"{task.unit_name}: {task.answer or task.outcome}"
        for task in cases.opinions_of(at.case)
        if task.closed_at and task.answer
    ]
    return "; ".join(said) or "không có nội dung phải lấy ý kiến"


def draft_result(at: Moment) -> Outcome:
    """A new draft of the result, set from the dossier's data; it replaces an earlier one."""
    rule = cases.result_rule_of(at.case)
    agency = organisation.unit(at.units["commune-pc"])
    person, leader = applicant(at), _signer(at)
    verify_code = files.new_verify_code()
    content = {
        "agency": agency.name,
        "place": place_of(agency),
        "owner": person.name,
        "identifier": person.identifier,
        "address": person.address,
        "work": _answer(_field(at, "work_kind"), at.data.get("work_kind", "")).lower(),
        "facts": _facts(at, ("plot", "house")),
        "land_papers": "; ".join(p.title.vi for p in cases.papers_of(at.case) if p.code == "land_right" and p.files),
        "opinions": _opinions(at),
        "requirements": str(at.input.get("requirements", "")),
        "valid_months": str(rule.valid_months or ""),
        "responsible": organisation.unit(at.units["responsible"]).name,
        "qr": qr_svg(verify_address(verify_code)),
        "verify": verify_address(verify_code),
        "signer_title": leader.title,
        "signer_name": leader.name,
    }
    pdf = files.render_pdf(TEMPLATES / f"{rule.template}.typ", content, title=rule.title.vi, date=at.at.astimezone(TZ).date())
    return _keep(at, rule.code, rule.title, pdf, "draft", verify_code=verify_code)


def _field(at: Moment, name: str) -> FormField:
    return next(f for page in at.type.pages for f in page.fields if f.name == name)


def _keep(at: Moment, code: str, title: Words, pdf: bytes, state: str, **facts: Any) -> Outcome:
    name = f"{code}-{at.code}-{state}.pdf"
    ref = files.store(at.actor, name, pdf, f"case:{at.case}", allowed=("pdf",))
    return Outcome(result=NewResult(code, title, ref.id, state, **facts))


def _latest(at: Moment) -> ResultView:
    return cases.results_of(at.case)[0]


def sign_result(at: Moment) -> Outcome:
    """The leader's own signature on the draft (NĐ 30/2020, art. 13)."""
    draft = _latest(at)
    signed = files.sign(at.actor, files.open_bytes(at.actor, draft.file.id), f"official:{at.actor.official}", LEADER)
    name = identity.actor_names([at.actor.id]).get(at.actor.id, "")
    return _keep(at, draft.code, draft.title, signed, "signed", signed=(name,), verify_code=draft.verify_code or "")


def number_result(at: Moment) -> Outcome:
    """The clerk's part: number and date into the places kept free, the agency's signature over everything, publication.

    Numbers run from 1 within a year and a series, by agency (NĐ 30/2020, art. 15).
    """
    signed = _latest(at)
    rule = cases.result_rule_of(at.case)
    agency = organisation.unit(at.units["commune-pc"])
    today = at.at.astimezone(TZ).date()
    running = cases.next_number(f"{agency.key}:{rule.number_series}", today.replace(month=1, day=1))
    number_words = f"{running:02}/{rule.number_series}"
    texts = {"number": number_words, "date": day_words(at.at)}
    final = files.sign(at.actor, files.open_bytes(at.actor, signed.file.id), f"unit:{agency.key}", AGENCY, fills=texts)
    outcome = _keep(
        at,
        signed.code,
        signed.title,
        final,
        "numbered",
        number=number_words,
        signed=(*signed.signed, agency.name),
        verify_code=signed.verify_code or "",
        final=True,
    )
    assert outcome.result is not None
    shown = {"number": number_words, "agency": agency.name}
    files.publish(at.actor, outcome.result.file, "services.result", f"case:{at.case}", facts=shown, code=signed.verify_code)
    return outcome
