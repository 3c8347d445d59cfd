"""Routes of the citizen's portal, hung at the root."""

from django.urls import path

from tinhso.portals.citizen import views

app_name = "citizen"
urlpatterns = [
    path("", views.index, name="home"),
    path("noi-o/", views.choose_commune, name="choose_commune"),
    path("tim/", views.search, name="search"),
    path("tra-cuu/", views.look_up, name="look_up"),
    path("kiem-tra/", views.verify, name="verify"),
    path("kiem-tra/<str:code>/", views.verify_code, name="verify_code"),
    path("ho-so-cua-toi/", views.dossiers, name="dossiers"),
    path("giay-to-cua-toi/", views.papers, name="papers"),
    path("thong-bao/", views.notices, name="notices"),
    path("thong-bao/da-doc/", views.read_notices, name="read_notices"),
    path("ai-da-xem/", views.who_looked, name="who_looked"),
    path("tai-khoan-cua-toi/", views.account, name="account"),
    path("tro-giup/", views.help_page, name="help"),
]
