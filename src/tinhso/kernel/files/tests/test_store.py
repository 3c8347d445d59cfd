"""What comes in is kept as it is, once, whole, or refused by name."""

import errno
import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tinhso.kernel.files import api as files
from tinhso.kernel.files.engine import content
from tinhso.kernel.files.models import StoredFile
from tinhso.kernel.files.tests import samples
from tinhso.kernel.files.types import (
    ContentDamaged,
    ContentMissing,
    DiskFull,
    FileDamaged,
    FileEmpty,
    FileEncrypted,
    FileKindNotAllowed,
    FileMislabelled,
    FileNotFound,
    FileTooLarge,
    ScanState,
)
from tinhso.kernel.ledger import api as ledger

pytestmark = pytest.mark.django_db
OWNER = "draft:1"


def test_a_pdf_comes_back_as_it_was(actor, home):
    data = samples.small_pdf(3)
    ref = files.store(actor, "Bản vẽ thiết kế.pdf", data, owner=OWNER)
    assert (ref.name, ref.media_type, ref.size, ref.pages) == ("Bản vẽ thiết kế.pdf", "application/pdf", len(data), 3)
    assert ref.scan_state is ScanState.CLEAN
    assert files.open_bytes(actor, ref.id) == data
    assert files.ref(ref.id) == ref
    assert files.refs([ref.id, ref.id]) == {ref.id: ref}
    assert files.refs([]) == {}
    assert content.place(home / "files", ref.sha256).stat().st_mode & 0o777 == 0o600


def test_the_ledger_learns_the_hash_and_nothing_else(actor):
    ref = files.store(actor, "Thắm.pdf", samples.small_pdf(), owner=OWNER)
    (entry,) = ledger.history(f"file:{ref.id}")
    assert (entry.kind, entry.actor, entry.data["sha256"]) == ("files.stored", actor.id, ref.sha256)
    assert "Thắm" not in str(entry.data)


def test_same_bytes_twice_are_one_content(actor, home):
    one = files.store(actor, "a.pdf", samples.small_pdf(), owner=OWNER)
    two = files.store(actor, "b.pdf", io.BytesIO(samples.small_pdf()), owner="case:2")
    assert one.id != two.id and one.sha256 == two.sha256
    assert len(list(content.contents(home / "files"))) == 1


def test_half_a_content_left_by_a_fault_is_written_again(actor, home):
    ref = files.store(actor, "a.pdf", samples.small_pdf(), owner=OWNER)
    content.place(home / "files", ref.sha256).write_bytes(b"half")
    files.store(actor, "a.pdf", samples.small_pdf(), owner=OWNER)
    assert files.open_bytes(actor, ref.id) == samples.small_pdf()


@pytest.mark.parametrize(
    ("name", "data", "media"),
    [
        ("anh.jpg", samples.picture("JPEG"), "image/jpeg"),
        ("ANH.JPEG", samples.picture("JPEG"), "image/jpeg"),
        ("anh.png", samples.picture("PNG"), "image/png"),
        ("anh", samples.picture("PNG"), "image/png"),
        ("iphone.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image/heic"),
        ("don.docx", samples.word(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("quet.pdf", samples.small_pdf(header=b"scanner rubbish\n"), "application/pdf"),
    ],
)
def test_the_kind_is_told_from_the_bytes(actor, name, data, media):
    ref = files.store(actor, name, data, owner=OWNER, allowed=("pdf", "jpg", "png", "heic", "docx"))
    assert ref.media_type == media
    assert "." in ref.name


@pytest.mark.parametrize(
    ("problem", "name", "data"),
    [
        (FileEmpty, "a.pdf", b""),
        (FileTooLarge, "a.pdf", samples.small_pdf() + b"\0" * (21 * 1024 * 1024)),
        (FileMislabelled, "a.pdf", samples.picture("PNG")),
        (FileMislabelled, "a.pdf", b"MZ this is a program"),
        (FileMislabelled, "a.exe", samples.small_pdf()),
        (FileKindNotAllowed, "a.docx", samples.word()),
        (FileKindNotAllowed, "a.svg", b"<svg onload='alert(1)'/>"),
        (FileKindNotAllowed, "a.html", b"<html><script>"),
        (FileEncrypted, "a.pdf", samples.encrypted_pdf()),
        (FileDamaged, "a.pdf", b"%PDF-1.7\nand nothing more"),
        (FileDamaged, "a.pdf", samples.small_pdf(0)),
        (FileDamaged, "a.png", samples.picture("PNG")[:60]),
        (FileDamaged, "a.jpg", samples.picture("JPEG")[:200]),
        (FileDamaged, "a.png", samples.picture("PNG", (9000, 9000))),
    ],
)
def test_what_is_refused_is_refused_by_its_own_name(actor, home, problem, name, data):
    with pytest.raises(problem) as caught:
        files.store(actor, name, data, owner=OWNER)
    assert caught.value.params["name"] == name
    assert not StoredFile.objects.exists()
    assert not list(content.contents(home / "files"))


def test_a_word_document_with_macros_or_another_zip_is_not_a_word_document(actor):
    for data in (
        samples.zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
        samples.zipped("[Content_Types].xml", "xl/workbook.xml"),
        b"PK\x03\x04 broken",
    ):
        with pytest.raises(FileMislabelled):
            files.store(actor, "a.docx", data, owner=OWNER, allowed=("docx",))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_and_leaves_nothing(actor, home, monkeypatch, number):
    def full(handle, data):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(DiskFull) as caught:
        files.store(actor, "a.pdf", samples.small_pdf(), owner=OWNER)
    assert caught.value.status == 507
    monkeypatch.undo()
    assert not StoredFile.objects.exists()
    assert not list(content.contents(home / "files")) and not list(content.leftovers(home / "files"))


def test_another_fault_of_the_disk_is_not_called_a_full_disk(home, monkeypatch):
    def broken(handle, data):
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(os, "write", broken)
    with pytest.raises(OSError, match="broken"):
        content.put(home / "files", b"x")


KILLED = """
import os, signal, sys
from pathlib import Path
from tinhso.kernel.files.engine import content
whole = os.write
def half(handle, data):
    whole(handle, bytes(data[: len(data) // 2]))
    os.kill(os.getpid(), signal.SIGKILL)
os.write = half
content.put(Path(sys.argv[1]), b"x" * 100_000)
"""


def test_a_kill_in_mid_write_leaves_no_half_file(home):
    root = home / "files"
    src = str(Path(__file__).resolve().parents[4])
    done = subprocess.run([sys.executable, "-c", KILLED, str(root)], env={"PYTHONPATH": src}, check=False)
    assert done.returncode == -signal.SIGKILL
    assert not list(content.contents(root))
    assert len(list(content.leftovers(root))) == 1
    assert content.get(root, content.put(root, b"x" * 100_000)) == b"x" * 100_000


def test_bytes_are_durable_before_the_row_commits(actor, monkeypatch):
    """The order: content renamed and its folder synced, then the row."""
    order = []
    rename, save = Path.rename, StoredFile.save
    monkeypatch.setattr(Path, "rename", lambda self, to: (order.append("rename"), rename(self, to))[1])
    monkeypatch.setattr(StoredFile, "save", lambda self, **k: (order.append("row"), save(self, **k))[1])
    files.store(actor, "a.pdf", samples.small_pdf(), owner=OWNER)
    assert order == ["rename", "row"]


def test_missing_and_altered_content_are_clear_and_the_health_check_names_them(actor, home):
    gone = files.store(actor, "a.pdf", samples.small_pdf(1), owner=OWNER)
    also = files.store(actor, "b.pdf", samples.small_pdf(1), owner=OWNER)
    altered = files.store(actor, "c.pdf", samples.small_pdf(2), owner=OWNER)
    fine = files.store(actor, "d.pdf", samples.small_pdf(3), owner=OWNER)
    assert list(files.damages()) == [] and files.missing_contents() == []
    content.place(home / "files", gone.sha256).unlink()
    content.place(home / "files", altered.sha256).write_bytes(samples.small_pdf(2).replace(b"842", b"843"))
    with pytest.raises(ContentMissing):
        files.open_bytes(actor, gone.id)
    with pytest.raises(ContentDamaged):
        files.open_bytes(actor, altered.id)
    assert files.open_bytes(actor, fine.id)
    assert {(d.file, d.missing) for d in files.damages()} == {(gone.id, True), (also.id, True), (altered.id, False)}
    assert {d.file for d in files.missing_contents()} == {gone.id, also.id}


@pytest.mark.parametrize("bad", ["", "nothing", "00000000-0000-0000-0000-000000000000"])
def test_what_is_not_there_is_not_found(actor, bad):
    with pytest.raises(FileNotFound):
        files.open_bytes(actor, bad)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\Thắm\\đơn.PDF", "đơn.PDF"),
        ("gpxd\u202efdp.pdf", "gpxdfdp.pdf"),
        ("a" * 300 + ".pdf", "a" * 110 + ".pdf"),
        ("don\r\nX: y.pdf", "donX: y.pdf"),
        (".pdf", "pdf.pdf"),
    ],
)
def test_names_are_made_harmless(actor, given, kept):
    assert files.store(actor, given, samples.small_pdf(), owner=OWNER).name == kept


def test_a_file_is_stored_with_few_statements(actor, statements):
    with statements(2):
        files.store(actor, "a.pdf", samples.small_pdf(), owner="case:1")
