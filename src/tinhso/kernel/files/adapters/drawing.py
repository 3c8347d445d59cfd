"""Opening and drawing pages with PDFium (pypdfium2) and Pillow. PDFium is not safe in threads, so one lock holds it.

Uploads are never served inline from our own origin: what a browser shows is always a PNG drawn here.
"""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tinhso.kernel.files.types import FileDamaged, FileEncrypted, NoSuchPage

_one_at_a_time = threading.Lock()
_MAX_PIXELS = 60_000_000
"""A picture with more is refused: no phone takes it, and a small file may unpack to gigabytes."""
_MAX_RATIO = 12
_PASSWORD_WANTED = 4
"""FPDF_ERR_PASSWORD"""


@contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    """The document, for one thread at a time."""
    import pypdfium2  # noqa: PLC0415  heavy: only where a page is read

    with _one_at_a_time, pypdfium2.PdfDocument(data) as document:
        yield document


def check_pdf(data: bytes, *, name: str) -> int:
    """The number of pages. FileEncrypted when it wants a password, FileDamaged when it can't be read or has no page."""
    import pypdfium2  # noqa: PLC0415

    try:
        with _opened(data) as document:
            pages = len(document)
            document[0].close()  # raises when there is none
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD_WANTED:
            raise FileEncrypted(name=name) from error
        raise FileDamaged(name=name, kind="pdf") from error
    return pages


def check_picture(data: bytes, *, name: str, kind: str) -> None:
    """FileDamaged when a picture can't be read to its end, or would unpack to an absurd size."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415

    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > _MAX_PIXELS:
                raise FileDamaged(name=name, kind=kind)
            picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise FileDamaged(name=name, kind=kind) from error


def draw_pdf_page(data: bytes, page: int, width: int) -> bytes:
    """Page ``page`` (from 1) as PNG, ``width`` pixels wide, annotations and form fields included. NoSuchPage."""
    import pypdfium2  # noqa: PLC0415

    try:
        with _opened(data) as document:
            if not 1 <= page <= len(document):
                raise NoSuchPage(page=page)
            if document.get_formtype():
                document.init_forms()
            sheet = document[page - 1]
            wide, high = sheet.get_size()
            if high > wide * _MAX_RATIO:
                raise NoSuchPage(page=page)
            picture = sheet.render(scale=width / wide, may_draw_forms=True).to_pil()
    except pypdfium2.PdfiumError as error:
        raise NoSuchPage(page=page) from error
    return _png(picture)


def draw_picture(data: bytes, width: int) -> bytes:
    """A picture as PNG at most ``width`` pixels wide, turned as its camera meant it; what else the file held is left out."""
    from PIL import Image, ImageOps  # noqa: PLC0415

    try:
        with Image.open(io.BytesIO(data)) as original:
            picture = ImageOps.exif_transpose(original)
            picture.thumbnail((width, width * _MAX_RATIO))
            return _png(picture.convert("RGBA" if "A" in picture.getbands() else "RGB"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise NoSuchPage(page=1) from error


def _png(picture: Any) -> bytes:
    out = io.BytesIO()
    picture.info.clear()
    picture.save(out, "PNG", compress_level=3)
    return out.getvalue()
