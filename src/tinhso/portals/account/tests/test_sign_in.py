"""Signing in and out: by phone, e-mail or name; throttled; back to where one wanted to go."""

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from tinhso.kernel.identity import api as identity
from tinhso.kernel.ledger import api as ledger
from tinhso.portals.account.tests.conftest import PASSWORD
from tinhso.ui import pending

SIGN_IN = "/account/sign-in/"


def sign_in(client: Client, login: str, password: str = PASSWORD, **more: str):
    return client.post(SIGN_IN, {"login": login, "password": password, **more})


@pytest.mark.parametrize("login", ["0912345678", "0912 345 678", "+84912345678", "tham@example.vn", "THAM@example.vn"])
def test_a_citizen_signs_in_by_phone_or_email(client, tham, login):
    response = sign_in(client, login)
    assert response.status_code == 302
    assert response["Location"] == "/"
    assert client.session["_auth_user_id"] == tham.id
    entry = ledger.history(f"account:{tham.id}")[-1]
    assert (entry.kind, entry.actor, entry.data["methods"]) == ("identity.signed_in", tham.actor, ["password"])


def test_an_official_signs_in_by_name_whatever_its_case(client, tam):
    assert sign_in(client, "TAM").status_code == 302
    assert client.session["_auth_user_id"] == tam.id


def test_back_to_where_one_wanted_to_go_but_nowhere_else(client, tham):
    assert sign_in(client, "0912345678", next="/account/?x=1")["Location"] == "/account/?x=1"
    client.logout()
    assert sign_in(client, "0912345678", next="https://evil.example/")["Location"] == "/"


@pytest.mark.parametrize(("login", "password"), [("0912345678", "wrong"), ("0987654321", PASSWORD), ("nobody", "x")])
def test_wrong_is_wrong_and_says_no_more(client, tham, login, password):
    response = sign_in(client, login, password)
    assert response.status_code == 200
    assert "_auth_user_id" not in client.session
    assert tham.name not in response.content.decode()


def test_sign_ins_are_throttled_however_the_number_is_written(client, tham):
    for written in ("0912345678", "0912 345 678", "+84912345678", "84912345678", "0912.345.678"):
        sign_in(client, written, "wrong")
    refused = sign_in(client, "0912345678")
    assert "_auth_user_id" not in client.session
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) == 300
    assert "năm phút" in refused.content.decode() or "five minutes" in refused.content.decode()
    assert sign_in(Client(REMOTE_ADDR="10.9.8.7"), "0912345678").status_code == 429, "another address changes nothing"


def test_many_tries_from_one_address_are_refused_with_a_page(client):
    for number in range(60):
        response = sign_in(client, f"nobody{number}", "x")
    response = sign_in(client, "nobody", "x")
    assert response.status_code == 429
    assert response["Retry-After"]


def test_a_closed_account_does_not_sign_in_and_its_sessions_end(client, tham):
    sign_in(client, "0912345678")
    assert client.get("/account/").status_code == 200
    identity.close_account(identity.system("test"), tham.id)
    assert client.get("/account/").status_code == 302
    assert sign_in(Client(), "0912345678")["Location"] == "/account/closed/"


def test_signing_out_asks_first_and_forgets_the_browser(client, tham):
    sign_in(client, "0912345678")
    assert client.cookies[pending.COOKIE].value
    assert client.get("/account/sign-out/").status_code == 200
    assert client.post("/account/sign-out/")["Location"] == "/"
    assert "_auth_user_id" not in client.session
    assert not client.cookies[pending.COOKIE].value


def test_a_hash_of_older_strength_is_renewed_at_sign_in(client, tham, settings):
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.Argon2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    assert identity.account(tham.id).password.startswith("md5")
    sign_in(client, "0912345678")
    assert identity.account(tham.id).password.startswith("argon2")
    assert sign_in(Client(), "0912345678").status_code == 302


def test_somebody_elses_phone_hash_is_not_tried(client, tham):
    assert make_password(PASSWORD) != identity.account(tham.id).password


@pytest.mark.parametrize("page", ["sign-in/", "sign-in/official/", "sign-up/", "password/forgotten/"])
def test_pages_before_sign_in_open_in_both_languages(client, page):
    path = f"/account/{page}"
    vietnamese = client.get(path).content.decode()
    client.cookies["django_language"] = "en"
    english = client.get(path).content.decode()
    assert 'lang="vi"' in vietnamese
    assert 'lang="en"' in english
    assert "testserver" not in vietnamese.split("<main")[0], "the site is ours, not the host's name"
