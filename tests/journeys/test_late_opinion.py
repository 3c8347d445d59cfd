"""Another agency is late with its opinion: the handler sees it, the agency sees it, and the late answer still counts."""

from datetime import timedelta

from playwright.sync_api import expect

from tinhso.kernel.cases import api as cases
from tinhso.lib import clock

from .paths import turn
from .people import DESK


def test_a_late_opinion_is_seen_and_still_counts(site, somebody):
    ref = site.bring_to("handling")
    asked = {"unit": "u-land-office", "question": "Thửa đất có tranh chấp không?", "days": 2}
    site.do(cases.perform, site.made.bao, ref.id, "consult", asked)
    site.moment = clock.now() + timedelta(days=6)
    site.work()
    handler, other = somebody(DESK, "bao"), somebody(DESK, "mai")

    page = handler.go(f"/lam-viec/ho-so/{ref.code}/")
    expect(page.get_by_text("quá hạn").first).to_be_visible()
    draft = page.get_by_role("link", name="Trình dự thảo kết quả").first
    assert draft.get_attribute("aria-disabled") == "true"
    assert "chưa trả lời" in (draft.get_attribute("title") or "")
    handler.seen("desk-case-opinion-late")

    page = other.go("/lam-viec/")
    expect(page.locator("tr[data-href]")).to_have_count(1)
    other.follow(page.locator("tr[data-href] a").first)
    other.follow(page.get_by_role("link", name="Trả lời ý kiến").first)
    page.get_by_label("Đồng ý có điều kiện", exact=True).check()
    page.locator("[name=answer]").fill("Chừa lộ giới 2 m.")
    turn(other)
    expect(page.get_by_text("Đã xong: Trả lời ý kiến")).to_be_visible()
    site.work()

    page = handler.go(f"/lam-viec/ho-so/{ref.code}/")
    expect(page.get_by_text("Chừa lộ giới 2 m.").first).to_be_visible()
    assert page.get_by_role("link", name="Trình dự thảo kết quả").first.get_attribute("aria-disabled") is None
