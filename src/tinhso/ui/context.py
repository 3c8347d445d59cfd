"""What every template may use without its view having to give it."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from tinhso.kernel.organisation import api as organisation
from tinhso.lib import clock
from tinhso.lib.problems import NotFound
from tinhso.ui import site
from tinhso.ui.access import actor_of


@dataclass(frozen=True, slots=True)
class Me:
    """Who is signed in, as the bar above shows it."""

    name: str
    unit: str
    initials: str


@lru_cache(maxsize=2048)
def _unit_name(key: str, day: date) -> str:
    try:
        found = organisation.unit(key, on=day)
    except NotFound:
        return ""
    return found.short or found.name


def me(request: HttpRequest) -> Me:
    """The name, the unit acted for and the initials; empty for nobody."""
    user = request.user
    if not user.is_authenticated:
        return Me("", "", "")
    actor = actor_of(request)
    unit = actor.unit or next((grant.unit for grant in actor.grants), None)
    words = user.name.split()
    initials = "".join(word[0] for word in words[-2:]).upper()
    return Me(user.name, _unit_name(unit, clock.today()) if unit else "", initials)


def shared(request: HttpRequest) -> dict[str, Any]:
    """``site``, ``language``, ``other_language``, ``me`` and ``unread`` (asked only where a template shows it)."""
    language = "vi" if (get_language() or "vi").startswith("vi") else "en"
    return {
        "site": SimpleLazyObject(site.current),
        "language": language,
        "other_language": "en" if language == "vi" else "vi",
        "me": SimpleLazyObject(lambda: me(request)),
        "unread": SimpleLazyObject(lambda: site.unread(request)),
    }
