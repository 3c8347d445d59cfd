"""What people do on the pages, for all journeys."""

import re
import uuid
from pathlib import Path

from playwright.sync_api import expect

from tests import world

from .people import Person

PAGES: dict[str, dict[str, str]] = {
    "applicant": {
        "applicant_name": "Nguyễn Thị Hồng Thắm",
        "applicant_identifier": "080190001234",
        "applicant_phone": "0901234567",
        "applicant_address": "Khu phố 3, phường Khánh Hậu",
    },
    "plot": {
        "plot_commune": world.KHANH_HAU,
        "plot_address": "Khu phố 3, đường số 7",
        "plot_no": "214",
        "map_sheet": "37",
        "plot_area": "95,6",
    },
    "house": {
        "work_kind": "new",
        "storeys": "2",
        "ground_area": "58,8",
        "floor_area": "117,6",
        "height": "8,4",
        "setback_front": "2,4",
        "adjacent": "no",
    },
    "commitments": {"months": "8", "commit_truth": "yes"},
}
"""The answers of Thắm's application, as typed."""
REQUIRED = ("land_right", "drawing_plan", "drawing_elevations", "drawing_foundation")


def drawing(folder: Path, name: str) -> str:
    """A small PDF of its own."""
    path = folder / name
    path.write_bytes(world.PDF + f"\n%{uuid.uuid4()}".encode())
    return str(path)


def type_in(person: Person, name: str, value: str) -> None:
    """Answer one question, whatever its shape."""
    boxes = person.page.locator(f"#form [name='{name}']")
    first = boxes.first
    if (first.get_attribute("type") or "") in {"radio", "checkbox"}:
        person.page.locator(f"#form [name='{name}'][value='{value}']").check()
    elif first.evaluate("e => e.tagName") == "SELECT":
        first.select_option(value)
    else:
        first.fill(value)


def answer_page(person: Person, page: str) -> None:
    """Answer what a page of the form asks; what appears because of an answer too."""
    for name, value in PAGES[page].items():
        if person.page.locator(f"#form [name='{name}']").count():
            type_in(person, name, value)


def turn(person: Person) -> None:
    """Go on to the next page."""
    person.follow(person.page.locator("#form .form-foot button").first)


def fill_in(person: Person, *pages: str) -> None:
    """Answer these pages one after the other."""
    for page in pages:
        expect(person.page).to_have_url(re.compile(f"/{page}/"))
        answer_page(person, page)
        turn(person)
        if f"/{page}/" in person.page.url:  # more questions because of the answers
            answer_page(person, page)
            turn(person)


def paper(person: Person, code: str, path: str) -> None:
    """Choose a file for a paper: it is sent at once, and stands under its paper."""
    person.page.locator(f"#paper-{code}").set_input_files(path)
    expect(person.page.locator(".papers").get_by_text(Path(path).name).first).to_be_visible()


def move(person: Person, code: str, name: str, label: dict[str, str] | None = None, **given: str) -> None:
    """Make a move on the desk by its form; ``label`` chooses options by the words on the screen."""
    page = person.go(f"/lam-viec/ho-so/{code}/{name}/")
    for field, value in given.items():
        type_in(person, field, value)
    for value in (label or {}).values():
        option = page.locator("#form option", has_text=value)
        if option.count():
            option.first.evaluate("o => { o.parentElement.value = o.value }")
        else:
            page.get_by_label(value).first.check()
    turn(person)
    expect(page.get_by_text("Đã xong").first).to_be_visible()
