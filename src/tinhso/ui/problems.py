"""Every failure as a page in the reader's language, or as problem+json (RFC 9457); never a trace."""

import errno
import logging
import sys
from collections.abc import Mapping

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language

from tinhso.lib.problems import Invalid, Problem
from tinhso.ui import words

log = logging.getLogger("tinhso.problems")

RETRY_AFTER = "15"
"""Seconds after which a browser or program should ask again when the database is away."""


_WORTH_TRYING_AGAIN = {429, 500, 503, 507}

DESK = "/lam-viec/"
"""Where officials work: a link on an error's page, kept as text because nothing here may depend on what may have failed."""

THROTTLE_SECONDS = "300"
"""Seconds after which the throttles of signing in and signing up let somebody try again."""


def wants_json(request: HttpRequest) -> bool:
    """Whether the caller is a program."""
    if request.path.startswith("/api/") or request.content_type == "application/json":
        return True
    accept = request.headers.get("Accept", "")
    return "json" in accept and "text/html" not in accept


def respond(request: HttpRequest, code: str, status: int, **params: object) -> HttpResponse:
    """The response for a problem's code: problem+json for programs, a page for people."""
    return _respond(request, code, status, params, [])


def respond_to(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The response for an expected failure."""
    errors = problem.errors if isinstance(problem, Invalid) else []
    return _respond(request, problem.code, problem.status, problem.params, errors)


def _respond(
    request: HttpRequest,
    code: str,
    status: int,
    params: Mapping[str, object],
    errors: list[tuple[str, str, dict[str, object]]],
) -> HttpResponse:
    title, why, remedy = words.problem(code, params, status)
    response: HttpResponse
    if wants_json(request):
        body: dict[str, object] = {
            "type": f"urn:tinhso:problem:{code}",
            "title": title,
            "status": status,
            "detail": f"{why} {remedy}",
            "code": code,
            "params": {key: value if isinstance(value, int | bool) else str(value) for key, value in params.items()},
        }
        if errors:
            body["errors"] = [
                {"path": path, "code": fault, "params": {key: str(value) for key, value in more.items()}}
                for path, fault, more in errors
            ]
        response = JsonResponse(body, status=status, content_type="application/problem+json")
    else:
        response = HttpResponse(_page(request, code, status, title, why, remedy), status=status)
    response["Cache-Control"] = "no-store"
    if status == 503:
        response["Retry-After"] = RETRY_AFTER
    return response


def _page(request: HttpRequest, code: str, status: int, title: str, why: str, remedy: str) -> str:
    # Rendered without the request: no context processor may touch the database, which may be what failed.
    facts = {"code": code, "status": status, "title": title, "why": why, "remedy": remedy, "language": get_language() or "vi"}
    return render_to_string("ui/problem.html", facts | _ways_on(request, status))


def _ways_on(request: HttpRequest, status: int) -> dict[str, str]:
    """Where to go from here: the same page again if waiting may help, the work list for who came from the desk."""
    again = status in _WORTH_TRYING_AGAIN and request.method in {"GET", "HEAD"}
    desk = request.path.startswith(DESK) and request.path != DESK and status != 403
    return {"again": request.get_full_path() if again else "", "desk": DESK if desk else ""}


def code_of(error: BaseException | None) -> tuple[str, int] | None:
    """The code and status of a failure that isn't a Problem but is foreseen: a database away, a full disk, too much."""
    if isinstance(error, OperationalError | InterfaceError):
        return ("disk_full", 507) if "full" in str(error).lower() else ("database_away", 503)
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "disk_full", 507
    if isinstance(error, RequestDataTooBig):
        return "too_large", 413
    return None


def respond_to_any(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """The response for any foreseen failure, logged where the people who run the system must act; None if unforeseen."""
    if isinstance(error, Problem):
        if error.status >= 500:
            log.error("%s at %s", error, request.path, exc_info=error)
        return respond_to(request, error)
    found = code_of(error)
    if found is None:
        return None
    if found[1] >= 500:
        log.error("%s at %s", found[0], request.path, exc_info=error)
    return respond(request, *found)


# --- Django's handlers: named in the root url configuration -----------------------------------------------------------------


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400."""
    return respond_to_any(request, exception) or respond(request, "bad_request", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403."""
    return respond(request, "not_allowed", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404."""
    return respond(request, "not_found", 404)


def unexpected(request: HttpRequest) -> HttpResponse:
    """handler500: what nobody foresaw (Django has logged it), or a database that went away before a view was reached."""
    return respond_to_any(request, sys.exc_info()[1]) or respond(request, "unexpected", 500)


def too_many(request: HttpRequest) -> HttpResponse:
    """handler429: throttled."""
    response = respond(request, "too_many", 429)
    response["Retry-After"] = THROTTLE_SECONDS
    return response


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW."""
    return respond(request, "form_expired", 403)
