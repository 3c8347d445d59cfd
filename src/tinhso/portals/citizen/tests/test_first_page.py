"""The first page shows what exists and nothing else; it is light, and leads where it says."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.types import PartyKind
from tinhso.ui import site

pytestmark = pytest.mark.django_db
ROOT = settings.ROOT / "src" / "tinhso"


def page(client: Client, path: str = "/", language: str = "vi") -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


@pytest.fixture
def province(country: None) -> None:
    """The country's areas are loaded."""


def test_an_empty_system_says_what_will_appear() -> None:
    html = page(Client())
    assert "Bạn cần làm gì?" in html
    assert "Chưa có dịch vụ" in html
    assert "Dùng thử với vai" not in html


def test_the_first_page_weighs_less_than_100_kb() -> None:
    html = Client().get("/").content
    linked = re.findall(rb'(?:href|src)="/static/([^"]+\.(?:css|js|svg))"', html)
    weight = len(gzip.compress(html))
    for name in linked:
        weight += len(gzip.compress((ROOT / "ui" / "static" / name.decode()).read_bytes()))
    assert b"fonts" not in html
    assert linked and weight < 100_000


@pytest.mark.parametrize("path", ["/", "/tim/", "/tim/?q=xyz", "/tra-cuu/", "/kiem-tra/", "/tro-giup/"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_pages_for_everybody_open_in_both_languages(path: str, language: str) -> None:
    html = page(Client(), path, language)
    assert f'<html lang="{language}">' in html
    assert html.count("<h1") == 1
    assert "<title>" in html and 'id="main"' in html


@pytest.mark.parametrize("path", ["/ho-so-cua-toi/", "/thong-bao/", "/ai-da-xem/", "/tai-khoan-cua-toi/"])
def test_pages_about_oneself_ask_to_sign_in(path: str) -> None:
    response = Client().get(path)
    assert response.status_code == 302
    assert path in response.headers["Location"].replace("%2F", "/")


@pytest.mark.parametrize("path", ["/", "/ho-so-cua-toi/", "/thong-bao/", "/ai-da-xem/", "/tai-khoan-cua-toi/"])
def test_a_citizen_without_anything_sees_how_to_begin(path: str) -> None:
    view = identity.sign_up(
        identity.anonymous(),
        PartyKind.PERSON,
        "Nguyễn Thị Hồng Thắm",
        "080196001234",
        password="Mật khẩu dài 2026",
        phone="0912345678",
    )
    client = Client()
    client.force_login(identity.account(view.id))
    html = page(client, path)
    assert "Nguyễn" in html if path == "/tai-khoan-cua-toi/" else 'class="empty"' in html


def test_demo_sign_ins_show_only_in_a_demonstration(monkeypatch: pytest.MonkeyPatch) -> None:
    person = site.DemoSignIn("Lê Minh Tâm", "Một cửa", "One-stop desk", "/account/sign-in/demo/", "tam")
    monkeypatch.setattr(site._Providers, "sign_ins", staticmethod(lambda request: (person,)))
    assert "Lê Minh Tâm" not in page(Client())
    monkeypatch.setattr(site._Providers, "site", staticmethod(lambda: site.Site("Tây Ninh", demo=True)))
    assert "Lê Minh Tâm" in page(Client())


def test_a_dossier_code_in_the_search_field_leads_to_its_status() -> None:
    response = Client().get("/tim/", {"q": "H53.24-20261102-0000418"})
    assert response.status_code == 302 and response.headers["Location"] == "/tra-cuu/?code=H53.24-20261102-0000418"
    told = Client().get(response.headers["Location"])
    assert told.status_code == 404 and "Không có hồ sơ này" in told.content.decode()


def test_a_code_that_was_never_published_is_said_so() -> None:
    answer = Client().get("/kiem-tra/", {"code": "ABCD-EFGH-2345"})
    assert answer.status_code == 302
    told = Client().get(answer.headers["Location"])
    assert told.status_code == 404 and "Không có văn bản nào mang mã này" in told.content.decode()


def test_the_commune_is_remembered_and_nothing_else() -> None:
    client = Client()
    answer = client.post("/noi-o/", {"commune": "25459"})
    assert answer.status_code == 302 and client.cookies["tinhso_commune"].value == "25459"
    assert "tinhso_commune" not in Client().post("/noi-o/", {"commune": "<script>"}).cookies


def test_the_static_files_named_by_templates_exist() -> None:
    for template in ROOT.rglob("templates/**/*.html"):
        for name in re.findall(r"\{% static '(ui/[^']+)' %\}", template.read_text("utf-8")):
            assert Path(ROOT / "ui" / "static" / name).exists(), (template, name)
