"""Loading facts from packs: areas and the working calendar. Idempotent: the same files change nothing."""

import uuid
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import connection

from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor
from tinhso.kernel.organisation import models
from tinhso.kernel.organisation.engine.areas import REFORM, AreaFact, AreaFacts, read_areas
from tinhso.kernel.organisation.engine.calendar_facts import CalendarFacts, read_calendar
from tinhso.kernel.organisation.operations.access import must_administer
from tinhso.kernel.organisation.types import AreasLoaded, CalendarLoaded

STREAM = "organisation:facts"


def changed(name: str, digest: str, value: str = "") -> bool:
    """Whether this edition is new; if so it is noted, with a new token that makes every cache stale."""
    if models.Edition.objects.filter(name=name, digest=digest, value=value).exists():
        return False
    models.Edition.objects.update_or_create(name=name, defaults={"digest": digest, "value": value, "token": uuid.uuid4()})
    return True


@ledger.operation
def load_areas(actor: Actor, folder: Path | None = None) -> bool:
    """Load all areas of the country, present and past, from the CSV facts (default: the national pack).

    Replaces what was loaded before; the same files change nothing and return False. Raises FactsInvalid, NotAllowed.
    """
    must_administer(actor, None)
    facts = read_areas(folder or settings.PACKS / "national" / "areas")
    if not changed("areas", facts.digest):
        return False
    models.Area.objects.all().delete()
    rows = models.Area.objects.bulk_create([_area_row(fact) for fact in facts.areas], batch_size=1000)
    models.AreaSuccession.objects.bulk_create(_successions(facts, rows), batch_size=2000)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # what follows at once must not be planned for two empty tables
            cursor.execute("ANALYZE organisation_area, organisation_areasuccession")
    ledger.append(STREAM, AreasLoaded(facts.digest, len(facts.areas), len(facts.succession)))
    return True


def _area_row(fact: AreaFact) -> models.Area:
    return models.Area(
        code=fact.code,
        kind=fact.kind.value,
        name=fact.name,
        name_en=fact.name_en,
        title=fact.title,
        title_en=fact.title_en,
        parent=fact.parent,
        latitude=fact.latitude,
        longitude=fact.longitude,
        confirmed=fact.confirmed,
        valid_from=fact.valid_from,
        valid_to=fact.valid_to,
    )


def _successions(facts: AreaFacts, rows: Iterable[models.Area]) -> list[models.AreaSuccession]:
    old = {row.code: row.pk for row in rows if row.valid_to == REFORM}
    new = {row.code: row.pk for row in rows if row.valid_from == REFORM}
    return [
        models.AreaSuccession(predecessor_id=old[before], successor_id=new[after], on=REFORM, main=main)
        for before, after, main in facts.succession
    ]


@ledger.operation
def load_calendar(actor: Actor, path: Path | None = None) -> bool:
    """Load the working calendar from its YAML file (default: the national pack).

    Replaces what was loaded before; the same file changes nothing and returns False. Raises FactsInvalid, NotAllowed.
    """
    must_administer(actor, None)
    facts = read_calendar(path or settings.PACKS / "national" / "calendar.yaml")
    if not changed("calendar", facts.digest):
        return False
    for table in (models.CalendarDay, models.CalendarYear, models.OfficeHours, models.ClockPolicy):
        table.objects.all().delete()
    _write_calendar(facts)
    ledger.append(STREAM, CalendarLoaded(facts.digest, len(facts.days), tuple(sorted(facts.years))))
    return True


def _write_calendar(facts: CalendarFacts) -> None:
    models.CalendarDay.objects.bulk_create(
        models.CalendarDay(
            day=fact.day,
            working=fact.working,
            name=fact.name,
            name_en=fact.name_en,
            legal_basis=fact.legal_basis or "",
            confirmed=fact.confirmed,
        )
        for fact in facts.days
    )
    models.CalendarYear.objects.bulk_create(models.CalendarYear(year=y, legal_basis=basis) for y, basis in facts.years.items())
    models.OfficeHours.objects.bulk_create(
        models.OfficeHours(
            valid_from=hours.valid_from,
            province=hours.province or "",
            sessions=[[f"{a:%H:%M}", f"{b:%H:%M}"] for a, b in hours.sessions],
            weekdays=list(hours.weekdays),
            legal_basis=hours.legal_basis or "",
        )
        for hours in facts.hours
    )
    models.ClockPolicy.objects.bulk_create(
        models.ClockPolicy(
            valid_from=policy.valid_from,
            rules={
                "cut_off": f"{policy.cut_off:%H:%M}" if policy.cut_off else None,
                "first_day_counts": policy.first_day_counts,
                "day_end": policy.day_end.value,
                "roll_over": policy.roll_over,
                "resumption": policy.resumption.value,
                "cut_off_basis": policy.cut_off_basis,
                "first_day_basis": policy.first_day_basis,
                "roll_over_basis": policy.roll_over_basis,
            },
        )
        for policy in facts.policies
    )
