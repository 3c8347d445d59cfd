"""Words for what happened to a case, a person's data or a document: one line of a timeline."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tinhso.kernel.cases.types import CaseType, HistoryItem
from tinhso.ui.formats import money
from tinhso.ui.words.filling import Text, filled, of, unknown


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a timeline. ``tone`` is ``run``, ``good``, ``warn``, ``bad`` or ``off``."""

    title: str
    detail: str
    icon: str
    tone: str


Kind = tuple[Text, Text, str, str]

_CASES: dict[str, Kind] = {
    "cases.filed": (_("Handed in"), "", "upload", "off"),
    "cases.received": (_("Received; the result is due %(due)s"), "", "check", "run"),
    "cases.moved": (_("Taken to the next step"), "", "arrow-right", "run"),
    "cases.noted": (_("Something was recorded"), "", "circle-dot", "run"),
    "cases.assigned": (_("Given to the person who handles it"), "", "user", "run"),
    "cases.task_opened": (_("Another office is asked for its opinion"), _("Answer due %(task_due)s"), "users", "run"),
    "cases.task_closed": (_("The other office's opinion has come"), "", "message-square", "run"),
    "cases.task_returned": (
        _("For a part of the work the applicant is asked for more"),
        _("Answer by %(answer_due)s"),
        "circle-alert",
        "warn",
    ),
    "cases.task_resumed": (_("The applicant has given what was asked; this part is due %(task_due)s"), "", "upload", "run"),
    "cases.facts_found": (_("An official established facts himself"), "", "clipboard-list", "run"),
    "cases.supplement_requested": (_("The applicant is asked for more"), _("Answer by %(answer_due)s"), "circle-alert", "warn"),
    "cases.supplement_answered": (_("The applicant has given what was asked"), "", "upload", "run"),
    "cases.paused": (_("The clock stands still"), "", "pause", "warn"),
    "cases.resumed": (_("The clock goes on; the result is due %(due)s"), "", "play", "run"),
    "cases.reopened": (_("Taken up again; the new due date is %(due)s"), "", "rotate-ccw", "warn"),
    "cases.amended": (_("What was handed in was put right"), "", "pencil", "off"),
    "cases.extended": (_("The due date was moved, with an apology, to %(due)s"), "", "calendar-clock", "warn"),
    "cases.finished": (_("Handling is finished"), "", "check", "good"),
    "cases.ended": (_("Closed"), "", "flag", "off"),
    "cases.due_soon": (_("The due date is near"), "", "clock", "warn"),
    "cases.became_overdue": (_("The due date has passed"), "", "triangle-alert", "bad"),
    "cases.part_overdue": (_("A part of the work is late"), "", "triangle-alert", "warn"),
    "cases.paper_added": (_("A paper was added"), "", "file-plus", "off"),
    "cases.data_corrected": (_("The applicant corrected the form"), "", "pencil", "off"),
    "cases.document_issued": (_("A document was issued"), "", "file-text", "run"),
    "cases.result_recorded": (_("The result has a new version"), "", "file-check", "run"),
    "cases.recorded": (_("Work on it was recorded"), "", "clipboard-list", "run"),
    "cases.paper_checked": (_("A paper was checked"), "", "file-check", "run"),
    "cases.unit_succeeded": (_("Another office took over the work"), "", "building-2", "off"),
    "cases.type_loaded": (_("A version of the procedure came into use"), "", "book-open", "off"),
}

_PAYMENTS: dict[str, Kind] = {
    "payments.charged": (_("A fee of %(amount)s is due"), "", "banknote", "warn"),
    "payments.settled": (_("The fee of %(amount)s was paid"), "", "banknote", "good"),
    "payments.cancelled": (_("The fee was cancelled"), "", "banknote", "off"),
}

_FILES: dict[str, Kind] = {
    "files.stored": (_("A file was stored"), "", "file-plus", "off"),
    "files.scanned": (_("A file was checked for viruses"), "", "shield-check", "off"),
    "files.signed": (_("A document was signed"), "", "pen-line", "good"),
    "files.published": (_("A document was published; anybody can verify it"), "", "badge-check", "good"),
    "files.withdrawn": (_("A published document was withdrawn"), "", "ban", "bad"),
    "files.discarded": (_("A file was removed"), "", "trash", "off"),
    "files.certificate_issued": (_("A certificate was issued"), "", "badge-check", "off"),
    "files.certificate_revoked": (_("A certificate was revoked"), "", "ban", "bad"),
}

_IDENTITY: dict[str, Kind] = {
    "identity.party.looked": (_("Your data were looked at"), "", "eye", "off"),
    "identity.party.registered": (_("Your data were recorded"), "", "user-plus", "off"),
    "identity.party.changed": (_("Your data were changed"), "", "pencil", "off"),
    "identity.party.checked": (_("Your identity was checked"), "", "user-check", "good"),
    "identity.party.erased": (_("Personal data were erased"), "", "trash", "off"),
    "identity.signed_in": (_("Signed in"), "", "log-in", "off"),
    "identity.password.changed": (_("The password was changed"), "", "key-round", "off"),
    "identity.second_factor.changed": (_("The second proof of sign-in was changed"), "", "smartphone", "off"),
    "identity.account.created": (_("The account was opened"), "", "user-plus", "off"),
    "identity.account.changed": (_("The account was changed"), "", "pencil", "off"),
    "identity.account.closed": (_("The account was closed"), "", "ban", "off"),
    "identity.account.reopened": (_("The account was opened again"), "", "user-plus", "off"),
    "identity.role.granted": (_("A role was given"), "", "user-check", "off"),
    "identity.role.ended": (_("A role ended"), "", "user-x", "off"),
    "identity.database.marked_demo": (_("Marked as a demonstration"), "", "flask-conical", "off"),
}

_DOCUMENTS: dict[str, Text] = {
    "receipt": _("Receipt slip with the due date"),
    "supplement": _("Request for more papers"),
    "refusal": _("Notice of refusal"),
    "apology": _("Letter of apology with a new date"),
    "stop": _("Notice that handling has stopped"),
}
_ENDINGS: dict[str, tuple[Text, str]] = {
    "granted": (_("The result was handed over"), "good"),
    "returned": (_("The result was handed over"), "good"),
    "refused": (_("Not received"), "bad"),
    "withdrawn": (_("Withdrawn by the applicant"), "off"),
    "answered": (_("Answered and closed"), "good"),
    "stopped": (_("Handling was stopped"), "bad"),
    "not_eligible": (_("The conditions are not fulfilled"), "bad"),
}
_FINISHES: dict[str, Text] = {
    "early": _("Handled before the due date"),
    "on_time": _("Handled on time"),
    "late": _("Handled late"),
}
_OPINIONS: dict[str, Text] = {
    "agree": _("The other office agrees"),
    "agreed": _("The other office agrees"),
    "disagree": _("The other office does not agree"),
    "disagreed": _("The other office does not agree"),
    "cancelled": _("The request for an opinion was called off"),
}
_RESULTS: dict[str, Text] = {
    "draft": _("The result was drafted"),
    "signed": _("The result was signed"),
    "numbered": _("The result was numbered and sealed"),
}

_REPORTS: dict[str, Kind] = {
    "feedback.joined": (_("Joined to another report of the same matter"), "", "git-merge", "run"),
    "feedback.parted": (_("Parted from the other report again"), "", "git-branch", "off"),
    "feedback.answered": (_("The office has answered"), "", "message-square", "good"),
}

_ALL: dict[str, Kind] = {**_CASES, **_REPORTS, **_PAYMENTS, **_FILES, **_IDENTITY}
KNOWN_HISTORY = frozenset(_ALL)
"""Kinds with words of their own."""

_UNKNOWN: Kind = (_("Something was recorded"), "", "circle-dot", "off")


def _of_task(kind: str, params: Mapping[str, object], case_type: CaseType | None) -> tuple[str, str] | None:
    """What happened to a part of the work, by the part's own name; None for an opinion asked of others."""
    task = str(params.get("task_kind"))
    part = next((p for p in (case_type.parts if case_type else ()) if p.kind == task), None)
    if params.get("period"):
        year, _dash, month = str(params["period"]).partition("-")
        said = {"month": f"{month}/{year}", "amount": money(int(str(params["amount"])))} if params.get("amount") else {}
        if kind == "cases.task_opened":
            return gettext("The payment of %(month)s is due") % {"month": f"{month}/{year}"}, "run"
        if said:
            return gettext("Paid for %(month)s: %(amount)s") % said, "good"
        return gettext("Not paid for %(month)s") % {"month": f"{month}/{year}"}, "warn"
    if part is None:
        return None
    ended = "bad" if params.get("outcome") == "refused" else "good"
    templates = {
        "cases.task_opened": (gettext("Begun: %(part)s"), "run"),
        "cases.task_closed": (gettext("Finished: %(part)s"), ended),
        "cases.task_returned": (gettext("More is asked of the applicant for: %(part)s"), "warn"),
        "cases.task_resumed": (gettext("The applicant has answered; it goes on: %(part)s"), "run"),
    }
    text, tone = templates[kind]
    return text % {"part": of(part.title)}, tone


def _special(kind: str, params: Mapping[str, object], case_type: CaseType | None) -> tuple[str, str] | None:
    """Title and tone of the kinds whose words depend on their parameters."""
    if kind in ("cases.moved", "cases.noted") and case_type is not None:
        move = next((m for m in case_type.moves if m.id == params.get("move")), None)
        return (of(move.title), "run") if move else None
    if kind == "cases.document_issued":
        text = _DOCUMENTS.get(str(params.get("document")))
        return (str(text), "run") if text else None
    if kind == "cases.finished":
        text = _FINISHES.get(str(params.get("verdict")))
        return (str(text), "bad" if params.get("verdict") == "late" else "good") if text else None
    if kind in ("cases.task_opened", "cases.task_closed", "cases.task_returned", "cases.task_resumed"):
        named = _of_task(kind, params, case_type)
        if named is not None:
            return named
    if kind == "cases.task_closed":
        text = _OPINIONS.get(str(params.get("outcome")))
        return (str(text), "run") if text else None
    if kind == "cases.result_recorded":
        text = _RESULTS.get(str(params.get("state")))
        return (str(text), "run") if text else None
    if kind == "cases.ended":
        ending = _ENDINGS.get(str(params.get("outcome")))
        return (str(ending[0]), ending[1]) if ending else None
    return None


def history(item: HistoryItem, case_type: CaseType | None = None) -> Happening:
    """One fact of the past as a line of a timeline. ``case_type`` gives moves their own names."""
    kind = _ALL.get(item.kind)
    if kind is None:
        unknown("history kind", item.kind)
        kind = _UNKNOWN
    title, detail, icon, tone = kind
    detail = filled(detail, item.params)
    special = _special(item.kind, item.params, case_type)
    if special is not None:
        return Happening(special[0], detail, icon, special[1])
    return Happening(filled(title, item.params), detail, icon, tone)
