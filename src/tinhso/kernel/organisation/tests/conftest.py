"""Fixtures of the organisation: the system as actor, the national facts loaded once for the test that asks."""

import pytest

from tinhso.kernel.ledger.types import Actor, ActorKind
from tinhso.kernel.organisation import api
from tinhso.kernel.organisation.engine.calendar_facts import read_calendar
from tinhso.kernel.organisation.engine.holidays_vn import special_days

SYSTEM = Actor(id="system:test", kind=ActorKind.SYSTEM)


@pytest.fixture
def system() -> Actor:
    return SYSTEM


@pytest.fixture
def areas(db: None, system: Actor) -> None:
    api.load_areas(system)


@pytest.fixture(scope="session")
def calendar() -> api.WorkCalendar:
    """The national calendar, straight from the pack: no database needed."""
    from django.conf import settings

    facts = read_calendar(settings.PACKS / "national" / "calendar.yaml")
    return api.WorkCalendar(special_days, facts.days, facts.hours, facts.policies, facts.years)
