"""The forms of signing in and up."""

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.types import PartyKind
from tinhso.portals.account.adapter import PhoneField


class SignInForm(LoginForm):  # type: ignore[misc]
    """One field for phone, e-mail or account name, and the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("Phone number, e-mail or account name"),
            max_length=254,
            widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        )
        self.fields["password"] = forms.CharField(
            label=_("Password"),
            max_length=200,
            strip=False,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        )
        self.order_fields(["login", "password"])

    def clean_login(self) -> str:
        """A phone number in its one form, so that the throttle counts one account once however its number is written."""
        text = str(self.cleaned_data["login"]).strip()
        try:
            return identity.plain_phone(text)
        except ValueError:
            return text


class SignUpForm(forms.Form):
    """A person makes an account of his own."""

    by_passkey = False

    kind = forms.ChoiceField(
        label=_("Who is the account for?"),
        choices=[(PartyKind.PERSON.value, _("Myself")), (PartyKind.BUSINESS.value, _("A business"))],
        initial=PartyKind.PERSON.value,
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=_("Full name"),
        help_text=_("As on your identity card; for a business, as registered."),
        max_length=250,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    identifier = forms.CharField(
        label=_("Identification number"),
        help_text=_("The 12 figures of your identity card; for a business, its enterprise code."),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    phone = PhoneField(
        label=_("Phone number"),
        required=False,
        max_length=25,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("A phone number or an e-mail address is needed: you sign in with it."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password1 = forms.CharField(
        label=_("Choose a password"),
        help_text=_("At least 10 characters. A few words in a row are easy to remember and hard to guess."),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Shapes of the details, somebody else's phone or e-mail, the strength of the password."""
        data: dict[str, Any] = super().clean() or {}
        kind = PartyKind(data.get("kind") or PartyKind.PERSON)
        try:
            data["identifier"] = identity.plain_identifier(kind, data.get("identifier", ""))
        except ValueError:
            self.add_error("identifier", _("This doesn't look like an identification number. Compare it with your card."))
        if not (data.get("phone") or data.get("email")) and not self.errors.keys() & {"phone", "email"}:
            self.add_error("phone", _("Give a phone number or an e-mail address."))
        self._check_free(data)
        if password := data.get("password1"):
            try:
                validate_password(
                    password, identity.unsaved_account(data.get("name", ""), data.get("phone", ""), data.get("email", ""))
                )
            except forms.ValidationError as error:
                self.add_error("password1", error)
        return data

    def _check_free(self, data: dict[str, Any]) -> None:
        for field in ("phone", "email"):
            if data.get(field) and identity.taken(**{field: data[field]}):
                self.add_error(field, _("An account with this already exists. Sign in, or use another."))

    def try_save(self, request: HttpRequest) -> tuple[Any, HttpResponse | None]:
        """Make the account; allauth signs it in."""
        data = self.cleaned_data
        made = identity.sign_up(
            identity.anonymous(),
            PartyKind(data["kind"]),
            data["name"],
            data["identifier"],
            password=data["password1"],
            phone=data["phone"],
            email=data["email"],
        )
        return identity.account(made.id), None


class ContactForm(forms.Form):
    """By what an account signs in and is told."""

    phone = PhoneField(
        label=_("Phone number"),
        required=False,
        max_length=25,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    email = forms.EmailField(label=_("E-mail"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"}))


def _ask(form: forms.Form, **labels: Any) -> None:
    """Our words for the questions of a form that allauth made; its placeholders repeat the label and go."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        field.help_text = ""
        if name in labels:
            field.label = labels[name]


class ChangePassword(ChangePasswordForm):  # type: ignore[misc]
    """The present password and the new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask(self, oldpassword=_("Your present password"), password1=_("New password"), password2=_("New password once more"))


class ResetPassword(ResetPasswordForm):  # type: ignore[misc]
    """Where to send the link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask(self, email=_("The e-mail address of your account"))


class ResetPasswordKey(ResetPasswordKeyForm):  # type: ignore[misc]
    """The new password, for who came by the link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask(self, password1=_("New password"), password2=_("New password once more"))


class Reauthenticate(ReauthenticateForm):  # type: ignore[misc]
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask(self, password=_("Your password"))


class GiveCode(AuthenticateForm):  # type: ignore[misc]
    """The code of the second factor."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask(self, code=_("Code from your phone, or a recovery code"))
        self.fields["code"].widget.attrs["inputmode"] = "text"


class GiveCodeAgain(ReauthenticateCodeForm):  # type: ignore[misc]
    """The code once more, before something delicate."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask(self, code=_("Code from your phone, or a recovery code"))


class ActivateTotp(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new second factor."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask(self, code=_("Six-figure code shown by the app"))
        self.fields["code"].widget.attrs.update({"inputmode": "numeric", "autocomplete": "one-time-code"})
