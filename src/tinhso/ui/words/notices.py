"""Words for notices: a title and a sentence, the same in the portal and in e-mail."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from tinhso.ui.words.filling import Text, filled, unknown

_NOTICES: dict[str, tuple[Text, Text]] = {
    "case.filed": (
        _("We have your dossier %(code)s"),
        _("It waits to be checked and received. We will tell you the due date then."),
    ),
    "case.received": (
        _("Dossier %(code)s is received"),
        _("The result is due %(due)s. The receipt slip is on the dossier's page."),
    ),
    "case.refused": (
        _("Dossier %(code)s is not received"),
        _("The notice on the dossier's page says why and what you can do."),
    ),
    "case.correction_asked": (
        _("Dossier %(code)s must be corrected before it is received"),
        _("Please open the dossier's page: it says what is missing."),
    ),
    "case.supplement_requested": (
        _("Dossier %(code)s needs something from you"),
        _("Please open the dossier's page and send what is asked by %(answer_due)s. The clock stands still until then."),
    ),
    "case.supplement_answered": (
        _("We have what you sent for dossier %(code)s"),
        _("The clock goes on; the new due date is on the dossier's page."),
    ),
    "case.extended": (
        _("We are sorry: dossier %(code)s will take longer"),
        _("The new due date is %(due)s. The letter on the dossier's page says why."),
    ),
    "case.payment_due": (
        _("A fee is due for dossier %(code)s"),
        _("%(amount)s. Pay by QR on the dossier's page, or at the counter."),
    ),
    "case.paid": (_("We have your payment for dossier %(code)s"), _("The receipt is on the dossier's page.")),
    "case.ready": (
        _("The result of dossier %(code)s is ready"),
        _("Download it from the dossier's page, or fetch it at the counter."),
    ),
    "case.returned": (
        _("The result of dossier %(code)s was handed over"),
        _("You can verify it with its QR code at any time."),
    ),
    "case.withdrawn": (_("Dossier %(code)s is withdrawn"), _("You asked us to stop. You may hand it in again at any time.")),
    "case.stopped": (
        _("Handling of dossier %(code)s has stopped"),
        _("The notice on the dossier's page says why and what you can do."),
    ),
    "case.assigned": (_("Dossier %(code)s is given to you"), _("Due %(due)s.")),
    "case.part_asked": (_("Work for your office on dossier %(code)s"), _("See it under what is asked of your office.")),
    "case.opinion_asked": (_("Your opinion is asked on dossier %(code)s"), _("Answer due %(due)s.")),
    "case.opinion_given": (_("The opinion on dossier %(code)s has come"), _("Open the dossier to read it.")),
    "case.due_soon": (_("Dossier %(code)s is due soon"), _("Due %(due)s.")),
    "case.overdue": (_("Dossier %(code)s is overdue"), _("It was due %(due)s.")),
    "feedback.accepted": (_("Your report %(code)s is accepted"), _("You will have an answer by %(due)s.")),
    "feedback.answered": (_("Your report %(code)s is answered"), _("Open it to read the answer; if it will not do, tell us.")),
    "feedback.rejected": (_("Your report %(code)s is not accepted"), _("Open it to see why.")),
    "feedback.reopened": (_("Report %(code)s is to be looked at again"), _("Due %(due)s.")),
    "identity.code": (_("Your code is %(code)s"), _("Never give it to anybody. We never ask for it by telephone.")),
}

KNOWN_NOTICES = frozenset(_NOTICES)
"""Kinds with words of their own."""

_UNKNOWN: tuple[Text, Text] = (_("You have a notice"), _("Sign in to read it."))


def notice(kind: str, params: Mapping[str, object]) -> tuple[str, str]:
    """Title and sentence of a notice."""
    told = _NOTICES.get(kind)
    if told is None:
        unknown("notice", kind)
        told = _UNKNOWN
    return filled(told[0], params), filled(told[1], params)
