"""One's own account: contact, password, unit; a forgotten password by mail."""

import re

from django.test import Client

from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.types import PartyKind
from tinhso.kernel.ledger import api as ledger
from tinhso.lib import clock
from tinhso.portals.account.tests.conftest import PASSWORD
from tinhso.ui import access

NEW = "năm con gà gáy sáng"


def signed_in(account) -> Client:
    client = Client()
    client.force_login(identity.account(account.id))
    session = client.session
    session[access.SECOND_FACTOR_KEY] = True
    session.save()
    return client


def test_contact_is_changed_here(tham):
    client = signed_in(tham)
    assert "0912345678" in client.get("/account/").content.decode()
    response = client.post("/account/", {"phone": "0987 654 321", "email": ""})
    assert response["Location"] == "/account/"
    assert identity.account_view(identity.account(tham.id)).phone == "0987654321"


def test_somebody_elses_contact_is_refused(tham, tam):
    response = signed_in(tham).post("/account/", {"phone": "0912345678", "email": "tam@example.vn"})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["email"]


def test_an_official_chooses_the_unit_he_acts_for(tam):
    client = signed_in(tam)
    assert "Trung tâm psc-2" in client.get("/account/").content.decode()
    assert client.post("/account/unit/", {"unit": "psc-2"}).status_code == 302
    assert client.session[access.UNIT_KEY] == "psc-2"
    assert client.post("/account/unit/", {"unit": "elsewhere"}).status_code == 404


def test_a_password_is_changed_by_who_knows_it(client, tham):
    client.post("/account/sign-in/", {"login": "0912345678", "password": PASSWORD})
    form = {"oldpassword": "wrong", "password1": NEW, "password2": NEW}
    assert client.post("/account/password/", form).status_code == 200
    assert client.post("/account/password/", form | {"oldpassword": PASSWORD}).status_code == 302
    assert identity.account(tham.id).check_password(NEW)
    assert client.get("/account/").status_code == 200, "the session goes on"
    assert ledger.history(f"account:{tham.id}")[-1].kind == "identity.password.changed"


def test_changing_a_password_ends_the_other_sessions(client, tham):
    other = Client()
    for one in (client, other):
        one.post("/account/sign-in/", {"login": "0912345678", "password": PASSWORD})
    client.post("/account/password/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert other.get("/account/").status_code == 302


def test_a_forgotten_password_comes_by_mail_once(client, tham, mailoutbox):
    assert client.post("/account/password/forgotten/", {"email": "tham@example.vn"}).status_code == 302
    assert client.get("/account/password/forgotten/sent/").status_code == 200
    link = re.search(r"http://testserver(/account/password/new/\S+)", mailoutbox[0].body).group(1)
    page = client.get(link, follow=True)
    here = page.redirect_chain[-1][0]
    assert client.post(here, {"password1": NEW, "password2": NEW}).status_code == 302
    assert identity.account(tham.id).check_password(NEW)
    assert client.get("/account/password/new/done/").status_code == 200
    again = Client().get(link)
    assert again.status_code == 200
    assert again.context["token_fail"]


def test_an_unknown_address_is_answered_the_same(client, db, mailoutbox):
    response = client.post("/account/password/forgotten/", {"email": "nobody@example.vn"})
    assert response["Location"] == "/account/password/forgotten/sent/"


def test_delicate_pages_ask_for_the_password_again(tham):
    client = signed_in(tham)
    session = client.session
    session["began"] = clock.now().timestamp() - 600
    session.save()
    response = client.get("/account/second-factor/app/")
    assert response["Location"].startswith("/account/confirm/")
    assert client.get("/account/confirm/").status_code == 200
    assert client.post("/account/confirm/", {"password": PASSWORD}).status_code == 302


def test_a_business_has_its_account(db):
    made = identity.sign_up(
        identity.anonymous(), PartyKind.BUSINESS, "Công ty Vàm Cỏ", "1101234567", password=PASSWORD, email="vc@example.vn"
    )
    assert "Công ty Vàm Cỏ" in signed_in(made).get("/account/").content.decode()
