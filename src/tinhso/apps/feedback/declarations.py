"""What the kernel must know of reports from the street: family, roles, effects, notices, followers, personal data."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from tinhso.apps.feedback import operations
from tinhso.apps.feedback.events import EVENTS
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import CaseBrief
from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.types import Role
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Entry
from tinhso.kernel.messages import api as messages
from tinhso.kernel.messages.types import NoticeRequest
from tinhso.lib.clock import TZ
from tinhso.lib.text import day

ROLES = (
    Role("feedback.intake", "Cán bộ tiếp nhận phản ánh", "Officer who receives reports"),
    Role("feedback.head", "Trưởng đơn vị xử lý phản ánh", "Head of an office that answers reports"),
    Role("feedback.handler", "Người xử lý phản ánh", "Handler of reports"),
)

EFFECTS = {
    "feedback.note_place": operations.note_place,
    "feedback.join": operations.join,
    "feedback.part": operations.part,
    "feedback.keep_answer": operations.keep_answer,
    "feedback.publish": operations.publish,
    "feedback.answer_only": operations.answer_only,
    "feedback.take_back": operations.take_back,
}

FAMILY = cases.Family(
    code="feedback.report",
    roles=frozenset(role.code for role in ROLES),
    unit_kinds=frozenset({"commune-pc", "commune-psc", "commune-economic", "commune-social", "department", "utility"}),
    effects=frozenset(EFFECTS),
    statuses=frozenset(range(21, 30)),
    bearers=True,
    code_mark="PA",
    told=frozenset(event.kind for event in EVENTS),
)

DESKS = {"feedback.intake": "to_receive", "feedback.head": "to_review", "feedback.handler": "mine"}

ENTRY = cases.EntryPoints(guide="feedback:guide", start="feedback:guide", own="feedback:own", desk="feedback:desk_case")


def _brief(entry: Entry) -> CaseBrief | None:
    return cases.brief_of(entry.data["case"]) if entry.data.get("family") == FAMILY.code else None


def _request(entry: Entry, brief: CaseBrief, whom: str, kind: str) -> NoticeRequest:
    due = entry.data.get("due")
    params = {"code": brief.code, "due": day(datetime.fromisoformat(due).astimezone(TZ)) if due else ""}
    return NoticeRequest(whom, kind, params, f"case:{brief.id}")


def _reporter(kind: str) -> Callable[[Entry], list[NoticeRequest]]:
    """Tell the reporter ``kind``, if he has an account: a bearer looks for himself."""

    def tell(entry: Entry) -> list[NoticeRequest]:
        brief = _brief(entry)
        return [_request(entry, brief, f"party:{brief.party}", kind)] if brief and brief.party else []

    return tell


def _official(kind: str, whom: Callable[[Entry, CaseBrief], Iterable[str]]) -> Callable[[Entry], list[NoticeRequest]]:
    def tell(entry: Entry) -> list[NoticeRequest]:
        brief = _brief(entry)
        return [_request(entry, brief, who, kind) for who in whom(entry, brief) if who] if brief else []

    return tell


def _finished(entry: Entry) -> list[NoticeRequest]:
    return _reporter("feedback.answered")(entry) if entry.data.get("phase") == "done" else []


def _ended(entry: Entry) -> list[NoticeRequest]:
    return _reporter("feedback.rejected")(entry) if entry.data.get("outcome") == "refused" else []


NOTICES: dict[str, Callable[[Entry], list[NoticeRequest]]] = {
    "cases.received": _reporter("feedback.accepted"),
    "cases.finished": _finished,
    "cases.ended": _ended,
    "cases.assigned": _official("case.assigned", lambda entry, _brief: [str(entry.data["assignee"])]),
    "cases.reopened": _official("feedback.reopened", lambda _entry, brief: [brief.handler]),
    "cases.due_soon": _official("case.due_soon", lambda _entry, brief: [brief.handler]),
    "cases.became_overdue": _official("case.overdue", lambda _entry, brief: [brief.handler]),
}
"""What is told to whom, by kind of entry."""

PERSONAL_DATA = {
    "what": "the words and place of a report, a telephone number if one was left, photos; of a bearer a digest of his secret",
    "why": "to put right what was reported and to answer (decree 20/2008/NĐ-CP)",
    "erased": "what is public holds none, by an official's review; the rest follows its retention; the ledger holds ids only",
}

ledger.declare(*EVENTS)


@ledger.follower("feedback.joined", ("cases.finished", "cases.ended"))
def follow_main(entries: Sequence[Entry]) -> None:
    """Reports joined to one that is answered get its answer."""
    own = [entry for entry in entries if entry.data.get("family") == FAMILY.code]
    operations.follow_main(identity.system("feedback-joined"), own)


def declare() -> None:
    """Tell the kernel; called once when the app starts."""
    identity.declare_roles(*ROLES)
    cases.declare_family(FAMILY, effects=EFFECTS, desks=DESKS, entry=ENTRY)
    for kind, tell in NOTICES.items():
        messages.declare_notices(kind, tell)
