"""Another language, the same place: the page, its query, and what is already in a form."""

from playwright.sync_api import expect

from .paths import answer_page, turn
from .people import DESK, PHONE


def test_the_citizen_stays_where_he_is(site, somebody):
    citizen = somebody(PHONE, "tham")
    page = citizen.go("/thu-tuc/construction-permit-house/nop/")
    turn(citizen)
    where = page.url
    answer_page(citizen, "plot")
    expect(page.locator("[data-saved]")).to_contain_text("Đã lưu")
    citizen.press("English")
    expect(page).to_have_url(where)
    expect(page.get_by_text("Plot number").first).to_be_visible()
    expect(page.locator("[name=plot_no]")).to_have_value("214")
    citizen.press("Tiếng Việt")
    expect(page.get_by_text("Thửa đất số").first).to_be_visible()
    citizen.go("/tim/?q=xay+nha")
    citizen.press("English")
    expect(page).to_have_url(f"{site.url}/tim/?q=xay+nha")


def test_the_official_stays_in_his_list(site, somebody):
    site.bring_to("filed")
    officer = somebody(DESK, "tam")
    page = officer.go("/lam-viec/ds/to_receive/?kenh=online")
    officer.press("English")
    expect(page).to_have_url(f"{site.url}/lam-viec/ds/to_receive/?kenh=online")
    expect(page.get_by_role("heading", name="To be received")).to_be_visible()
