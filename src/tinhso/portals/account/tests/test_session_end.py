"""A session that ends in mid-form: nothing typed is lost, and nobody else sees it."""

from datetime import UTC, datetime, timedelta

from django.test import Client

from tinhso.lib import clock
from tinhso.portals.account.tests.conftest import PASSWORD
from tinhso.ui import pending


def sign_in(client: Client, login: str = "0912345678") -> None:
    client.post("/account/sign-in/", {"login": login, "password": PASSWORD})


def lose_session(client: Client) -> None:
    del client.cookies["sessionid"]


def test_what_was_typed_comes_back_after_signing_in(client, tham):
    sign_in(client)
    lose_session(client)
    lost = client.post("/account/", {"phone": "0987654321", "email": "tham@example.vn", "password": "never kept"})
    assert lost["Location"] == "/account/sign-in/?next=%2Faccount%2Fgo-on%2F"
    page = client.get(lost["Location"]).content.decode()
    assert "được giữ" in page or "is kept" in page
    back = client.post("/account/sign-in/", {"login": "0912345678", "password": PASSWORD, "next": "/account/go-on/"})
    resumed = client.get(back["Location"])
    page = resumed.content.decode()
    assert 'action="/account/"' in page
    assert 'value="0987654321"' in page
    assert "never kept" not in page
    fields = dict(resumed.context["kept"].fields)
    assert client.post("/account/", fields).status_code == 302
    assert client.get("/account/go-on/")["Location"] == "/", "sent: nothing waits any more"


def test_somebody_else_at_the_same_browser_does_not_see_it(client, tham, tam):
    sign_in(client)
    lose_session(client)
    client.post("/account/", {"phone": "0987654321"})
    sign_in(client, "tam")
    assert client.get("/account/go-on/").status_code == 302
    assert pending.SESSION_KEY not in client.session or "0987654321" not in client.get("/account/go-on/").content.decode()


def test_who_never_signed_in_here_leaves_nothing(client, db):
    assert client.post("/account/", {"phone": "1"})["Location"] == "/account/sign-in/"
    assert pending.SESSION_KEY not in client.session


def test_it_waits_an_hour(client, tham):
    sign_in(client)
    lose_session(client)
    client.post("/account/", {"phone": "0987654321"})
    sign_in(client)
    assert client.get("/account/go-on/").status_code == 200
    with clock.at(datetime.now(UTC) + timedelta(minutes=61)):
        assert client.get("/account/go-on/").status_code == 302


def test_it_can_be_thrown_away(client, tham):
    sign_in(client)
    lose_session(client)
    client.post("/account/", {"phone": "0987654321"})
    sign_in(client)
    assert client.post("/account/go-on/").status_code == 302
    assert pending.SESSION_KEY not in client.session


def test_files_are_named_for_choosing_again_and_too_much_is_not_kept(client, tham, tmp_path):
    sign_in(client)
    lose_session(client)
    paper = tmp_path / "land.pdf"
    paper.write_bytes(b"%PDF-1.7")
    with paper.open("rb") as file:
        client.post("/account/", {"phone": "0987654321", "paper": file})
    sign_in(client)
    assert client.get("/account/go-on/").context["kept"].files == ("paper",)
    lose_session(client)
    client.post("/account/", {"phone": "x" * 300_000})
    sign_in(client)
    assert client.get("/account/go-on/").status_code == 302


def test_a_session_ends_after_the_longest_time_however_busy(client, tham, settings):
    sign_in(client)
    with clock.at(datetime.now(UTC) + timedelta(seconds=settings.SESSION_LONGEST + 60)):
        assert client.get("/account/")["Location"].startswith("/account/sign-in/")


def test_use_pushes_the_end_further_at_most_every_quarter_hour(client, tham, statements):
    sign_in(client)
    first = client.session["renewed"]
    with clock.at(datetime.now(UTC) + timedelta(minutes=10)):
        client.get("/account/")
        assert client.session["renewed"] == first
    with clock.at(datetime.now(UTC) + timedelta(minutes=16)):
        client.get("/account/")
        assert client.session["renewed"] > first
