from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "tinhso.apps.services"
    label = "services"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the kernel what this room declares."""
        from tinhso.apps.services import declarations

        declarations.declare()
