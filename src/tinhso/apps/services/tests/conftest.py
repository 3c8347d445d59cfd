"""A commune with its people, certificates and the building permit's pack."""

from collections.abc import Callable

import pytest

from tests import dossiers
from tinhso.kernel.cases.types import CaseRef


@pytest.fixture
def commune(open_commune):
    """Khánh Hậu on the morning of 2/11/2026, its leader and agencies able to sign."""
    return open_commune


@pytest.fixture
def filed(commune) -> Callable[..., CaseRef]:
    """Hand in a dossier as Thắm, with all papers."""
    return lambda **answers: dossiers.hand_in(commune, **answers)
