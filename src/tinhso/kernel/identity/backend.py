"""The one place in this room that knows django-allauth: its authentication backend, with our way of loading accounts."""

from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.hashers import get_hasher, identify_hasher
from django.http import HttpRequest

from tinhso.kernel.identity.models import Account
from tinhso.kernel.identity.operations import renew_hash
from tinhso.kernel.identity.queries import account_with_grants, system
from tinhso.lib import clock


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """Signs in by username, e-mail or phone; loads the signed-in account together with its roles, in one query."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Account | None:
        """The account of these credentials. A hash of older strength is renewed now, while the password is at hand."""
        account = super().authenticate(request, **credentials)
        if not isinstance(account, Account):
            return None
        if _outdated(account.password):
            renew_hash(system("sign-in"), str(account.id), credentials["password"])
        return account

    def get_user(self, user_id: Any) -> Account | None:
        """The account of a session; None when it was closed meanwhile."""
        account = account_with_grants(user_id if isinstance(user_id, UUID) else UUID(str(user_id)), clock.today())
        return account if account is not None and self.user_can_authenticate(account) else None


def _outdated(encoded: str) -> bool:
    hasher = identify_hasher(encoded)
    return hasher.algorithm != get_hasher().algorithm or hasher.must_update(encoded)
