"""The permit with one byte changed: the verification page says so in words, and the true one is still good."""

from playwright.sync_api import expect

from tinhso.kernel.cases import api as cases
from tinhso.kernel.files import api as files
from tinhso.kernel.identity.types import Purpose

from .people import PHONE


def test_a_changed_permit_is_found_out(site, somebody, tmp_path):
    code = site.bring_to("payment").code
    true = site.do(_permit, site, code)
    changed = bytearray(true)
    changed[len(changed) // 3] ^= 1
    stranger = somebody(PHONE)
    page = stranger.go("/kiem-tra/")
    _drop(stranger, tmp_path / "giay-phep-sua.pdf", bytes(changed))
    expect(page.get_by_text("đã bị sửa").or_(page.get_by_text("không khớp")).first).to_be_visible()
    assert not page.get_by_text("nội dung chưa bị sửa từ khi ký").count()
    _drop(stranger, tmp_path / "giay-phep.pdf", true)
    expect(page.get_by_text("chưa bị sửa").first).to_be_visible()


def _permit(site, code: str) -> bytes:
    view = cases.case_view(site.made.lan, code, Purpose.HANDLING)
    final = next(result for result in view.results if result.final)
    return files.open_bytes(site.made.lan, final.file.id)


def _drop(stranger, path, content: bytes) -> None:
    path.write_bytes(content)
    stranger.page.locator("#document").set_input_files(path)
    stranger.follow(stranger.page.locator("#form button").first)
