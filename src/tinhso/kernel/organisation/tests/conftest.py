"""Fixtures of the organisation: the system as actor, the national facts loaded once for the test that asks."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from tinhso.kernel.ledger.types import Actor, ActorKind
from tinhso.kernel.organisation import api

SYSTEM = Actor(id="system:test", kind=ActorKind.SYSTEM)


@pytest.fixture
def system() -> Actor:
    return SYSTEM


@pytest.fixture(scope="module")
def _country(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """The areas of the country, loaded once for a module in a transaction around its tests and then taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        api.load_areas(SYSTEM)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def areas(_country: None, db: None) -> None:
    """The areas of the whole country are loaded."""


@pytest.fixture(scope="session")
def calendar() -> api.WorkCalendar:
    """The national calendar, straight from the pack: no database needed."""
    return api.calendar_of_pack()
