"""What to think of a verified message: a pure decision, so that every case of it can be tested in a table."""

import json

from tinhso.kernel.payments.types import ChargeState, MessageVerdict, SettlementNotice

_KEPT_CHARACTERS = 8_000


def judge(
    notice: SettlementNotice, owed: tuple[ChargeState, int] | None, earlier: tuple[str, int | None] | None
) -> MessageVerdict:
    """``owed``: state and amount of the charge that the reference names; ``earlier``: reference and amount in the first
    message about the same transaction. Only money that is exact to the đồng settles by itself; the rest a person decides."""
    if earlier is not None:
        return MessageVerdict.REPEATED if earlier == (notice.reference, notice.amount) else MessageVerdict.CONTRADICTS
    if owed is None:
        return MessageVerdict.UNKNOWN_REFERENCE
    state, amount = owed
    if state is ChargeState.PAID:
        return MessageVerdict.ALREADY_PAID
    if state is ChargeState.CANCELLED:
        return MessageVerdict.CANCELLED
    if notice.amount == amount:
        return MessageVerdict.SETTLED
    return MessageVerdict.UNDERPAID if notice.amount < amount else MessageVerdict.OVERPAID


def as_text(notice: SettlementNotice) -> str:
    """A message that we asked for, as it is kept."""
    return json.dumps(
        {
            "asked": True,
            "transaction": notice.transaction,
            "reference": notice.reference,
            "amount": notice.amount,
            "paid_at": notice.paid_at.isoformat(),
        },
        sort_keys=True,
    )


def as_kept(body: bytes) -> str:
    """The text that is kept of any bytes: what is no UTF-8, and U+0000, which no database takes, as escapes."""
    return body.decode("utf-8", "backslashreplace").replace("\x00", "\\x00")[:_KEPT_CHARACTERS]
