"""What crosses the organisation's door. Plain Python; all text of law and names stays Vietnamese with its English beside it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


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


@dataclass(frozen=True, slots=True)
class Official:
    """A civil servant as the organisation knows him: no account, no password."""

    id: str
    name: str
    title: str = ""
    title_en: str = ""
    unit: str | None = None


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


@dataclass(frozen=True, slots=True)
class Deadline:
    """A computed instant with everything needed to explain it to the person waiting."""

    due: datetime
    reasons: tuple[Reason, ...]
    days: tuple[DayCount, ...] = ()
    provisional: bool = False
    """True when the official calendar of a year it crosses is not loaded yet ("tạm tính")."""
