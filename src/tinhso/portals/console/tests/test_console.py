"""The console: who may open it, and that each act there is the operation of its room, with its entry."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests import world
from tests.world import World
from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.types import NoSuchAccount
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.messages import api as messages
from tinhso.kernel.organisation import api as organisation
from tinhso.kernel.payments import api as payments
from tinhso.lib.problems import NotAllowed
from tinhso.ui.access import SECOND_FACTOR_KEY

ROLES = ("console.admin", identity.ADMINISTRATOR, organisation.ADMIN, messages.KEEPER, payments.CASHIER)
PAGES = ("", "tai-khoan/", "tai-khoan/moi/", "gui-tin/", "thanh-toan/", "cong-viec/")


@pytest.fixture
def place(db: None) -> World:
    """Khánh Hậu, where Nguyễn Văn Khoa looks after the system."""
    made = world.build()
    world.official(made, "it", "Nguyễn Văn Khoa", [(role, made.units["commune-pc"].key) for role in ROLES])
    return made


def _client(made: World, name: str) -> Client:
    client = Client()
    client.force_login(made.accounts[name], backend="tinhso.kernel.identity.backend.Backend")
    session = client.session
    session[SECOND_FACTOR_KEY] = True
    session.save()
    return client


def _kinds(account_id: str) -> list[str]:
    return [entry.kind for entry in ledger.history(f"account:{account_id}")]


@pytest.mark.parametrize("page", PAGES)
def test_opens_to_its_role_only(place: World, page: str) -> None:
    assert _client(place, "it").get(f"/quan-tri/{page}").status_code == 200
    assert _client(place, "bao").get(f"/quan-tri/{page}").status_code == 403
    assert _client(place, "tham").get(f"/quan-tri/{page}").status_code == 403
    assert Client().get(f"/quan-tri/{page}").status_code == 302


def test_the_desk_leads_there_who_has_nothing_to_do_at_it(place: World) -> None:
    assert _client(place, "it").get("/lam-viec/").headers["Location"] == "/quan-tri/"
    assert "/quan-tri/" not in _client(place, "bao").get("/lam-viec/").content.decode()


def _newcomer(place: World, **other: str) -> dict[str, str]:
    day = {"since-day": "2", "since-month": "11", "since-year": "2026"}
    unit = place.units["commune-economic"].key
    who = {"name": "Mai Xuân Hòa", "username": "mai.xuan.hoa", "email": "hoa@tinhso.example", "role": "console.admin"}
    return {**who, "unit": unit, **day, **other}


def test_makes_an_account_whose_password_is_shown_once(place: World) -> None:
    answer = _client(place, "it").post("/quan-tri/tai-khoan/moi/", _newcomer(place))
    password = re.search(r"<b>([a-z2-9]{4}(?:-[a-z2-9]{4}){3})</b>", answer.content.decode())
    assert answer.status_code == 200 and password
    made = identity.account_by_username("mai.xuan.hoa")
    assert made is not None and made.check_password(password.group(1))
    assert _kinds(str(made.id)) == ["identity.account.created", "identity.role.granted"]


def test_a_username_that_is_taken_changes_nothing_and_says_so(place: World) -> None:
    client = _client(place, "it")
    before = ledger.sealed_size(), identity.staff(place.actor("it")).rows
    answer = client.post("/quan-tri/tai-khoan/moi/", _newcomer(place, username="bao"))
    assert answer.status_code == 422 and "Mai Xuân Hòa" in answer.content.decode()
    assert (ledger.sealed_size(), identity.staff(place.actor("it")).rows) == before


def test_what_is_missing_stands_beside_its_question(place: World) -> None:
    answer = _client(place, "it").post("/quan-tri/tai-khoan/moi/", {"name": "Mai Xuân Hòa"})
    assert answer.status_code == 422 and 'id="q-username-fault"' in answer.content.decode()


def test_gives_and_ends_a_role_with_dates(place: World) -> None:
    bao, client = str(place.accounts["bao"].id), _client(place, "it")
    role = {"role": "services.head", "unit": place.units["commune-economic"].key}
    since = {"since-day": "2", "since-month": "11", "since-year": "2026"}
    before = {"until-day": "1", "until-month": "11", "until-year": "2026"}
    assert client.post(f"/quan-tri/tai-khoan/{bao}/vai-tro/", {**role, **since, **before}).status_code == 422
    assert client.post(f"/quan-tri/tai-khoan/{bao}/vai-tro/", {**role, **since}).status_code == 302
    assert "services.head" in {grant.role for grant in place.bao.grants}
    assert client.post(f"/quan-tri/tai-khoan/{bao}/vai-tro/het/", role).status_code == 302
    assert "services.head" not in {grant.role for grant in place.bao.grants}
    assert _kinds(bao)[-2:] == ["identity.role.granted", "identity.role.ended"]


def test_locks_opens_and_takes_the_second_factor_away(place: World) -> None:
    bao, client = place.accounts["bao"], _client(place, "it")
    with ledger.acting(identity.system("test")):
        Authenticator.objects.create(user=bao, type=Authenticator.Type.TOTP, data={})
    assert identity.staff_member(place.actor("it"), str(bao.id)).second_factor
    for what in ("khoa", "mo-khoa", "lop-hai", "lop-hai"):
        assert client.post(f"/quan-tri/tai-khoan/{bao.id}/{what}/").status_code == 302
    assert not Authenticator.objects.filter(user=bao).exists()
    closed = ["identity.account.closed", "identity.account.reopened", "identity.second_factor.changed"]
    assert _kinds(str(bao.id))[-3:] == closed, "the second time there was nothing to take away"
    assert client.post(f"/quan-tri/tai-khoan/{bao.id}/khac/").status_code == 404
    assert "Mật khẩu" in client.post(f"/quan-tri/tai-khoan/{bao.id}/mat-khau/").content.decode()
    assert _kinds(str(bao.id))[-1] == "identity.password.changed"


def test_the_list_is_paged_by_name_and_found_without_accents(place: World) -> None:
    actor = place.actor("it")
    names, after = [], ""
    while True:
        page = identity.staff(actor, after=after, size=3)
        names += [row.username for row in page.rows]
        if page.after is None:
            break
        after = page.after
    assert len(names) == len(set(names)) == len(identity.staff(actor, size=100).rows)
    assert [row.username for row in identity.staff(actor, "BAO").rows] == ["bao"]
    assert identity.staff(actor, after="no id").rows


def test_only_administrators_and_only_officials(place: World) -> None:
    with pytest.raises(NotAllowed):
        identity.staff(place.bao)
    with pytest.raises(NotAllowed):
        identity.reset_second_factor(place.bao, str(place.accounts["tam"].id))
    with pytest.raises(NoSuchAccount):
        identity.staff_member(place.actor("it"), str(place.accounts["tham"].id))


def test_acts_elsewhere_are_those_of_their_rooms(place: World) -> None:
    client = _client(place, "it")
    assert client.post("/quan-tri/gui-tin/1/").status_code == 404
    assert client.post("/quan-tri/thanh-toan/x/", {"resolution": "dismissed"}).status_code == 404
    assert client.post("/quan-tri/thanh-toan/x/", {"resolution": "eaten"}).status_code == 404
    assert client.post("/quan-tri/cong-viec/messages.notices/").status_code == 302
