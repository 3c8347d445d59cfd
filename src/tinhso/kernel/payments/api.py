"""The door of payments.

Charge and settle: :func:`create_charge`, :func:`cancel_charge`, :func:`settle_at_counter`, :func:`receive_callback`,
:func:`ask_provider`. Show: :func:`charges`, :func:`qr_svg`, :func:`pay_place`, :func:`receipt`. Look after:
:func:`messages_waiting`, :func:`resolve_message`, :func:`settlements`, :func:`reconcile_day`. Put together at start:
:func:`connect`, :func:`let_take_money`, :func:`load_accounts`.
"""

from tinhso.kernel.payments.operations import (
    ask_provider,
    cancel_charge,
    create_charge,
    load_accounts,
    receive_callback,
    resolve_message,
    settle_at_counter,
    write_charges,
)
from tinhso.kernel.payments.ports import CASHIER, connect, let_take_money, provider, providers
from tinhso.kernel.payments.queries import (
    account,
    amount_due,
    charge,
    charges,
    charges_of,
    messages_waiting,
    pay_place,
    qr_payload,
    qr_svg,
    receipt,
    reconcile_day,
    settlements,
)

__all__ = [
    "CASHIER",
    "account",
    "amount_due",
    "ask_provider",
    "cancel_charge",
    "charge",
    "charges",
    "charges_of",
    "connect",
    "create_charge",
    "let_take_money",
    "load_accounts",
    "messages_waiting",
    "pay_place",
    "provider",
    "providers",
    "qr_payload",
    "qr_svg",
    "receipt",
    "receive_callback",
    "reconcile_day",
    "resolve_message",
    "settle_at_counter",
    "settlements",
    "write_charges",
]
