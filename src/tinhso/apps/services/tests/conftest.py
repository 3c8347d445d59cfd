"""A commune with its people, certificates and the building permit's pack."""

from collections.abc import Callable

import pytest

from tests import dossiers, world
from tinhso.kernel.cases.types import CaseRef
from tinhso.lib import clock


@pytest.fixture
def commune(db, settings, tmp_path):
    """Khánh Hậu on the morning of 2/11/2026, its leader and agencies able to sign."""
    settings.HOME = tmp_path
    with clock.at(world.local("2026-11-02 08:00")):
        yield dossiers.open_commune()


@pytest.fixture
def filed(commune) -> Callable[..., CaseRef]:
    """Hand in a dossier as Thắm, with all papers."""
    return lambda **answers: dossiers.hand_in(commune, **answers)
