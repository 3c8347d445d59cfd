"""What somebody typed is not lost when the session has ended: it waits on the server until he has signed in again.

A form that arrives without a session is kept under the new, anonymous session, bound to the account that used this
browser last (a signed cookie says which). After sign-in the page "go on" shows what waits and sends it to where it was
going, once, with a fresh token. Files can't wait: the page names those that must be chosen again.
"""

from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tinhso.lib import clock

SESSION_KEY = "pending_input"
COOKIE = "tinhso_last"
COOKIE_AGE = 12 * 3600
KEPT_SECONDS = 3600
LARGEST = 200_000
"""Characters kept at most: more is no form that a person typed."""
_DROPPED = {"csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword", "code"}


@dataclass(frozen=True, slots=True)
class Pending:
    """A form waiting for its owner."""

    path: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...]
    account: str
    at: float


def remember_owner(response: HttpResponse, account_id: str) -> None:
    """Mark the browser as last used by this account."""
    response.set_signed_cookie(
        COOKIE,
        account_id,
        salt=COOKIE,
        max_age=COOKIE_AGE,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def forget_owner(response: HttpResponse) -> None:
    """Unmark the browser: its user has signed out."""
    response.delete_cookie(COOKIE, samesite="Lax")


def keep(request: HttpRequest) -> bool:
    """Keep the form of this request if it can be kept and its owner is known."""
    account = request.get_signed_cookie(COOKIE, default="", salt=COOKIE, max_age=COOKIE_AGE)
    form = request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}
    if request.method != "POST" or not form or not account:
        return False
    fields = tuple((name, value) for name, values in request.POST.lists() for value in values if name not in _DROPPED)
    if sum(len(name) + len(value) for name, value in fields) > LARGEST:
        return False
    files = tuple(name for name in request.FILES)
    kept = Pending(request.get_full_path(), fields, files, account, clock.now().timestamp())
    request.session[SESSION_KEY] = asdict(kept)
    return True


def waiting(request: HttpRequest) -> Pending | None:
    """The form that waits for the person now signed in; one that belongs to somebody else, or is too old, is thrown away."""
    raw: dict[str, Any] | None = request.session.get(SESSION_KEY)
    if raw is None:
        return None
    kept = Pending(
        raw["path"], tuple((name, value) for name, value in raw["fields"]), tuple(raw["files"]), raw["account"], raw["at"]
    )
    if kept.account != str(request.user.pk) or clock.now().timestamp() - kept.at > KEPT_SECONDS:
        discard(request)
        return None
    return kept


def sent(request: HttpRequest) -> None:
    """A form arrives where one was waiting to go: it waits no more."""
    raw = request.session.get(SESSION_KEY)
    if raw is not None and raw["path"] == request.get_full_path():
        discard(request)


def discard(request: HttpRequest) -> None:
    """Throw away what waits."""
    request.session.pop(SESSION_KEY, None)
