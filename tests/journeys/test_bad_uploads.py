"""Papers that can't be taken: too large, empty, mislabelled, locked, a program named .pdf. Each is told beside its paper."""

import io

from playwright.sync_api import expect
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from tests import world

from .paths import drawing, fill_in, paper, turn
from .people import PHONE


def _locked() -> bytes:
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(world.PDF), strict=False))
    writer.encrypt("chu", "khach")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_each_bad_file_is_told_and_the_good_ones_stay(site, somebody, tmp_path):
    bad = {
        "qua-lon.pdf": world.PDF + b"\n%" + b"0" * (20 * 1024 * 1024),
        "trong.pdf": b"",
        "anh.pdf": b"\xff\xd8\xff\xe0" + b"\x00" * 200,
        "khoa.pdf": _locked(),
        "chuong-trinh.pdf": b"MZ\x90\x00" + b"\x00" * 400,
    }
    words = {
        "qua-lon.pdf": "quá lớn",
        "trong.pdf": "trống",
        "anh.pdf": "không đúng như tên gọi",
        "khoa.pdf": "mật khẩu",
        "chuong-trinh.pdf": "không đúng như tên gọi",
    }
    citizen = somebody(PHONE, "tham")
    page = citizen.go("/thu-tuc/construction-permit-house/nop/")
    turn(citizen)
    fill_in(citizen, "plot", "house", "commitments")
    paper(citizen, "land_right", drawing(tmp_path, "so-do.pdf"))
    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)
        page.locator("#paper-drawing_plan").set_input_files(tmp_path / name)
        fault = page.locator("#fault-drawing_plan")
        expect(fault).to_contain_text(words[name])
        expect(page.get_by_text("so-do.pdf").first).to_be_visible()
    citizen.seen("form-papers-fault", english=False)
    paper(citizen, "drawing_plan", drawing(tmp_path, "mat-bang.pdf"))
    expect(page.locator("#fault-drawing_plan")).to_have_count(0)
