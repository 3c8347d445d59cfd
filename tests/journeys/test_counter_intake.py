"""At the counter: the official files for somebody without an account, prints the slip, takes cash, hands the paper over."""

import re

from playwright.sync_api import expect

from tinhso.kernel.cases import api as cases
from tinhso.kernel.files import api as files
from tinhso.kernel.identity.types import Purpose

from .paths import PAGES, answer_page, drawing, fill_in, move, paper, turn
from .people import DESK, Person

DUNG = {"name": "Huỳnh Văn Dũng", "identifier": "080085004321", "phone": "0913222333", "address": "Ấp 4, phường Khánh Hậu"}


def test_a_dossier_taken_in_at_the_counter(site, somebody, tmp_path):
    tam = somebody(DESK, "tam")
    code = _take_in(tam, tmp_path)
    move(tam, code, "receive")
    slip = _print_the_slip(tam, tmp_path)
    assert slip.read_bytes().startswith(b"%PDF-")
    assert site.do(files.verify_pdf, slip.read_bytes()).signatures, "the slip carries the centre's seal"
    site.do(_decide, site, code)
    _take_the_money(tam, code)
    site.work()
    _hand_over(tam, code, tmp_path)


def _take_in(tam: Person, tmp_path) -> str:
    page = tam.go("/lam-viec/")
    tam.press("Nhận hồ sơ tại quầy", "link")
    tam.seen("desk-intake")
    tam.press("Bắt đầu")
    for name, value in DUNG.items():
        page.locator(f"#form [name='{name}']").fill(value)
    tam.seen("desk-intake-applicant")
    turn(tam)
    expect(page.get_by_label("Họ và tên")).to_have_value(DUNG["name"])  # nothing is typed twice
    expect(page.get_by_label("Số định danh cá nhân")).to_have_value(DUNG["identifier"])
    turn(tam)
    answer_page(tam, "plot")
    tam.seen("desk-intake-plot")
    turn(tam)
    fill_in(tam, "house", "commitments")
    for name in ("land_right", "drawing_plan", "drawing_elevations", "drawing_foundation"):
        paper(tam, name, drawing(tmp_path, f"{name}.pdf"))
    tam.seen("desk-intake-papers")
    turn(tam)
    expect(page.get_by_text(DUNG["address"]).first).to_be_visible()
    tam.seen("desk-intake-review")
    tam.press("Nộp hồ sơ")
    expect(page).to_have_url(re.compile("/lam-viec/ho-so/"))
    expect(page.get_by_role("heading", name=DUNG["name"])).to_be_visible()
    assert PAGES["plot"]["plot_no"] in page.content()
    return page.url.rstrip("/").rsplit("/", 1)[1]


def _print_the_slip(tam: Person, tmp_path):
    expect(tam.page.get_by_text("Giấy tiếp nhận hồ sơ và hẹn trả kết quả").first).to_be_visible()
    return tam.download("Giấy tiếp nhận hồ sơ", tmp_path)


def _decide(site, code: str) -> None:
    """What the others do: not told here."""
    made = site.made
    ref = cases.case_view(made.tam, code, Purpose.HANDLING).ref
    for who, step, given in (
        ("duc", "assign", {"assignee": made.bao.id}),
        ("bao", "draft_result", {"appraisal": "Đủ điều kiện."}),
        ("duc", "approve", {}),
        ("hoa", "sign", {}),
        ("lan", "number", {}),
    ):
        ref = cases.perform(made.actor(who), ref.id, step, given)


def _take_the_money(tam: Person, code: str) -> None:
    page = tam.go(f"/lam-viec/ho-so/{code}/")
    expect(page.get_by_text("75.000").first).to_be_visible()
    tam.seen("desk-case-payment")
    tam.press("Đã thu tiền mặt")
    expect(page.get_by_text("Đã ghi nhận khoản thu.")).to_be_visible()
    expect(page.get_by_text("Biên lai").first).to_be_visible()


def _hand_over(tam: Person, code: str, tmp_path) -> None:
    page = tam.go("/lam-viec/")
    expect(page.locator("tr[data-href]", has_text=DUNG["name"])).to_be_visible()
    tam.go(f"/lam-viec/ho-so/{code}/return_result/")
    tam.seen("desk-move-return")
    move(tam, code, "return_result", received_by=DUNG["name"])
    expect(page.get_by_text("Đã trả kết quả").first).to_be_visible()
    tam.seen("desk-case-returned")
    permit = tam.download("Tải về", tmp_path)
    assert permit.read_bytes().startswith(b"%PDF-")
