"""Fixtures of the organisation: the system as actor, the national facts loaded once for the test that asks."""

from datetime import date

import pytest

from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor, ActorKind
from tinhso.kernel.organisation import api
from tinhso.kernel.organisation.models import Area
from tinhso.kernel.organisation.tests.factories import unit_of

SYSTEM = Actor(id="system:test", kind=ActorKind.SYSTEM)


@pytest.fixture
def system() -> Actor:
    return SYSTEM


@pytest.fixture
def areas(country: None, db: None) -> None:
    """The areas of the whole country are loaded."""


@pytest.fixture(scope="session")
def calendar() -> api.WorkCalendar:
    """The national calendar, straight from the pack: no database needed."""
    return api.calendar_of_pack()


@pytest.fixture
def commune(db: None, system: Actor) -> str:
    """A People's Committee of a province with two communes below it, each with its service centre; the first one's key."""
    since = date(2025, 7, 1)
    with ledger.acting(system):
        for code, kind, name, parent in (
            ("80", "province", "Tây Ninh", ""),
            ("27694", "commune", "Long An", "80"),
            ("27712", "commune", "Tân An", "80"),
        ):
            Area.objects.create(
                code=code, kind=kind, name=name, name_en=name, title=name, title_en=name, parent=parent, valid_from=since
            )
    api.create_unit(system, unit_of("province-pc-80", "H53", "province-pc", area="80"), since)
    for number, area in enumerate(("27694", "27712"), 21):
        code = f"H53.{number}"
        api.create_unit(system, unit_of(f"commune-pc-{area}", code, "commune-pc", "province-pc-80", area), since)
        psc = unit_of(f"commune-psc-{area}", f"{code}.01", "commune-psc", f"commune-pc-{area}", area)
        api.create_unit(system, psc, since)
    return "commune-pc-27694"
