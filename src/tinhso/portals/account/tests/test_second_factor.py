"""Officials give a second factor; the demo is the one exception; its secrets are sealed."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from tinhso.kernel.identity import api as identity
from tinhso.kernel.ledger import api as ledger
from tinhso.portals.account.tests.conftest import PASSWORD
from tinhso.ui import access

APP = "/account/second-factor/app/"


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def sign_in(login: str) -> Client:
    client = Client()
    assert client.post("/account/sign-in/", {"login": login, "password": PASSWORD}).status_code == 302
    return client


def activate(client: Client) -> str:
    secret = client.get(APP).context["form"].secret
    response = client.post(APP, {"code": code_for(secret)})
    assert response["Location"] == "/account/second-factor/recovery/"
    return secret


def test_an_official_without_second_factor_is_led_to_set_it_up(tam):
    client = sign_in("tam")
    assert client.get("/account/")["Location"] == APP
    assert client.get(APP).status_code == 200
    activate(client)
    assert client.get("/account/").status_code == 200
    codes = client.get("/account/second-factor/recovery/").content.decode()
    assert codes.count("<code>") == 10
    assert ledger.history(f"account:{tam.id}", ["identity.second_factor.changed"])[0].data["method"] == "totp"


def test_the_next_sign_in_asks_for_the_code(tam):
    secret = activate(sign_in("tam"))
    Authenticator.objects.filter(type="totp")
    client = Client()
    half = client.post("/account/sign-in/", {"login": "tam", "password": PASSWORD, "next": "/account/"})
    assert half["Location"].startswith("/account/sign-in/code/")
    assert "_auth_user_id" not in client.session
    assert client.get("/account/sign-in/code/").status_code == 200
    wrong = client.post("/account/sign-in/code/", {"code": "000000"})
    assert wrong.status_code == 200
    from django.core.cache import cache

    cache.clear()  # the code of this half minute was used when it was set up
    whole = client.post("/account/sign-in/code/", {"code": code_for(secret)})
    assert whole["Location"] == "/account/"
    assert client.session[access.SECOND_FACTOR_KEY]
    assert client.get("/account/").status_code == 200
    assert ledger.history(f"account:{tam.id}", ["identity.signed_in"])[-1].data["methods"] == ["password", "mfa"]


def test_a_recovery_code_works_once(tam):
    first = sign_in("tam")
    activate(first)
    page = first.get("/account/second-factor/recovery/").content.decode()
    code = page.split("<code>")[1].split("</code>")[0]
    for expected in (302, 200):
        client = Client()
        client.post("/account/sign-in/", {"login": "tam", "password": PASSWORD})
        assert client.post("/account/sign-in/code/", {"code": code}).status_code == expected


def test_the_secret_is_sealed_in_the_table(tam):
    secret = activate(sign_in("tam"))
    kept = str(Authenticator.objects.get(type="totp").data)
    assert secret not in kept


def test_an_official_does_not_take_it_away_and_a_citizen_may(tam, tham):
    official, citizen = sign_in("tam"), sign_in("tham@example.vn")
    for client in (official, citizen):
        activate(client)
        assert client.get(f"{APP}give-up/").status_code == 200
        client.post(f"{APP}give-up/")
    assert Authenticator.objects.filter(type="totp", user=tam.id).exists()
    assert not Authenticator.objects.filter(type="totp", user=tham.id).exists()


def test_a_citizen_is_not_asked(tham):
    assert sign_in("tham@example.vn").get("/account/").status_code == 200


def test_new_recovery_codes_and_the_file(tam):
    client = sign_in("tam")
    activate(client)
    before = client.get("/account/second-factor/recovery/").content
    assert client.get("/account/second-factor/recovery/new/").status_code == 200
    assert client.post("/account/second-factor/recovery/new/").status_code == 302
    assert client.get("/account/second-factor/recovery/").content != before
    assert client.get("/account/second-factor/recovery/file/")["Content-Type"].startswith("text/plain")
    assert client.get("/account/second-factor/").status_code == 200


@pytest.fixture
def demo(db: None) -> None:
    identity.mark_as_demo(identity.system("test"))


def test_in_a_demo_officials_need_none(demo, tam):
    assert sign_in("tam").get("/account/").status_code == 200


def test_one_press_sign_in_is_for_demos_only(client, tam):
    assert client.post("/account/sign-in/demo/", {"who": "tam"}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_one_press_signs_in_where_it_may(demo, client, tam, tham):
    assert client.post("/account/sign-in/demo/", {"who": "tam"})["Location"] == "/lam-viec/"
    assert client.get("/account/").status_code == 200
    username = identity.account(tham.id).username
    assert client.post("/account/sign-in/demo/", {"who": username, "next": "//evil.example"})["Location"] == "/"
    assert client.post("/account/sign-in/demo/", {"who": "nobody"}).status_code == 404
    assert client.get("/account/sign-in/demo/").status_code == 405
