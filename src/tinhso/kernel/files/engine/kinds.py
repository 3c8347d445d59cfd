"""What a file is, told from its bytes.

A library was tried first (puremagic 2.2): it takes every ZIP for a .docx and misses a PDF whose header is not at byte 0,
which real scanners produce. Five kinds are all that a one-stop office takes, so they are told apart here.
"""

import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file. ``name`` is how packs call it (``pdf``, ``jpg``…)."""

    name: str
    media_type: str
    extensions: tuple[str, ...]


PDF = Kind("pdf", "application/pdf", ("pdf",))
JPEG = Kind("jpg", "image/jpeg", ("jpg", "jpeg", "jpe", "jfif"))
PNG = Kind("png", "image/png", ("png",))
HEIC = Kind("heic", "image/heic", ("heic", "heif"))
DOCX = Kind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",))
KINDS = (PDF, JPEG, PNG, HEIC, DOCX)

_HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}


def sniff(data: bytes) -> Kind | None:
    """The kind that the bytes show, None when it is none of ours. Looks at structure, never at a name."""
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return HEIC
    if data.startswith(b"PK\x03\x04"):
        return DOCX if _is_word(data) else None
    if b"%PDF-" in data[:1024]:
        return PDF
    return None


def _is_word(data: bytes) -> bool:
    """Whether a ZIP is a Word document without macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    return {"[Content_Types].xml", "word/document.xml"} <= names and "word/vbaProject.bin" not in names


def extension(name: str) -> str:
    """The last extension of a file name, small letters, no dot."""
    return PurePosixPath(name.replace("\\", "/")).suffix.lower().lstrip(".")


def clean_name(name: str, kind: Kind) -> str:
    """A file name fit to be shown and saved: no folder, no control or bidi character, 120 characters, a fitting extension."""
    base = PurePosixPath(name.replace("\\", "/")).name
    base = "".join(c for c in base if c.isprintable()).strip(" .")
    stem, ext = base.rsplit(".", 1) if "." in base else (base, kind.extensions[0])
    stem = stem[:110] or kind.name
    return f"{stem}.{ext if ext.lower() in kind.extensions else kind.extensions[0]}"
