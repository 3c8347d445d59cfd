"""The door for payment providers: included at ``payments/``."""

from django.urls import path

from tinhso.portals.citizen import payments

urlpatterns = [path("callback/<slug:provider>/", payments.callback, name="payments-callback")]
