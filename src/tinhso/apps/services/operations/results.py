"""The result of a dossier: drafted from its own data, signed by the leader, numbered and sealed by the clerk, published."""

from typing import Any

from tinhso.apps.services.operations.letterhead import TEMPLATES, applicant, day_words, place_of, qr_svg, verify_address
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import FormField, Moment, NewResult, Outcome, ResultRule, ResultView, Words
from tinhso.kernel.files import api as files
from tinhso.kernel.identity import api as identity
from tinhso.kernel.organisation import api as organisation
from tinhso.kernel.organisation.types import Official, Unit
from tinhso.lib.clock import TZ
from tinhso.lib.text import dong, number

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
    """What was built where, as statements: a form's question loses its mark, and what the heading says is not said again."""
    return [
        (field.label.vi.rstrip("?"), _answer(field, at.data[field.name]))
        for page in at.type.pages
        if page.id in pages
        for field in page.fields
        if field.name in at.data and field.name != "work_kind"
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
    leader, verify_code = _signer(at), files.new_verify_code()
    content = _content(at, rule, agency, verify_code) | {
        "land_papers": "; ".join(p.title.vi for p in cases.papers_of(at.case) if p.code == "land_right" and p.files),
        "opinions": _opinions(at),
        "signer_title": leader.title,
        "signer_name": leader.name,
    }
    if "work_kind" in at.data:
        content["work"] = _answer(_field(at, "work_kind"), at.data["work_kind"]).lower()
    pdf = files.render_pdf(TEMPLATES / f"{rule.template}.typ", content, title=rule.title.vi, date=at.at.astimezone(TZ).date())
    return _keep(at, rule.code, rule.title, pdf, "draft", verify_code=verify_code)


def _content(at: Moment, rule: ResultRule, agency: Unit, verify_code: str) -> dict[str, Any]:
    """What every result is set from: who issues it, to whom, what it states, and how it is checked."""
    person = applicant(at)
    return {
        "agency": agency.name,
        "place": place_of(agency),
        "owner": person.name,
        "identifier": person.identifier,
        "address": person.address,
        "title": rule.title.vi,
        "statement": rule.statement.vi if rule.statement else "",
        "facts": _facts(at, rule.pages or ("plot", "house")),
        "basis": [basis.vi for basis in at.type.legal_basis],
        "requirements": str(at.input.get("requirements", "")),
        "valid_months": str(rule.valid_months or ""),
        "responsible": organisation.unit(at.units["responsible"]).name,
        "monthly": dong(at.monthly) if at.monthly else "",
        "code": at.code,
        "qr": qr_svg(verify_address(verify_code)),
        "verify": verify_address(verify_code),
    }


MOST_PAGES = 200
"""Of a paper whose pages become part of a result."""


def _enclosed(at: Moment, rule: ResultRule) -> dict[str, bytes]:
    """The pages of the papers that are part of the result, as pictures by name, in their order."""
    given = {paper.code: paper.files for paper in cases.papers_of(at.case)}
    drawn = [
        files.page_image(file.id, page + 1, width=1240)
        for code in rule.encloses
        for file in given.get(code, ())
        for page in range(min(file.pages or 1, MOST_PAGES))
    ]
    return {f"page-{number:03}.png": picture for number, picture in enumerate(drawn, 1)}


def issue_result(at: Moment) -> Outcome | None:
    """A result made, signed, numbered, sealed and published in one go, by who is in charge of it at the agency that issues it.

    For results that one official makes alone: what a linked agency answers, what is certified at the counter. He signs himself
    where he has a key, the agency's seal lies over everything. A task that came out badly gives no result.
    """
    if at.task_failed:
        return None
    rule = cases.result_rule_of(at.case, at.task_kind)
    agency = organisation.unit(at.task_unit or at.units[rule.issuer or "commune-pc"])
    verify_code, name = files.new_verify_code(), identity.actor_names([at.actor.id]).get(at.actor.id, "")
    pages = _enclosed(at, rule)
    signs = files.signing_certificate(f"official:{at.actor.official}") is not None
    post = next((o.title for o in organisation.officials_at(agency.key) if o.id == at.actor.official), "")
    content = _content(at, rule, agency, verify_code) | {
        "pages": sorted(pages),
        "signs": signs,
        "signer_title": post,
        "signer_name": name,
    }
    day = at.at.astimezone(TZ).date()
    pdf = files.render_pdf(TEMPLATES / f"{rule.template}.typ", content, title=rule.title.vi, date=day, pictures=pages)
    if signs:
        pdf = files.sign(at.actor, pdf, f"official:{at.actor.official}", LEADER)
    signed = NewResult(rule.code, rule.title, "", "signed", signed=(name,) if signs else (), verify_code=verify_code)
    return _sealed(at, rule, agency, pdf, signed)


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
    so_far = NewResult(
        signed.code, signed.title, signed.file.id, "signed", signed=signed.signed, verify_code=signed.verify_code or ""
    )
    return _sealed(at, rule, agency, files.open_bytes(at.actor, signed.file.id), so_far)


def _sealed(at: Moment, rule: ResultRule, agency: Unit, pdf: bytes, so_far: NewResult) -> Outcome:
    """Number and date into the places kept free, the agency's signature over everything, publication."""
    today = at.at.astimezone(TZ).date()
    running = cases.next_number(f"{agency.key}:{rule.number_series}", today.replace(month=1, day=1))
    number_words = f"{running:02}/{rule.number_series}"
    texts = {"number": number_words, "date": day_words(at.at)}
    final = files.sign(at.actor, pdf, f"unit:{agency.key}", AGENCY, fills=texts)
    outcome = _keep(
        at,
        so_far.code,
        so_far.title,
        final,
        "numbered",
        number=number_words,
        signed=(*so_far.signed, agency.name),
        verify_code=so_far.verify_code,
        final=True,
    )
    assert outcome.result is not None
    shown = {"number": number_words, "agency": agency.name}
    files.publish(at.actor, outcome.result.file, "services.result", f"case:{at.case}", facts=shown, code=so_far.verify_code)
    return outcome
