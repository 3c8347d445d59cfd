"""Words for codes, in the reader's language: what happened, why, and what to do now."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Told = tuple[str | Promise, str | Promise, str | Promise]

_PROBLEMS: dict[str, Told] = {
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
    "too_many": (
        _("Too many attempts"),
        _("There were too many attempts from your account or your network in a short time."),
        _("Wait a few minutes, then try again."),
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
    "identity.account_taken": (
        _("This account exists already"),
        _("Somebody signs in with this name, e-mail address or phone number."),
        _("Sign in with it, or use another."),
    ),
    "identity.identifier_taken": (
        _("This number is already registered"),
        _("Another record with this identification number was checked before."),
        _("Look it up by the number and use that record."),
    ),
    "identity.details_invalid": (
        _("Some details don't look right"),
        _("The phone number, e-mail address or identification number is not in its usual form."),
        _("Compare it with your papers and correct it."),
    ),
    "identity.may_not_look": (
        _("This person's data are not open to you"),
        _("Only those who handle a matter of this person may see the data, and each look is recorded."),
        _("Open the person's data from the dossier that you handle."),
    ),
    "identity.key_missing": (
        _("A key is missing"),
        _("The key that protects identification numbers is not the one they were protected with."),
        _("Whoever runs the system must bring back the folder of keys from its backup."),
    ),
}


_BY_STATUS = {400: "bad_request", 403: "not_allowed", 404: "not_found", 409: "conflict", 413: "too_large", 422: "invalid"}


def problem(code: str, params: Mapping[str, object], status: int = 400) -> tuple[str, str, str]:
    """Title, why and what to do for a problem's code; a code without words of its own gets those of its status."""
    fallback = "unexpected" if status >= 500 else _BY_STATUS.get(status, "problem")
    title, why, remedy = _PROBLEMS.get(code) or _PROBLEMS[fallback]
    return str(title), _filled(why, params), _filled(remedy, params)


def _filled(text: str | Promise, params: Mapping[str, object]) -> str:
    told = str(text)
    return told % params if "%(" in told else told
