"""What crosses the organisation's door. Plain Python; all text of law and names stays Vietnamese with its English beside it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import ClassVar

from tinhso.lib.problems import Conflict, NotFound, Problem


class AreaKind(StrEnum):
    """Level of an administrative area since 1/7/2025 (districts only as history)."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


@dataclass(frozen=True, slots=True)
class Area:
    """An administrative area as it stood on a date. ``code`` is the statistical code (``80``, ``25459``)."""

    code: str
    kind: AreaKind
    name: str
    name_en: str
    title: str
    """Full name with its type: "Phường Khánh Hậu"."""
    title_en: str
    parent: str | None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """An agency or office as it stood on a date.

    ``key`` never changes; ``code`` is the code of QĐ 20/2020 of that day (``H53.24``); ``kind`` is one of the pack's unit
    kinds (``commune-pc``, ``commune-psc``, ``commune-economic``, ``department``…); ``area`` the area it serves.
    """

    key: str
    code: str
    kind: str
    name: str
    name_en: str
    short: str
    parent: str | None
    area: str | None
    speciality: str = ""
    """Tells units of one kind at one place apart: ``construction`` among departments, ``power`` among utilities."""


@dataclass(frozen=True, slots=True)
class Official:
    """A civil servant as the organisation knows him: no account, no password."""

    id: str
    name: str
    title: str = ""
    title_en: str = ""
    unit: str | None = None
    chief: bool = False
    """True where this holding makes him the head of ``unit``."""


@dataclass(frozen=True, slots=True)
class Delegation:
    """A giver's roles, or some of them, lent to a receiver at a unit for a time. ``roles`` empty means all of them."""

    id: str
    giver: str
    receiver: str
    unit: str
    roles: tuple[str, ...]
    valid_from: date
    valid_to: date
    """First day on which it no longer holds."""
    legal_basis: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """One link of an explanation: a code that ``ui`` turns into words, its parameters, and the legal basis."""

    code: str
    params: tuple[tuple[str, str], ...] = ()
    legal_basis: str | None = None


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """How long: exactly one of the units is set. Days are of 24 h by the calendar, hours are office hours."""

    working_days: int | None = None
    working_hours: int | None = None
    calendar_days: int | None = None


@dataclass(frozen=True, slots=True)
class DayCount:
    """One day of a deadline's calendar: what it is and, if it counts, its running number."""

    day: date
    counted: int | None
    kind: str
    """``start``, ``counted``, ``weekend``, ``holiday``, ``makeup``, ``paused``, ``due``."""
    note: str | None = None
    note_en: str | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A computed instant with everything needed to explain it to the person waiting."""

    due: datetime
    reasons: tuple[Reason, ...]
    days: tuple[DayCount, ...] = ()
    provisional: bool = False
    """True when the official calendar of a year it crosses is not loaded yet ("tạm tính")."""


class DayEnd(StrEnum):
    """When the last day of a time limit ends."""

    CLOSING = "closing"
    """When the office closes: the practice of one-stop desks."""
    MIDNIGHT = "midnight"
    """At 24:00: Civil Code art. 148.6, where no rule says otherwise. Stored as the last microsecond of the day."""


class Resumption(StrEnum):
    """What a time limit does after a wait for the applicant."""

    PAUSE = "pause"
    """Goes on where it stopped (QĐ 766 subtracts the wait)."""
    RESTART = "restart"
    """Starts again from zero (NĐ 61/2018 art. 19.4)."""


@dataclass(frozen=True, slots=True)
class ClockPolicy:
    """How time limits are counted from ``valid_from`` on, until a later policy takes over."""

    valid_from: date = date(1900, 1, 1)
    cut_off: time | None = time(15)
    """Received later than this counts as received when the next working day opens; None: no cut-off."""
    first_day_counts: bool = False
    day_end: DayEnd = DayEnd.CLOSING
    roll_over: bool = True
    """A limit in calendar days that ends on a day off ends on the next working day."""
    resumption: Resumption = Resumption.PAUSE
    cut_off_basis: str | None = None
    first_day_basis: str | None = None
    roll_over_basis: str | None = None


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When offices are open from ``valid_from`` on; ``province`` None for all that have no hours of their own.
    ``weekdays`` are the ordinary working days, Monday 1 to Sunday 7."""

    valid_from: date
    sessions: tuple[tuple[time, time], ...]
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5)
    province: str | None = None
    legal_basis: str | None = None

    @property
    def opening(self) -> time:
        """When the day begins."""
        return self.sessions[0][0]

    @property
    def closing(self) -> time:
        """When the day ends."""
        return self.sessions[-1][1]

    @property
    def length(self) -> timedelta:
        """Office time in one working day."""
        return timedelta(
            minutes=sum((b.hour - a.hour) * 60 + b.minute - a.minute for a, b in self.sessions),
        )


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that is not what its weekday says: off (``working`` False) or a make-up day (``working`` True)."""

    day: date
    working: bool
    name: str
    name_en: str
    legal_basis: str | None = None
    confirmed: bool = True


class AreaUnknown(NotFound):
    """No area has this code on this date."""

    code = "organisation.area_unknown"


class UnitUnknown(NotFound):
    """No unit has this key, or serves this area in this kind, on this date."""

    code = "organisation.unit_unknown"


class UnitAmbiguous(Problem):
    """Several units of the kind serve the area: name the speciality."""

    code = "organisation.unit_ambiguous"


class UnitTaken(Conflict):
    """A unit with this key exists or existed: keys are never used again."""

    code = "organisation.unit_taken"


class PostUnknown(NotFound):
    """The unit has no such post on this date, or the official does not hold it."""

    code = "organisation.post_unknown"


class DelegationUnknown(NotFound):
    """No such delegation, or it is already over."""

    code = "organisation.delegation_unknown"


class ProvinceTaken(Conflict):
    """This installation already serves a province; ``params`` say which."""

    code = "organisation.province_taken"


class OfficialUnknown(NotFound):
    """No official has this id."""

    code = "organisation.official_unknown"


class PostTaken(Conflict):
    """The post already has a holder in that time."""

    code = "organisation.post_taken"


class DatesInvalid(Problem):
    """An end that is not after its start, or a change before the thing it changes."""

    code = "organisation.dates_invalid"
    status = 422


class FactsInvalid(Problem):
    """A facts file (areas, calendar, model organisation) breaks its rules: ``params`` hold file, line, what."""

    code = "organisation.facts_invalid"
    status = 500


# --- entries of the ledger: streams ``organisation:facts``, ``unit:<key>``, ``official:<id>`` ---------------------------


@dataclass(frozen=True, slots=True)
class AreasLoaded:
    """The country's areas were loaded; ``digest`` is of the files, so that anyone can tell which."""

    kind: ClassVar[str] = "organisation.areas_loaded"
    digest: str
    areas: int
    successions: int


@dataclass(frozen=True, slots=True)
class CalendarLoaded:
    """The working calendar was loaded: days set by an act, official years, office hours, rules of counting."""

    kind: ClassVar[str] = "organisation.calendar_loaded"
    digest: str
    days: int
    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ProvinceRaised:
    """The agencies of a province were raised from a model. One entry for the whole load: the file and the province are
    named by digest, so each unit of it can be derived again."""

    kind: ClassVar[str] = "organisation.province_raised"
    province: str
    digest: str
    seed: int
    units: int
    posts: int
    officials: int


@dataclass(frozen=True, slots=True)
class UnitCreated:
    """A unit began."""

    kind: ClassVar[str] = "organisation.unit_created"
    unit: str
    code: str
    unit_kind: str
    parent: str | None
    area: str | None
    valid_from: date


@dataclass(frozen=True, slots=True)
class UnitChanged:
    """A unit was renamed, recoded or moved; ``fields`` names what changed, the new version is in the room's table."""

    kind: ClassVar[str] = "organisation.unit_changed"
    unit: str
    fields: tuple[str, ...]
    valid_from: date


@dataclass(frozen=True, slots=True)
class UnitEnded:
    """A unit ended; ``successors`` took its work over, the main one first. A merge is several of these with one successor."""

    kind: ClassVar[str] = "organisation.unit_ended"
    unit: str
    successors: tuple[str, ...]
    on: date


@dataclass(frozen=True, slots=True)
class OfficialCreated:
    """A civil servant entered the organisation."""

    kind: ClassVar[str] = "organisation.official_created"
    official: str


@dataclass(frozen=True, slots=True)
class PostCreated:
    """A unit got a post."""

    kind: ClassVar[str] = "organisation.post_created"
    unit: str
    post: str
    chief: bool
    valid_from: date


@dataclass(frozen=True, slots=True)
class Appointed:
    """An official took a post."""

    kind: ClassVar[str] = "organisation.appointed"
    official: str
    unit: str
    post: str
    chief: bool
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Relieved:
    """An official left a post; ``on`` is the first day without it."""

    kind: ClassVar[str] = "organisation.relieved"
    official: str
    unit: str
    post: str
    on: date


@dataclass(frozen=True, slots=True)
class Delegated:
    """An official lent roles to another at a unit; ``roles`` empty means all."""

    kind: ClassVar[str] = "organisation.delegated"
    delegation: str
    giver: str
    receiver: str
    unit: str
    roles: tuple[str, ...]
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class DelegationEnded:
    """A delegation was taken back before its end."""

    kind: ClassVar[str] = "organisation.delegation_ended"
    delegation: str
    on: date


EVENTS = (
    AreasLoaded,
    CalendarLoaded,
    ProvinceRaised,
    UnitCreated,
    UnitChanged,
    UnitEnded,
    OfficialCreated,
    PostCreated,
    Appointed,
    Relieved,
    Delegated,
    DelegationEnded,
)
