"""Words for reasons: why a deadline is what it is, and why a move can't be made."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from tinhso.kernel.organisation.types import Reason
from tinhso.ui import formats
from tinhso.ui.words.filling import Text, filled, unknown

_DEADLINE: dict[str, Text] = {
    "deadline.received": _("It was received at %(at)s."),
    "deadline.received_on_day_off": _("It came on a day off (%(on)s), so it counts from %(counts_from)s."),
    "deadline.before_opening": _("It came before the office opened, so it counts from %(opens)s."),
    "deadline.after_cut_off": _("It came after %(cut_off)s, so it counts from %(counts_from)s."),
    "deadline.after_closing": _("It came after the office closed, so it counts from %(counts_from)s."),
    "deadline.first_day_not_counted": _("The day it was received (%(day)s) is not counted."),
    "deadline.first_day_counted": _("The day it was received (%(day)s) is counted."),
    "deadline.weekends_skipped": ngettext_lazy(
        "Saturdays and Sundays are not counted (%(days)s day).",
        "Saturdays and Sundays are not counted (%(days)s days).",
        "days",
    ),
    "deadline.holiday_skipped": _("%(day)s is a holiday (%(name)s) and is not counted."),
    "deadline.makeup_counted": _("%(day)s is a make-up working day and is counted."),
    "deadline.day_unconfirmed": _("The calendar for %(day)s is still to be confirmed."),
    "deadline.paused": ngettext_lazy(
        "The clock stood still from %(since)s to %(until)s: %(days)s day is not counted.",
        "The clock stood still from %(since)s to %(until)s: %(days)s days are not counted.",
        "days",
    ),
    "deadline.paused_hours": ngettext_lazy(
        "The clock stood still from %(since)s to %(until)s: %(minutes)s minute of office time is not counted.",
        "The clock stood still from %(since)s to %(until)s: %(minutes)s minutes of office time are not counted.",
        "minutes",
    ),
    "deadline.restarted": _("The time began again at %(again)s, when everything was complete."),
    "deadline.rolled_over": _("The last day (%(ends)s) is a day off, so it ends on %(moved_to)s."),
    "deadline.office_hours": ngettext_lazy("%(hours)s hour of office time.", "%(hours)s hours of office time.", "hours"),
    "deadline.due": _("So it is due at %(at)s."),
    "deadline.provisional": _("The official calendar of %(year)s is not published yet, so the day is provisional."),
}

_CLOCK: dict[str, Text] = {
    "cases.clock.paused": _("The clock stood still from %(since)s to %(until)s, waiting for the applicant."),
    "cases.clock.paused_open": _("The clock has stood still since %(since)s, waiting for the applicant."),
    "cases.clock.restarted": _("The time began again on %(on)s, when everything was complete."),
    "cases.clock.extended": _("The due date was moved once, with an apology."),
    "cases.clock.too_many_supplements": _("More was asked for %(asked)s times; index 766 counts this as late."),
}

_LIMITS: dict[str, Text] = {
    "working_days": ngettext_lazy("It takes %(count)s working day.", "It takes %(count)s working days.", "count"),
    "working_hours": ngettext_lazy(
        "It takes %(count)s hour of office time.", "It takes %(count)s hours of office time.", "count"
    ),
    "calendar_days": ngettext_lazy("It takes %(count)s calendar day.", "It takes %(count)s calendar days.", "count"),
}

_IN_THE_DAY = _("It is done on the day it is received.")

_MOVES: dict[str, Text] = {
    "cases.move.unknown": _("The procedure has no such step."),
    "cases.move.ended": _("The dossier is closed; nothing more can happen with it."),
    "cases.move.wrong_step": _("The dossier is at another step now."),
    "cases.move.no_such_task": _("This request for an opinion is closed."),
    "cases.move.not_assignee": _("Only the person who holds the dossier may do this."),
    "cases.move.system_only": _("The system does this by itself."),
    "cases.move.applicant_only": _("Only the applicant may do this."),
    "cases.move.wrong_role": _("Your role at this office does not allow this."),
    "cases.move.asked_enough": ngettext_lazy(
        "The applicant may be asked at most %(allowed)s time, and has been.",
        "The applicant may be asked at most %(allowed)s times, and has been.",
        "allowed",
    ),
    "cases.move.nothing_asked": _("Nothing has been asked of the applicant."),
    "cases.move.task_waits": _("The applicant has been asked for something for this part and has not answered yet."),
    "cases.move.clock_not_running": _("The clock is not running, so there is nothing to extend."),
    "cases.move.extended_already": _("The due date may be moved once only, and has been."),
    "cases.move.too_late_to_extend": _("It is too late to extend: the last day was %(latest)s."),
    "cases.move.counts_late": ngettext_lazy(
        "More was asked for %(asked)s time already; asking again counts as late under index 766.",
        "More was asked for %(asked)s times already; asking again counts as late under index 766.",
        "asked",
    ),
    "cases.move.changed_meanwhile": _("Somebody changed the dossier after you opened it."),
    "cases.move.unpaid": _("The fee is not paid yet."),
    "cases.move.tasks_open": _("An opinion is still awaited."),
}

_REASONS: dict[str, Text] = {**_DEADLINE, **_CLOCK, **_MOVES}
KNOWN_REASONS = frozenset(_REASONS) | {"cases.clock.limit", "cases.move.guard"}
"""Codes with words of their own."""

_ASIDE = _("Something else stands against it.")


def reason(link: Reason) -> str:
    """One link of an explanation as a sentence, without its legal basis."""
    params = dict(link.params)
    if link.code == "cases.move.guard":
        told = params.get("vi" if formats.is_vietnamese() else "en") or params.get("vi")
        return told or str(_ASIDE)
    if link.code == "cases.clock.limit":
        unit = next((name for name in _LIMITS if name in params), None)
        if unit and params[unit] == "0":
            return str(_IN_THE_DAY)
        return filled(_LIMITS[unit], {"count": params[unit]}) if unit else str(_ASIDE)
    if link.code == "cases.clock.paused" and not params.get("until"):
        return filled(_CLOCK["cases.clock.paused_open"], params)
    text = _REASONS.get(link.code)
    if text is None:
        unknown("reason", link.code)
        return str(_ASIDE)
    return filled(text, params)
