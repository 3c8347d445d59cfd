from django.apps import AppConfig


class CentreConfig(AppConfig):
    name = "tinhso.portals.centre"
    label = "centre"
