"""Every route has a policy; the wrong person gets a page, a program a problem, nobody a trace."""

import re
from http import HTTPStatus

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError
from django.test import Client

from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.models import Account, Membership
from tinhso.kernel.identity.types import AccountKind
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.organisation import api as organisation
from tinhso.kernel.organisation.types import Unit
from tinhso.ui import access, problems
from tinhso.ui.tests import access_urls

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tinhso.ui.tests.access_urls")]


@pytest.fixture
def accounts() -> dict[str, Account]:
    machinery = identity.system("test")
    official = organisation.create_official(machinery, "Lê Minh Tâm")
    tam = identity.create_account(machinery, AccountKind.OFFICIAL, "tam", "Lê Minh Tâm", official=official.id)
    tham = identity.create_account(machinery, AccountKind.CITIZEN, "tham", "Nguyễn Thị Hồng Thắm")
    for number, key in enumerate(("psc-1", "psc-2")):
        unit = Unit(key, f"H53.24.{number + 10}", "commune-psc", key, key, key, None, None)
        organisation.create_unit(machinery, unit)
        identity.grant_role(machinery, tam.id, "services.intake", key)
    return {"official": identity.account(tam.id), "citizen": identity.account(tham.id)}


def signed_in(account: Account, second_factor: bool = True) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(account)
    session = client.session
    session[access.SECOND_FACTOR_KEY] = second_factor
    session.save()
    return client


def test_a_route_without_policy_is_refused_and_logged(client, caplog):
    response = client.get("/unguarded/")
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert "no policy" in caplog.text


def test_every_route_can_be_listed_with_its_policy():
    found = dict(access.routes(access_urls.urlpatterns))
    assert found["unguarded/"] is None
    assert found["intake/"] == access.Policy(access.Who.OFFICIAL, ("services.intake",))
    assert found["third/page/"] == access.Policy(access.Who.OFFICIAL)
    assert found["list/page/"].who is access.Who.SIGNED_IN
    assert found["api/mine"].who is access.Who.SIGNED_IN


@pytest.mark.parametrize(
    ("path", "where"), [("/mine/", "/sign-in/"), ("/citizens/", "/sign-in/"), ("/intake/", "/official-sign-in/")]
)
def test_nobody_is_led_to_sign_in_and_back(client, path, where):
    response = client.get(path + "?page=2")
    assert response.status_code == HTTPStatus.FOUND
    assert response["Location"] == f"{where}?next=%2F{path.strip('/')}%2F%3Fpage%3D2"


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("citizen", "/open/", 200),
        ("citizen", "/mine/", 200),
        ("citizen", "/citizens/", 200),
        ("citizen", "/intake/", 403),
        ("citizen", "/officials/", 403),
        ("citizen", "/third/page/", 403),
        ("official", "/citizens/", 403),
        ("official", "/intake/", 200),
        ("official", "/officials/", 200),
        ("official", "/third/page/", 200),
        ("official", "/list/page/", 200),
    ],
)
def test_each_kind_of_person_gets_in_where_the_policy_says(accounts, who, path, status):
    assert signed_in(accounts[who]).get(path).status_code == status


def test_an_official_without_the_role_is_refused(accounts):
    with ledger.acting(identity.system("test")):
        Membership.objects.update(role="services.clerk")
    assert signed_in(accounts["official"]).get("/intake/").status_code == HTTPStatus.FORBIDDEN
    assert signed_in(accounts["official"]).get("/officials/").status_code == HTTPStatus.OK


def test_an_official_gets_nowhere_without_the_second_factor(accounts):
    client = signed_in(accounts["official"], second_factor=False)
    assert client.get("/officials/")["Location"] == "/second-factor/"
    assert client.get("/mine/")["Location"] == "/second-factor/"
    assert client.get("/api/mine").json()["code"] == "second_factor_needed"
    assert client.get("/api/status").json() == {"actor": "anonymous"}


def test_a_program_gets_a_problem(client):
    response = client.get("/api/mine")
    assert response.status_code == HTTPStatus.UNAUTHORIZED
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["type"] == "urn:tinhso:problem:sign_in_needed"
    assert client.get("/mine/", headers={"Accept": "application/json"}).status_code == HTTPStatus.UNAUTHORIZED


def test_the_unit_an_official_acts_for(accounts, rf):
    client = signed_in(accounts["official"])
    assert " psc-1 " in client.get("/mine/").content.decode()
    session = client.session
    session[access.UNIT_KEY] = "psc-2"
    session.save()
    assert " psc-2 " in client.get("/mine/").content.decode()
    request = rf.get("/")
    request.user, request.session = accounts["official"], {access.SECOND_FACTOR_KEY: True}
    assert not access.choose_unit(request, "psc-9")
    assert access.choose_unit(request, "psc-2")
    assert access.actor_of(request).unit == "psc-2"


def test_session_user_and_grants_take_three_statements(accounts, statements):
    client = signed_in(accounts["official"])
    client.get("/intake/")  # the first request of a session also writes when it began
    with statements(3):
        assert client.get("/intake/").status_code == HTTPStatus.OK


@pytest.mark.parametrize("wrong", ["", "   ", None, lambda request: None])
def test_a_public_route_says_why(wrong):
    with pytest.raises(TypeError):
        access.public(wrong)


def test_the_brackets_of_official_are_not_forgotten():
    with pytest.raises(TypeError):
        access.official(lambda request: None)


@pytest.mark.parametrize(
    ("how", "status", "words"),
    [
        ("conflict", 409, "Somebody was faster"),
        ("database", 503, "resting"),
        ("disk", 507, "no room"),
        ("fault", 500, "our side"),
    ],
)
def test_failures_are_pages_and_problems(how, status, words):
    client = Client(raise_request_exception=False)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get(f"/fail/{how}/")
    assert page.status_code == status
    assert words in page.content.decode()
    assert "12345" not in page.content.decode()
    told = client.get(f"/fail/{how}/", headers={"Accept": "application/json"})
    assert told["Content-Type"] == "application/problem+json"
    assert told.json()["status"] == status
    assert ("Retry-After" in page) == (status == 503)


@pytest.mark.parametrize(
    ("path", "links"),
    [
        ("/fail/fault/?page=2", ["/", "/fail/fault/?page=2", "/", "tel:1022"]),
        ("/fail/conflict/", ["/", "/", "tel:1022"]),
        ("/lam-viec/nowhere/", ["/", "/lam-viec/", "/", "tel:1022"]),
    ],
)
def test_an_error_s_page_shows_the_ways_on(path, links):
    page = Client(raise_request_exception=False).get(path).content.decode()
    assert re.findall(r'href="((?:/|tel:)[^"]*)"', page.partition("<body")[2]) == links


def test_a_broken_form_names_its_fields(client):
    told = client.get("/fail/invalid/", headers={"Accept": "application/json"}).json()
    assert told["errors"] == [{"path": "plot.area", "code": "too_small", "params": {"least": "1"}}]


def test_what_is_missing_and_what_is_too_large(client, settings):
    assert client.get("/nowhere/").status_code == HTTPStatus.NOT_FOUND
    assert client.get("/nowhere/", headers={"Accept": "application/json"}).json()["code"] == "not_found"
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    large = client.post("/fail/post/", {"text": "x" * 100})
    assert large.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def test_a_form_without_token_is_explained():
    strict = Client(enforce_csrf_checks=True)
    strict.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    response = strict.post("/mine/", {"a": "1"})
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert "open too long" in response.content.decode()


def test_what_stands_outside_a_view_is_answered_too(rf):
    request = rf.get("/")
    assert problems.bad_request(request).status_code == HTTPStatus.BAD_REQUEST
    assert problems.forbidden(request).status_code == HTTPStatus.FORBIDDEN


def test_who_has_no_user_at_all_is_nobody(rf):
    assert access.actor_of(rf.get("/")) == identity.anonymous()


@pytest.mark.django_db(transaction=False)
def test_a_database_gone_before_the_view_is_reached(accounts, monkeypatch):
    client = signed_in(accounts["citizen"])

    def gone(*args: object, **kwargs: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(SessionStore, "load", gone)
    away = client.get("/mine/")
    assert away.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert away["Retry-After"]
    monkeypatch.undo()
    assert client.get("/mine/").status_code == HTTPStatus.OK, "and back"
