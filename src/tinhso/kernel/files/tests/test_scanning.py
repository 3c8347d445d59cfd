"""Nothing is served that the scanner has not passed; what nothing owns is swept."""

import os
import socket
import struct
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from tinhso.kernel.files import api as files
from tinhso.kernel.files import sweeping
from tinhso.kernel.files.adapters.scanners import Clamd
from tinhso.kernel.files.engine import content
from tinhso.kernel.files.models import StoredFile
from tinhso.kernel.files.tests import samples
from tinhso.kernel.files.types import (
    ContentMissing,
    FileNotFound,
    FileNotScannedYet,
    FileQuarantined,
    ScannerAway,
    ScanState,
)
from tinhso.kernel.ledger import api as ledger
from tinhso.lib import clock

pytestmark = pytest.mark.django_db


class LocalClamd(threading.Thread):
    """Speaks clamd's INSTREAM; finds a "virus" in what holds EICAR, and is silent, wordy or gone when told so."""

    def __init__(self, family: int, address: object) -> None:
        super().__init__(daemon=True)
        self.line = socket.socket(family)
        self.line.bind(address)
        self.line.listen()
        self.answer: bytes | None = None
        self.start()

    def run(self) -> None:
        while True:
            try:
                peer, _ = self.line.accept()
            except OSError:
                return
            with peer, peer.makefile("rb") as told:
                assert told.read(10) == b"zINSTREAM\0"
                data = b""
                while size := struct.unpack("!I", told.read(4))[0]:
                    data += told.read(size)
                found = b"stream: Eicar-Signature FOUND\0" if b"EICAR" in data else b"stream: OK\0"
                peer.sendall(self.answer if self.answer is not None else found)

    def close(self) -> None:
        self.line.shutdown(socket.SHUT_RDWR)
        self.line.close()
        self.join(5)


@pytest.fixture
def clamd(settings):
    stand_in = LocalClamd(socket.AF_INET, ("127.0.0.1", 0))
    settings.FILES = {"scanner": f"tcp://127.0.0.1:{stand_in.line.getsockname()[1]}"}
    yield stand_in
    stand_in.close()


def infected() -> bytes:
    return samples.small_pdf() + b"% EICAR"


def test_clean_passes_and_infected_is_never_served(actor, clamd):
    clean = files.store(actor, "a.pdf", samples.small_pdf(50), owner="draft:1")
    bad = files.store(actor, "b.pdf", infected(), owner="draft:1")
    assert (clean.scan_state, bad.scan_state) == (ScanState.CLEAN, ScanState.QUARANTINED)
    assert files.open_bytes(actor, clean.id)
    for served in (lambda: files.open_bytes(actor, bad.id), lambda: files.page_image(bad.id)):
        with pytest.raises(FileQuarantined):
            served()
    assert ledger.history(f"file:{bad.id}")[0].data["scan_state"] == "quarantined"


def test_a_large_file_goes_in_pieces_over_a_unix_socket(tmp_path):
    address = str(tmp_path / "clamd.ctl")
    stand_in = LocalClamd(socket.AF_UNIX, address)
    assert Clamd(f"unix://{address}").scan(b"x" * 300_000 + b"EICAR") is ScanState.QUARANTINED
    stand_in.close()
    with pytest.raises(ScannerAway):
        Clamd("unix:///nowhere/clamd.ctl").scan(b"x")


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b""])
def test_no_clear_answer_lets_the_file_wait(actor, clamd, answer):
    clamd.answer = answer
    waiting = files.store(actor, "a.pdf", samples.small_pdf(), owner="draft:1")
    assert waiting.scan_state is ScanState.WAITING
    for served in (lambda: files.open_bytes(actor, waiting.id), lambda: files.page_image(waiting.id)):
        with pytest.raises(FileNotScannedYet):
            served()
    assert files.rescan_waiting() == 0
    clamd.answer = None
    assert files.rescan_waiting() == 1
    assert files.open_bytes(actor, waiting.id)
    assert [e.kind for e in ledger.history(f"file:{waiting.id}")] == ["files.stored", "files.scanned"]
    assert files.rescan(actor, waiting.id) is ScanState.CLEAN


def test_a_waiting_file_without_bytes_does_not_stop_the_others(actor, clamd, home, caplog):
    clamd.answer = b""
    lost = files.store(actor, "a.pdf", samples.small_pdf(1), owner="draft:1")
    files.store(actor, "b.pdf", samples.small_pdf(2), owner="draft:1")
    content.place(home / "files", lost.sha256).unlink()
    clamd.answer = None
    assert files.rescan_waiting() == 1
    assert "can't be scanned" in caplog.text


# --- pages and downloads ------------------------------------------------------------------------------------------------------


def test_pages_are_drawn_here_and_kept(actor, home):
    pdf = files.store(actor, "a.pdf", samples.small_pdf(2), owner="draft:1")
    photo = files.store(actor, "a.jpg", samples.picture("JPEG", (3000, 1500)), owner="draft:1")
    for image in (files.page_image(pdf.id, 2, 900), files.page_image(photo.id, 1, 100), files.page_image(photo.id, 1, 9999)):
        assert image.startswith(b"\x89PNG")
    assert struct.unpack("!II", files.page_image(pdf.id, 1, 900)[16:24])[0] == 960
    content.place(home / "files", pdf.sha256).unlink()
    assert files.page_image(pdf.id, 2, 900)
    with pytest.raises(ContentMissing):
        files.page_image(pdf.id, 2, 200)


@pytest.mark.parametrize("page", [0, 3, -1])
def test_there_is_no_such_page(actor, page):
    from tinhso.kernel.files.types import NoSuchPage

    pdf = files.store(actor, "a.pdf", samples.small_pdf(2), owner="draft:1")
    photo = files.store(actor, "a.png", samples.picture(), owner="draft:1")
    word = files.store(actor, "a.docx", samples.word(), owner="draft:1", allowed=("docx",))
    for ref in (pdf, photo, word):
        with pytest.raises(NoSuchPage):
            files.page_image(ref.id, page)


def test_what_can_not_be_drawn_is_no_page():
    from tinhso.kernel.files.adapters import drawing
    from tinhso.kernel.files.types import NoSuchPage

    tall = samples.small_pdf().replace(b"[0 0 595 842]", b"[0 0 10 2000]")
    for draw in (
        lambda: drawing.draw_pdf_page(b"%PDF-1.7", 1, 100),
        lambda: drawing.draw_pdf_page(tall, 1, 100),
        lambda: drawing.draw_picture(b"rubbish", 100),
    ):
        with pytest.raises(NoSuchPage):
            draw()


def test_a_form_is_drawn_with_what_is_filled_in(office):
    from tinhso.kernel.files.adapters import drawing

    signed = office.signed()
    filled = files.sign(office.clerk, signed, "unit:pc", "agency", fills={"number": "12/GPXD-UBND"})
    assert drawing.draw_pdf_page(signed, 1, 480) != drawing.draw_pdf_page(filled, 1, 480)


def test_an_upload_is_an_attachment_that_runs_nothing(actor):
    ref = files.store(actor, 'đơn "xin".pdf', samples.small_pdf(), owner="draft:1")
    headers = files.download_headers(ref)
    assert headers["Content-Disposition"].startswith('attachment; filename="')
    assert "filename*=UTF-8''%C4%91%C6%A1n%20%22xin%22.pdf" in headers["Content-Disposition"]
    assert headers["X-Content-Type-Options"] == "nosniff" and "sandbox" in headers["Content-Security-Policy"]
    picture = files.download_headers(ref, inline_image=True)
    assert picture["Content-Type"] == "image/png" and "Content-Disposition" not in picture


# --- moving, discarding, sweeping ---------------------------------------------------------------------------------------------


def test_discarding_twice_is_as_once(actor):
    ref = files.store(actor, "a.pdf", samples.small_pdf(), owner="draft:1")
    files.discard(actor, ref.id)
    files.discard(actor, ref.id)
    with pytest.raises(FileNotFound):
        files.ref(ref.id)
    assert [e.kind for e in ledger.history(f"file:{ref.id}")] == ["files.stored", "files.discarded"]


def age(path: Path, days: float) -> None:
    then = time.time() - days * 86400
    os.utime(path, (then, then))


def test_the_sweep_takes_what_nothing_owns_and_nothing_else(actor, home, monkeypatch):
    monkeypatch.setattr(sweeping, "_owners", {})
    files.declare_owner("draft", lambda ids: {i for i in ids if i == "alive"})
    gone = files.store(actor, "a.pdf", samples.small_pdf(1), owner="draft:gone")
    shared = files.store(actor, "b.pdf", samples.small_pdf(2), owner="draft:gone")
    kept = [
        files.store(actor, "c.pdf", samples.small_pdf(2), owner="draft:alive"),
        files.store(actor, "d.pdf", samples.small_pdf(3), owner="case:1"),
    ]
    root = home / "files"
    fresh = content.put(root, b"a transaction is under way")
    old = content.put(root, b"a transaction that failed")
    age(content.place(root, old), 3)
    (root / "tmp" / "half").write_bytes(b"half")
    (root / "tmp" / "now").write_bytes(b"half")
    age(root / "tmp" / "half", 3)
    assert files.sweep() == 2
    with clock.at(clock.now() + timedelta(days=8)):
        assert files.sweep() == 2
    assert set(files.refs([gone.id, shared.id])) == set()
    age(content.place(root, gone.sha256), 3)
    age(content.place(root, shared.sha256), 3)
    assert files.sweep() == 1
    assert [files.open_bytes(actor, k.id) for k in kept]
    assert content.place(root, fresh).exists() and not content.place(root, gone.sha256).exists()
    assert (root / "tmp" / "now").exists()


def test_a_published_file_is_never_swept(actor, monkeypatch):
    monkeypatch.setattr(sweeping, "_owners", {"draft": lambda ids: set()})
    ref = files.store(actor, "a.pdf", samples.small_pdf(), owner="draft:gone")
    files.publish(actor, ref.id, "x", "draft:gone")
    with clock.at(clock.now() + timedelta(days=8)):
        assert files.sweep() == 0
    assert StoredFile.objects.filter(pk=ref.id).exists()


def test_the_worker_does_both(actor):
    from tinhso.kernel.files import declarations

    declarations.rescan_waiting()
    declarations.sweep()
    assert {"files.rescan", "files.sweep"} <= {p.name for p in ledger.periodic_states()}
