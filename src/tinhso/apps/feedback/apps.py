from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "tinhso.apps.feedback"
    label = "feedback"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the kernel what this room declares."""
        from tinhso.apps.feedback import declarations

        declarations.declare()
