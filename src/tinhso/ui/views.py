"""The few screens of the design system itself: choosing a language, and the living page of components."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from tinhso.ui import gallery, language, site
from tinhso.ui.access import public
from tinhso.ui.incoming import way_back


@public("anybody may choose the language")
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie and go back to where the person was."""
    response = HttpResponseRedirect(way_back(request, "next", "/"))
    wanted = request.POST.get("language", "")
    if wanted in {code for code, _ in settings.LANGUAGES}:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            max_age=language.COOKIE_AGE,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


@public("shown in debug mode and in demonstrations only; holds invented data")
def components(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for those who draw the next screen."""
    if not (settings.DEBUG or site.current().demo):
        raise Http404
    return render(request, "ui/components.html", gallery.everything(request.GET.get("room") == "desk"))
