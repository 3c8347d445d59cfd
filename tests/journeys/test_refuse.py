"""Refused before it is received, with the reason, which reaches the applicant on paper and on the page."""

from playwright.sync_api import expect

from .people import DESK, PHONE

REASON = "Thửa đất thuộc quy hoạch đường tỉnh, theo Quyết định 12/2026/QĐ-UBND."


def test_refused_with_reasons_that_the_applicant_reads(site, somebody, tmp_path):
    code = site.bring_to("filed").code
    officer = somebody(DESK, "tam")
    page = officer.go(f"/lam-viec/ho-so/{code}/refuse/")
    officer.seen("desk-move-refuse")
    officer.follow(page.locator("#form .form-foot button"))
    expect(page.locator("#faults")).to_be_focused()  # no refusal without a reason
    officer.seen("desk-move-refuse-faults", english=False)
    page.locator("[name=reason]").fill(REASON)
    officer.follow(page.locator("#form .form-foot button"))
    expect(page.get_by_text("Đã xong: Từ chối tiếp nhận")).to_be_visible()
    officer.seen("desk-case-refused", english=False)
    site.work()

    citizen = somebody(PHONE, "tham")
    page = citizen.go("/thong-bao/")
    citizen.follow(page.get_by_role("link", name=code).first)
    expect(page.get_by_text(REASON).first).to_be_visible()
    assert not page.get_by_text("ngày hẹn").count(), "nobody promises a day any more"
    citizen.seen("own-refused")
    slip = citizen.download("Phiếu từ chối", tmp_path)
    assert slip.read_bytes().startswith(b"%PDF-")
