"""Which language a request is answered in: what the person chose; else Vietnamese. Programs may ask by header."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

COOKIE_AGE = 365 * 24 * 3600

Next = Callable[[HttpRequest], HttpResponse]


def chosen(request: HttpRequest) -> str:
    """The language of a request. A browser's own setting is not asked: many phones in Viet Nam are set to English."""
    known = {code for code, _ in settings.LANGUAGES}
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if cookie in known:
        return cookie
    if request.path.startswith("/api/") and "Accept-Language" in request.headers:
        return translation.get_language_from_request(request)
    return settings.LANGUAGE_CODE


class LanguageMiddleware:
    """Answers in the chosen language and says so in ``Content-Language``."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = chosen(request)
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
