"""Every component is drawn in both lights and both languages: no undefined variable, no inline style or script."""

import re

import pytest
from django.conf import settings
from django.template import Context, Template
from django.test import Client, override_settings

from tinhso.ui import gallery, icons
from tinhso.ui.templatetags import ui as tags

pytestmark = pytest.mark.django_db
UNDEFINED = "«undefined %s»"


@pytest.fixture(autouse=True)
def _strict_templates(settings: object) -> None:
    engine = settings.TEMPLATES[0]  # type: ignore[attr-defined]
    settings.TEMPLATES = [{**engine, "OPTIONS": {**engine["OPTIONS"], "string_if_invalid": UNDEFINED}}]  # type: ignore[attr-defined]


def drawn(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("room", ["citizen", "desk"])
def test_the_living_page_shows_everything(language: str, room: str) -> None:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    with override_settings(DEBUG=True):
        html = client.get("/ui/", {"room": room}).content.decode()
    assert "«undefined" not in html
    assert f'<html lang="{language}">' in html
    assert not re.search(r"\sstyle=|<script>|onclick=", html)
    assert html.count('class="clock') == len(gallery.CLOCKS)


def test_the_living_page_is_for_debugging_and_demonstrations_only() -> None:
    assert Client().get("/ui/").status_code == 404


def test_the_clock_draws_its_segments_and_says_them() -> None:
    html = drawn("{% clock c %}", c=gallery.CLOCKS[3])
    assert 'class="over" x="88.00%" width="12.00%"' in html
    assert "quá 2 ngày" in html and 'role="img"' in html
    assert 'fill="url(#hatch)"' in drawn("{% clock c %}", c=gallery.CLOCKS[4])


def test_the_calendar_says_what_each_day_is() -> None:
    html = drawn("{% deadline_calendar days %}", days=gallery.CLOCKS[0].days)
    assert html.count("<tr>") == 5
    assert "24/11/2026: Ngày Văn hóa Việt Nam" in html
    assert "27/11/2026: hẹn trả" in html
    assert drawn("{% deadline_calendar days %}", days=()).strip() == ""


def test_the_same_reason_is_said_once() -> None:
    html = drawn("{% reasons links %}", links=[gallery.REASONS[1], gallery.REASONS[1]])
    assert html.count("<li>") == 1


def test_states_carry_a_word_and_an_icon() -> None:
    html = drawn("{% status_tag 5 %}{% mark_tag 'unpaid' %}")
    assert "Yêu cầu bổ sung giấy tờ" in html and html.count("<svg") == 2


def test_a_code_is_drawn_for_cameras() -> None:
    html = drawn("{% qr text 'Mã hồ sơ' %}", text="H53.24-20261102-0000418")
    assert html.startswith("<svg") and 'aria-label="Mã hồ sơ"' in html and "style" not in html
    assert "<b>" not in tags.qr("<b>", "<b>")


def test_an_unknown_icon_is_a_circle_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    assert "<circle" in icons.draw("no-such-icon")
    assert "no-such-icon" in caplog.text or not icons.symbols()
    assert 'aria-label="&lt;b&gt;"' in icons.draw("house", "<b>")


def test_pages_lead_on_and_back(rf: object) -> None:
    request = rf.get("/", {"q": "a", "after": "x"})  # type: ignore[attr-defined]
    html = drawn("{% pages 'y' 20 %}", request=request)
    assert 'href="?q=a"' in html and 'href="?q=a&amp;after=y"' in html and "20 dòng" in html


def test_instants_are_exact_on_hover() -> None:
    html = drawn("{{ at|ago }}", at=gallery.ROWS[0].filed_at)
    assert 'title="20:12 01/11/2026"' in html and 'datetime="2026-11-01T20:12:00+07:00"' in html


def test_the_language_is_chosen_by_the_person_alone() -> None:
    client = Client(headers={"accept-language": "en"})
    assert client.get("/tro-giup/").headers["Content-Language"] == "vi"
    answer = client.post("/ui/language/", {"language": "en", "next": "/tro-giup/"})
    assert answer.status_code == 302 and answer.headers["Location"] == "/tro-giup/"
    assert client.get("/tro-giup/").headers["Content-Language"] == "en"


def test_choosing_a_language_leads_nowhere_else() -> None:
    answer = Client().post("/ui/language/", {"language": "xx", "next": "https://evil.example/"})
    assert answer.headers["Location"] == "/"
    assert settings.LANGUAGE_COOKIE_NAME not in answer.cookies
    assert Client().get("/ui/language/").status_code == 405
