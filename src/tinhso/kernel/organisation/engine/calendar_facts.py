"""The working calendar's facts from ``packs/national/calendar.yaml``. Pure: text in, dataclasses out, faults by line."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import yaml

from tinhso.kernel.organisation.types import ClockPolicy, DayEnd, FactsInvalid, OfficeHours, Resumption, SpecialDay

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CalendarFacts:
    """What the file says, and its digest."""

    days: tuple[SpecialDay, ...]
    years: Mapping[int, str]
    hours: tuple[OfficeHours, ...]
    policies: tuple[ClockPolicy, ...]
    digest: str


def _day(row: Mapping[str, Any]) -> SpecialDay:
    return SpecialDay(
        day=_date(row["date"]),
        working={"OFF": False, "WORK": True}[row["kind"]],
        name=str(row["name"]["vi"]),
        name_en=str(row["name"]["en"]),
        legal_basis=str(row["legal_basis"]),
        confirmed=bool(row["confirmed"]),
    )


def _hours(row: Mapping[str, Any]) -> OfficeHours:
    sessions = tuple(_session(text) for text in row["sessions"])
    if not sessions or any(a >= b for a, b in sessions) or any(a[1] > b[0] for a, b in pairwise(sessions)):
        raise ValueError("sessions are given in order, each with its end after its start")
    weekdays = tuple(int(number) for number in row["weekdays"])
    if not set(weekdays) <= set(range(1, 8)) or not weekdays:
        raise ValueError("weekdays are numbers from 1 (Monday) to 7 (Sunday)")
    return OfficeHours(_date(row["from"]), sessions, weekdays, row.get("province"), row.get("legal_basis"))


def _session(text: str) -> tuple[time, time]:
    start, _, end = text.partition("-")
    return time.fromisoformat(start), time.fromisoformat(end)


def _policy(row: Mapping[str, Any]) -> ClockPolicy:
    basis = row.get("legal_basis", {})
    return ClockPolicy(
        valid_from=_date(row["from"]),
        cut_off=time.fromisoformat(row["cut_off"]) if row["cut_off"] else None,
        first_day_counts=bool(row["first_day_counts"]),
        day_end=DayEnd(row["day_end"]),
        roll_over=bool(row["roll_over"]),
        resumption=Resumption(row["resumption"]),
        cut_off_basis=basis.get("cut_off"),
        first_day_basis=basis.get("first_day"),
        roll_over_basis=basis.get("roll_over"),
    )


def _date(value: object) -> date:
    if not isinstance(value, date):
        raise ValueError(f"not a date: {value!r}")
    return value


def _section(path: Path, content: Mapping[str, Any], name: str, build: Callable[[Mapping[str, Any]], T]) -> tuple[T, ...]:
    """Each row of a section; a fault is told with the section and the row's number."""
    built = []
    for number, row in enumerate(content.get(name, ()), 1):
        try:
            built.append(build(row))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise FactsInvalid(file=str(path), line=0, what=f"{name}[{number}]: {type(error).__name__}: {error}") from error
    return tuple(built)


def read_calendar(path: Path) -> CalendarFacts:
    """Read the calendar file. Raises FactsInvalid naming file, section and row."""
    try:
        raw = path.read_bytes()
        content = yaml.safe_load(raw)
    except OSError as error:
        raise FactsInvalid(file=str(path), line=0, what="missing") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise FactsInvalid(file=str(path), line=mark.line + 1 if mark else 0, what="yaml") from error
    if not isinstance(content, dict):
        raise FactsInvalid(file=str(path), line=1, what="sections")
    days = _section(path, content, "days", _day)
    repeated = {special.day for special in days if sum(s.day == special.day for s in days) > 1}
    if repeated:
        raise FactsInvalid(file=str(path), line=0, what=f"days: {min(repeated)} twice")
    years = dict(_section(path, content, "years", lambda row: (int(row["year"]), str(row["legal_basis"]))))
    return CalendarFacts(
        days=days,
        years=years,
        hours=_section(path, content, "office_hours", _hours),
        policies=_section(path, content, "policies", _policy),
        digest=hashlib.sha256(raw).hexdigest(),
    )
