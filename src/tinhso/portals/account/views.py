"""The pages of signing up, in and out, of second factors, and of one's own account."""

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse, reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.types import AccountKind, AccountTaken, DetailsInvalid
from tinhso.kernel.organisation import api as organisation
from tinhso.portals.account.adapter import begin_session
from tinhso.portals.account.forms import ContactForm
from tinhso.ui import access, pending
from tinhso.ui.incoming import way_back
from tinhso.ui.problems import THROTTLE_SECONDS as RETRY_AFTER

BACKEND = "tinhso.kernel.identity.backend.Backend"
NEAR = access.before_second_factor(access.Policy(access.Who.SIGNED_IN))
"""For pages that an official needs before he has given his second factor."""
OPEN = access.Policy(access.Who.PUBLIC, why="nobody is signed in before signing in")


class Page:
    """What all pages here share: ``site`` is ours, not allauth's."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """allauth's facts for the template but for its ``site``, which is only the host's name."""
        found: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        found.pop("site", None)
        return found


THROTTLED = {"too_many_login_attempts", "rate_limited"}
"""Codes of a form's fault that mean: later."""


class Throttled:
    """A form that answers too many tries with 429 and when to come back, and with its page."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """The form again; 429 when it was the throttle that refused."""
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        if any(fault.code in THROTTLED for faults in form.errors.as_data().values() for fault in faults):
            response.status_code = 429
            response["Retry-After"] = RETRY_AFTER
        return response


class SignIn(Throttled, Page, account.LoginView):  # type: ignore[misc]
    """Citizens and businesses sign in."""

    policy = OPEN
    template_name = "account/login.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether somebody's typing waits for him to come back."""
        return super().get_context_data(**kwargs) | {"waits": pending.SESSION_KEY in self.request.session}


class OfficialSignIn(SignIn):
    """Officials sign in."""

    template_name = "account/login_official.html"


class SignUp(Page, account.SignupView):  # type: ignore[misc]
    """A citizen or business makes an account."""

    policy = OPEN


class SignOut(Page, account.LogoutView):  # type: ignore[misc]
    """Ends the session, and forgets whose browser this was."""

    policy = access.before_second_factor(OPEN)

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Out."""
        response: HttpResponse = super().post(*args, **kwargs)
        pending.forget_owner(response)
        return response


class Inactive(Page, account.AccountInactiveView):  # type: ignore[misc]
    """The account was closed."""

    policy = OPEN


class Reauthenticate(Throttled, Page, account.ReauthenticateView):  # type: ignore[misc]
    """The password once more, before something delicate."""

    policy = NEAR


class ChangePassword(Page, account.PasswordChangeView):  # type: ignore[misc]
    """A new password for who knows the present one."""

    policy = NEAR
    success_url = reverse_lazy("account_home")


class ResetPassword(Page, account.PasswordResetView):  # type: ignore[misc]
    """A link by e-mail for who has forgotten his password."""

    policy = OPEN


class ResetPasswordDone(Page, account.PasswordResetDoneView):  # type: ignore[misc]
    """The link is on its way, if the address is known."""

    policy = OPEN


class ResetPasswordFromKey(Page, account.PasswordResetFromKeyView):  # type: ignore[misc]
    """The link leads here: a new password."""

    policy = OPEN


class ResetPasswordFromKeyDone(Page, account.PasswordResetFromKeyDoneView):  # type: ignore[misc]
    """The new password is set."""

    policy = OPEN


class GiveCode(Throttled, Page, factors.AuthenticateView):  # type: ignore[misc]
    """The second half of signing in."""

    policy = OPEN


class GiveCodeAgain(Throttled, Page, factors.ReauthenticateView):  # type: ignore[misc]
    """A code once more, before something delicate."""

    policy = NEAR


class Factors(Page, factors.IndexView):  # type: ignore[misc]
    """The second factors of one's account."""

    policy = NEAR


class ActivateTotp(Page, totp.ActivateTOTPView):  # type: ignore[misc]
    """Set up the app that shows codes; for an official who comes without, this opens the rest of the house."""

    policy = NEAR

    def form_valid(self, form: Any) -> HttpResponse:
        """Record it; the code just given proves the second factor for this session."""
        response: HttpResponse = super().form_valid(form)
        _factor_changed(self.request, "totp", added=True)
        self.request.session[access.SECOND_FACTOR_KEY] = True
        return response


class DeactivateTotp(Page, totp.DeactivateTOTPView):  # type: ignore[misc]
    """Give the app up: citizens only."""

    policy = NEAR

    def form_valid(self, form: Any) -> HttpResponse:
        """Record it."""
        response: HttpResponse = super().form_valid(form)
        _factor_changed(self.request, "totp", added=False)
        return response


class RecoveryCodes(Page, recovery.ViewRecoveryCodesView):  # type: ignore[misc]
    """The codes for the day the phone is lost."""

    policy = NEAR

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Where to go on to."""
        official = getattr(self.request.user, "kind", None) == AccountKind.OFFICIAL
        return super().get_context_data(**kwargs) | {
            "onward": settings.OFFICIAL_HOME_URL if official else reverse("account_home")
        }


class NewRecoveryCodes(Page, recovery.GenerateRecoveryCodesView):  # type: ignore[misc]
    """New recovery codes; the old ones end."""

    policy = NEAR

    def form_valid(self, form: Any) -> HttpResponse:
        """Record it."""
        response: HttpResponse = super().form_valid(form)
        _factor_changed(self.request, "recovery_codes", added=True)
        return response


class DownloadRecoveryCodes(Page, recovery.DownloadRecoveryCodesView):  # type: ignore[misc]
    """The codes as a text file."""

    policy = NEAR


def _factor_changed(request: HttpRequest, method: str, *, added: bool) -> None:
    account_id = str(request.user.pk)
    identity.second_factor_changed(identity.actor_for(identity.account(account_id)), account_id, method, added)


@access.signed_in
@never_cache
def home(request: access.Request) -> HttpResponse:
    """One's own account: contact, password, second factor; contact can be changed here."""
    mine = identity.account_view(identity.account(str(request.user.pk)))
    form = ContactForm(request.POST or None, initial={"phone": mine.phone, "email": mine.email})
    if request.method == "POST" and form.is_valid() and _change_contact(request, form):
        messages.success(request, _("Your contact details are saved."))
        return redirect("account_home")
    facts = {
        "mine": mine,
        "form": form,
        "official": mine.kind is AccountKind.OFFICIAL,
        "party": identity.party_masked([mine.party]).get(mine.party) if mine.party else None,
        "second_factor": is_mfa_enabled(request.user),
        "units": _units(request),
        "tab": "account",
    }
    return render(request, "account/home.html", facts, status=422 if form.errors else 200)


def _change_contact(request: access.Request, form: ContactForm) -> bool:
    data = form.cleaned_data
    try:
        identity.change_contact(request.actor, str(request.user.pk), phone=data["phone"], email=data["email"])
    except AccountTaken as problem:
        form.add_error(str(problem.params["field"]), _("Somebody else signs in with this."))
    except DetailsInvalid as problem:
        for field, _code, _params in problem.errors:
            form.add_error(field, _("This doesn't look right."))
    return not form.errors


def _units(request: access.Request) -> list[tuple[str, str, bool]]:
    """The units an official may act for: key, name, and whether it is the one of now."""
    keys = list(dict.fromkeys(grant.unit for grant in request.actor.grants))
    named = organisation.units_by_key(keys) if len(keys) > 1 else {}
    return [(key, named[key].name if key in named else key, key == request.actor.unit) for key in keys if len(keys) > 1]


@access.official()
@require_POST
def choose_unit(request: access.Request) -> HttpResponse:
    """Act for another of one's units from now on."""
    if not access.choose_unit(request, request.POST.get("unit", "")):
        raise Http404
    return HttpResponseRedirect(way_back(request, "next", settings.OFFICIAL_HOME_URL))


@access.signed_in
@never_cache
def resume(request: access.Request) -> HttpResponse:
    """After signing in again: what was typed when the session ended, to be sent on or thrown away."""
    if request.method == "POST":
        pending.discard(request)
        return HttpResponseRedirect(_home_of(request))
    kept = pending.waiting(request)
    if kept is None:
        return HttpResponseRedirect(_home_of(request))
    back = kept.path if url_has_allowed_host_and_scheme(kept.path, allowed_hosts=None) else _home_of(request)
    return render(request, "account/resume.html", {"kept": kept, "back": back})


@access.public("the sign-ins of a demonstration; in a real database there are none")
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Be one of the demo's people with one press: only in a database marked as a demo, and without a second factor."""
    who = identity.account_by_username(request.POST.get("who", "")) if identity.is_demo() else None
    if who is None or not who.is_active:
        raise Http404
    login(request, who, backend=BACKEND)
    begin_session(request, who, ("demo",))
    home_url = settings.OFFICIAL_HOME_URL if who.kind == AccountKind.OFFICIAL else settings.LOGIN_REDIRECT_URL
    response = HttpResponseRedirect(way_back(request, "next", home_url))
    pending.remember_owner(response, str(who.pk))
    return response


def _home_of(request: access.Request) -> str:
    official = getattr(request.user, "kind", None) == AccountKind.OFFICIAL
    return resolve_url(settings.OFFICIAL_HOME_URL if official else settings.LOGIN_REDIRECT_URL)
