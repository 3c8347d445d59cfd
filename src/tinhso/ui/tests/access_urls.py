"""Routes of the access tests: one for each policy, one without, and ways to fail."""

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path
from django.views.generic import View
from ninja import NinjaAPI

from tinhso.lib.problems import Conflict, Invalid
from tinhso.ui import access

handler400 = "tinhso.ui.problems.bad_request"
handler403 = "tinhso.ui.problems.forbidden"
handler404 = "tinhso.ui.problems.not_found"
handler500 = "tinhso.ui.problems.unexpected"


def _fine(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"fine {access.actor_of(request).id}")


def unguarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse("never")


@access.public("a test")
def open_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


@access.signed_in
def mine(request: access.Request) -> HttpResponse:
    assert request.actor.id == access.actor_of(request).id
    return HttpResponse(f"mine {request.actor.id} {request.actor.unit} {len(request.POST)}")


@access.citizen
def for_citizens(request: HttpRequest) -> HttpResponse:
    return _fine(request)


@access.official("services.intake")
class ForIntake(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return _fine(request)


@access.official()
def for_officials(request: HttpRequest) -> HttpResponse:
    return _fine(request)


@access.public("a test")
def failing(request: HttpRequest, how: str) -> HttpResponse:
    if how == "conflict":
        raise Conflict(thing="case:1")
    if how == "invalid":
        raise Invalid([("plot.area", "too_small", {"least": 1})])
    if how == "database":
        raise OperationalError("connection refused")
    if how == "disk":
        raise OSError(28, "No space left on device")
    if how == "post":
        return JsonResponse(dict(request.POST))
    raise RuntimeError("a fault nobody foresaw, with the secret 12345")


def third_party(request: HttpRequest) -> HttpResponse:
    return HttpResponse("third")


api = NinjaAPI(urls_namespace="access-test", docs_url=None, openapi_url=None)


@api.get("/status", url_name="status")
def status(request: HttpRequest) -> dict[str, str]:
    return {"actor": access.actor_of(request).id}


@api.get("/mine", url_name="mine")
def api_mine(request: HttpRequest) -> dict[str, str]:
    return {"actor": access.actor_of(request).id}


SIGNED_IN = access.Policy(access.Who.SIGNED_IN)

urlpatterns = [
    path("unguarded/", unguarded),
    path("open/", open_page),
    path("mine/", mine),
    path("citizens/", for_citizens),
    path("intake/", ForIntake.as_view()),
    path("officials/", for_officials),
    path("fail/<str:how>/", failing),
    path("third/", access.guard_urls(include(([path("page/", third_party)], "third")), access.official())),
    path("list/", include(access.guard_urls([path("page/", third_party)], SIGNED_IN))),
    path("api/", access.guard_urls(api.urls, access.public("a test"), {"mine": SIGNED_IN})),
    path("sign-in/", open_page, name="account_login"),
    path("official-sign-in/", open_page, name="account_official_login"),
    path("second-factor/", open_page, name="mfa_activate_totp"),
    path("resume/", open_page, name="account_resume"),
]
