from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "tinhso.kernel.payments"
    label = "payments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tinhso.kernel.payments import declarations  # noqa: F401  declares entries
