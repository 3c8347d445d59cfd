"""The writes of money: charge, settle once, cancel, keep what providers say.

A charge's stream (``charge:<id>``) holds two entries at most: charged, then settled or cancelled. So a second settlement is
refused three times over: by the row lock, by the one-to-one key of the settlement, and by the stream's version.
"""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from django.db.models import F

from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor, ActorKind, Past
from tinhso.kernel.payments import models, ports, queries
from tinhso.kernel.payments.engine import accounts, judge, reference, vietqr
from tinhso.kernel.payments.types import (
    WAITING_VERDICTS,
    AccountSet,
    AlreadyCancelled,
    AlreadyPaid,
    CallbackOutcome,
    CallbackRefused,
    CallbackTooLarge,
    Cancelled,
    CancelReason,
    Charged,
    ChargeLine,
    ChargeNotFound,
    ChargeState,
    ChargeView,
    MessageNotFound,
    MessageNotWaiting,
    MessageRefused,
    MessageResolved,
    MessageVerdict,
    Method,
    NoCollectingUnit,
    NotAtCounter,
    NotCashier,
    NothingToCharge,
    PastCharge,
    Resolution,
    Settled,
    SettlementNotice,
)
from tinhso.lib import clock

log = logging.getLogger(__name__)

SYSTEM = Actor(id="system:payments", kind=ActorKind.SYSTEM)
"""Who records what a provider says."""

CALLBACK_MAX = 64 * 1024
"""Bytes. The messages we know have a few hundred."""
FORGED_KEPT_PER_HOUR = 200
"""Anybody can send us rubbish; beyond this many different pieces in an hour we only log it."""


@ledger.operation
def create_charge(
    actor: Actor,
    payable: str,
    lines: Sequence[ChargeLine],
    payer: str | None,
    *,
    unit: str | None = None,
    due_before: datetime | None = None,
) -> ChargeView:
    """Charge ``payer`` (party id) for ``payable`` (``case:<uuid>``): the sum of ``lines`` in đồng, collected by ``unit`` (key;
    default: the actor's). Who may is the policy of whoever owns the payable.

    Raises :class:`NothingToCharge` when the lines come to nothing (make no charge then), :class:`NoCollectingUnit`.
    """
    collecting = unit or actor.unit
    if not collecting:
        raise NoCollectingUnit(payable=payable)
    amount = sum(line.amount for line in lines)
    if any(line.amount < 0 for line in lines) or not 0 < amount <= vietqr.AMOUNT_MAX:
        raise NothingToCharge(amount=amount)
    now = clock.now()
    row = models.Charge.objects.create(
        payable=payable,
        reference=reference.new(clock.today()),
        unit=collecting,
        amount=amount,
        lines=[queries.line_row(line) for line in lines],
        payer=payer,
        due_before=due_before,
        created_at=now,
    )
    by_code: dict[str, int] = {}
    for line in lines:
        by_code[line.code] = by_code.get(line.code, 0) + line.amount
    charged = Charged(str(row.pk), payable, collecting, amount, by_code, payer, due_before)
    ledger.append(_stream(row), charged, unit=collecting, after=0)
    return queries.charge_view(row)


@ledger.operation
def settle_at_counter(actor: Actor, charge_id: str, method: Method, paid_at: datetime | None = None) -> ChargeView:
    """Record that a charge was paid to ``actor``, in cash or by a transfer that he has seen; ``paid_at`` defaults to now.

    Raises :class:`ChargeNotFound`, :class:`NotCashier`, :class:`NotAtCounter`, :class:`AlreadyPaid`, :class:`AlreadyCancelled`.
    """
    if method not in {Method.CASH, Method.TRANSFER}:
        raise NotAtCounter(method=method.value)
    row = _locked(charge_id)
    ports.check_cashier(actor, row.unit)
    _check_due(row)
    _settle(actor, row, method, paid_at or clock.now())
    return queries.charge_view(row)


@ledger.operation
def cancel_charge(actor: Actor, charge_id: str, reason: CancelReason) -> ChargeView:
    """Nothing is owed any more. Who may is the policy of whoever owns the payable; money that arrives later is listed.

    Raises :class:`ChargeNotFound`, :class:`AlreadyPaid`, :class:`AlreadyCancelled`.
    """
    row = _locked(charge_id)
    _check_due(row)
    row.state, row.cancel_reason = ChargeState.CANCELLED, reason
    row.save(update_fields=["state", "cancel_reason"])
    ledger.append(
        _stream(row), Cancelled(str(row.pk), row.payable, row.unit, row.amount, CancelReason(reason)), unit=row.unit, after=1
    )
    return queries.charge_view(row)


def receive_callback(provider: str, headers: Mapping[str, str], body: bytes) -> CallbackOutcome:
    """A provider calls: verify, keep, settle at most once, as the system. Safe to call any number of times, at once.

    Whatever arrives is kept with a verdict; what did not settle a charge waits for a person
    (:func:`.queries.messages_waiting`). Raises :class:`UnknownProvider`, :class:`CallbackTooLarge`.
    """
    adapter = ports.provider(provider)
    if len(body) > CALLBACK_MAX:
        raise CallbackTooLarge(bytes=len(body))
    try:
        notice = adapter.read_callback(headers, body, clock.now())
    except CallbackRefused as refused:
        return _keep_refused(SYSTEM, provider, refused.verdict, body)
    return _keep(SYSTEM, notice, body)


def ask_provider(provider: str, reference: str) -> list[CallbackOutcome]:
    """Ask a provider what it knows of ``reference``, for when its callback does not come, and act on it like a callback.

    Raises :class:`UnknownProvider`, :class:`ProviderUnreachable`.
    """
    notices = ports.provider(provider).query(reference)
    return [_keep(SYSTEM, notice, judge.as_text(notice).encode()) for notice in notices]


@ledger.operation
def resolve_message(actor: Actor, message_id: str, resolution: Resolution) -> None:
    """An official deals with a listed message. ``SETTLED`` (only of an overpaid one) settles the charge with it.

    Raises :class:`MessageNotFound`, :class:`NotCashier`, :class:`MessageNotWaiting`, :class:`AlreadyPaid`,
    :class:`AlreadyCancelled`.
    """
    message = models.ProviderMessage.objects.select_for_update().filter(pk=queries.key(message_id)).first()
    if message is None:
        raise MessageNotFound()
    charge = _locked(str(message.charge_id)) if message.charge_id else None
    if charge is not None:
        ports.check_cashier(actor, charge.unit)
    elif not ports.units_of_cashier(actor):
        raise NotCashier(unit="")
    if not message.waiting:
        raise MessageNotWaiting(verdict=message.verdict)
    if resolution is Resolution.SETTLED:
        if charge is None or message.verdict != MessageVerdict.OVERPAID or message.paid_at is None:
            raise MessageNotWaiting(verdict=message.verdict)
        _check_due(charge)
        _settle(actor, charge, Method.ONLINE, message.paid_at, message.provider, message.transaction)
    message.waiting, message.resolution = False, resolution
    message.resolved_by, message.resolved_at = actor.id, clock.now()
    message.save(update_fields=["waiting", "resolution", "resolved_by", "resolved_at"])
    resolved = MessageResolved(str(message.pk), MessageVerdict(message.verdict), resolution)
    ledger.append(_message_stream(message), resolved, unit=charge.unit if charge else None)


@ledger.operation
def load_accounts(actor: Actor, path: Path) -> int:
    """Load the collecting accounts of a pack; says how many were new or changed. Loading again changes nothing.

    Raises :class:`AccountsInvalid`.
    """
    changed = 0
    for given in accounts.read(path):
        facts = {
            "bank": given.bank,
            "bank_name": given.bank_name,
            "number": given.number,
            "holder": given.holder,
            "valid_until": given.valid_until,
            "legal_basis": given.legal_basis,
        }
        row = models.CollectingAccount.objects.filter(unit=given.unit or "", valid_from=given.valid_from).first()
        if row is not None and all(getattr(row, name) == value for name, value in facts.items()):
            continue
        models.CollectingAccount.objects.update_or_create(unit=given.unit or "", valid_from=given.valid_from, defaults=facts)
        entry = AccountSet(given.unit or "", given.bank, given.number, given.valid_from, given.valid_until)
        ledger.append(f"collecting-account:{given.unit or 'general'}", entry, unit=given.unit)
        changed += 1
    return changed


def write_charges(past: Sequence[PastCharge]) -> int:
    """Write charges of the past and what became of them, as :func:`create_charge`, :func:`settle_at_counter` and
    :func:`cancel_charge` would have; part of the running operation, which answers for them. Gives the number of entries.

    Raises :class:`NothingToCharge`, :class:`NotCashier`.
    """
    entries: list[Past] = []
    paid: list[models.Settlement] = []
    receipts = _receipts(past)
    for one in past:
        if any(line.amount < 0 for line in one.lines) or not 0 < one.amount <= vietqr.AMOUNT_MAX:
            raise NothingToCharge(amount=one.amount)
        by_code: dict[str, int] = {}
        for line in one.lines:
            by_code[line.code] = by_code.get(line.code, 0) + line.amount
        charged = Charged(one.id, one.payable, one.unit, one.amount, by_code, one.payer, None)
        entries.append(Past(f"charge:{one.id}", 0, (charged,), one.by, one.unit, one.at))
        if one.settled is not None:
            method, cashier, at = one.settled
            ports.check_cashier(cashier, one.unit)
            row = _past_settlement(one, method, cashier, at, next(receipts[one.unit, at.astimezone(clock.TZ).year]))
            paid.append(row)
            fact = Settled(one.id, one.payable, one.unit, one.amount, method, None, row.receipt_number, one.at, at)
            entries.append(Past(f"charge:{one.id}", 1, (fact,), cashier.id, one.unit, at))
        elif one.cancelled is not None:
            reason, actor, at = one.cancelled
            gone = Cancelled(one.id, one.payable, one.unit, one.amount, reason)
            entries.append(Past(f"charge:{one.id}", 1, (gone,), actor.id, one.unit, at))
    models.Charge.objects.bulk_create([_past_charge(one) for one in past], batch_size=500)
    models.Settlement.objects.bulk_create(paid, batch_size=500)
    return ledger.append_history(entries)


def _past_charge(one: PastCharge) -> models.Charge:
    state = ChargeState.PAID if one.settled else ChargeState.CANCELLED if one.cancelled else ChargeState.DUE
    return models.Charge(
        id=one.id,
        payable=one.payable,
        reference=reference.new(one.at.astimezone(clock.TZ).date()),
        unit=one.unit,
        amount=one.amount,
        lines=[queries.line_row(line) for line in one.lines],
        payer=one.payer,
        state=state,
        cancel_reason=one.cancelled[0] if one.cancelled else None,
        created_at=one.at,
    )


def _past_settlement(one: PastCharge, method: Method, cashier: Actor, at: datetime, number: int) -> models.Settlement:
    return models.Settlement(
        charge_id=one.id,
        unit=one.unit,
        method=method,
        amount=one.amount,
        paid_at=at,
        receipt_number=f"{at.astimezone(clock.TZ).year}-{number:06}",
        recorded_by=cashier.id,
        recorded_at=at,
    )


def _receipts(past: Sequence[PastCharge]) -> dict[tuple[str, int], Iterator[int]]:
    """Receipt numbers, a range for each unit and year."""
    wanted = Counter((one.unit, one.settled[2].astimezone(clock.TZ).year) for one in past if one.settled)
    found = {}
    for (unit, year), many in wanted.items():
        models.ReceiptCounter.objects.get_or_create(unit=unit, year=year)
        counters = models.ReceiptCounter.objects.filter(unit=unit, year=year)
        counters.update(last=F("last") + many)
        last = counters.values_list("last", flat=True).get()
        found[unit, year] = iter(range(last - many + 1, last + 1))
    return found


# --- inside ------------------------------------------------------------------------------------------------------------


def _stream(row: models.Charge) -> str:
    return f"charge:{row.pk}"


def _message_stream(row: models.ProviderMessage) -> str:
    return f"provider-message:{row.pk}"


def _locked(charge_id: str) -> models.Charge:
    """The charge, held against everybody else until the transaction ends."""
    row = models.Charge.objects.select_for_update().filter(pk=queries.key(charge_id)).first()
    if row is None:
        raise ChargeNotFound()
    return row


def _check_due(row: models.Charge) -> None:
    if row.state == ChargeState.PAID:
        raise AlreadyPaid(reference=row.reference)
    if row.state == ChargeState.CANCELLED:
        raise AlreadyCancelled(reference=row.reference)


def _settle(
    actor: Actor,
    row: models.Charge,
    method: Method,
    paid_at: datetime,
    provider: str | None = None,
    transaction: str | None = None,
) -> None:
    """Settle a charge that is locked and due."""
    settlement = models.Settlement.objects.create(
        charge=row,
        unit=row.unit,
        method=method,
        provider=provider,
        transaction=transaction,
        amount=row.amount,
        paid_at=paid_at,
        receipt_number=_next_receipt(row.unit),
        recorded_by=actor.id,
        recorded_at=clock.now(),
    )
    row.state = ChargeState.PAID
    row.save(update_fields=["state"])
    settled = Settled(
        charge=str(row.pk),
        payable=row.payable,
        unit=row.unit,
        amount=row.amount,
        method=method,
        provider=provider,
        receipt_number=settlement.receipt_number,
        charged_at=row.created_at,
        paid_at=paid_at,
    )
    ledger.append(_stream(row), settled, unit=row.unit, occurred_at=paid_at, after=1)


def _next_receipt(unit: str) -> str:
    """The unit's next receipt number of the year, ``2026-000123``: without gaps, since a rollback takes it back."""
    year = clock.today().year
    counters = models.ReceiptCounter.objects.filter(unit=unit, year=year)
    if not counters.update(last=F("last") + 1):
        models.ReceiptCounter.objects.get_or_create(unit=unit, year=year)
        counters.update(last=F("last") + 1)
    return f"{year}-{counters.values_list('last', flat=True).get():06}"


@ledger.operation
def _keep(actor: Actor, notice: SettlementNotice, body: bytes) -> CallbackOutcome:
    """Keep a verified message and act on it."""
    charge = models.Charge.objects.select_for_update().filter(reference=notice.reference).first()
    said = models.ProviderMessage.objects.filter(provider=notice.provider, transaction=notice.transaction)
    earlier = said.order_by("received_at").first()
    verdict = judge.judge(
        notice,
        owed=None if charge is None else (ChargeState(charge.state), charge.amount),
        earlier=None if earlier is None else (earlier.reference, earlier.amount),
    )
    message, new = _store(notice.provider, verdict, b"signed:" + body, body, charge, notice)
    if not new:
        return CallbackOutcome(MessageVerdict(message.verdict), True, str(message.pk))
    if verdict is MessageVerdict.SETTLED and charge is not None:
        _settle(actor, charge, Method.ONLINE, notice.paid_at, notice.provider, notice.transaction)
    return CallbackOutcome(verdict, True, str(message.pk))


@ledger.operation
def _keep_refused(actor: Actor, provider: str, verdict: MessageVerdict, body: bytes) -> CallbackOutcome:
    """Keep what a provider's adapter did not accept; nothing in it is believed."""
    if verdict is MessageVerdict.FORGED and _flooded(provider):
        log.warning("payments: forged callbacks for %s come in floods; this one is not kept", provider)
        return CallbackOutcome(verdict, False, "")
    message, _ = _store(provider, verdict, verdict.value.encode() + b":" + body, body, None, None)
    return CallbackOutcome(verdict, False, str(message.pk))


def _flooded(provider: str) -> bool:
    since = clock.now() - timedelta(hours=1)
    forged = models.ProviderMessage.objects.filter(provider=provider, verdict=MessageVerdict.FORGED, received_at__gte=since)
    return forged.count() >= FORGED_KEPT_PER_HOUR


def _store(
    provider: str,
    verdict: MessageVerdict,
    unique: bytes,
    body: bytes,
    charge: models.Charge | None,
    notice: SettlementNotice | None,
) -> tuple[models.ProviderMessage, bool]:
    """The message's row and whether it is new; the same message again counts up."""
    now = clock.now()
    message, new = models.ProviderMessage.objects.get_or_create(
        provider=provider,
        digest=sha256(unique).hexdigest(),
        defaults={
            "raw": judge.as_kept(body),
            "transaction": notice.transaction if notice else "",
            "reference": notice.reference if notice else "",
            "amount": notice.amount if notice else None,
            "paid_at": notice.paid_at if notice else None,
            "charge": charge,
            "verdict": verdict,
            "received_at": now,
            "last_received_at": now,
            "waiting": verdict in WAITING_VERDICTS,
        },
    )
    if not new:
        models.ProviderMessage.objects.filter(pk=message.pk).update(times=F("times") + 1, last_received_at=now)
    elif verdict in WAITING_VERDICTS:
        refused = MessageRefused(
            message=str(message.pk),
            provider=provider,
            verdict=verdict,
            amount=notice.amount if notice else None,
            charge=str(charge.pk) if charge else None,
            payable=charge.payable if charge else None,
        )
        ledger.append(_message_stream(message), refused, unit=charge.unit if charge else None, after=0)
    return message, new
