"""What people type is text everywhere: on each page that shows it, in each PDF, and never in the record or the log.

A whole dossier is walked with texts made to break out of HTML, of Typst and of headers; every page on which they stand is
looked at. The texts carry marks, and those are then sought where no personal data may be.
"""

import json
import logging
import re
from typing import Any

import pypdfium2
import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import world
from tests.dossiers import ANSWERS, TYPE
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import Channel
from tinhso.kernel.files import api as files
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.models import Entry
from tinhso.kernel.messages import api as messages
from tinhso.ui.access import SECOND_FACTOR_KEY

MARK = "Zq9Chim"
"""Stands in every text below: where it must not be found, no text is."""
HTML = f"""</textarea></script><script>alert("{MARK}")</script><img src=x onerror=alert(1)>"'`{{{{ 7*7 }}}}{{% now %}}"""
TYPST = f'{MARK} #panic("x") #import "@a/b:1" @nowhere $x^2$ \\ \\u{{202e}} \u202egnỡưl _* <a> [b] ] ) " // /* #'
LONG = MARK + "w" * 3000
BREAKS = re.compile(r"<script>|<img src=x|onerror=alert\(1\)>|[^&]49[^0-9].*chim-template|TemplateSyntaxError", re.IGNORECASE)


@pytest.fixture
def as_(commune):
    def client(name: str) -> Client:
        made = Client(raise_request_exception=False)
        made.force_login(commune.accounts[name])
        session = made.session
        session[SECOND_FACTOR_KEY] = True
        session.save()
        return made

    return client


@pytest.fixture
def walked(commune, as_, caplog) -> str:
    """A dossier full of hostile texts, brought by its people's own screens to where its result is signed."""
    caplog.set_level(logging.INFO)
    data = ANSWERS | {
        "applicant_name": f"{HTML[:99]}",
        "applicant_address": TYPST,
        "plot_address": HTML,
        "designer": TYPST,
    }
    papers = {}
    for rule in cases.papers_asked(TYPE, data):
        if rule.required:
            sent = {"file": SimpleUploadedFile(f'{MARK}"><script>x\r\nSet-Cookie: a=b.pdf', world.PDF + rule.code.encode())}
            papers[rule.code] = [as_("tham").post("/api/v1/files", sent).json()["id"]]
    ref = cases.file_case(commune.tham, TYPE, data, papers, Channel.ONLINE, commune.party, "k")
    moves: list[tuple[str, str, dict[str, Any]]] = [
        ("tam", "receive", {}),
        ("duc", "assign", {"assignee": commune.bao.id, "note": HTML}),
        ("bao", "consult", {"unit": commune.units["land-office"].key, "question": HTML + TYPST, "days": "3"}),
        ("mai", "answer_opinion", {"outcome": "agree", "answer": LONG + HTML, "task": "t1"}),
        ("bao", "request_supplement", {"items": next(iter(papers)), "note": TYPST + HTML + LONG}),
    ]
    for who, move, given in moves:
        _move(as_(who), ref.code, move, given)
    answer = as_("tham").post(f"/ho-so/{ref.code}/bo-sung/", {"note": HTML + TYPST, f"paper-{next(iter(papers))}": _pdf()})
    assert answer.status_code == 302, answer.content.decode()[-1500:]
    _move(as_("bao"), ref.code, "draft_result", {"appraisal": HTML + TYPST + LONG, "requirements": TYPST})
    _move(as_("duc"), ref.code, "approve", {"note": HTML})
    _move(as_("hoa"), ref.code, "sign", {"note": HTML})
    _move(as_("lan"), ref.code, "number", {})
    return str(ref.code)


def _pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{MARK}.pdf", world.PDF + b"\n%again")


def _move(client: Client, code: str, move: str, given: dict[str, Any]) -> None:
    version = client.get(f"/api/v1/dossiers/{code}").json()["version"]
    made = client.post(f"/lam-viec/ho-so/{code}/{move}/", given | {"version": version, "key": move})
    assert made.status_code == 302, (move, made.context.get("problem"), made.context.get("form"))


def test_text_is_text_on_every_page(walked, as_):
    own = ["/", "/ho-so-cua-toi/", f"/ho-so/{walked}/", f"/ho-so/{walked}/da-nop/", "/thong-bao/", "/ai-da-xem/", "/account/"]
    desk = [f"/lam-viec/ho-so/{walked}/", f"/lam-viec/xem/{walked}/", "/lam-viec/ds/unit_open/", f"/lam-viec/tim/?q={MARK}"]
    everybody = [f"/tra-cuu/?code={walked}", f"/tim/?q={HTML}", f"/tra-cuu/?code={HTML}"[:60], f"/kiem-tra/?code={HTML}"[:60]]
    shown = 0
    for who, pages in (("tham", own), ("bao", desk), ("tam", desk), ("hoa", desk), ("mai", desk[:1]), ("dung", everybody)):
        for page in pages:
            text = as_(who).get(page).content.decode()
            assert not BREAKS.search(text), (who, page, BREAKS.search(text))
            shown += MARK in text
    assert shown >= 4, "the texts do stand on pages"


def test_a_form_shows_text_back_as_text(commune, as_, filed):
    code, officer = filed().code, as_("tam")
    refused = officer.post(f"/lam-viec/ho-so/{code}/ask_correction/", {"note": HTML, "key": HTML, "task": HTML, "version": "1"})
    assert not BREAKS.search(refused.content.decode())
    draft = as_("tham").post(f"/thu-tuc/{TYPE}/nop/")["Location"].split("/")[2]
    page = as_("tham").post(f"/don/{draft}/nguoi-nop-don/", {"applicant_name": HTML}).content.decode()
    assert not BREAKS.search(page)


def test_papers_come_as_downloads_under_a_harmless_name(walked, as_):
    view = cases.case_view(world.SYSTEM, walked)
    every = (
        [f for paper in view.papers for f in paper.files] + [d.file for d in view.documents] + [r.file for r in view.results]
    )
    assert len(every) >= 5
    for ref in every:
        told = as_("bao").get(f"/lam-viec/ho-so/{walked}/tep/{ref.id}/")
        assert told.status_code == 200
        assert told["Content-Disposition"].startswith("attachment; ")
        assert told["X-Content-Type-Options"] == "nosniff"
        assert told["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert "no-store" in told["Cache-Control"]
        assert not re.search(r'[\r\n<>]|filename="[^"]*"[^;]', told["Content-Disposition"])
        assert "Set-Cookie" not in told


def test_documents_are_set_with_the_text_as_it_was_typed(walked):
    view = cases.case_view(world.SYSTEM, walked)
    told = ""
    for ref in [d.file for d in view.documents] + [r.file for r in view.results]:
        with pypdfium2.PdfDocument(files.open_bytes(world.SYSTEM, ref.id)) as document:
            assert 1 <= len(document) <= 12, ref.name
            told += "".join(page.get_textpage().get_text_range() for page in document)
    assert "#panic" in told.replace("\r\n", "").replace(" ", "") or '#panic("x")' in told


def test_record_export_and_log_hold_no_text_and_no_person(walked, commune, caplog, tmp_path, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    while ledger.work_once():
        pass
    messages.deliver_waiting()
    ledger.export(tmp_path / "out")
    exported = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    record = json.dumps([e.data for e in Entry.objects.all()], ensure_ascii=False, default=str)
    raw = " ".join(str(row) for row in Entry.objects.values_list())
    private = [MARK, "Nguyễn Thị Hồng Thắm", "080190001234", "912345678", "0901234567", "Khu phố 3", "Hồng Thắm"]
    private.append(settings.SECRET_KEY)
    for text in private:
        assert text not in record
        assert text not in raw
        assert text.encode() not in exported
        assert json.dumps(text)[1:-1].encode() not in exported
        assert text not in caplog.text
    assert len(Entry.objects.all()) > 20
    for letter in mail.outbox:
        assert MARK not in letter.body
        assert "\n" not in letter.subject


def test_no_key_or_secret_stands_on_a_page_or_in_a_process_list(walked, as_, settings):
    keys = [p.read_bytes() for p in (settings.HOME / "keys").rglob("*") if p.is_file() and p.suffix == ".key"]
    assert keys
    page = as_("tam").get(f"/lam-viec/ho-so/{walked}/")
    seen = page.content + "".join(f"{k}: {v}" for k, v in page.headers.items()).encode()
    for key in [*keys, settings.SECRET_KEY.encode()]:
        assert key.strip() not in seen
    for path in (settings.HOME / "keys").rglob("*"):
        if path.suffix == ".key":
            assert path.stat().st_mode & 0o077 == 0, path
