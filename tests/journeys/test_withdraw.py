"""The applicant takes the dossier back; nobody can go on with it."""

from playwright.sync_api import expect

from .people import DESK, PHONE


def test_the_citizen_withdraws_and_the_desk_is_told(site, somebody):
    code = site.bring_to("handling").code
    citizen = somebody(PHONE, "tham")
    page = citizen.go(f"/ho-so/{code}/")
    citizen.press("Rút hồ sơ", "link")
    expect(page.get_by_text("Muốn làm lại, bạn phải nộp hồ sơ mới.")).to_be_visible()
    citizen.seen("withdraw")
    citizen.press("Giữ hồ sơ", "link")
    expect(page.get_by_role("heading", name="Hồ sơ đã được rút.")).to_have_count(0)
    citizen.press("Rút hồ sơ", "link")
    page.locator("[name=reason]").fill("Gia đình hoãn xây.")
    citizen.press("Rút hồ sơ")
    expect(page.get_by_text("Hồ sơ đã được rút.")).to_be_visible()
    expect(page.get_by_role("link", name="Rút hồ sơ", exact=True)).to_have_count(0)
    assert not page.get_by_text("Quét bằng ứng dụng ngân hàng").count(), "nothing is to be paid any more"
    citizen.seen("own-withdrawn", english=False)

    handler = somebody(DESK, "bao")
    desk = handler.go(f"/lam-viec/ho-so/{code}/")
    expect(desk.get_by_text("Đã rút").first).to_be_visible()
    expect(desk.get_by_text("Gia đình hoãn xây.").first).to_be_visible()
    assert not desk.locator(".case-acts a").count(), "no move is left"
    handler.seen("desk-case-withdrawn")
    expect(handler.go("/lam-viec/ds/mine/").get_by_text("Không có hồ sơ").first).to_be_visible()


def test_what_is_signed_is_not_withdrawn(site, somebody):
    code = site.bring_to("numbering").code
    citizen = somebody(PHONE, "tham")
    page = citizen.go(f"/ho-so/{code}/")
    expect(page.get_by_role("link", name="Rút hồ sơ", exact=True)).to_have_count(0)
    citizen.go(f"/ho-so/{code}/rut/")  # kept from before
    expect(page.get_by_text("Hồ sơ này không rút được nữa.")).to_be_visible()
