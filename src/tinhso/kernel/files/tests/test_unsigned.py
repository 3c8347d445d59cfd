"""A signed PDF is never taken for one that nobody signed, however its signature is hidden; unsigned ones are told fast."""

import io
import time
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinhso.kernel.files.adapters.judging import Trust, judge
from tinhso.kernel.files.engine.unsigned import never_signed
from tinhso.kernel.files.tests import samples
from tinhso.kernel.files.tests.conftest import NOON
from tinhso.kernel.files.types import Verdict

ROOT = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>>>"
FIELD = b"<</FT/Sig/T(leader)/V 6 0 R>>"
SIGNATURE = b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/Contents<3000>%s[0 10 20 30]>>"
PAGES = [
    (2, b"<</Type/Pages/Kids[3 0 R]/Count 1>>"),
    (3, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>"),
]


def packed(objects: list[tuple[int, bytes]], holder: bytes = b"", body=zlib.compress, name: bytes = b"/ObjStm") -> bytes:
    """A PDF whose last objects lie in one object stream (object 7). ``holder`` is what its dictionary says beside the usual."""
    heads, content = b"", b""
    for number, value in objects:
        heads += b"%d %d " % (number, len(content))
        content += value + b" "
    stream = body(heads + content)
    outer = [(1, ROOT), *PAGES]
    usual = b"<</Type%s/N %d/First %d/Length %d%s>>" % (name, len(objects), len(heads), len(stream), holder)
    outer.append((7, usual + b"stream\n" + stream + b"\nendstream"))
    return with_table(outer, {number: (7, index) for index, (number, _) in enumerate(objects)})


def with_table(outer: list[tuple[int, bytes]], inner: dict[int, tuple[int, int]]) -> bytes:
    """The file around these objects, with a table of where each lies (a cross-reference stream)."""
    out, rows = b"%PDF-1.7\n", {0: b"\x00\x00\x00\x00\x00"}
    for number, body in outer:
        rows[number] = b"\x01" + len(out).to_bytes(3) + b"\x00"
        out += b"%d 0 obj" % number + body + b"\nendobj\n"
    for number, (holder, index) in inner.items():
        rows[number] = b"\x02" + holder.to_bytes(3) + bytes((index,))
    rows[8] = b"\x01" + len(out).to_bytes(3) + b"\x00"
    table = b"".join(rows.get(number, b"\x00" * 5) for number in range(9))
    start = len(out)
    out += b"8 0 obj<</Type/XRef/Size 9/W[1 3 1]/Root 1 0 R/Length %d>>stream\n" % len(table) + table
    return out + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start


def seen(pdf: bytes) -> bool:
    """Whether pyHanko, reading all of it, sees a signature in it."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.fields import enumerate_sig_fields

    reader = PdfFileReader(io.BytesIO(pdf), strict=False)
    return any("/ByteRange" in value.get_object() for _, value, _ in enumerate_sig_fields(reader, filled_status=True))


@st.composite
def spelled(draw: st.DrawFn, name: bytes) -> bytes:
    """A name with some of its characters written as numbers, in large or small letters."""
    out = b"/"
    for sign in name:
        how = draw(st.sampled_from((b"%c", b"#%02x", b"#%02X")))
        out += how % sign
    return out


def plain(content: bytes) -> bytes:
    return content


def doubled(content: bytes) -> bytes:
    return zlib.compress(zlib.compress(content))


def figures(content: bytes) -> bytes:
    return content.hex().encode() + b">"


HOLDERS = [
    (b"/Filter/FlateDecode", zlib.compress),
    (b"/Filter [ /FlateDecode ]", zlib.compress),
    (b"/Filter[/FlateDecode/FlateDecode]", doubled),
    (b"/Filter/ASCIIHexDecode", figures),
    (b"/Filter/FlateDecode/DecodeParms<</Predictor 1>>", zlib.compress),
    (b"/#46ilter/FlateDecode", zlib.compress),
    (b"/Filter/#46lateDecode", zlib.compress),
    (b"/Filter%x\n/FlateDecode", zlib.compress),
    (b"", plain),
    (b"/Filter 9 0 R", zlib.compress),
]


@settings(deadline=None)
@given(byte_range=spelled(b"ByteRange"), objects=spelled(b"ObjStm"), holder=st.sampled_from(HOLDERS), pad=st.integers(0, 2500))
def test_a_signature_in_an_object_stream_is_never_overlooked(byte_range, objects, holder, pad):
    words, body = holder
    pdf = packed([(5, FIELD), (6, SIGNATURE % byte_range)], words + b" " * pad, body, objects)
    if words not in {b"/Filter 9 0 R"}:
        assert seen(pdf)
    assert not never_signed(pdf)


@settings(deadline=None)
@given(byte_range=spelled(b"ByteRange"))
def test_a_name_is_known_however_it_is_spelled(byte_range):
    outer = [(1, ROOT), *PAGES, (5, FIELD), (6, SIGNATURE % byte_range)]
    pdf = with_table(outer, {})
    assert seen(pdf) and not never_signed(pdf)
    assert judge(pdf, Trust(), NOON).verdict is not Verdict.UNSIGNED


@settings(deadline=None)
@given(at=st.integers(0, 400), what=st.binary(min_size=1, max_size=4), holder=st.sampled_from(HOLDERS))
def test_no_changed_bytes_hide_what_a_reader_still_sees(at, what, holder):
    words, body = holder
    pdf = packed([(5, FIELD), (6, SIGNATURE % b"/ByteRange")], words, body)
    at = 9 + at % (len(pdf) - 20)
    changed = pdf[:at] + what + pdf[at + len(what) :]
    try:
        visible = seen(changed)
    except Exception:  # noqa: BLE001  a reader may stumble over anything
        return
    assert not (visible and never_signed(changed))


@settings(deadline=None)
@given(st.binary(max_size=300) | st.text(alphabet="/ByteRangObjStm#<>[] 0123streamFilter\n", max_size=200).map(str.encode))
def test_any_bytes_get_an_answer(data):
    assert never_signed(data) in {True, False}


def test_a_stream_within_a_stream_and_too_large_ones_are_left_to_the_reader(monkeypatch):
    flate = b"/Filter/FlateDecode"
    assert not never_signed(packed([(5, b"<</Type/ObjStm>>")], flate))
    empty = packed([(5, b"<</FT/Sig/T(leader)>>")], flate)
    assert never_signed(empty)
    monkeypatch.setattr("tinhso.kernel.files.engine.unsigned._MOST", 10)
    assert not never_signed(empty)
    assert not never_signed(empty.replace(b">>stream\n", b">>stream\r"))
    assert not never_signed(empty.replace(b"endobj", b"/Encrypt"))
    assert not never_signed(empty.replace(flate, b"/F(x) /Length 3   "))
    assert not never_signed(empty.partition(b">>stream")[0])


@pytest.mark.django_db
def test_what_only_the_reader_can_tell_is_read(office):
    hidden = packed([(5, b"<</FT/Sig/T(leader)>>")], b"/Filter/ASCIIHexDecode", figures)
    assert not never_signed(hidden)
    assert judge(hidden, Trust(), NOON).verdict is Verdict.UNSIGNED
    assert never_signed(office.permit()) and not never_signed(office.signed())
    assert never_signed(samples.small_pdf())


def test_a_large_scan_is_told_quickly():
    scan = samples.small_pdf() + bytes(range(256)) * 40_000  # 10 MB
    start = time.process_time()
    assert never_signed(scan)
    assert time.process_time() - start < 1.5
    assert never_signed(samples.small_pdf(pages=300))
