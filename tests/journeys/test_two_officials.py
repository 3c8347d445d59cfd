"""Two officials at one dossier: the second is told who did what, and what to do; what he typed stays where it still fits."""

from playwright.sync_api import expect

from .paths import turn
from .people import DESK


def test_the_second_is_told_who_was_faster(site, somebody):
    code = site.bring_to("handling").code
    first, second = somebody(DESK, "duc"), somebody(DESK, "bao")
    page = second.go(f"/lam-viec/ho-so/{code}/draft_result/")
    page.locator("[name=appraisal]").fill("Hồ sơ đủ điều kiện.")
    first.go(f"/lam-viec/ho-so/{code}/reassign/")
    chosen = first.page.locator("#form select, #form input[type=radio]")
    if chosen.first.evaluate("e => e.tagName") == "SELECT":
        chosen.first.select_option(label="Nguyễn Đăng Khoa")
    else:
        first.page.get_by_label("Nguyễn Đăng Khoa").check()
    turn(first)
    expect(first.page.get_by_text("Đã xong").first).to_be_visible()
    turn(second)
    told = page.get_by_role("alert").first
    expect(told).to_contain_text("Võ Minh Đức")
    expect(told).to_contain_text("Thẩm định")  # where it is now
    second.seen("desk-conflict", english=False)
    expect(told).to_contain_text("Hồ sơ đủ điều kiện.")  # what he wrote is not lost, though it is another's now


def test_words_stay_when_the_move_is_still_possible(site, somebody):
    code = site.bring_to("handling").code
    head, handler = somebody(DESK, "duc"), somebody(DESK, "bao")
    page = handler.go(f"/lam-viec/ho-so/{code}/draft_result/")
    page.locator("[name=appraisal]").fill("Hồ sơ đủ điều kiện.")
    head.go(f"/lam-viec/ho-so/{code}/extend/")
    head.page.locator("[name=days]").fill("3")
    head.page.locator("[name=reason]").fill("Chờ xem thực địa sau bão.")
    turn(head)
    expect(head.page.get_by_text("Đã xong").first).to_be_visible()
    turn(handler)
    expect(page.get_by_role("alert").first).to_contain_text("Võ Minh Đức")
    expect(page.locator("[name=appraisal]")).to_have_value("Hồ sơ đủ điều kiện.")
    turn(handler)  # he has read it, and sends it all the same
    expect(page.get_by_text("Đã xong: Trình dự thảo kết quả")).to_be_visible()
