from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "tinhso.kernel.indicators"
    label = "indicators"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tinhso.kernel.indicators import declarations  # noqa: F401  declares the periodic job
