from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "tinhso.kernel.organisation"
    label = "organisation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tinhso.kernel.ledger import api as ledger
        from tinhso.kernel.organisation.types import EVENTS

        ledger.declare(*EVENTS)
