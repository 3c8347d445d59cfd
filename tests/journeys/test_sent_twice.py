"""Pressed twice, sent again by the back button: one dossier, and the person lands on it."""

import re

from playwright.sync_api import expect

from tinhso.kernel.cases import api as cases
from tinhso.kernel.identity.types import Purpose

from .paths import REQUIRED, drawing, fill_in, turn
from .people import DESK, PHONE, Person


def _complete(citizen: Person, tmp_path) -> str:
    """A form filled in, up to its last page; gives that page's address."""
    page = citizen.go("/thu-tuc/construction-permit-house/nop/")
    turn(citizen)
    fill_in(citizen, "plot", "house", "commitments")
    for name in REQUIRED:
        page.locator(f"#paper-{name}").set_input_files(drawing(tmp_path, f"{name}.pdf"))
    turn(citizen)
    expect(page).to_have_url(re.compile("/xem-lai/"))
    return page.url


def test_one_dossier_however_often_it_is_sent(site, somebody, tmp_path):
    citizen = somebody(PHONE, "tham", java_script_enabled=False)  # nothing in the browser holds the second press back
    last = _complete(citizen, tmp_path)
    other = citizen.context.new_page()  # the same page in a second tab
    other.goto(last)
    citizen.press("Nộp hồ sơ")
    code = re.search(r"/ho-so/([^/]+)/", citizen.page.url).group(1)
    with other.expect_navigation():
        other.get_by_role("button", name="Nộp hồ sơ").click()
    expect(other).to_have_url(re.compile(re.escape(code)))
    expect(other.get_by_text("Đơn này đã được nộp").first).to_be_visible()
    citizen.page.go_back()
    citizen.page.reload()
    expect(citizen.page).to_have_url(re.compile(re.escape(code)))
    assert len(site.do(lambda: cases.my_cases(site.made.tham))) == 1
    assert not site.do(lambda: cases.drafts(site.made.tham))


def test_a_move_sent_twice_is_made_once(site, somebody):
    code = site.bring_to("filed").code
    tam = somebody(DESK, "tam", java_script_enabled=False)
    tam.go(f"/lam-viec/ho-so/{code}/receive/")
    other = tam.context.new_page()
    fields = {box.get_attribute("name"): box.input_value() for box in tam.page.locator("#form input[type=hidden]").all()}
    turn(tam)
    answer = tam.context.request.post(f"{site.url}/lam-viec/ho-so/{code}/receive/", form=fields)  # the very same form
    assert answer.status == 200
    assert answer.url.endswith(f"/{code}/"), answer.url
    other.close()
    moved = [item for item in site.do(_history, site, code) if item.kind == "cases.received"]
    assert len(moved) == 1


def _history(site, code: str):
    return cases.case_view(site.made.tam, code, Purpose.HANDLING).history
