"""What comes in from outside, judged once for all screens: text no database keeps, too much of it, where to go back to."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

LARGEST_REQUEST = 128 * 1024 * 1024
"""Bytes of one request with files: a page of papers, each at its largest. More is refused before it fills disk or memory."""
_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}


def way_back(request: HttpRequest, name: str, otherwise: str) -> str:
    """The address that the form's field ``name`` asks to go back to, if it is one of ours; else ``otherwise``."""
    asked = request.POST.get(name, "")
    ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    return asked if asked and ours else otherwise


def unmeasured(request: HttpRequest) -> bool:
    """Whether a body comes without its length (``Transfer-Encoding: chunked``): it would be taken for empty, so say so."""
    return "Transfer-Encoding" in request.headers and not request.headers.get("Content-Length")


def unkeepable(request: HttpRequest, address: Iterable[Any]) -> bool:
    """Whether the address, its query or the form holds U+0000: PostgreSQL keeps it in no text, and no person types it."""
    queries = [request.GET]
    if request.method == "POST" and request.content_type in _FORMS:
        queries.append(request.POST)
    if any("\x00" in part for part in address if isinstance(part, str)):
        return True
    return any("\x00" in text for query in queries for name, values in query.lists() for text in (name, *values))


class Ceiling(FileUploadHandler):
    """Refuses a request with files that is larger than :data:`LARGEST_REQUEST` before reading it."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803  Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Look at the length that the request declares: a server reads no more than that."""
        if content_length > LARGEST_REQUEST:
            raise RequestDataTooBig("request with files larger than LARGEST_REQUEST")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Leave the bytes to the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""
