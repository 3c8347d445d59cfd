"""Routes of the desk."""

from django.urls import path

from tinhso.portals.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("tim/", views.search, name="search"),
    path("nhieu/", views.bulk, name="bulk"),
    path("xem/<str:code>/", views.preview, name="preview"),
    path("ds/<str:list_id>/", views.inbox, name="list"),
]
