"""A report from the street: sent from a phone without an account, answered at the desk, public, looked at again once."""

from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests import reports, world
from tinhso.kernel.cases import api as cases
from tinhso.kernel.identity import api as identity

from .paths import type_in
from .people import DESK, Person
from .site import Site

WORDS = "Ổ gà sâu trước nhà ông Nguyễn Văn Tư, gọi tôi 0901234567."


def _open(made: world.World) -> None:
    """The commune takes reports: the pack is loaded, its people have the roles."""
    cases.load_packs(world.SYSTEM, [reports.PACK])
    for who, role in {"tam": "intake", "duc": "head", "bao": "handler"}.items():
        code, kind = reports.ROLES[role]
        identity.grant_role(world.SYSTEM, str(made.accounts[who].pk), code, made.units[kind].key, world.SINCE)


def _move(person: Person, code: str, move: str, **given: str) -> None:
    person.go(f"/lam-viec/phan-anh/{code}/{move}/")
    for name, value in given.items():
        type_in(person, name, value)
    person.follow(person.page.locator("#form button.btn").first)
    expect(person.page).to_have_url(f"{person.site.url}/lam-viec/phan-anh/{code}/")


def test_report_from_the_street(site: Site, somebody: Any, tmp_path: Path) -> None:
    site.do(_open, site.made)
    photo = tmp_path / "hien-truong.jpg"
    photo.write_bytes(reports.picture())
    reporter: Person = somebody()
    page = reporter.go("/phan-anh/gui/")
    reporter.seen("street-report-form")
    page.locator("#paper-photos").set_input_files(str(photo))
    for name, value in {"category": "road", "description": WORDS, "commune": world.KHANH_HAU, "place": "Gần số nhà 15"}.items():
        type_in(reporter, name, value)
    reporter.press("Gửi phản ánh")
    link, code = page.url, page.url.split("/")[-3]
    assert code.startswith("PA-")
    reporter.seen("street-report-sent")

    tam, duc, bao = (somebody(DESK, who) for who in ("tam", "duc", "bao"))
    expect(tam.go("/lam-viec/ds/to_receive/").get_by_text("Phản ánh hiện trường").first).to_be_visible()
    tam.go(f"/lam-viec/phan-anh/{code}/")
    tam.seen("street-report-desk")
    _move(tam, code, "accept", category="road", commune=world.KHANH_HAU)
    _move(duc, code, "assign", assignee=site.do(lambda: site.made.bao.id))
    _move(bao, code, "begin")
    _move(bao, code, "submit", answer="Đã vá mặt đường sáng nay.")
    drafted = duc.go(f"/lam-viec/phan-anh/{code}/publish/").locator("[name=public_text]").input_value()
    assert "0901234567" not in drafted and "Văn Tư" not in drafted
    duc.seen("street-report-publish")
    duc.page.locator("[name=photos]").first.check()
    duc.follow(duc.page.locator("#form button.btn").first)

    anybody: Person = somebody()
    board = anybody.go("/phan-anh/")
    anybody.seen("street-report-board", key=True)
    anybody.follow(board.locator(f"a[href$='/{code}/']").first)
    text = anybody.page.locator("main").inner_text()
    assert "Đã vá mặt đường sáng nay." in text and "Ổ gà sâu" in text
    assert "0901234567" not in text and "Văn Tư" not in text and "số nhà 15" not in text
    anybody.seen("street-report-public")

    reporter.go(link)
    reporter.seen("street-report-answered")
    type_in(reporter, "reason", "Mưa xong lại hỏng như cũ.")
    reporter.press("Chưa ổn, xem xét lại")
    expect(reporter.page.get_by_text("Chưa ổn?")).to_have_count(0)
    anybody.forgiven.add(404)
    anybody.go(f"/phan-anh/cong-khai/{code}/")
    expect(anybody.page.get_by_text("Đã vá mặt đường")).to_have_count(0)
