"""The people of the account tests, and a clean throttle for each."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.types import AccountKind, AccountView, PartyKind, Role
from tinhso.kernel.organisation import api as organisation
from tinhso.kernel.organisation.types import Unit

PASSWORD = "ba con vịt bơi ao"


@pytest.fixture(autouse=True)
def _clean_throttle(db: None) -> Iterator[None]:
    cache.clear()
    yield


@pytest.fixture
def tham(db: None) -> AccountView:
    """Nguyễn Thị Hồng Thắm, a citizen."""
    return identity.sign_up(
        identity.anonymous(),
        PartyKind.PERSON,
        "Nguyễn Thị Hồng Thắm",
        "080196001234",
        password=PASSWORD,
        phone="0912345678",
        email="tham@example.vn",
    )


@pytest.fixture
def tam(db: None) -> AccountView:
    """Lê Minh Tâm, an official with intake at two centres."""
    machinery = identity.system("test")
    identity.declare_roles(Role("test.intake", "Tiếp nhận", "Intake"))
    official = organisation.create_official(machinery, "Lê Minh Tâm")
    made = identity.create_account(
        machinery,
        AccountKind.OFFICIAL,
        "tam",
        "Lê Minh Tâm",
        password=PASSWORD,
        official=official.id,
        email="tam@example.vn",
    )
    for number, key in enumerate(("psc-1", "psc-2")):
        unit = Unit(key, f"H53.24.{number + 10}", "commune-psc", f"Trung tâm {key}", key, key, None, None)
        organisation.create_unit(machinery, unit)
        identity.grant_role(machinery, made.id, "test.intake", key)
    return made
