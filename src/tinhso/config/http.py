"""The HTTP API, put together from the apps' routers; its description is at ``/api/v1/openapi.json``."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError

from tinhso.apps.services import http as services
from tinhso.lib.problems import Invalid
from tinhso.ui import problems
from tinhso.ui.access import Policy, Who, guard_urls, signed_in

api = NinjaAPI(title="Tỉnh Số", version="1", docs_url=None, urls_namespace="api")
api.add_router("", services.router)

POLICIES = {**services.POLICIES, "openapi-json": Policy(Who.PUBLIC, why="programmers read it before they have an account")}
"""Policies by operation; everything else needs a session."""


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, fault: ValidationError | type[ValidationError]) -> HttpResponse:
    """A body that breaks its schema: which place, and how, never the library's own words."""
    found: list[tuple[str, str, dict[str, Any]]] = []
    for error in getattr(fault, "errors", []):
        place = ".".join(str(part) for part in error["loc"][1:] if part != "body")
        found.append((place, "required" if error["type"] == "missing" else "unreadable", {}))
    return problems.respond_to(request, Invalid(found))


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, fault: AuthenticationError | type[AuthenticationError]) -> HttpResponse:
    """Nobody has signed in."""
    return problems.respond(request, "sign_in", 401)


def routes() -> Any:
    """The API's routes, each with its policy and with CSRF protection: a session is a session, whoever sends it."""
    guarded = guard_urls(api.urls, signed_in, by_name=POLICIES)
    for route in guarded[0]:
        route.callback.csrf_exempt = False
    return guarded
