"""What the kernel must know of administrative procedures: family, roles, effects, notices, personal data."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tinhso.apps.services import operations
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import CaseBrief, WaitsFor
from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.types import Role
from tinhso.kernel.indicators import api as indicators
from tinhso.kernel.ledger.types import Entry
from tinhso.kernel.messages import api as messages
from tinhso.kernel.messages.types import NoticeRequest
from tinhso.kernel.payments import api as payments
from tinhso.lib.clock import TZ
from tinhso.lib.text import day, dong

ROLES = (
    Role("services.intake", "Cán bộ một cửa", "One-stop officer"),
    Role("services.head", "Trưởng phòng chuyên môn", "Head of the responsible office"),
    Role("services.handler", "Chuyên viên thụ lý", "Handler"),
    Role("services.signer", "Lãnh đạo ký", "Signing leader"),
    Role("services.clerk", "Văn thư", "Clerk"),
    Role("services.consulted", "Người cho ý kiến", "Consulted official"),
    Role("services.certifier", "Người ký chứng thực", "Certifying official"),
    Role("services.part", "Người giải quyết việc liên thông", "Official for a linked part"),
    Role("services.payer", "Người chi trả", "Paying official"),
)

EFFECTS = {
    "services.issue_receipt": operations.issue_receipt,
    "services.issue_supplement_slip": operations.issue_supplement_slip,
    "services.issue_refusal": operations.issue_refusal,
    "services.issue_apology": operations.issue_apology,
    "services.issue_stop": operations.issue_stop,
    "services.draft_result": operations.draft_result,
    "services.sign_result": operations.sign_result,
    "services.number_result": operations.number_result,
    "services.issue_result": operations.issue_result,
}

FAMILY = cases.Family(
    code="services.dossier",
    roles=frozenset(role.code for role in ROLES),
    unit_kinds=frozenset(
        {"commune-pc", "commune-psc", "commune-economic", "commune-office", "commune-social"}
        | {"province-pc", "province-psc", "department", "land-office", "utility", "commune-police", "social-insurance"}
    ),
    effects=frozenset(EFFECTS) | cases.BUILTIN_EFFECTS,
    templates=frozenset({"building-permit", "certified-sheet", "granting-decision"}),
)

DESKS = {
    "services.intake": "to_receive",
    "services.head": "to_review",
    "services.handler": "mine",
    "services.signer": "to_sign",
    "services.clerk": "to_number",
    "services.consulted": "asked",
    "services.certifier": "to_sign",
    "services.part": "asked",
    "services.payer": "asked",
}

ENTRY = cases.EntryPoints(
    guide="services:guide",
    start="services:start",
    draft="services:draft",
    own="services:own",
    desk="services:desk_case",
    own_file="services:own_file",
)


def _params(entry: Entry, brief: CaseBrief) -> dict[str, Any]:
    due = entry.data.get("due")
    return {"code": brief.code, "due": day(datetime.fromisoformat(due).astimezone(TZ)) if due else ""}


def _applicant(kind: str) -> Callable[[Entry], list[NoticeRequest]]:
    """Tell the applicant ``kind``."""

    def tell(entry: Entry) -> list[NoticeRequest]:
        if entry.data["family"] != FAMILY.code:
            return []
        brief = cases.brief_of(entry.data["case"])
        params = _params(entry, brief)
        if entry.data.get("answer_due"):
            params["answer_due"] = day(date.fromisoformat(entry.data["answer_due"]))
        return [NoticeRequest(f"party:{brief.party}", kind, params, f"case:{brief.id}")]

    return tell


def _official(kind: str, whom: Callable[[Entry, CaseBrief], Iterable[str]]) -> Callable[[Entry], list[NoticeRequest]]:
    """Tell officials (their actor ids) ``kind``."""

    def tell(entry: Entry) -> list[NoticeRequest]:
        if entry.data["family"] != FAMILY.code:
            return []
        brief = cases.brief_of(entry.data["case"])
        return [NoticeRequest(who, kind, _params(entry, brief), f"case:{brief.id}") for who in whom(entry, brief) if who]

    return tell


def _holders(role: str) -> Callable[[Entry, CaseBrief], Iterable[str]]:
    def whom(entry: Entry, _brief: CaseBrief) -> Iterable[str]:
        return [actor for actor, _official_id, _name in identity.holders(role, str(entry.data["asked"]))]

    return whom


def _asked(entry: Entry) -> list[NoticeRequest]:
    """Whoever does such things at the unit: gives opinions, does its part, pays out."""
    told = _official("case.opinion_asked", _holders("services.consulted"))(entry)
    for role in ("services.part", "services.payer"):
        told += _official("case.part_asked", _holders(role))(entry)
    return told


_ENDS = {"refused": "case.refused", "withdrawn": "case.withdrawn", "stopped": "case.stopped", "granted": "case.returned"}


def _ended(entry: Entry) -> list[NoticeRequest]:
    return _applicant(_ENDS.get(str(entry.data.get("outcome")), "case.returned"))(entry)


def _supplement(entry: Entry) -> list[NoticeRequest]:
    return _applicant("case.correction_asked" if entry.data.get("correction") else "case.supplement_requested")(entry)


def _finished(entry: Entry) -> list[NoticeRequest]:
    """The clock has stopped because the result is ready; other ends tell their own story."""
    return _applicant("case.ready")(entry) if entry.data.get("phase") == "done" else []


def _moved(entry: Entry) -> list[NoticeRequest]:
    """Only the step that waits for money is news by itself."""
    kind = cases.type_version(entry.data["type_code"], entry.data["type_version"])
    if kind.waits_for(entry.data["step"]) is not WaitsFor.PAYMENT:
        return []
    told = _applicant("case.payment_due")(entry)
    due = payments.amount_due(f"case:{entry.data['case']}")
    return [replace(request, params={**request.params, "amount": dong(due)}) for request in told]


NOTICES: dict[str, Callable[[Entry], list[NoticeRequest]]] = {
    "cases.filed": _applicant("case.filed"),
    "cases.received": _applicant("case.received"),
    "cases.moved": _moved,
    "cases.supplement_requested": _supplement,
    "cases.supplement_answered": _applicant("case.supplement_answered"),
    "cases.extended": _applicant("case.extended"),
    "cases.finished": _finished,
    "cases.ended": _ended,
    "cases.assigned": _official("case.assigned", lambda entry, _brief: [str(entry.data["assignee"])]),
    "cases.task_opened": _asked,
    "cases.task_returned": _applicant("case.supplement_requested"),
    "cases.task_resumed": _applicant("case.supplement_answered"),
    "cases.task_closed": _official("case.opinion_given", lambda _entry, brief: [brief.handler]),
    "cases.due_soon": _official("case.due_soon", lambda _entry, brief: [brief.handler]),
    "cases.became_overdue": _official("case.overdue", lambda _entry, brief: [brief.handler]),
}
"""What is told to whom, by kind of entry."""

PERSONAL_DATA = {
    "what": "the answers of the form, the papers handed in, the words of requests and reasons",
    "why": "to decide what the applicant asked for (Law 91/2025/QH15, art. 19: a state agency's duty)",
    "erased": "identity.erase_party blanks the party; forms and papers follow their retention; the ledger holds ids only",
}


def declare() -> None:
    """Tell the kernel; called once when the app starts."""
    identity.declare_roles(*ROLES)
    cases.declare_family(FAMILY, effects=EFFECTS, desks=DESKS, entry=ENTRY)
    payments.let_take_money("services.intake")
    indicators.declare_book(Path(__file__).parent / "rules" / "measures.yaml")
    for kind, tell in NOTICES.items():
        messages.declare_notices(kind, tell)
