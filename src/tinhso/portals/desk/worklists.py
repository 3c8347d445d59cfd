"""What the work lists are called and how they are grouped on the left; which exist and what is in them the kernel says."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tinhso.kernel.cases.types import ListCount

GROUPS: dict[str, str | Promise] = {
    "urgent": _("To do now"),
    "mine": _("My work"),
    "waiting": _("Waiting for others"),
    "unit": _("The whole office"),
}

LISTS: dict[str, tuple[str | Promise, str]] = {
    "overdue": (_("Overdue"), "triangle-alert"),
    "due_today": (_("Due today"), "clock"),
    "new": (_("Just arrived"), "arrow-right"),
    "supplemented": (_("Applicant has answered"), "message-square"),
    "to_receive": (_("To be received"), "inbox"),
    "to_assign": (_("To be assigned"), "user-plus"),
    "mine": (_("In my hands"), "list"),
    "to_review": (_("To be reviewed"), "eye"),
    "to_sign": (_("To be signed"), "pen-line"),
    "to_number": (_("To be numbered and sealed"), "stamp"),
    "to_return": (_("To be handed over"), "package-check"),
    "asked": (_("Asked of my office"), "users"),
    "waiting_citizen": (_("For the applicant"), "user"),
    "waiting_payment": (_("For the fee"), "banknote"),
    "waiting_opinion": (_("For another office"), "users"),
    "waiting_other": (_("For something else"), "pause"),
    "waiting_signature": (_("For the leader's signature"), "pen-line"),
    "standing": (_("Being paid"), "hand-coins"),
    "unit_open": (_("All that is open"), "folder-open"),
    "ended": (_("Closed"), "archive"),
}
"""Title and icon of each list."""

TONES = {"overdue": "bad", "due_today": "warn"}
"""Lists that ask for action; they are quiet when empty."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """One list as the left column shows it."""

    id: str
    title: str
    icon: str
    count: str
    tone: str
    current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A heading and the lists under it."""

    title: str
    shelves: tuple[Shelf, ...]


def title_of(list_id: str) -> str:
    """The list's name; its code if it has none, so that a new list is never hidden."""
    return str(LISTS.get(list_id, (list_id, ""))[0])


def groups(counts: Sequence[ListCount], current: str) -> list[Group]:
    """The left column, in the order in which the kernel names the lists."""
    found: dict[str, list[Shelf]] = {}
    for item in counts:
        title, icon = LISTS.get(item.id, (item.id, "list"))
        shown = "99+" if item.count > 99 else str(item.count)
        tone = TONES.get(item.id, "") if item.count else ""
        found.setdefault(item.group, []).append(Shelf(item.id, str(title), icon, shown, tone, item.id == current))
    return [Group(str(GROUPS.get(group, group)), tuple(shelves)) for group, shelves in found.items()]


def first_worth_opening(counts: Sequence[ListCount]) -> str:
    """Where a day begins: the first list that has something in it and asks for work, else the first there is."""
    asking = [c.id for c in counts if c.count and c.group in {"urgent", "mine"}]
    return next(iter(asking), counts[0].id if counts else "mine")
