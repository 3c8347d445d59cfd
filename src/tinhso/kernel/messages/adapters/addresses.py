"""Where a recipient reads: asked of identity by the machinery, which leaves no trace of looking, and shown to nobody."""

from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.types import NoSuchAccount, NoSuchParty, Purpose

_ACTOR = identity.system("messages")


def email_of(recipient: str) -> str | None:
    """The e-mail address of ``party:<id>`` or ``account:<id>``; None if there is none, or no such person any more."""
    kind, _, name = recipient.partition(":")
    try:
        if kind == "party":
            return identity.party(_ACTOR, name, Purpose.HANDLING).email or None
        return identity.account(name).email or None
    except (NoSuchParty, NoSuchAccount):
        return None
