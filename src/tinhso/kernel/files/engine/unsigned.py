"""Tells quickly, and only when it is certain, that nobody ever signed a PDF. Knows no Django.

A signature has a ``/ByteRange``: without that name, however it is spelled, there is none. Objects may lie compressed in object
streams, so these are unpacked and looked through. Whatever is not plain here (another filter, encryption, a stream that does
not unpack, an object stream within one, too much of it) makes the answer "not certain", and the whole file is read instead.
"""

import re
import zlib

_MOST = 16 * 1024 * 1024
"""Bytes that one object stream may unpack to; a larger one is left to the reader, which has limits of its own."""
_REACH = 2000
"""How far the dictionary of a stream may reach on either side of its type."""


def _name(plain: str) -> re.Pattern[bytes]:
    """A name of PDF with any of its characters written as ``#`` and two hexadecimal digits."""
    spelled = "".join(f"(?:{re.escape(c)}|#{ord(c) >> 4:x}(?i:{ord(c) & 15:x}))" for c in plain)
    return re.compile(f"/{spelled}".encode())


_BYTE_RANGE, _OBJECTS, _ENCRYPT = _name("ByteRange"), _name("ObjStm"), _name("Encrypt")
_BEGINS = re.compile(rb"\d\s+\d+\s+obj\s*<<[^#%()]*\Z")
_INFLATE = re.compile(rb"/Filter\s*(?:/FlateDecode|\[\s*/FlateDecode\s*\])(?=[\s/<>\[\]]|\Z)")


def never_signed(pdf: bytes) -> bool:
    """Whether it is certain that ``pdf`` holds no signature, valid or broken. Any bytes may be given."""
    if _BYTE_RANGE.search(pdf):
        return False
    streams = list(_OBJECTS.finditer(pdf))
    if streams and _ENCRYPT.search(pdf):
        return False
    return all(_holds_none(pdf, found) for found in streams)


def _holds_none(pdf: bytes, found: re.Match[bytes]) -> bool:
    """Whether the object stream whose type was ``found`` certainly holds neither a signature nor another object stream."""
    before = pdf[max(0, found.start() - _REACH) : found.start()]
    begins = _BEGINS.search(before[max(0, before.rfind(b"obj") - 16) :])
    ends = pdf.find(b"stream", found.end(), found.end() + _REACH)
    if begins is None or ends < 0:
        return False
    dictionary = begins.group().partition(b"<<")[2] + b" " + pdf[found.end() : ends]
    if b"obj" in dictionary or any(sign in dictionary for sign in b"#%()") or b"Decode" in _INFLATE.sub(b"", dictionary):
        return False
    if dictionary.count(b"/F") != dictionary.count(b"/Filter") + dictionary.count(b"/First") + dictionary.count(
        b"/FlateDecode"
    ):
        return False  # content in another file, or an abbreviation
    start = ends + len(b"stream")
    start += 2 if pdf[start : start + 2] == b"\r\n" else 1
    if pdf[start - 1 : start] != b"\n":
        return False
    filters = len(_INFLATE.findall(dictionary))
    if filters == 0 and dictionary.count(b"/Filter") == 0:
        return True  # as it lies in the file: it was looked through already
    return filters == 1 == dictionary.count(b"/Filter") and _unpacks_to_none(pdf, start)


def _unpacks_to_none(pdf: bytes, start: int) -> bool:
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(memoryview(pdf)[start:], _MOST)
    except zlib.error:
        return False
    return unpacking.eof and not _BYTE_RANGE.search(content) and not _OBJECTS.search(content)
