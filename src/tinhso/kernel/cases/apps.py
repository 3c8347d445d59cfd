from importlib import import_module

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "tinhso.kernel.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("tinhso.kernel.cases.declarations")
