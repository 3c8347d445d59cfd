"""The head sends a draft back: the handler reads what to change, changes it, and it goes on."""

from playwright.sync_api import expect

from .paths import move
from .people import DESK

WORDS = "Ghi lại khoảng lùi trước theo bản vẽ: 2,4 m."


def test_sent_back_from_review_and_drafted_again(site, somebody):
    code = site.bring_to("review").code
    head, handler = somebody(DESK, "duc"), somebody(DESK, "bao")
    head.go(f"/lam-viec/ho-so/{code}/send_back/")
    head.seen("desk-move-send-back")
    move(head, code, "send_back", note=WORDS)
    page = handler.go("/lam-viec/")
    handler.follow(page.locator("tr[data-href] a").first)
    expect(page.get_by_text(WORDS).first).to_be_visible()
    handler.seen("desk-case-sent-back")
    move(handler, code, "draft_result", appraisal="Đã ghi lại khoảng lùi 2,4 m. Đủ điều kiện.")
    move(head, code, "approve")
    leader = somebody(DESK, "hoa")
    leader.go(f"/lam-viec/ho-so/{code}/")
    move(leader, code, "return_to_review", note="Xem lại số tầng.")
    expect(head.go(f"/lam-viec/ho-so/{code}/").get_by_text("Xem lại số tầng.").first).to_be_visible()
