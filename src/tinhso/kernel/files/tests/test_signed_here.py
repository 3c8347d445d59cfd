"""What this process signed itself is not worked out again when it is stored: the verdict is the same, and nothing from outside
can pass for it."""

import hashlib
import shutil
from datetime import timedelta

import pytest

from tinhso.kernel.files import api as files
from tinhso.kernel.files import checking
from tinhso.kernel.files.adapters import authority, pades
from tinhso.kernel.files.models import StoredFile
from tinhso.kernel.files.operations.storing import plain_signature
from tinhso.kernel.files.tests.conftest import NOON, Office
from tinhso.kernel.files.types import FileRef, UnableToSign, Verdict
from tinhso.lib import clock

pytestmark = pytest.mark.django_db
LATER = NOON.replace(microsecond=987_654)


@pytest.fixture
def full(monkeypatch) -> list[str]:
    """Hashes of what was verified in full, in order."""
    seen: list[str] = []
    judge = checking.judge

    def noting(pdf, *args, **kwargs):
        seen.append(hashlib.sha256(pdf).hexdigest())
        return judge(pdf, *args, **kwargs)

    monkeypatch.setattr(checking, "judge", noting)
    return seen


def stored(office: Office, pdf: bytes) -> FileRef:
    """Handed over to the store."""
    return files.store(office.chairman, "giay-phep.pdf", pdf, "case:1")


def agrees(ref: FileRef, pdf: bytes) -> bool:
    """Whether a full verification says the very same, to the letter."""
    report = files.verify_pdf(pdf)
    row = StoredFile.objects.get(pk=ref.id)
    return (row.verdict, row.signatures) == (report.verdict, [plain_signature(s) for s in report.signatures])


def stamps_of(folder) -> pades.LocalTimestamps:
    """The time of an authority that somebody made."""
    return pades.LocalTimestamps(*authority.timestamp_pair(folder), authority.chain(folder)[:1], clock.now())


TIMES = "tinhso.kernel.files.operations.signing._timestamps"


def with_its_own_time(office, monkeypatch, tmp_path):
    """As it is set up."""


def without_any_time(office, monkeypatch, tmp_path):
    """No authority gives the time."""
    monkeypatch.setattr(TIMES, lambda demo: None)


def with_a_strangers_time(office, monkeypatch, tmp_path):
    """Somebody gives the time whom nobody here trusts."""
    authority.create(tmp_path / "stranger", NOON)
    monkeypatch.setattr(TIMES, lambda demo: stamps_of(tmp_path / "stranger"))


def without_lists(office, monkeypatch, tmp_path):
    """Nobody says which certificates are revoked."""
    for kept in office.folder.glob("*.crl"):
        kept.unlink()


def revoked_elsewhere(office, monkeypatch, tmp_path):
    """The authority's list has the signer; our table does not know it yet."""
    authority.revoke(office.folder, {int(office.leader.serial, 16): NOON}, NOON)


def without_the_authority(office, monkeypatch, tmp_path):
    """The key is there and the authority is gone."""
    shutil.move(office.folder, tmp_path / "gone")


@pytest.mark.parametrize(
    ("arrange", "verdict"),
    [
        (with_its_own_time, Verdict.VALID),
        (without_any_time, Verdict.VALID),
        (with_a_strangers_time, Verdict.VALID),
        (without_lists, Verdict.VALID),
        (revoked_elsewhere, Verdict.REVOKED),
        (without_the_authority, Verdict.UNTRUSTED),
    ],
)
def test_the_known_verdict_is_what_a_verification_finds(office, full, monkeypatch, tmp_path, arrange, verdict):
    arrange(office, monkeypatch, tmp_path)
    with clock.at(LATER):
        pdf = office.signed()
        ref = stored(office, pdf)
        assert full == []
        assert ref.verdict is verdict
        assert agrees(ref, pdf)


def test_it_is_judged_when_it_is_stored_not_when_it_was_signed(office, full, monkeypatch):
    monkeypatch.setattr(TIMES, lambda demo: None)
    pdf = office.signed()
    with clock.at(office.leader.not_after + timedelta(days=1)):
        ref = stored(office, pdf)
        assert full == [] and ref.verdict is Verdict.EXPIRED
        assert agrees(ref, pdf)


def test_nothing_from_outside_passes_for_it(office, full):
    pdf = office.signed()
    changed = pdf.replace(b"/Rotate", b"/rotate") if b"/Rotate" in pdf else pdf.replace(b"/MediaBox", b"/mediaBox")
    assert stored(office, changed).verdict is Verdict.CHANGED
    assert stored(office, pdf + b"\n").sha256 == full[-1]
    assert len(full) == 2


def test_it_is_known_once(office, full):
    pdf = office.signed()
    first, second = stored(office, pdf), stored(office, pdf)
    assert full == [first.sha256]
    assert agrees(second, pdf)


def test_a_second_signature_is_verified_with_all_that_was_there_before(office, full):
    pdf = office.issued()
    ref = stored(office, pdf)
    assert full == [ref.sha256] and ref.verdict is Verdict.VALID
    assert agrees(ref, pdf)


def test_time_from_another_authority_is_read_not_supposed(office, full, settings, monkeypatch):
    local = stamps_of(office.folder)
    monkeypatch.setattr(pades.TimestampService, "token", lambda self, digest: local.token(digest))
    settings.FILES = {"timestamps": "http://thoi-gian.example/"}
    pdf = office.signed()
    assert stored(office, pdf).verdict is Verdict.VALID
    assert len(full) == 1


def test_an_answer_longer_than_its_room_is_not_embedded(office, monkeypatch):
    monkeypatch.setattr(pades, "_ROOM", 16)
    monkeypatch.setattr(pades.LocalTimestamps, "room", 0)
    with pytest.raises(UnableToSign):
        office.signed()


def test_only_so_many_are_kept_in_mind(office, monkeypatch):
    monkeypatch.setattr(checking, "_MADE_AT_ONCE", 2)
    monkeypatch.setattr(checking, "_made", {})
    for _ in range(3):
        office.signed()
    assert len(checking._made) == 2
