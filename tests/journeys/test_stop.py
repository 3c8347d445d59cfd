"""Stopped after it was received: the head says why, the applicant gets the notice."""

from playwright.sync_api import expect

from .people import DESK, PHONE

REASON = "Chủ đầu tư không còn quyền sử dụng đất, theo Thông báo 45/TB-TA."


def test_stopped_with_the_reason(site, somebody, tmp_path):
    code = site.bring_to("handling").code
    head = somebody(DESK, "duc")
    page = head.go(f"/lam-viec/ho-so/{code}/")
    head.follow(page.get_by_role("link", name="Dừng giải quyết").first)
    head.seen("desk-move-stop")
    page.locator("[name=reason]").fill(REASON)
    head.follow(page.locator("#form .form-foot button"))
    expect(page.get_by_text("Đã xong: Dừng giải quyết")).to_be_visible()
    site.work()

    citizen = somebody(PHONE, "tham")
    page = citizen.go("/thong-bao/")
    expect(page.get_by_text("Dừng giải quyết").first).to_be_visible()
    page = citizen.go(f"/ho-so/{code}/")
    expect(page.get_by_text(REASON).first).to_be_visible()
    assert not page.get_by_text("Quét bằng ứng dụng ngân hàng").count(), "the fee is called off"
    citizen.seen("own-stopped")
    assert citizen.download("Thông báo dừng", tmp_path).read_bytes().startswith(b"%PDF-")
