"""What every template may use without its view having to give it."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from tinhso.ui import site


def shared(request: HttpRequest) -> dict[str, Any]:
    """``site``, ``language``, ``other_language`` and ``unread`` (asked only where a template shows it)."""
    language = "vi" if (get_language() or "vi").startswith("vi") else "en"
    return {
        "site": SimpleLazyObject(site.current),
        "language": language,
        "other_language": "en" if language == "vi" else "vi",
        "unread": SimpleLazyObject(lambda: site.unread(request)),
    }
