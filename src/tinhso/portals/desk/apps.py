from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "tinhso.portals.desk"
    label = "desk"
