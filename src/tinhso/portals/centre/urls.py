"""Routes of the operations centre."""

from django.urls import path

from tinhso.portals.centre import views

app_name = "centre"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("so-lieu/<str:code>/", views.figure, name="figure"),
]
