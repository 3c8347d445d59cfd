"""Where every screen hangs."""

from django.urls import URLPattern, URLResolver, include, path

from tinhso.config.http import routes

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("tinhso.portals.citizen.urls")),
    path("ui/", include("tinhso.ui.urls")),
    path("account/", include("tinhso.portals.account.urls")),
    path("", include("tinhso.apps.services.urls")),
    path("", include("tinhso.apps.feedback.urls")),
    path("lam-viec/", include("tinhso.portals.desk.urls")),
    path("quan-tri/", include("tinhso.portals.console.urls")),
    path("dieu-hanh/", include("tinhso.portals.centre.urls")),
    path("api/v1/", routes()),
    path("payments/", include("tinhso.portals.citizen.urls_payments")),
]

handler400 = "tinhso.ui.problems.bad_request"
handler403 = "tinhso.ui.problems.forbidden"
handler404 = "tinhso.ui.problems.not_found"
handler429 = "tinhso.ui.problems.too_many"
handler500 = "tinhso.ui.problems.unexpected"
