"""Anybody with the code, or with the file, learns whether a document is ours, whole and in force; and nothing about anybody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.kernel.files import api as files
from tinhso.kernel.files.engine import codes, content
from tinhso.kernel.files.tests import samples
from tinhso.kernel.files.types import (
    FileEmpty,
    FileInUse,
    FileNotScannedYet,
    FileTooLarge,
    NotPublished,
    Verdict,
)
from tinhso.kernel.ledger import api as ledger

pytestmark = pytest.mark.django_db
FACTS = {"number": "12/GPXD-UBND", "agency": "UBND phường Khánh Hậu", "date": "2026-11-22"}


@pytest.fixture
def published(office):
    """A permit out in the world: its code and its file."""
    code = files.new_verify_code()
    ref = files.store(office.clerk, "giay-phep.pdf", office.issued(), owner="case:1")
    assert files.publish(office.clerk, ref.id, "services.result", "case:1", facts=FACTS, code=code) == code
    return code, ref


def test_the_code_tells_what_everybody_may_know(published):
    code, ref = published
    document = files.by_verify_code(codes.grouped(code).lower())
    assert (document.kind, document.about, document.facts) == ("services.result", "case:1", FACTS)
    assert document.report.verdict is Verdict.VALID and document.intact and document.withdrawn_at is None
    assert document.sha256 == ref.sha256
    assert "Thắm" not in repr(document)


def test_the_ledger_does_not_give_the_code_away(published):
    code, ref = published
    entry = ledger.history(f"file:{ref.id}")[-1]
    assert entry.kind == "files.published" and code not in str(entry.data)


def test_a_revoked_seal_shows_at_once(office, published):
    code, _ = published
    files.withdraw_document(office.clerk, code)
    files.withdraw_document(office.clerk, code)
    document = files.by_verify_code(code)
    assert document.withdrawn_at is not None and document.report.verdict is Verdict.VALID
    assert [e.kind for e in ledger.history(f"file:{published[1].id}")].count("files.withdrawn") == 1


def test_the_same_file_dropped_by_anybody_is_recognised(office, published):
    code, _ = published
    again = files.open_bytes(office.clerk, published[1].id)
    check = files.check_upload(again)
    assert check.report.verdict is Verdict.VALID
    assert check.document is not None and check.document.code == code


def test_a_forged_copy_is_changed_and_not_recognised(office, published):
    pdf = files.open_bytes(office.clerk, published[1].id)
    check = files.check_upload(pdf.replace(b"%PDF-1.7", b"%PDF-1.6", 1))
    assert check.report.verdict is Verdict.CHANGED and check.document is None


def test_any_other_file_gets_its_verdict(db):
    assert files.check_upload(samples.small_pdf()).report.verdict is Verdict.UNSIGNED
    assert files.check_upload(b"hello").report.verdict is Verdict.UNREADABLE
    with pytest.raises(FileEmpty):
        files.check_upload(b"")
    with pytest.raises(FileTooLarge):
        files.check_upload(b"x" * 11, max_bytes=10)


def test_lost_bytes_are_not_called_valid(published, home):
    code, ref = published
    content.place(home / "files", ref.sha256).unlink()
    document = files.by_verify_code(code)
    assert not document.intact and document.report.verdict is Verdict.UNREADABLE


@pytest.mark.parametrize(("code", "typo"), [("", True), ("ABCD-EFGH-JKMX", True), ("XG4Q681BWBHQ", False)])
def test_a_code_that_is_nobodys_says_whether_it_is_mistyped(office, code, typo):
    for ask in (lambda: files.by_verify_code(code), lambda: files.withdraw_document(office.clerk, code)):
        with pytest.raises(NotPublished) as caught:
            ask()
        assert caught.value.params == {"typo": typo}


def test_a_published_file_can_not_be_discarded(office, published):
    with pytest.raises(FileInUse):
        files.discard(office.clerk, published[1].id)


def test_what_is_not_clean_is_not_published(office, settings):
    settings.FILES = {"scanner": "tcp://127.0.0.1:9"}
    ref = files.store(office.clerk, "a.pdf", samples.small_pdf(), owner="case:1")
    with pytest.raises(FileNotScannedYet):
        files.publish(office.clerk, ref.id, "x", "case:1")


def test_a_mistyped_code_is_not_printed_on_anything(office):
    ref = files.store(office.clerk, "a.pdf", samples.small_pdf(), owner="case:1")
    with pytest.raises(NotPublished):
        files.publish(office.clerk, ref.id, "x", "case:1", code="ABCD-EFGH-JKMX")
    assert codes.normal(files.publish(office.clerk, ref.id, "x", "case:1")) is not None


def test_codes_are_twelve_characters_and_never_alike():
    made = {codes.new_code() for _ in range(2000)}
    assert len(made) == 2000
    assert all(len(c) == 12 and set(c) <= set(codes.ALPHABET) for c in made)


@given(st.integers(0, 11), st.integers(1, 31))
def test_every_single_wrong_character_is_found(place, shift):
    code = codes.new_code()
    wrong = codes.ALPHABET[(codes.ALPHABET.index(code[place]) + shift) % 32]
    assert codes.normal(code[:place] + wrong + code[place + 1 :]) is None


@given(st.integers(0, 10))
def test_every_swap_of_neighbours_is_found(place):
    code = codes.new_code()
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert swapped == code or codes.normal(swapped) is None


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused_never_an_error(text):
    assert codes.normal(text) is None or len(codes.normal(text) or "") == 12


def test_a_code_is_read_as_people_type_it():
    code = "0" * 11
    code = next(code + c for c in codes.ALPHABET if codes.normal(code + c))
    assert codes.normal(codes.grouped(code).lower().replace("0", "o")) == code
    one = next("1" * 11 + c for c in codes.ALPHABET if codes.normal("1" * 11 + c))
    assert codes.normal("ilILlIiLiIl"[:11] + one[-1]) == one
