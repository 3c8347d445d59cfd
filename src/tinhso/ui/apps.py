from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "tinhso.ui"
    label = "ui"
