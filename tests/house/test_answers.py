"""Whatever is asked, by whatever method, of whatever address: the answer is in the house's words and carries its headers."""

import pytest
from django.test import Client

from tests import world


@pytest.fixture
def person(db, tmp_path, settings):
    settings.HOME = tmp_path
    made = world.build()
    client = Client(raise_request_exception=False)
    client.force_login(made.accounts["tham"], backend="tinhso.kernel.identity.backend.Backend")
    return client


ASKED = [
    ("GET", "/"),
    ("GET", "/nowhere/"),
    ("GET", "/ho-so-cua-toi/"),
    ("GET", "/lam-viec/"),
    ("GET", "/thong-bao/da-doc/"),
    ("GET", "/tra-cuu/?code=%00"),
    ("GET", "/static/nothing.css"),
    ("GET", "/static/ui/logo.svg"),
    ("GET", "/api/v1/openapi.json"),
    ("GET", "/api/v1/nowhere"),
    ("DELETE", "/api/v1/procedures"),
    ("PUT", "/api/v1/dossiers"),
    ("POST", "/payments/callback/nobody/"),
    ("GET", "/payments/callback/nobody/"),
]


@pytest.mark.parametrize(("method", "path"), ASKED)
def test_every_answer_carries_the_headers(person, method, path):
    told = person.generic(method, path)
    assert "unsafe" not in told["Content-Security-Policy"]
    assert "default-src 'self'" in told["Content-Security-Policy"]
    assert told["X-Frame-Options"] == "SAMEORIGIN"
    assert told["X-Content-Type-Options"] == "nosniff"
    assert told["Referrer-Policy"] == "same-origin"


def test_a_foreign_host_is_refused_with_the_headers_too(client, db, settings):
    settings.ALLOWED_HOSTS = ["localhost"]
    told = client.get("/account/password/forgotten/", headers={"host": "evil.example"})
    assert told.status_code == 400
    assert "default-src 'self'" in told["Content-Security-Policy"]
    assert "evil.example" not in told.content.decode()


@pytest.mark.parametrize(("method", "path"), [a for a in ASKED if a[0] != "GET" or "nowhere" in a[1] or "da-doc" in a[1]])
def test_every_refusal_is_a_page_or_a_problem(person, method, path):
    told = person.generic(method, path)
    assert told.status_code >= 400
    if path.startswith("/api/"):
        assert told["Content-Type"] == "application/problem+json"
        assert told.json()["status"] == told.status_code
    else:
        assert told.json() if "json" in told["Content-Type"] else "<h1" in told.content.decode()


def test_a_wrong_method_says_which_are_right(person):
    assert person.get("/thong-bao/da-doc/")["Allow"] == "POST"
    assert person.delete("/api/v1/procedures")["Allow"] == "GET"


def test_a_body_without_its_length_is_not_taken_for_empty(person):
    chunked = {"HTTP_TRANSFER_ENCODING": "chunked"}
    told = person.generic("POST", "/api/v1/dossiers", "{}", "application/json", CONTENT_LENGTH="", **chunked)
    assert (told.status_code, told.json()["code"]) == (411, "length_needed")
    assert person.generic("POST", "/api/v1/dossiers", "{}", "application/json", **chunked).status_code == 422


def test_what_a_person_is_shown_stays_in_no_cache(person):
    for path in ("/", "/ho-so-cua-toi/", "/thong-bao/", "/tai-khoan-cua-toi/", "/account/", "/nowhere/"):
        assert "no-store" in person.get(path)["Cache-Control"], path
    assert "Cache-Control" not in Client().get("/")
