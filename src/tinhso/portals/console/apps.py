from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "tinhso.portals.console"
    label = "console"

    def ready(self) -> None:
        """Tell the kernel what this room declares."""
        from tinhso.portals.console import declarations

        declarations.declare()
