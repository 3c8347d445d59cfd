"""A permit to build a house, from the search field on a phone to the check of the signed permit."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tinhso.kernel.cases import api as cases
from tinhso.kernel.identity.types import Purpose

from .paths import answer_page, drawing, fill_in, move, paper, turn
from .people import DESK, PHONE, Person


def test_a_permit_to_build_a_house(site, somebody, tmp_path):
    citizen = somebody(PHONE)
    code = _apply(citizen, tmp_path)
    _look_up_shows_only_the_status(somebody(PHONE), code)
    _receive(somebody(DESK, "tam"), code)
    site.work()
    head, handler = somebody(DESK, "duc"), somebody(DESK, "bao")
    _assign(head, code)
    _consult(handler, somebody(DESK, "mai"), code)
    _ask_for_a_drawing(handler, code)
    site.work()
    _send_the_drawing(citizen, code, tmp_path)
    _draft_and_sign(site, handler, head, somebody, code)
    site.work()
    _pay(citizen, code)
    site.work()
    permit = _download(citizen, code, tmp_path)
    _anybody_checks_it(site, somebody(PHONE), code, permit)
    expect(citizen.go(f"/ho-so/{code}/").get_by_text("Đã trả kết quả").first).to_be_visible()
    citizen.seen("own-ended")


def _apply(citizen: Person, tmp_path) -> str:
    page = citizen.go("/")
    citizen.seen("home", key=True)
    page.get_by_role("searchbox").first.fill("xin phep xay nha")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    citizen.seen("search")
    citizen.follow(page.get_by_role("link", name=re.compile("Cấp giấy phép xây dựng")).first)
    citizen.seen("guide")
    page.get_by_role("link", name="Bắt đầu").click()
    expect(page).to_have_url(re.compile("/account/sign-in/"))
    citizen.seen("sign-in")
    page.locator("[name=login]").fill("tham")
    page.locator("[name=password]").fill("tinhso")
    page.locator("main form button").first.click()
    expect(page).to_have_url(re.compile("/don/.*/applicant/"))
    expect(page.get_by_label("Họ và tên")).to_have_value("Nguyễn Thị Hồng Thắm")
    citizen.seen("form-applicant", key=True)
    turn(citizen)
    citizen.seen("form-plot")
    answer_page(citizen, "plot")
    citizen.press("Lưu lại, làm tiếp sau")
    citizen.seen("my-dossiers-draft")
    citizen.follow(page.get_by_role("link", name=re.compile("Cấp giấy phép xây dựng")).first)
    expect(page.get_by_label("Thửa đất số")).to_have_value("214")
    fill_in(citizen, "plot", "house", "commitments")
    for number, name in enumerate(("land_right", "drawing_plan", "drawing_elevations", "drawing_foundation")):
        paper(citizen, name, drawing(tmp_path, f"ban-ve-{number}.pdf"))
    citizen.seen("form-papers", key=True)
    turn(citizen)
    expect(page).to_have_url(re.compile("/xem-lai/"))
    citizen.seen("form-review", key=True)
    citizen.press("Nộp hồ sơ")
    expect(page).to_have_url(re.compile("/da-nop/"))
    citizen.seen("handed-in")
    code = re.search(r"/ho-so/([^/]+)/", page.url).group(1)
    assert page.locator(".qr svg").count() == 1
    return code


def _look_up_shows_only_the_status(stranger: Person, code: str) -> None:
    page = stranger.go("/tra-cuu/")
    page.get_by_label("Mã hồ sơ").fill(code)
    stranger.press("Tra cứu")
    expect(page.get_by_text("Mới đăng ký").first).to_be_visible()
    stranger.seen("look-up")
    assert "Thắm" not in page.content()


def _receive(officer: Person, code: str) -> None:
    page = officer.go("/lam-viec/")
    officer.seen("desk-inbox", key=True)
    row = page.locator("tr[data-href]", has_text="Nguyễn Thị Hồng Thắm").first
    row.click()
    expect(page.locator("[data-preview-pane]").get_by_text("Thông tin chính")).to_be_visible()
    page.wait_for_timeout(250)  # the list waits a moment before it fetches what stands beside it
    officer.seen("desk-inbox-preview", english=False)
    row.dblclick()
    expect(page).to_have_url(re.compile(re.escape(code)))
    officer.seen("desk-case-filed")
    with page.expect_navigation():
        page.keyboard.press("n")
    officer.seen("desk-move-receive")
    page.locator("form#form button").first.click()
    expect(page.get_by_text("Đã xong: Tiếp nhận")).to_be_visible()
    officer.seen("desk-case-received", key=True)


def _assign(head: Person, code: str) -> None:
    head.go("/lam-viec/")
    head.seen("desk-inbox-head")
    move(head, code, "assign", label={"Người thẩm định": "Trần Quốc Bảo"})


def _consult(handler: Person, other: Person, code: str) -> None:
    handler.go(f"/lam-viec/ho-so/{code}/")
    handler.seen("desk-case-handling")
    handler.go(f"/lam-viec/ho-so/{code}/consult/")
    handler.seen("desk-move-consult")
    move(handler, code, "consult", unit="u-land-office", question="Thửa đất có tranh chấp không?")
    other.go("/lam-viec/")
    other.seen("desk-inbox-consulted")
    with other.page.expect_navigation():
        other.page.locator("tr[data-href]").first.dblclick()
    other.follow(other.page.get_by_role("link", name=re.compile("Trả lời ý kiến")).first)
    other.seen("desk-move-opinion")
    other.page.get_by_label("Đồng ý", exact=True).check()
    other.page.get_by_label(re.compile("Nội dung|Ý kiến")).first.fill("Không tranh chấp, đúng ranh.")
    other.page.locator("form#form button").first.click()
    expect(other.page.get_by_text("Đã xong: Trả lời ý kiến")).to_be_visible()


def _ask_for_a_drawing(handler: Person, code: str) -> None:
    page = handler.go(f"/lam-viec/ho-so/{code}/request_supplement/")
    handler.seen("desk-move-supplement")
    page.locator("input[name=items][value=drawing_plan]").check()
    page.locator("[name=note]").fill("Ghi khoảng cách đến ranh đất phía đông.")
    page.locator("form#form button").first.click()
    expect(page.get_by_text("Đã xong: Yêu cầu bổ sung")).to_be_visible()
    handler.seen("desk-case-waiting")


def _send_the_drawing(citizen: Person, code: str, tmp_path) -> None:
    page = citizen.go("/")
    citizen.seen("home-todo")
    citizen.go("/thong-bao/")
    citizen.seen("notices")
    citizen.go(f"/ho-so/{code}/")
    expect(page.get_by_text("Ghi khoảng cách đến ranh đất phía đông.").first).to_be_visible()
    citizen.seen("own-supplement", key=True)
    citizen.follow(page.get_by_role("link", name=re.compile("Gửi")).first)
    citizen.seen("answer")
    page.locator("#paper-drawing_plan").set_input_files(drawing(tmp_path, "mat-bang-moi.pdf"))
    page.locator("#form .form-foot button").first.click()
    expect(page.get_by_text("Đã gửi").first).to_be_visible()
    citizen.seen("own-handling")


def _draft_and_sign(site, handler: Person, head: Person, somebody, code: str) -> None:
    handler.go(f"/lam-viec/ho-so/{code}/draft_result/")
    handler.seen("desk-move-draft")
    move(handler, code, "draft_result", appraisal="Hồ sơ hợp lệ, đủ điều kiện cấp giấy phép.")
    head.go(f"/lam-viec/ho-so/{code}/")
    head.seen("desk-case-review")
    move(head, code, "approve")
    leader = somebody(DESK, "hoa")
    leader.go("/lam-viec/")
    leader.seen("desk-inbox-leader")
    leader.go(f"/lam-viec/ho-so/{code}/sign/")
    leader.seen("desk-move-sign")
    move(leader, code, "sign")
    clerk = somebody(DESK, "lan")
    clerk.go(f"/lam-viec/ho-so/{code}/")
    clerk.seen("desk-case-numbering")
    move(clerk, code, "number")


def _pay(citizen: Person, code: str) -> None:
    page = citizen.go(f"/ho-so/{code}/")
    citizen.seen("own-payment", key=True)
    assert not page.get_by_role("button", name=re.compile("Tải kết quả")).count(), "nobody gets what is not paid"
    citizen.follow(page.get_by_role("link", name=re.compile("ngân hàng")).first)
    expect(page.get_by_text("Xác nhận chuyển khoản")).to_be_visible()
    citizen.press("Chuyển tiền")
    expect(page.get_by_text("Đã chuyển tiền").first).to_be_visible()
    page.get_by_role("link", name="Quay lại cổng dịch vụ công").click()
    for _ in range(50):
        if page.get_by_text("Đã thu").count() or page.get_by_text("Đã nộp").count():
            break
        page.wait_for_timeout(200)
        page.reload()


def _download(citizen: Person, code: str, tmp_path) -> str:
    page = citizen.go(f"/ho-so/{code}/")
    citizen.seen("own-ready")
    with page.expect_download() as waiting:
        page.get_by_role("button", name=re.compile("Tải")).first.click()
    permit = str(tmp_path / "giay-phep.pdf")
    waiting.value.save_as(permit)
    return permit


def _anybody_checks_it(site, stranger: Person, code: str, permit: str) -> None:
    view = site.do(lambda: cases.case_view(site.made.tham, code, Purpose.OWN))
    page = stranger.go("/kiem-tra/")
    stranger.seen("verify")
    page.get_by_label("Mã trên văn bản").fill(view.results[0].verify_code)
    stranger.press("Kiểm tra")
    expect(page.get_by_text("Phạm Văn Hòa").first).to_be_visible()
    stranger.seen("verify-code")
    page.locator("#document").set_input_files(permit)
    stranger.follow(page.locator("#form button").first)
    expect(page.get_by_text("Phạm Văn Hòa").first).to_be_visible()
    stranger.seen("verify-file", english=False)
    changed = bytearray(Path(permit).read_bytes())
    changed[2000] ^= 1
    Path(permit).write_bytes(changed)
    page.locator("#document").set_input_files(permit)
    stranger.follow(page.locator("#form button").first)
    stranger.seen("verify-changed", english=False)
