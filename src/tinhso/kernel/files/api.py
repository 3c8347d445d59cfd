"""The door of files."""

from tinhso.kernel.files.operations import check_count, discard, move_files, store
from tinhso.kernel.files.printing import render_pdf
from tinhso.kernel.files.queries import (
    damages,
    download_headers,
    files_of,
    missing_contents,
    open_bytes,
    page_image,
    ref,
    refs,
)

__all__ = [
    "check_count",
    "damages",
    "discard",
    "download_headers",
    "files_of",
    "missing_contents",
    "move_files",
    "open_bytes",
    "page_image",
    "ref",
    "refs",
    "render_pdf",
    "store",
]
