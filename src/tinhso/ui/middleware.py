"""The gate of every request: the actor, the policy of the route, and failures as pages."""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import urlencode

from tinhso.lib import clock
from tinhso.ui import access, incoming, pending, problems, throttle

log = logging.getLogger("tinhso.access")

Next = Callable[[HttpRequest], HttpResponse]

BEGAN_KEY = "began"
RENEWED_KEY = "renewed"
RENEW_AFTER = 15 * 60
"""Seconds between two writes that push a session's end further: not one for every request."""


class ProblemMiddleware:
    """Turns every failure that a view lets out into a page or problem+json."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if incoming.unmeasured(request):
            return problems.respond(request, "length_needed", 411)
        response = self.get_response(request)
        if response.status_code == 405:  # Django and ninja answer it with a bare line, or with nothing
            told = problems.respond(request, "method_not_allowed", 405)
            told.headers["Allow"] = response.headers.get("Allow", "GET")
            return told
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Foreseen failures get their page; the rest go on to Django, which logs them and calls handler500."""
        return problems.respond_to_any(request, exception)


class AccessMiddleware:
    """Refuses routes without a policy, sends people to sign in, keeps what they typed, ends stale sessions."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = access.lazy_actor(request)  # type: ignore[attr-defined]
        response = self.get_response(request)
        # What one person is shown stays in no shared cache, and not behind the "back" of a browser that others use next.
        user = getattr(request, "_cached_user", None)
        if user is not None and user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Let the request through to its view, or answer in the view's place."""
        policy = access.policy_of(view)
        if policy is None:
            log.error("no policy: %s (%s.%s) is refused", request.path, view.__module__, getattr(view, "__qualname__", view))
            return problems.respond(request, "not_allowed", 403)
        if incoming.unkeepable(request, kwargs.values()):
            return problems.respond(request, "bad_request", 400)
        too_often = throttle.refused(request, policy)
        if too_often is not None:
            return too_often
        if policy.who is access.Who.PUBLIC:
            return None
        _end_if_stale(request)
        verdict = access.judge(policy, request)
        if verdict is access.Verdict.ALLOWED:
            _renew(request)
            if request.method == "POST":
                pending.sent(request)
            return None
        if verdict is access.Verdict.SIGN_IN:
            return _to_sign_in(request, policy)
        if verdict is access.Verdict.SECOND_FACTOR:
            return _to_second_factor(request)
        log.warning("refused: %s for %s", request.path, access.actor_of(request).id)
        return problems.respond(request, "not_allowed", 403)


def _to_sign_in(request: HttpRequest, policy: access.Policy) -> HttpResponse:
    if problems.wants_json(request) or request.headers.get("X-Requested-With") == "fetch":
        # A script of the page asks, not its reader: what he types is kept when he sends it himself.
        response = problems.respond(request, "sign_in_needed", 401)
        response["WWW-Authenticate"] = 'Session realm="tinhso"'
        return response
    url = resolve_url(settings.OFFICIAL_LOGIN_URL if policy.who is access.Who.OFFICIAL else settings.LOGIN_URL)
    if request.method in {"GET", "HEAD"}:
        back = request.get_full_path()
    elif pending.keep(request):
        back = resolve_url(settings.RESUME_URL)
    else:
        back = ""
    return HttpResponseRedirect(f"{url}?{urlencode({'next': back})}" if back else url)


def _to_second_factor(request: HttpRequest) -> HttpResponse:
    if problems.wants_json(request):
        return problems.respond(request, "second_factor_needed", 403)
    return HttpResponseRedirect(resolve_url(settings.SECOND_FACTOR_URL))


def _end_if_stale(request: HttpRequest) -> None:
    """However busy, a session ends ``SESSION_LONGEST`` seconds after sign-in."""
    began = request.session.get(BEGAN_KEY)
    if began is not None and clock.now().timestamp() - began > settings.SESSION_LONGEST:
        logout(request)


def _renew(request: HttpRequest) -> None:
    """Push the session's end further while it is used; one write a quarter of an hour at most."""
    now = int(clock.now().timestamp())
    if BEGAN_KEY not in request.session:
        request.session[BEGAN_KEY] = now
    if now - request.session.get(RENEWED_KEY, 0) > RENEW_AFTER:
        request.session[RENEWED_KEY] = now
