from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "tinhso.kernel.messages"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tinhso.kernel.messages import declarations  # noqa: F401  declares entries and the periodic job
