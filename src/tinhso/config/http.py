"""The HTTP API, put together from the apps' routers; its description is at ``/api/v1/openapi.json``."""

import json
import math
import re
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from tinhso.apps.services import http as services
from tinhso.lib.problems import Invalid
from tinhso.ui import problems
from tinhso.ui.access import Policy, Who, guard_urls, signed_in


class StrictJson(Parser):
    """Bodies as RFC 8259 has them: no NaN or Infinity, no number beyond a float; and no text that a database can't keep."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The body's object; ValueError (then 400) for what is none, however deep."""
        try:
            found = json.loads(request.body, parse_constant=_refuse, parse_float=_finite)
            json.dumps(found, ensure_ascii=False).encode()  # a lone surrogate fails here
        except RecursionError as error:
            raise ValueError("too deep") from error
        if _NUL.search(request.body):
            raise ValueError("U+0000")
        if not isinstance(found, dict):
            raise ValueError("no object")
        return found


_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""U+0000 as JSON writes it; after an even number of backslashes, or it is text about it."""


def _refuse(text: str) -> float:
    raise ValueError(text)


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse(text)


PROBLEM = {
    "type": "object",
    "description": "What went wrong, why and what to do, in the caller's language (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code", "params"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "params": {"type": "object"},
        "errors": {"type": "array", "items": {"type": "object", "required": ["path", "code", "params"]}},
    },
}
ANY = (400, 405, 411, 413, 503, 507)
"""Failures that any request may meet: unreadable, wrong method, no length, too large, database away, disk full."""


class Documented(NinjaAPI):
    """An API whose description names every failure too, so that a client can be written against it alone."""

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        """The description with the problems of each operation put in."""
        schema = super().get_openapi_schema(**given)
        schema.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
        content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for operations in schema["paths"].values():
            for operation in operations.values():
                name = operation["operationId"].rsplit("_", 1)[-1]
                for status in _failures(name):
                    operation["responses"].setdefault(status, {"description": HTTPStatus(status).phrase, "content": content})
        return schema


def _failures(operation: str) -> list[int]:
    policy = POLICIES.get(operation)
    public = policy is not None and policy.who is Who.PUBLIC
    told = {*ANY, *services.PROBLEMS.get(operation, ()), *(() if public else (401, 403))}
    return sorted(told | ({429} if policy is not None and policy.limit else set()))


api = Documented(title="Tỉnh Số", version="1", docs_url=None, urls_namespace="api", parser=StrictJson())
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


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, fault: HttpError | type[HttpError]) -> HttpResponse:
    """A body that is no JSON."""
    return problems.respond(request, "bad_request", getattr(fault, "status_code", 400))


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
