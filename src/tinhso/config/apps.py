from django.apps import AppConfig


class CompositionConfig(AppConfig):
    """The composition root as an application, so that wiring happens in every process, after all rooms are ready."""

    name = "tinhso.config"
    label = "composition"

    def ready(self) -> None:
        from tinhso.config import wiring

        wiring.connect()
