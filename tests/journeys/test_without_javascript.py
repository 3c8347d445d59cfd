"""Without JavaScript: the citizen files, answers and pays; the officials receive, assign and sign."""

import re

import pytest
from playwright.sync_api import expect

from tinhso.kernel.cases import api as cases

from .paths import REQUIRED, drawing, fill_in, move, turn
from .people import DESK, PHONE, Person


@pytest.fixture
def plain(somebody):
    """Somebody whose browser runs no script."""
    return lambda size, who: somebody(size, who, java_script_enabled=False)


def test_a_citizen_files_answers_and_pays(site, plain, tmp_path):
    citizen = plain(PHONE, "tham")
    code = _file(citizen, tmp_path)
    site.do(_ask_for_a_drawing, site, code)
    page = citizen.go(f"/ho-so/{code}/")
    citizen.follow(page.get_by_role("link", name="Gửi bổ sung").first)
    page.locator("#paper-drawing_plan").set_input_files(drawing(tmp_path, "moi.pdf"))
    turn(citizen)
    expect(page.get_by_text("Đã gửi").first).to_be_visible()
    citizen.follow(page.get_by_role("link", name=re.compile("ngân hàng")).first)
    citizen.press("Chuyển tiền")
    citizen.follow(page.get_by_role("link", name="Quay lại cổng dịch vụ công"))
    for _ in range(50):
        if page.get_by_text("Đã thu").count() or page.get_by_text("Đã nộp lệ phí").count():
            break
        page.wait_for_timeout(100)
        page.reload()
    expect(page.get_by_text("Biên lai").first).to_be_visible()


def _file(citizen: Person, tmp_path) -> str:
    page = citizen.go("/thu-tuc/construction-permit-house/")
    citizen.press("Bắt đầu", "link")
    turn(citizen)
    fill_in(citizen, "plot", "house", "commitments")
    for name in REQUIRED:
        page.locator(f"#paper-{name}").set_input_files(drawing(tmp_path, f"{name}.pdf"))
    turn(citizen)
    expect(page).to_have_url(re.compile("/xem-lai/"))
    citizen.press("Nộp hồ sơ")
    expect(page).to_have_url(re.compile("/da-nop/"))
    return page.url.rstrip("/").rsplit("/", 2)[1]


def _ask_for_a_drawing(site, code: str) -> None:
    made = site.made
    ref = cases.perform(made.tam, cases.case_row(made.tam, code).ref.id, "receive", {})
    cases.perform(made.duc, ref.id, "assign", {"assignee": made.bao.id})
    cases.perform(made.bao, ref.id, "request_supplement", {"items": ["drawing_plan"], "note": "Ghi khoảng cách."})


def test_officials_receive_assign_and_sign(site, plain):
    code = site.bring_to("filed").code
    tam = plain(DESK, "tam")
    page = tam.go("/lam-viec/")
    tam.follow(page.locator("tr[data-href] a").first)
    tam.follow(page.get_by_role("link", name=re.compile("^Tiếp nhận")).first)
    turn(tam)
    expect(page.get_by_text("Đã xong: Tiếp nhận")).to_be_visible()
    page = plain(DESK, "duc")
    move_plainly(page, code, "assign", "Trần Quốc Bảo")
    site.do(_draft_and_approve, site, code)
    leader = plain(DESK, "hoa")
    move(leader, code, "sign")
    expect(leader.page.get_by_text("Phạm Văn Hòa").first).to_be_visible()


def move_plainly(head: Person, code: str, name: str, chosen: str) -> None:
    """Choose by the words on the screen, as somebody does whose browser has no script."""
    page = head.go(f"/lam-viec/ho-so/{code}/{name}/")
    box = page.locator("#form select")
    if box.count():
        box.first.select_option(label=chosen)
    else:
        page.get_by_label(chosen).check()
    turn(head)
    expect(page.get_by_text("Đã xong").first).to_be_visible()


def _draft_and_approve(site, code: str) -> None:
    made = site.made
    ref = cases.perform(made.bao, cases.case_row(made.bao, code).ref.id, "draft_result", {"appraisal": "Đủ điều kiện."})
    cases.perform(made.duc, ref.id, "approve", {})
