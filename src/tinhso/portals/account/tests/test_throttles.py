"""Sign-ups, forgotten passwords and codes can't be tried without end; the answer is 429 in the person's language."""

import pytest
from django.test import Client

from tinhso.portals.account.tests.conftest import PASSWORD

SIGN_UP = {"name": "Nguyễn Văn A", "identifier": "080196001299", "phone": "0911111111", "password1": "x"}


def _last(path: str, times: int, **form: str):
    client = Client()
    client.cookies["django_language"] = "en"
    for _ in range(times):
        assert client.post(path, form).status_code != 429
    return client.post(path, form)


@pytest.mark.parametrize(
    ("path", "times", "form"),
    [
        ("/account/sign-up/", 20, SIGN_UP),
        ("/account/password/forgotten/", 3, {"email": "tham@example.vn"}),
        ("/account/password/forgotten/", 3, {"email": "TTham@example.vn"}),
        ("/account/sign-in/", 5, {"login": "0912345678", "password": "wrong"}),
    ],
    ids=["sign-up", "forgotten", "forgotten by nobody", "sign-in"],
)
def test_too_many_is_429_in_ones_language(tham, path, times, form):
    refused = _last(path, times, **form)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert "Too many attempts" in refused.content.decode()


def test_codes_of_the_second_factor_are_throttled(tam):
    from tinhso.portals.account.tests.test_second_factor import activate, sign_in

    activate(sign_in("tam"))
    client = Client()
    client.post("/account/sign-in/", {"login": "tam", "password": PASSWORD})
    told = [client.post("/account/sign-in/code/", {"code": "000000"}).status_code for _ in range(7)]
    assert told[-1] == 429
    assert "_auth_user_id" not in client.session
