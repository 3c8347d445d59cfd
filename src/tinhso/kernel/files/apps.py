from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "tinhso.kernel.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tinhso.kernel.files import declarations  # noqa: F401
