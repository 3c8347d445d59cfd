"""What django-allauth keeps of an account in its own tables: addresses and second factors. Named here and nowhere else."""

from collections.abc import Collection
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator


def forget(accounts: Collection[UUID]) -> None:
    """Delete the addresses and second factors of these accounts."""
    EmailAddress.objects.filter(user_id__in=accounts).delete()
    Authenticator.objects.filter(user_id__in=accounts).delete()
