"""Words for the codes that only the console shows."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tinhso.kernel.messages.types import DeliveryState
from tinhso.kernel.payments.types import MessageVerdict
from tinhso.ui.words import Standing

_DELIVERIES: dict[DeliveryState, tuple[str | Promise, str, str]] = {
    DeliveryState.WAITING: (_("waiting"), "clock", "run"),
    DeliveryState.SENT: (_("sent"), "check", "good"),
    DeliveryState.FAILED: (_("failed"), "triangle-alert", "bad"),
    DeliveryState.SKIPPED: (_("not needed"), "circle-dot", "off"),
}
_VERDICTS: dict[MessageVerdict, tuple[str | Promise, str, str]] = {
    MessageVerdict.SETTLED: (_("paid its fee"), "check", "good"),
    MessageVerdict.REPEATED: (_("said again"), "circle-dot", "off"),
    MessageVerdict.ALREADY_PAID: (_("paid twice: give back"), "triangle-alert", "warn"),
    MessageVerdict.UNDERPAID: (_("too little"), "triangle-alert", "warn"),
    MessageVerdict.OVERPAID: (_("too much"), "triangle-alert", "warn"),
    MessageVerdict.CANCELLED: (_("fee was cancelled: give back"), "triangle-alert", "warn"),
    MessageVerdict.UNKNOWN_REFERENCE: (_("belongs to no fee"), "circle-alert", "warn"),
    MessageVerdict.CONTRADICTS: (_("contradicts what was said before"), "triangle-alert", "bad"),
    MessageVerdict.FORGED: (_("signature wrong"), "ban", "bad"),
    MessageVerdict.STALE: (_("too old: a repetition, or a wrong clock"), "clock", "bad"),
    MessageVerdict.UNREADABLE: (_("not understood"), "circle-alert", "bad"),
}


def delivery(state: DeliveryState) -> Standing:
    """What became of a delivery."""
    text, icon, tone = _DELIVERIES[state]
    return Standing(str(text), icon, tone)


def verdict(found: MessageVerdict) -> Standing:
    """What we thought of a provider's message."""
    text, icon, tone = _VERDICTS[found]
    return Standing(str(text), icon, tone)


def carrier(code: str) -> str:
    """Why a carrier failed: its own code, since the carrier's documents explain it."""
    return code or "–"
