"""``tinhso deadline``: why something is due when it is due, in words and as data."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import django
from django.conf import settings
from django.db import DatabaseError
from django.utils import translation

from tinhso.kernel.organisation.types import ClockPolicy, DayCount, Deadline, Reason, Resumption, WorkingTime
from tinhso.lib import text
from tinhso.lib.clock import TZ
from tinhso.ui import words as ui

LANGUAGES = ("vi", "en")
SIGNS = {"counted": "●", "makeup": "●", "due": "◆", "start": "○", "paused": "‖", "weekend": "·", "holiday": "·", "working": "·"}


class Instant(click.ParamType[datetime]):
    """``2026-08-28T15:20``, on the province's wall clock unless an offset is given."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The instant, aware."""
        if isinstance(value, datetime):
            return value
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not an instant; write it as 2026-08-28T15:20", param, ctx)
        return instant if instant.tzinfo else instant.replace(tzinfo=TZ)


class Wait(click.ParamType[tuple[datetime, datetime]]):
    """``FROM/UNTIL``, two instants."""

    name = "from/until"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[datetime, datetime]:  # fmt: skip
        """The two instants in order."""
        if isinstance(value, tuple):
            return value
        start, _, end = value.partition("/")
        wait = Instant().convert(start, param, ctx), Instant().convert(end, param, ctx)
        if wait[1] <= wait[0]:
            self.fail(f"{value!r} ends before it begins", param, ctx)
        return wait


def _api() -> ModuleType:
    django.setup()
    from tinhso.kernel.organisation import api  # noqa: PLC0415  models can only be loaded once Django is set up

    return api


def _calendar(province: str | None) -> Any:
    """This installation's calendar; the pack's where none is loaded yet (or there is no database at all)."""
    api = _api()
    name = settings.DATABASES["default"]["NAME"]
    on_file = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    try:
        if (not on_file or Path(name).exists()) and api.calendar_loaded():
            return api.calendar(province)
    except DatabaseError:
        pass  # no tables yet: the pack says what would be loaded
    return api.calendar_of_pack(province=province)


def words(reason: Reason) -> dict[str, str]:
    """A reason as a sentence in each language."""
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = ui.reason(reason)
    return said


def as_json(deadline: Deadline) -> dict[str, Any]:
    """The whole answer as data: instants in ISO form with offset, each reason as code, parameters, basis and words."""
    return {
        "due": deadline.due.astimezone(TZ).isoformat(timespec="minutes"),
        "provisional": deadline.provisional,
        "reasons": [
            {"code": r.code, "params": dict(r.params), "legal_basis": r.legal_basis, "words": words(r)}
            for r in deadline.reasons
        ],
        "days": [_day(count) for count in deadline.days],
    }


def _day(count: DayCount) -> dict[str, Any]:
    note = {"vi": count.note, "en": count.note_en} if count.note else None
    return {"day": count.day.isoformat(), "counted": count.counted, "kind": count.kind, "note": note}


def show(deadline: Deadline, language: str) -> None:
    """The answer for a person: the reasons in order, then the days that were looked at."""
    for reason in deadline.reasons:
        basis = f"  [{reason.legal_basis}]" if reason.legal_basis else ""
        click.echo(f"- {words(reason)[language]}{basis}")
    click.echo()
    for count in deadline.days:
        number = "" if count.counted is None else str(count.counted)
        note = (count.note if language == "vi" else count.note_en) or ""
        click.echo(
            f"  {text.day(count.day)} {text.weekday(count.day, language):<9} {SIGNS[count.kind]} {number:>3}  {note}".rstrip()
        )


@click.group()
def command() -> None:
    """Explain why something is due when it is due."""


@command.command()
@click.option("--received", type=Instant(), required=True, help="When it came in: 2026-08-28T15:20 (Vietnamese time).")
@click.option("--working-days", type=click.IntRange(0, 1000), help="A limit in working days.")
@click.option("--working-hours", type=click.IntRange(0, 8000), help="A limit in office hours.")
@click.option("--calendar-days", type=click.IntRange(0, 3000), help="A limit in calendar days.")
@click.option("--pause", "pauses", type=Wait(), multiple=True, help="A wait for the applicant: FROM/UNTIL; may be repeated.")
@click.option("--restart", is_flag=True, help="After a wait the limit begins again (default: it goes on).")
@click.option("--province", help="Code of the province whose office hours hold (default: the one served here).")
@click.option("--language", type=click.Choice(LANGUAGES), default="vi", show_default=True, help="Language of the words.")
@click.option("--json", "as_data", is_flag=True, help="Print data: due, reasons (words in both languages), days.")
def explain(
    received: datetime,
    working_days: int | None,
    working_hours: int | None,
    calendar_days: int | None,
    pauses: tuple[tuple[datetime, datetime], ...],
    restart: bool,
    province: str | None,
    language: str,
    as_data: bool,
) -> None:
    """By when it is due, and every reason why.

    \b
    tinhso deadline explain --received 2026-08-28T15:20 --working-days 3
    tinhso deadline explain --received 2026-11-02T09:00 --working-days 15 --pause 2026-11-05T10:00/2026-11-12T09:00
    """
    if [working_days, working_hours, calendar_days].count(None) != 2:
        raise click.UsageError("Give exactly one of --working-days, --working-hours, --calendar-days.")
    limit = WorkingTime(working_days=working_days, working_hours=working_hours, calendar_days=calendar_days)
    calendar = _calendar(province)
    policy: ClockPolicy = calendar.policy_on(received.astimezone(TZ).date())
    if restart:
        policy = replace(policy, resumption=Resumption.RESTART)
    deadline = calendar.add(received, limit, policy=policy, pauses=pauses)
    if as_data:
        click.echo(json.dumps(as_json(deadline), ensure_ascii=False, indent=2))
    else:
        show(deadline, language)
