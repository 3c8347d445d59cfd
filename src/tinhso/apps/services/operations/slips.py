"""The slips and letters of TT 03/2025/TT-VPCP, annex I: forms 01 to 05."""

from collections.abc import Mapping
from typing import Any

from tinhso.apps.services.operations.letterhead import TEMPLATES, head, instant_words
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import Moment, NewDocument, Outcome, Words
from tinhso.kernel.files import api as files
from tinhso.kernel.organisation import api as organisation
from tinhso.kernel.organisation.types import Unit
from tinhso.lib.clock import TZ
from tinhso.lib.text import day, dong
from tinhso.ui import words

TITLES = {
    "receipt": Words("Giấy tiếp nhận hồ sơ và hẹn trả kết quả", "Receipt slip with the due date"),
    "supplement": Words("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", "Request for supplement"),
    "refusal": Words("Phiếu từ chối tiếp nhận giải quyết hồ sơ", "Notice of refusal"),
    "apology": Words("Văn bản xin lỗi và đề nghị gia hạn", "Letter of apology and extension"),
    "stop": Words("Thông báo dừng giải quyết hồ sơ", "Notice that handling has stopped"),
}
SERIES = {"receipt": "TNHS", "supplement": "BSHS", "refusal": "TCHS", "apology": "XLGH", "stop": "DHS"}
"""The mark behind a slip's running number; numbers run by unit and year."""


def _issue(at: Moment, kind: str, unit: Unit, facts: Mapping[str, Any]) -> Outcome:
    """Set the slip, seal it with the unit's own signature where it has one, publish it for checking, and file it."""
    year = at.at.astimezone(TZ).date().replace(month=1, day=1)
    number = f"{cases.next_number(f'{unit.key}:{SERIES[kind]}', year):02}/{SERIES[kind]}"
    content = {**head(at, unit, number), **facts}
    title = TITLES[kind]
    pdf = files.render_pdf(TEMPLATES / f"{kind}.typ", content, title=f"{title.vi} {at.code}", date=at.at.astimezone(TZ).date())
    if files.signing_certificate(f"unit:{unit.key}") is not None:
        pdf = files.sign(at.actor, pdf, f"unit:{unit.key}", "officer")
    ref = files.store(at.actor, f"{SERIES[kind]}-{at.code}.pdf", pdf, f"case:{at.case}", allowed=("pdf",))
    facts_shown = {"number": number, "agency": unit.name}
    verify_code = files.publish(at.actor, ref.id, f"services.{kind}", f"case:{at.case}", facts=facts_shown)
    return Outcome(documents=(NewDocument(kind, title, ref.id, number, verify_code),))


def _unit(at: Moment, place: str) -> Unit:
    return organisation.unit(at.units[place])


def _count(given: Any) -> str:
    pages = sum(file.pages or 1 for file in given)
    return f"{len(given)} tệp, {pages} trang"


def issue_receipt(at: Moment) -> Outcome:
    """Form 01, when the dossier is received: what was handed in, when the result is due and why then."""
    unit = _unit(at, "receiving")
    papers = [
        {
            "title": paper.title.vi,
            "count": _count(paper.files),
            "form": "Điện tử" if at.channel == "online" else "Bản giấy, đã quét",
        }
        for paper in cases.papers_of(at.case)
        if paper.files
    ]
    lines = cases.fee_preview(at.type.code, dict(at.data), at.channel)
    facts = {
        "papers": papers,
        "duration": at.type.duration.vi,
        "received": instant_words(at.at),
        "due": instant_words(at.due) if at.due else "",
        "why": [words.reason(reason) for reason in at.clock.reasons][:4],
        "place": unit.name,
        "fee": ", ".join(f"{line.title}: {dong(line.amount)}" for line in lines),
    }
    return _issue(at, "receipt", unit, facts)


def _wanted(at: Moment) -> list[str]:
    titles = {p.code: p.title.vi for p in at.type.papers} | {f.name: f.label.vi for page in at.type.pages for f in page.fields}
    return [titles.get(str(item), str(item)) for item in at.input.get("items", ())]


def issue_supplement_slip(at: Moment) -> Outcome:
    """Form 02: everything that is missing, once and completely."""
    facts = {
        "items": _wanted(at),
        "note": str(at.input.get("note", "")),
        "round": at.supplements,
        "answer_due": day(at.answer_due) if at.answer_due else "",
    }
    return _issue(at, "supplement", _unit(at, "receiving" if at.move == "ask_correction" else "responsible"), facts)


def issue_refusal(at: Moment) -> Outcome:
    """Form 03: not received, and why."""
    return _issue(at, "refusal", _unit(at, "receiving"), {"note": str(at.input.get("reason", ""))})


def issue_apology(at: Moment) -> Outcome:
    """Form 04: an apology, the reason, and the new date."""
    previous = at.due_before
    facts = {
        "note": str(at.input.get("reason", "")),
        "received_on": day(at.received_at.astimezone(TZ)) if at.received_at else "",
        "receiving": _unit(at, "receiving").name,
        "previous_due": instant_words(previous) if previous else "",
        "due": instant_words(at.due) if at.due else "",
    }
    return _issue(at, "apology", _unit(at, "responsible"), facts)


def issue_stop(at: Moment) -> Outcome:
    """Form 05: handling has stopped, and why."""
    reasons = "; ".join([str(at.input.get("reason", "")), *(reason.vi.rstrip(".") for reason in at.unmet)])
    facts = {"note": reasons, "at": instant_words(at.at), "receiving": _unit(at, "receiving").name}
    return _issue(at, "stop", _unit(at, "responsible"), facts)
