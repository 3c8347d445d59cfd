"""The people of the identity tests."""

from collections.abc import Callable
from datetime import date

import pytest

from tinhso.kernel.identity import api
from tinhso.kernel.identity.types import AccountKind, AccountView, PartyKind, Role
from tinhso.kernel.ledger.types import Actor
from tinhso.kernel.organisation import api as organisation
from tinhso.kernel.organisation.types import Unit

api.declare_roles(
    Role("test.intake", "Tiếp nhận", "Intake"),
    Role("test.handler", "Thụ lý", "Handler"),
    Role("test.head", "Phụ trách", "Head"),
)


@pytest.fixture
def machinery(db: None) -> Actor:
    """The province's own machinery, which may administer."""
    return api.system("test")


@pytest.fixture
def units(machinery: Actor) -> None:
    """A one-stop centre at two communes, and an economic office with its chief post."""
    for number, (key, kind) in enumerate((("psc-1", "commune-psc"), ("psc-2", "commune-psc"), ("eco-1", "commune-economic"))):
        name = f"Trung tâm {key}"
        code = f"H53.24.{number + 10}"
        organisation.create_unit(machinery, Unit(key, code, kind, name, f"Centre {key}", key, None, None), date(2026, 1, 1))
    organisation.create_post(machinery, "psc-1", "intake", "Công chức tiếp nhận", "Intake officer", valid_from=date(2026, 1, 1))


@pytest.fixture
def employ(machinery: Actor, units: None) -> Callable[..., AccountView]:
    """Makes an official and his account."""

    def made(username: str, name: str, **more: object) -> AccountView:
        official = organisation.create_official(machinery, name)
        return api.create_account(machinery, AccountKind.OFFICIAL, username, name, official=official.id, **more)

    return made


@pytest.fixture
def tam(employ: Callable[..., AccountView]) -> AccountView:
    """Lê Minh Tâm of the one-stop desk, with no role yet."""
    return employ("tam", "Lê Minh Tâm", password="một mật khẩu dài")


@pytest.fixture
def bao(employ: Callable[..., AccountView]) -> AccountView:
    """Trần Quốc Bảo, a handler, with no role yet."""
    return employ("bao", "Trần Quốc Bảo")


@pytest.fixture
def intake(machinery: Actor, tam: AccountView) -> Actor:
    """Tâm as an actor: intake at psc-1."""
    api.grant_role(machinery, tam.id, "test.intake", "psc-1")
    return api.actor_for(api.account(tam.id))


@pytest.fixture
def tham(db: None) -> AccountView:
    """Nguyễn Thị Hồng Thắm, who has signed up herself."""
    return api.sign_up(
        api.anonymous(),
        PartyKind.PERSON,
        "Nguyễn Thị Hồng Thắm",
        "080 196 001 234",
        password="một mật khẩu dài",
        phone="0912 345 678",
        email="Tham@Example.vn",
        address="12 Nguyễn Huệ, phường Long An",
    )


@pytest.fixture
def citizen(tham: AccountView) -> Actor:
    """Thắm as an actor."""
    return api.actor_for(api.account(tham.id))
