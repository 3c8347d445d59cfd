"""Before it is received: asked once for what is missing, answered, received."""

from playwright.sync_api import expect

from .paths import drawing, move, turn
from .people import DESK, PHONE

WORDS = "Bản vẽ chụp mờ ở góc phải, xin chụp lại."


def test_asked_to_complete_and_completed(site, somebody, tmp_path):
    code = site.bring_to("filed").code
    officer = somebody(DESK, "tam")
    page = officer.go(f"/lam-viec/ho-so/{code}/ask_correction/")
    officer.seen("desk-move-correction")
    page.locator("input[name=items][value=drawing_plan]").check()
    page.locator("[name=note]").fill(WORDS)
    officer.follow(page.locator("#form .form-foot button"))
    expect(page.get_by_text("Đã xong: Yêu cầu hoàn thiện")).to_be_visible()
    site.work()

    citizen = somebody(PHONE, "tham")
    phone = citizen.go("/")
    citizen.follow(phone.get_by_role("link", name="Cấp giấy phép xây dựng").first)
    expect(phone.get_by_text(WORDS).first).to_be_visible()
    citizen.seen("own-correction")
    citizen.follow(phone.get_by_role("link", name="Gửi bổ sung").first)
    turn(citizen)  # nothing chosen: told, and kept here
    expect(phone.locator("#faults")).to_be_focused()
    citizen.seen("answer-faults", english=False)
    phone.locator("#paper-drawing_plan").set_input_files(drawing(tmp_path, "mat-bang-ro.pdf"))
    turn(citizen)
    expect(phone.get_by_text("Đã gửi").first).to_be_visible()
    site.work()

    page = officer.go("/lam-viec/ds/supplemented/")
    expect(page.locator("tr[data-href]")).to_have_count(1)
    officer.go(f"/lam-viec/ho-so/{code}/")
    assert not page.get_by_role("link", name="Yêu cầu hoàn thiện").count() or page.get_by_role(
        "link", name="Yêu cầu hoàn thiện"
    ).first.get_attribute("aria-disabled"), "asked once, and completely"
    expect(page.get_by_text("mat-bang-ro.pdf").or_(page.get_by_text("bản 2")).first).to_be_visible()
    move(officer, code, "receive")
