"""Answers that break the form: a summary above, focus on it, a link to each question, and every answer as it was typed."""

from playwright.sync_api import expect

from .paths import turn, type_in
from .people import PHONE


def test_faults_are_summed_up_and_answers_stay(site, somebody):
    citizen = somebody(PHONE, "tham")
    page = citizen.go("/thu-tuc/construction-permit-house/nop/")
    type_in(citizen, "applicant_phone", "12ab")
    turn(citizen)
    summary = page.locator("#faults")
    expect(summary).to_be_focused()
    expect(page.locator("[name=applicant_phone]")).to_have_value("12ab")
    expect(page.locator("[name=applicant_phone]")).to_have_attribute("aria-invalid", "true")
    citizen.seen("form-faults", english=False)
    type_in(citizen, "applicant_phone", "0901234567")
    turn(citizen)
    for name, value in {"plot_address": "Đường số 7", "plot_no": "hai trăm", "map_sheet": "", "plot_area": "5"}.items():
        type_in(citizen, name, value)
    turn(citizen)
    expect(summary.locator("li")).to_have_count(4)  # the commune too
    expect(page.locator("[name=plot_address]")).to_have_value("Đường số 7")
    expect(page.locator("[name=plot_no]")).to_have_value("hai trăm")
    expect(page.locator("[name=plot_area]")).to_have_value("5")
    citizen.seen("form-faults-many", english=False)
    summary.get_by_role("link", name="Thửa đất số").click()
    expect(page.locator("[name=plot_no]")).to_be_focused()
