"""What the citizen's first page shows: only what exists in the system, nothing for show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import NoReverseMatch, reverse

from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import CaseRow, CaseType, DraftView, WaitsFor
from tinhso.kernel.ledger.types import Actor, ActorKind
from tinhso.kernel.organisation import api as organisation
from tinhso.kernel.organisation.types import Unit
from tinhso.lib import clock

MOST_USED = 8
MINE_SHOWN = 3
_CENTRE = "commune-psc"
_LOOK_AHEAD = 15
"""Days within which an office opens again, the longest New Year holiday included."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service as a row: the declared type, and where its guide is ("" while its app shows none)."""

    type: CaseType
    href: str


@dataclass(frozen=True, slots=True)
class Mine:
    """One of my dossiers with the address of its page."""

    row: CaseRow
    href: str


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A form I began, with the address where it goes on."""

    draft: DraftView
    type: CaseType | None
    href: str


@dataclass(frozen=True, slots=True)
class Centre:
    """A one-stop centre and its hours: ``until`` when open now, else ``opens`` the next opening."""

    unit: Unit
    until: datetime | None
    opens: datetime | None


def link(name: str, *args: str) -> str:
    """The address of a declared route; "" when the app declares none."""
    if not name:
        return ""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def services(types: Iterable[CaseType]) -> list[Service]:
    """Services as rows."""
    return [Service(t, link(cases.entry_points(t.family).guide, t.code)) for t in types]


def mine(rows: Iterable[CaseRow]) -> list[Mine]:
    """My dossiers as rows."""
    return [Mine(row, link(cases.entry_points(row.family).own, row.ref.code)) for row in rows]


def waits_for_me(row: CaseRow) -> bool:
    """Whether the owner must do something before anything else can happen."""
    return row.waits_for in (WaitsFor.APPLICANT, WaitsFor.PAYMENT)


def unfinished(actor: Actor, types: Sequence[CaseType]) -> list[Unfinished]:
    """The forms I began."""
    by_code = {t.code: t for t in types}
    found = []
    for draft in cases.drafts(actor):
        case_type = by_code.get(draft.type_code)
        href = link(cases.entry_points(case_type.family).draft, draft.id) if case_type else ""
        found.append(Unfinished(draft, case_type, href))
    return found


def is_citizen(actor: Actor) -> bool:
    """Whether this is somebody who can have dossiers of his own."""
    return actor.kind is ActorKind.CITIZEN and actor.party is not None


def centre(commune: str) -> Centre | None:
    """The one-stop centre of a commune and whether it is open now; None when there is none on record."""
    units = list(organisation.units(kind=_CENTRE, area=commune))
    if not units:
        return None
    calendar, now = organisation.calendar(), clock.now().astimezone(clock.TZ)
    for opens, closes in calendar.sessions(now.date()):
        if opens <= now < closes:
            return Centre(units[0], closes, None)
    for offset in range(_LOOK_AHEAD):
        for opens, _closes in calendar.sessions(now.date() + timedelta(days=offset)):
            if opens > now:
                return Centre(units[0], None, opens)
    return Centre(units[0], None, None)
