from django.apps import AppConfig


class AccountPortalConfig(AppConfig):
    name = "tinhso.portals.account"
    label = "account_portal"
