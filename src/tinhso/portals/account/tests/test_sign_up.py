"""A citizen makes an account."""

import pytest

from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.types import Assurance
from tinhso.portals.account.tests.conftest import PASSWORD

PATH = "/account/sign-up/"
FORM = {
    "kind": "person",
    "name": "Trương Thị Mỹ Duyên",
    "identifier": "080 300 005 678",
    "phone": "0909 111 222",
    "email": "",
    "password1": PASSWORD,
}


def test_signing_up_signs_in(client, db):
    response = client.post(PATH, FORM | {"next": "/account/"})
    assert response["Location"] == "/account/"
    made = identity.account_view(identity.account(client.session["_auth_user_id"]))
    assert (made.name, made.phone, made.assurance) == ("Trương Thị Mỹ Duyên", "0909111222", Assurance.DECLARED)
    assert made.party
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("identifier", "123"),
        ("phone", "abc"),
        ("phone", ""),
        ("email", "nope"),
        ("password1", "short"),
        ("password1", "1234567890123"),
        ("password1", "Trương Thị Mỹ Duyên"),
    ],
)
def test_each_fault_stands_beside_its_field_and_the_rest_is_kept(client, field, value):
    response = client.post(PATH, FORM | {field: value})
    assert response.status_code == 200
    form = response.context["form"]
    assert list(form.errors) == [field]
    page = response.content.decode()
    assert page.count('aria-invalid="true"') == 1
    assert PASSWORD not in page
    if field != "name":
        assert "Trương Thị Mỹ Duyên" in page


def test_a_phone_that_signs_in_somebody_is_refused(client, tham):
    response = client.post(PATH, FORM | {"phone": "+84 912 345 678"})
    assert list(response.context["form"].errors) == ["phone"]
    response = client.post(PATH, FORM | {"email": "Tham@Example.VN"})
    assert list(response.context["form"].errors) == ["email"]


def test_signing_up_is_throttled(client):
    for _ in range(20):
        client.post(PATH, FORM | {"name": ""})
    assert client.post(PATH, FORM).status_code == 429
