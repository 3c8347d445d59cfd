"""What django-allauth keeps of an account in its own tables: addresses and second factors. Named here and nowhere else."""

from collections.abc import Collection
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator


def with_second_factor(accounts: Collection[UUID]) -> set[UUID]:
    """Which of these accounts have a second factor."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    rows = Authenticator.objects.filter(user_id__in=accounts, type__in=kinds)
    return set(rows.values_list("user_id", flat=True))


def forget_second_factors(account: UUID) -> bool:
    """Delete an account's second factors and recovery codes; False if it had none."""
    gone, _ = Authenticator.objects.filter(user_id=account).delete()
    return bool(gone)


def forget(accounts: Collection[UUID]) -> None:
    """Delete the addresses and second factors of these accounts."""
    EmailAddress.objects.filter(user_id__in=accounts).delete()
    Authenticator.objects.filter(user_id__in=accounts).delete()
