"""Routes of the console."""

from django.urls import path

from tinhso.portals.console import people, views

app_name = "console"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("tai-khoan/", people.staff, name="staff"),
    path("tai-khoan/moi/", people.employ, name="employ"),
    path("tai-khoan/<str:account_id>/", people.member, name="member"),
    path("tai-khoan/<str:account_id>/vai-tro/", people.grant, name="grant"),
    path("tai-khoan/<str:account_id>/vai-tro/het/", people.end, name="end"),
    path("tai-khoan/<str:account_id>/<slug:what>/", people.change, name="change"),
    path("gui-tin/", views.deliveries, name="deliveries"),
    path("gui-tin/<str:delivery_id>/", views.retry, name="retry"),
    path("thanh-toan/", views.payments_page, name="payments"),
    path("thanh-toan/<str:message_id>/", views.resolve, name="resolve"),
    path("cong-viec/", views.jobs, name="jobs"),
    path("cong-viec/<str:name>/", views.wake, name="wake"),
]
