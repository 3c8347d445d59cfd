"""Documents are set in Tinos, as PDF/A, from templates that see nothing but themselves."""

import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from django.conf import settings
from fontTools.ttLib import TTFont

from tinhso.kernel.files import api as files
from tinhso.kernel.files.printing import render_look
from tinhso.kernel.files.types import FontsMissing, TemplateBroken

LETTER = """#import "official.typ": *
#show: letter.with(
  superior: "UBND tỉnh Tây Ninh", agency: "UBND phường Khánh Hậu", reserve-number: true, place: "Khánh Hậu",
  reserve-day: true, title: "Giấy phép xây dựng", subject: "(Sử dụng cho nhà ở riêng lẻ)", reserve-signatures: true,
  recipients: ("Bà Nguyễn Thị Hồng Thắm", "Lưu: VT"), paper: data.at("paper", default: "a4"),
  signer: (capacity: "TM. Ủy ban nhân dân", title: "Chủ tịch", name: "Phạm Văn Hòa"),
)
#row("Cấp cho", data.name)
#items(("Bản vẽ", "Giấy tờ về đất"), mark: "1")
Lệ phí #money(75000), #money(-1250000), ngày #short-date("2026-11-02"), #long-date("2026-02-05").
"""


def vietnamese_letters() -> list[str]:
    """The letters that ASCII lacks: 12 vowels in 6 tones and đ, in both cases, less a e i o u y: 134."""
    import unicodedata

    small = {unicodedata.normalize("NFC", v + t) for v in "aăâeêioôơuưy" for t in ("", *"\u0300\u0309\u0303\u0301\u0323")}
    small |= {"đ"}
    return sorted(c for letter in small for c in (letter, letter.upper()) if not c.isascii())


@pytest.fixture
def template(tmp_path: Path) -> Path:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "letter.typ").write_text(LETTER, encoding="utf-8")
    return folder / "letter.typ"


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def setting(template: Path, data: dict, body: str | None = None) -> bytes:
    if body is not None:
        template.write_text(body, encoding="utf-8")
    return files.render_pdf(template, data, title="Giấy phép", date=date(2026, 11, 22))


def test_tinos_has_all_134_vietnamese_letters():
    letters = vietnamese_letters()
    assert len(letters) == 134
    fonts = sorted(Path(settings.FONTS_DIR).glob("*.ttf"))
    assert len(fonts) == 4
    for font in fonts:
        known = TTFont(font).getBestCmap()
        assert [c for c in letters if ord(c) not in known] == []


def test_the_text_comes_out_as_it_went_in(template):
    name = "Nguyễn Thị Hồng Thắm ở Bến Lức, đường Ỷ Lan"
    text = text_of(setting(template, {"name": name}))
    for words in (name, "GIẤY PHÉP XÂY DỰNG", "Lệ phí 75.000 đồng, -1.250.000 đồng", "02/11/2026", "ngày 05 tháng 02 năm 2026"):
        assert words in re.sub(r"\s+", " ", text)
    every = "".join(vietnamese_letters())
    assert every in text_of(setting(template, {}, f"{every[:67]}\\\n{every[67:]}")).replace("\r", "").replace("\n", "")


@pytest.mark.parametrize("paper", ["a4", "a5"])
def test_a_letter_is_one_page_of_the_right_size(template, paper):
    page = pypdfium2.PdfDocument(setting(template, {"name": "Thắm", "paper": paper}))[0]
    size = {"a4": (595, 842), "a5": (420, 595)}[paper]
    assert tuple(round(n) for n in page.get_size()) == size


def test_it_claims_pdf_a_2b_with_its_date_and_title(template):
    pdf = setting(template, {"name": "x"})
    assert re.search(rb"pdfaid:part[^0-9]*2", pdf) and re.search(rb"pdfaid:conformance[^A-Z]*B", pdf)
    assert b"2026-11-22" in pdf
    assert pypdfium2.PdfDocument(pdf).get_metadata_value("Title") == "Giấy phép"


@pytest.mark.skipif(shutil.which("pdffonts") is None, reason="poppler-utils is not installed")
def test_only_tinos_is_inside_and_it_is_embedded(template, tmp_path):
    (tmp_path / "x.pdf").write_bytes(setting(template, {"name": "Thắm"}))
    listing = subprocess.run(["pdffonts", str(tmp_path / "x.pdf")], capture_output=True, text=True, check=True).stdout
    rows = listing.splitlines()[2:]
    assert rows and all("Tinos" in row and " yes yes yes " in row for row in rows)


def test_a_document_without_places_is_the_same_every_time(template):
    assert setting(template, {}, "Chào") == setting(template, {}, "Chào")


def test_a_title_may_hold_any_character(template):
    pdf = files.render_pdf(template, {"name": "x"}, title='Giấy "phép" \\ #1', date=date(2026, 1, 2))
    assert pypdfium2.PdfDocument(pdf).get_metadata_value("Title") == 'Giấy "phép" \\ #1'


def test_a_picture_is_handed_over_by_name(template):
    from tinhso.kernel.files.tests import samples

    template.write_text('#image("photo.png", width: 2cm)', encoding="utf-8")
    pdf = files.render_pdf(template, {}, title="x", date=date(2026, 1, 2), pictures={"photo.png": samples.picture()})
    assert b"/Image" in pdf


@pytest.mark.parametrize(
    "body",
    [
        '#read("/etc/passwd")',
        '#read("../../secret.txt")',
        '#import "@preview/cetz:0.3.0"',
        "#data.missing",
        '#text(font: "Arial")[x] #panic("no")',
    ],
)
def test_a_template_reaches_nothing_outside_and_says_what_is_wrong(template, body):
    (template.parents[1] / "secret.txt").write_text("secret")
    with pytest.raises(TemplateBroken) as caught:
        setting(template, {}, '#import "official.typ": data\n' + body)
    assert caught.value.params["template"] == "letter.typ"
    assert caught.value.params["what"]


@pytest.mark.parametrize("folder", ["nowhere", ""])
def test_missing_fonts_are_said(template, settings, tmp_path, folder):
    settings.FONTS_DIR = tmp_path / folder / "x" if folder else tmp_path
    with pytest.raises(FontsMissing):
        setting(template, {"name": "x"})


@pytest.mark.parametrize("words", ["ngày 20 tháng 11 năm 2026", "ngày 20 tháng 11 năm 2026, sau nhiều lần sửa đổi"])
def test_text_that_comes_later_stays_on_one_line(words):
    """A date wider than its place lost its first line once: a permit said only "2026"."""
    place = {"width": 136, "height": 16, "size": 13, "italic": True}
    page = pypdfium2.PdfDocument(render_look("text", {"text": words, **place}, day=date(2026, 1, 2)))[0]
    found = page.get_textpage()
    assert found.get_text_bounded() == words
    assert found.count_rects() >= 1
    left, bottom, right, top = found.get_rect(0)
    assert (left, bottom) >= (0, 0)
    assert (right, top) <= (137, 16)
