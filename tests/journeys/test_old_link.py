"""A link from an old e-mail to something that is no longer to be done: told so, on the dossier's own page."""

from playwright.sync_api import expect

from .people import DESK, PHONE


def test_the_citizen_s_old_links_lead_to_the_dossier(site, somebody):
    code = site.bring_to("assigning").code
    citizen = somebody(PHONE, "tham")
    page = citizen.go(f"/ho-so/{code}/bo-sung/")
    expect(page.get_by_text("Hiện bạn không phải làm gì với hồ sơ này.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cấp giấy phép")


def test_the_official_s_old_link_says_where_the_dossier_is(site, somebody):
    code = site.bring_to("assigning").code
    officer = somebody(DESK, "tam")
    page = officer.go(f"/lam-viec/ho-so/{code}/receive/")
    expect(page).to_have_url(f"{site.url}/lam-viec/ho-so/{code}/")
    expect(page.get_by_text("Không còn làm được “Tiếp nhận”").first).to_be_visible()
    expect(page.get_by_text("Chờ phân công").first).to_be_visible()
    expect(page.get_by_text("Hiện không có việc cần làm ở đây.")).to_be_visible()
    assert not page.locator(".case-acts a.btn:not(.second)").count(), "nothing stands out that is not his to do"
    officer.seen("desk-old-link", english=False)


def test_a_link_opened_without_a_session_comes_back_after_sign_in(site, somebody):
    code = site.bring_to("assigning").code
    citizen = somebody(PHONE)
    page = citizen.go(f"/ho-so/{code}/")
    page.locator("[name=login]").fill("tham")
    page.locator("[name=password]").fill("tinhso")
    citizen.follow(page.locator("main form button").first)
    expect(page).to_have_url(f"{site.url}/ho-so/{code}/")


def test_somebody_else_s_link_shows_nothing(site, somebody):
    code = site.bring_to("assigning").code
    stranger = somebody(PHONE, "dung")
    page = stranger.go(f"/ho-so/{code}/")
    assert "Thắm" not in page.content()
    expect(page.get_by_text("404")).to_be_visible()
