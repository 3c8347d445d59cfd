"""Late: the head apologises and sets a new day, once; the apology reaches the applicant."""

from playwright.sync_api import expect

from .people import DESK, PHONE

REASON = "Mưa lớn kéo dài, chưa xem thực địa được."


def test_the_apology_reaches_the_citizen(site, somebody, tmp_path):
    code = site.bring_to("handling").code
    head = somebody(DESK, "duc")
    page = head.go(f"/lam-viec/ho-so/{code}/extend/")
    head.seen("desk-move-extend")
    page.locator("[name=days]").fill("5")
    page.locator("[name=reason]").fill(REASON)
    head.follow(page.locator("#form .form-foot button"))
    expect(page.get_by_text("Đã xong: Xin lỗi và gia hạn")).to_be_visible()
    head.go(f"/lam-viec/ho-so/{code}/extend/")
    expect(page.locator("#form [name=days]")).to_have_count(0)  # only once
    head.seen("desk-move-extend-again", english=False)
    site.work()

    citizen = somebody(PHONE, "tham")
    page = citizen.go("/thong-bao/")
    expect(page.get_by_text(f"Xin lỗi bạn: hồ sơ {code}").first).to_be_visible()
    citizen.follow(page.get_by_role("link", name=code).first)
    expect(page.get_by_text(REASON).first).to_be_visible()
    citizen.seen("own-extended")
    assert citizen.download("Văn bản xin lỗi", tmp_path).read_bytes().startswith(b"%PDF-")
