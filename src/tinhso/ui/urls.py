"""Routes of the design system."""

from django.urls import path

from tinhso.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.components, name="components"),
    path("language/", views.set_language, name="language"),
]
