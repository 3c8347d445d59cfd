"""Nobody collects dossiers by trying codes, nor keeps the province busy judging documents: 429, and when to come back."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.models import Account
from tinhso.kernel.identity.types import AccountKind
from tinhso.ui import throttle

LOOK_UP, STATUS, VERIFY = "/tra-cuu/", "/api/v1/dossiers/H53.24-261102-0001/status", "/kiem-tra/"


@pytest.fixture(autouse=True)
def _few(db, settings):
    settings.LIMITS = {"look_up": (3, 3600), "verify": (3, 3600)}


def _ask(path: str, client: Client, address: str = "10.0.0.1"):
    if path == VERIFY:
        return client.post(path, {"document": SimpleUploadedFile("a.pdf", b"%PDF-1.4")}, REMOTE_ADDR=address)
    return client.get(path, {"code": "H53.24-261102-0001"}, REMOTE_ADDR=address)


@pytest.mark.parametrize("path", [LOOK_UP, STATUS, VERIFY, "/kiem-tra/ABCDEFGHJKMN/"])
def test_the_fourth_is_refused_and_told_when_to_come_back(path):
    told = [_ask(path, Client()).status_code for _ in range(3)]
    assert 429 not in told
    refused = _ask(path, Client(headers={"accept-language": "en"}))
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 3600
    body = refused.content.decode()
    if path == STATUS:
        assert refused["Content-Type"] == "application/problem+json"
        assert refused.json()["code"] == "too_many"
    else:
        assert "Quá nhiều lần" in body or "<h1" in body
    assert _ask(path, Client(), "10.0.0.2").status_code != 429, "another network goes on"


def test_page_and_program_share_the_limit():
    for path in (LOOK_UP, STATUS, LOOK_UP):
        _ask(path, Client())
    assert _ask(STATUS, Client()).status_code == 429


def test_the_page_is_in_the_language_of_who_asks():
    english = Client()
    english.cookies["django_language"] = "en"
    for _ in range(3):
        _ask(LOOK_UP, english)
    assert "Too many attempts" in _ask(LOOK_UP, english).content.decode()


def test_people_signed_in_are_counted_by_account_not_by_the_office_they_sit_in():
    machinery = identity.system("test")
    clients = []
    for name in ("a", "b"):
        made = identity.create_account(machinery, AccountKind.CITIZEN, name, name)
        clients.append(Client())
        clients[-1].force_login(Account.objects.get(pk=made.id), backend="tinhso.kernel.identity.backend.Backend")
    assert [_ask(LOOK_UP, clients[0]).status_code for _ in range(4)][-1] == 429
    assert _ask(LOOK_UP, clients[1]).status_code == 404


@pytest.mark.parametrize(
    ("proxies", "said", "found"),
    [
        (0, "1.2.3.4", "10.9.9.9"),
        (1, "1.2.3.4", "1.2.3.4"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.1.1.1", "1.2.3.4"),
        (2, "1.2.3.4", "10.9.9.9"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "::ffff:1.2.3.4", "1.2.3.4"),
        (1, "nonsense", "unknown"),
        (1, "", "unknown"),
    ],
)
def test_only_our_own_proxies_are_believed(settings, proxies, said, found):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", headers={"x-forwarded-for": said}, REMOTE_ADDR="10.9.9.9")
    assert throttle.address(request) == found
