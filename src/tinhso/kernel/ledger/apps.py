from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "tinhso.kernel.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db import connections
        from django.db.backends.signals import connection_created

        from tinhso.kernel.ledger import guard

        # The one signal of the house, and not a model's: each thread opens its own connection, and this is the only
        # moment at which all of them can be given the guard.
        connection_created.connect(guard.install, dispatch_uid="tinhso.ledger.guard")
        for connection in connections.all(initialized_only=True):
            guard.install(connection)
