"""The session ends while somebody types: after signing in again nothing is lost, on the form."""

import re

from django.conf import settings
from playwright.sync_api import expect

from .paths import PAGES, answer_page, turn
from .people import PHONE, Person


def test_nothing_typed_in_a_form_is_lost(site, somebody):
    citizen = somebody(PHONE)
    page = citizen.go("/thu-tuc/construction-permit-house/nop/")
    _sign_in(citizen, "tham")
    turn(citizen)
    answer_page(citizen, "plot")
    _session_ends(citizen)
    turn(citizen)
    expect(page.get_by_text("Nội dung bạn nhập vẫn được giữ")).to_be_visible()
    citizen.seen("sign-in-again", english=False)
    _sign_in(citizen, "tham")
    expect(page).to_have_url(re.compile("/account/go-on/"))
    citizen.seen("go-on")
    turn_on(citizen)
    expect(page).to_have_url(re.compile("/house/"))
    citizen.follow(page.get_by_role("link", name="Quay lại").first)
    expect(page.locator("[name=plot_no]")).to_have_value(PAGES["plot"]["plot_no"])
    expect(page.locator("[name=plot_area]")).to_have_value("95,6")


def _sign_in(person: Person, name: str) -> None:
    person.page.locator("[name=login]").fill(name)
    person.page.locator("[name=password]").fill("tinhso")
    person.follow(person.page.locator("main form button").first)


def turn_on(person: Person) -> None:
    """Send what waited."""
    person.press("Gửi ngay")


def _session_ends(person: Person) -> None:
    person.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
