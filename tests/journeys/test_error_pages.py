"""Pages for what goes wrong: in the reader's language, what happened, why, what now; never a trace."""

import pytest
from playwright.sync_api import expect

from tinhso.portals.citizen import views

from .people import DESK, PHONE, Person

WORDS = {
    404: {"vi": "Không tìm thấy trang này", "en": "We can't find this page"},
    403: {"vi": "Bạn không được làm việc này", "en": "You may not do this"},
    500: {"vi": "Phía chúng tôi có lỗi", "en": "Something went wrong on our side"},
    "csrf": {"vi": "Mẫu này mở đã quá lâu", "en": "This form has been open too long"},
}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_each_error_has_its_page(site, somebody, monkeypatch, language):
    citizen = somebody(PHONE, "tham").speaks(language)
    citizen.forgiven.add(500)
    said = {kind: words[language] for kind, words in WORDS.items()}
    citizen.go("/khong-co-trang-nay/")
    _is_told(citizen, said[404], f"error-404-{language}")
    citizen.go("/lam-viec/")
    _is_told(citizen, said[403], f"error-403-{language}")
    monkeypatch.setattr(views.finding, "find", lambda *_: 1 / 0)
    citizen.go("/tim/?q=nha")
    _is_told(citizen, said[500], f"error-500-{language}")
    assert "Traceback" not in citizen.page.content()
    assert "ZeroDivision" not in citizen.page.content()
    citizen.go("/tra-cuu/")
    citizen.context.clear_cookies(name="csrftoken")
    citizen.press("English" if language == "vi" else "Tiếng Việt")
    _is_told(citizen, said["csrf"], f"error-csrf-{language}")


def _is_told(person: Person, words: str, name: str) -> None:
    expect(person.page.get_by_role("heading", level=1)).to_have_text(words)
    assert person.page.get_by_role("link").count(), "there is a way on"
    person.seen(name, english=False)


def test_an_official_s_wrong_address(site, somebody):
    officer = somebody(DESK, "tam")
    page = officer.go("/lam-viec/ho-so/H53.24.01-20260101-0000009/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert "Traceback" not in page.content()
