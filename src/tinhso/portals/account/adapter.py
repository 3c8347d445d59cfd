"""django-allauth's questions to us: who has this phone, what happens at sign-in, how secrets are kept."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.types import AccountKind
from tinhso.lib import clock
from tinhso.ui import access, pending
from tinhso.ui.middleware import BEGAN_KEY, RENEWED_KEY

FRESH = 5 * 60
"""Seconds after sign-in in which nobody is asked for the password again."""


class PhoneField(forms.CharField):
    """A phone number however it is written; kept as +84…"""

    def clean(self, value: Any) -> str:
        """The plain number; a ValidationError says when it is none."""
        try:
            return identity.plain_phone(super().clean(value))
        except ValueError as error:
            raise ValidationError(_("This doesn't look like a phone number. Example: 0912 345 678.")) from error


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account has been closed."),
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "phone_password_mismatch": _("The phone number or the password is not right."),
        "username_password_mismatch": _("The account name or the password is not right."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_password": _("The password is not right."),
        "incorrect_code": _("This code is not right. Codes change every half minute: take the newest."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
        "invalid_password_reset": _("This link has been used or is too old. Ask for a new one."),
        "rate_limited": _("Too many attempts. Wait a few minutes, then try again."),
    }

    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        """How a phone number is asked for."""
        return PhoneField(**kwargs)

    def get_user_by_phone(self, phone: str) -> Any:
        """The account that signs in with this phone."""
        return identity.account_by_phone(phone)

    def get_phone(self, user: Any) -> tuple[str, bool] | None:
        """The account's phone; never called verified, since there is no text message yet to verify it by."""
        return (user.phone, False) if user.phone else None

    def set_password(self, user: Any, password: str) -> None:
        """A new password, by an operation."""
        identity.set_password(identity.actor_for(user), str(user.id), password)
        user.refresh_from_db(fields=["password"])

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where a person goes after signing in, if nowhere else was asked for."""
        official = getattr(request.user, "kind", None) == AccountKind.OFFICIAL
        return settings.OFFICIAL_HOME_URL if official else settings.LOGIN_REDIRECT_URL

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether to ask for the password once more before something delicate: not right after it was given."""
        began = self.request.session.get(BEGAN_KEY, 0) if self.request is not None else 0
        if clock.now().timestamp() - began < FRESH:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Record the sign-in; remember in the session what proofs were given, and in the browser whose it is."""
        methods = tuple(dict.fromkeys(record["method"] for record in get_authentication_records(request, user)))
        begin_session(request, user, methods)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        pending.remember_owner(response, str(user.pk))
        return response

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Say nothing where the next page shows what happened anyway."""
        if message_template in {"account/messages/password_changed.txt", "mfa/messages/totp_activated.txt"}:
            super().add_message(request, level, message_template, *args, **kwargs)


def begin_session(request: HttpRequest, user: Any, methods: tuple[str, ...]) -> None:
    """What every new session starts with, however it came about."""
    now = int(clock.now().timestamp())
    request.session[BEGAN_KEY] = request.session[RENEWED_KEY] = now
    request.session[access.SECOND_FACTOR_KEY] = "mfa" in methods or identity.is_demo()
    identity.signed_in(identity.actor_for(user), str(user.pk), methods)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: their secrets are sealed, and an official doesn't take his last one away."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right. Codes change every half minute: take the newest."),
        "cannot_delete_authenticator": _("Officials can't sign in without a second factor, so it can't be taken away."),
    }

    def get_totp_label(self, user: Any) -> str:
        """The name under which the telephone shows the account."""
        return str(user.email or user.phone or user.username)

    def encrypt(self, text: str) -> str:
        """Seal a secret for the database."""
        return identity.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed secret."""
        return identity.unseal(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Citizens may give their second factor up."""
        return bool(authenticator.user.kind != AccountKind.OFFICIAL)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Notices are the business of the messages room."""
