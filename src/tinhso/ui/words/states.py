"""Words, icon and tone for states: national statuses, time left, signatures, charges, small marks."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tinhso.kernel.cases.types import CaseRow, CaseView, ClockVerdict, ClockView, Phase, TimeLeft, WaitsFor
from tinhso.kernel.files.types import Verdict
from tinhso.kernel.identity.types import Purpose
from tinhso.kernel.payments.types import ChargeState
from tinhso.ui import formats
from tinhso.ui.words.filling import Text, filled, of, unknown


@dataclass(frozen=True, slots=True)
class Standing:
    """A state as it is shown: a word or sentence, an icon beside it, a tone (``run``, ``good``, ``warn``, ``bad``, ``off``)."""

    text: str
    icon: str
    tone: str


def _shown(entry: tuple[Text, str, str]) -> Standing:
    return Standing(str(entry[0]), entry[1], entry[2])


_STATUS: dict[int, tuple[Text, str, str]] = {
    1: (_("Newly filed"), "upload", "off"),
    2: (_("Received"), "check", "run"),
    3: (_("Not received"), "ban", "bad"),
    4: (_("In progress"), "clock", "run"),
    5: (_("More is needed from the applicant"), "circle-alert", "warn"),
    6: (_("A fee is to be paid"), "banknote", "warn"),
    7: (_("Withdrawn by the applicant"), "undo-2", "off"),
    8: (_("Stopped"), "octagon-x", "bad"),
    9: (_("Done, the result is ready"), "check", "good"),
    10: (_("Result handed over"), "check-check", "good"),
}


def status(code: int) -> Standing:
    """One of the ten national statuses of a dossier."""
    entry = _STATUS.get(code)
    if entry is None:
        unknown("status", str(code))
        return Standing(gettext("State unknown"), "circle-question-mark", "off")
    return _shown(entry)


@dataclass(frozen=True, slots=True)
class Road:
    """The way that an applicant can follow: what its stages are called, and in which of them (from 1) his case is."""

    titles: tuple[str, ...]
    at: int


def road(view: CaseView) -> Road:
    """The stages as the type declares them, and where this case stands."""
    stages = view.type.stages
    at = next((n for n, stage in enumerate(stages, start=1) if view.step.id in stage.steps), 1)
    return Road(tuple(of(stage.title) for stage in stages), at)


# --- time -----------------------------------------------------------------------------------------------------------------

_VERDICTS: dict[ClockVerdict, tuple[Text, str, str]] = {
    ClockVerdict.EARLY: (_("done early"), "check", "good"),
    ClockVerdict.ON_TIME: (_("done on time"), "check", "good"),
    ClockVerdict.LATE: (_("done late"), "triangle-alert", "bad"),
    ClockVerdict.NOT_APPLICABLE: (_("no time limit"), "minus", "off"),
}


def _amount_left(clock: ClockView) -> str:
    left = max(clock.total - clock.used, 0)
    if clock.unit == "hour":
        hours = max(round(left), 1)
        return ngettext("%(count)d hour left", "%(count)d hours left", hours) % {"count": hours}
    days = clock.working_days_left if clock.working_days_left is not None else round(left)
    return ngettext("%(count)d day left", "%(count)d days left", days) % {"count": days}


def _amount_late(clock: ClockView) -> str:
    if clock.unit == "hour":
        hours = max(round(clock.used - clock.total), 1)
        return ngettext("%(count)d hour late", "%(count)d hours late", hours) % {"count": hours}
    days = abs(clock.working_days_left) if clock.working_days_left is not None else round(clock.used - clock.total)
    if days < 1:
        return gettext("late today")
    return ngettext("%(count)d day late", "%(count)d days late", days) % {"count": days}


def time_left(clock: ClockView) -> Standing:
    """A clock in two or three words, for a table."""
    if clock.state is TimeLeft.NOT_STARTED:
        return Standing(gettext("not started"), "minus", "off")
    if clock.state is TimeLeft.PAUSED:
        return Standing(gettext("paused"), "pause", "off")
    if clock.state is TimeLeft.STOPPED:
        return _shown(_VERDICTS[clock.verdict or ClockVerdict.NOT_APPLICABLE])
    if clock.state is TimeLeft.LATE:
        return Standing(_amount_late(clock), "triangle-alert", "bad")
    if clock.state is TimeLeft.TODAY:
        return Standing(gettext("today"), "clock", "warn")
    return Standing(_amount_left(clock), "clock", "warn" if clock.state is TimeLeft.SOON else "off")


def due_sentence(clock: ClockView) -> str:
    """When the result is due, as one sentence for the person waiting."""
    if clock.state is TimeLeft.PAUSED and clock.if_resumed_today is not None:
        return gettext("If you answer today: %(day)s") % {"day": formats.longday(clock.if_resumed_today)}
    if clock.due is None:
        return gettext("We will tell you the day when it is received.")
    if clock.state is TimeLeft.LATE:
        return gettext("It was due %(day)s. We are sorry for the delay.") % {"day": formats.longday(clock.due)}
    day = {"day": formats.longday(clock.due)}
    return (gettext("Provisionally due %(day)s") if clock.provisional else gettext("Due %(day)s")) % day


_ENDS: dict[str, tuple[Text, str, str]] = {
    "refused": (_("Not received; open it to see why"), "ban", "bad"),
    "withdrawn": (_("You withdrew it"), "undo-2", "off"),
    "stopped": (_("Handling has stopped; open it to see why"), "octagon-x", "bad"),
    "granted": (_("Finished; the result was handed over"), "check-check", "good"),
    "answered": (_("Answered and closed"), "check-check", "good"),
}


def standing(row: CaseRow) -> Standing:
    """Where a dossier stands, as one sentence for its owner: a coloured dot, an icon, and what comes next."""
    if row.phase is Phase.ENDED:
        return _shown(_ENDS.get(row.outcome, (_("Closed"), "flag", "off")))
    if row.phase is Phase.DONE and row.outcome == "answered":
        return Standing(gettext("Answered: open it to read the answer"), "check", "good")
    if row.phase is Phase.DONE:
        return Standing(gettext("The result is ready: download it or fetch it at the counter"), "check", "good")
    if row.waits_for is WaitsFor.APPLICANT:
        return Standing(gettext("We need something more from you"), "circle-alert", "warn")
    if row.waits_for is WaitsFor.PAYMENT:
        return Standing(gettext("Pay the fee to get the result"), "banknote", "warn")
    if row.phase is Phase.FILED:
        return Standing(gettext("Handed in, waiting to be received"), "upload", "off")
    if row.clock.state is TimeLeft.LATE:
        return Standing(gettext("In progress, later than promised. We are sorry."), "triangle-alert", "bad")
    if row.due is None:
        return Standing(gettext("In progress"), "clock", "run")
    return Standing(gettext("In progress, due %(day)s") % {"day": formats.longday(row.due)}, "clock", "run")


# --- signatures, money, marks -----------------------------------------------------------------------------------------------

_SIGNATURES: dict[Verdict, tuple[Text, str, str]] = {
    Verdict.VALID: (_("The signature is valid and nothing was changed since."), "shield-check", "good"),
    Verdict.UNSIGNED: (_("This document carries no digital signature."), "file-question-mark", "off"),
    Verdict.CHANGED: (_("The document was changed after it was signed. Do not rely on it."), "shield-x", "bad"),
    Verdict.EXPIRED: (
        _("The certificate had expired when it was signed. Ask the office that issued it."),
        "shield-alert",
        "warn",
    ),
    Verdict.REVOKED: (_("The certificate was revoked. Do not rely on this document."), "shield-x", "bad"),
    Verdict.UNTRUSTED: (_("We don't know the authority behind this certificate."), "shield-question-mark", "warn"),
    Verdict.UNREADABLE: (_("This file can't be read as a signed document."), "file-x", "bad"),
}


def signature_verdict(verdict: Verdict) -> Standing:
    """What a check of a signature found, as one sentence; four faults that are never confused."""
    return _shown(_SIGNATURES[verdict])


_CHARGES: dict[ChargeState, tuple[Text, str, str]] = {
    ChargeState.DUE: (_("To be paid"), "banknote", "warn"),
    ChargeState.PAID: (_("Paid"), "check", "good"),
    ChargeState.CANCELLED: (_("Cancelled"), "ban", "off"),
}


def charge_state(state: ChargeState) -> Standing:
    """Where a fee stands."""
    return _shown(_CHARGES[state])


_MARKS: dict[str, tuple[Text, str, str]] = {
    "supplemented": (_("new papers"), "upload", "run"),
    "consulting": (_("opinion awaited"), "users", "off"),
    "unpaid": (_("unpaid"), "banknote", "warn"),
    "extended": (_("extended"), "calendar-clock", "warn"),
    "asked": (_("our opinion"), "message-square", "run"),
    "late": (_("overdue"), "triangle-alert", "bad"),
    "online": (_("online"), "globe", "off"),
    "counter": (_("at the counter"), "store", "off"),
    "postal": (_("by post"), "mail", "off"),
}


def mark(code: str) -> Standing:
    """A small fact worth a badge beside a dossier."""
    entry = _MARKS.get(code)
    if entry is None:
        unknown("mark", code)
        return Standing(gettext("note"), "circle-dot", "off")
    return _shown(entry)


_FACTS: dict[str, Text] = {
    "number": _("Number"),
    "date": _("Date"),
    "issued_on": _("Date"),
    "agency": _("Issued by"),
    "unit": _("Issued by"),
    "title": _("Document"),
    "kind": _("Kind"),
    "type": _("Procedure"),
    "procedure": _("Procedure"),
    "code": _("Dossier code"),
    "case_code": _("Dossier code"),
    "place": _("Place"),
    "area": _("Place"),
    "valid_to": _("Valid until"),
    "signer": _("Signed by"),
    "due": _("Due"),
    "received": _("Received"),
}


def fact_name(key: str) -> str:
    """What a fact of a published document is called."""
    text = _FACTS.get(key)
    if text is None:
        unknown("fact of a document", key)
        return gettext("Also")
    return str(text)


def fact(value: object) -> str:
    """A fact of a published document in words. ``{"vi": …, "en": …}`` is text in both languages."""
    if isinstance(value, Mapping) and "vi" in value:
        return str(value["vi"] if formats.is_vietnamese() or not value.get("en") else value["en"])
    return filled("%(value)s", {"value": value})


_PURPOSES: dict[str, Text] = {
    Purpose.HANDLING: _("to handle your dossier"),
    Purpose.SUPERVISION: _("to supervise the work"),
    Purpose.OWN: _("you yourself"),
    Purpose.VERIFICATION: _("to verify a document"),
}


def purpose(code: str) -> str:
    """Why somebody looked at personal data."""
    text = _PURPOSES.get(code)
    if text is None:
        unknown("purpose", code)
        return gettext("for another reason")
    return str(text)
