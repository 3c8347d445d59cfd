"""Words for problems: title, why, and what to do now."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from tinhso.kernel.organisation.types import Reason
from tinhso.ui.words.filling import Text, filled, unknown
from tinhso.ui.words.problems_kernel import OF_THE_KERNEL
from tinhso.ui.words.reasons import reason

Told = tuple[Text, Text, Text]

_COMMON: dict[str, Told] = {
    "problem": (
        _("This can't be done"),
        _("The request breaks a rule of the system."),
        _("Go back and check what you entered, or call the support line of your commune."),
    ),
    "not_found": (
        _("We can't find this page"),
        _("The address may be mistyped, the thing may be gone, or it isn't yours to see."),
        _("Check the address or code, or begin again on the home page."),
    ),
    "not_allowed": (
        _("You may not do this"),
        _("Your account doesn't have the right that this page needs."),
        _("Sign in with another account, or ask whoever gives out rights at your office."),
    ),
    "conflict": (
        _("Somebody was faster"),
        _("This was changed after you opened it."),
        _("Reload the page to see how it stands now, then do what is still needed."),
    ),
    "invalid": (
        _("Some answers need another look"),
        _("One or more fields are missing or not in the form we need."),
        _("Correct the marked fields and send again. What you typed is kept."),
    ),
    "bad_request": (
        _("We can't read this request"),
        _("What your browser sent is incomplete or not in the form we need."),
        _("Go back, reload the page and try again."),
    ),
    "sign_in_needed": (
        _("Please sign in"),
        _("This is only for people who have signed in, or your session has ended."),
        _("Sign in and try again."),
    ),
    "second_factor_needed": (
        _("A second proof is needed"),
        _("Officials sign in with a password and a code from their phone."),
        _("Give the code, or set it up now."),
    ),
    "form_expired": (
        _("This form has been open too long"),
        _("For your safety a form works only in the browser and session in which it was opened."),
        _("Go back, reload the page and send again. Cookies must be allowed for this site."),
    ),
    "too_large": (
        _("This is too large"),
        _("What you sent is larger than the system accepts at once."),
        _("Send smaller files, or fewer at once."),
    ),
    "length_needed": (
        _("We can't tell how much is coming"),
        _("The request doesn't say how long it is."),
        _("Send it with its length (Content-Length). Browsers do this by themselves."),
    ),
    "too_many": (
        _("Too many attempts"),
        _("There were too many attempts from your account or your network in a short time."),
        _("Wait a few minutes, then try again."),
    ),
    "method_not_allowed": (
        _("This address can't be used in this way"),
        _("The page was asked for in a way that it does not offer."),
        _("Go back and use the button on the page."),
    ),
    "database_away": (
        _("The system is resting for a moment"),
        _("The database does not answer just now. Nothing that was confirmed to you is lost."),
        _("Try again in a minute. If you were sending a form, go back and send it again: it is counted once."),
    ),
    "disk_full": (
        _("The system has no room left"),
        _("The disk is full, so nothing was saved this time. Nothing that was confirmed to you is lost."),
        _("Please try again later. The people who run the system have been told in its log."),
    ),
    "unexpected": (
        _("Something went wrong on our side"),
        _("This is our fault, not yours. It has been recorded."),
        _("Try again. If it happens again, call the support line and give the time."),
    ),
}

_ALL: dict[str, Told] = {**_COMMON, **OF_THE_KERNEL}
KNOWN_PROBLEMS = frozenset(_ALL)
"""Codes with words of their own."""

_BY_STATUS = {
    400: "bad_request",
    401: "sign_in_needed",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    411: "length_needed",
    413: "too_large",
    422: "invalid",
    429: "too_many",
    503: "database_away",
    507: "disk_full",
}


def problem(code: str, params: Mapping[str, object] | None = None, status: int = 400) -> tuple[str, str, str]:
    """Title, why and what to do for a problem's code; a code without words of its own gets those of its status."""
    told = _ALL.get(code)
    if told is None:
        unknown("problem", code)
        told = _COMMON["unexpected" if status >= 500 and status not in _BY_STATUS else _BY_STATUS.get(status, "problem")]
    title, why, remedy = told
    facts = params or {}
    link = facts.get("reason")
    if isinstance(link, Reason):  # what stands against a move says more than that something does
        why = reason(link)
    return filled(title, facts), filled(why, facts), filled(remedy, facts)
