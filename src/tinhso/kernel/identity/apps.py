from importlib import import_module

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "tinhso.kernel.identity"
    label = "identity"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the room's events and roles known."""
        import_module("tinhso.kernel.identity.declarations")
