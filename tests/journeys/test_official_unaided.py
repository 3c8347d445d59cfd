"""An official who has never seen it: from the inbox alone, three dossiers in a row, by what the screens say."""

import re

from playwright.sync_api import expect

from .people import DESK


def test_three_dossiers_in_a_row(site, somebody):
    for number in ("11", "12", "13"):
        site.bring_to("filed", plot_no=number)
    tam = somebody(DESK, "tam")
    page = tam.go("/lam-viec/")
    expect(page.locator("tr[data-href]")).to_have_count(3)
    for left in (2, 1, 0):
        tam.follow(page.locator("tr[data-href] a").first)
        tam.follow(page.locator(".case-acts a.btn:not(.second)").first)  # the one button that stands out
        tam.follow(page.locator("#form .form-foot button").first)
        expect(page.get_by_text("Đã xong: Tiếp nhận")).to_be_visible()
        tam.follow(page.get_by_role("link", name=re.compile("Danh sách công việc")).first)  # and back, by the page's own words
        page.goto(f"{site.url}/lam-viec/ds/to_receive/")
        expect(page.locator("tr[data-href]")).to_have_count(left)
    tam.seen("desk-inbox-empty")
    expect(page.get_by_text("Không có hồ sơ").first).to_be_visible()


def test_a_head_follows_the_list_and_the_keys(site, somebody):
    for number in ("21", "22", "23"):
        site.bring_to("assigning", plot_no=number)
    head = somebody(DESK, "duc")
    page = head.go("/lam-viec/")
    for left in (2, 1, 0):
        with page.expect_navigation():
            page.keyboard.press("Enter")
        with page.expect_navigation():
            page.keyboard.press("g")
        page.get_by_label("Trần Quốc Bảo").check()
        head.follow(page.locator("#form .form-foot button").first)
        page.goto(f"{site.url}/lam-viec/ds/to_assign/")
        expect(page.locator("tr[data-href]")).to_have_count(left)
