"""Without an account: the code shows how far a dossier is, and nothing else."""

from playwright.sync_api import expect

from .people import PHONE


def test_a_code_shows_the_status_and_no_name(site, somebody):
    code = site.bring_to("handling").code
    stranger = somebody(PHONE)
    page = stranger.go("/")
    page.get_by_role("searchbox").first.fill(code.lower())
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_text("Đang xử lý").first).to_be_visible()
    for secret in ("Thắm", "0901234567", "Khu phố 3", "Bảo", "75.000"):
        assert secret not in page.content()
    assert not page.get_by_role("link", name="Rút hồ sơ").count()


def test_a_wrong_code_is_told_what_to_compare(site, somebody):
    stranger = somebody(PHONE)
    page = stranger.go("/tra-cuu/")
    page.get_by_label("Mã hồ sơ").fill("H53.24.01-20261102-9999999")
    stranger.press("Tra cứu")
    expect(page.get_by_text("Không có hồ sơ này").first).to_be_visible()
    expect(page.get_by_label("Mã hồ sơ")).to_have_value("H53.24.01-20261102-9999999")
    stranger.seen("look-up-unknown", english=True)
