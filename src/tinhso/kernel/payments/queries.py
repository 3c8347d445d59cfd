"""What can be read of money. Rows become the frozen views of ``types`` here."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from tinhso.kernel.ledger.types import Actor
from tinhso.kernel.payments import models, ports
from tinhso.kernel.payments.engine import picture, reconcile, vietqr
from tinhso.kernel.payments.types import (
    AccountView,
    ChargeLine,
    ChargeNotFound,
    ChargeState,
    ChargeView,
    MessageVerdict,
    MessageView,
    Method,
    NoCollectingAccount,
    PayPlace,
    ReceiptView,
    ReconcileReport,
    Resolution,
    SettlementView,
)
from tinhso.lib import clock


def charge(charge_id: str) -> ChargeView:
    """One charge; raises :class:`ChargeNotFound`. Who may see it is decided by whoever knows the payable."""
    return _one(Q(pk=key(charge_id)))


def charges(payable: str) -> list[ChargeView]:
    """All charges of ``payable`` (``case:<uuid>``), oldest first, cancelled ones included."""
    return charges_of([payable]).get(payable, [])


def charges_of(payables: Iterable[str]) -> dict[str, list[ChargeView]]:
    """The charges of many payables with one statement; payables without any are left out."""
    found: dict[str, list[ChargeView]] = {}
    rows = models.Charge.objects.filter(payable__in=list(payables)).select_related("settlement").order_by("created_at", "id")
    for row in rows:
        found.setdefault(row.payable, []).append(charge_view(row))
    return found


def amount_due(payable: str) -> int:
    """What is still owed for ``payable``, in đồng."""
    return sum(c.amount for c in charges(payable) if c.state is ChargeState.DUE)


def receipt(charge_id: str) -> ReceiptView:
    """What the receipt of a paid charge shows; :class:`ChargeNotFound` while it is not paid."""
    row = models.Settlement.objects.select_related("charge").filter(charge_id=key(charge_id)).first()
    if row is None:
        raise ChargeNotFound()
    return ReceiptView(charge=charge_view(row.charge), settlement=settlement_view(row))


def account(unit: str, on: date | None = None) -> AccountView:
    """The account into which ``unit`` collects on a day (today): its own, else the general one.

    Raises :class:`NoCollectingAccount`.
    """
    day = on or clock.today()
    in_force = Q(valid_from__lte=day) & (Q(valid_until__isnull=True) | Q(valid_until__gt=day))
    row = (
        models.CollectingAccount.objects.filter(in_force, unit__in=[unit, ""])
        .order_by("-unit", "-valid_from")  # its own before the general one ("")
        .first()
    )
    if row is None:
        raise NoCollectingAccount(unit=unit, day=day.isoformat())
    return AccountView(
        unit=row.unit or None,
        bank=row.bank,
        bank_name=row.bank_name,
        number=row.number,
        holder=row.holder,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )


def qr_payload(charge: ChargeView) -> str:
    """The VietQR payload by which ``charge`` is paid: its amount, its reference, the account in force today.

    Raises :class:`NoCollectingAccount`.
    """
    to = account(charge.unit)
    return vietqr.build(
        vietqr.VietQr(bank=to.bank, account=to.number, amount=charge.amount, reference=charge.reference, name=to.holder)
    )


def qr_svg(charge: ChargeView) -> str:
    """The picture of :func:`qr_payload` as an ``<svg>`` element for a page."""
    return picture.svg(qr_payload(charge))


def pay_place(charge: ChargeView, provider: str, return_to: str) -> PayPlace:
    """Where to send the payer who would rather follow a link than scan; ``return_to`` is our page to come back to."""
    return ports.provider(provider).start(charge, qr_payload(charge), return_to)


def settlements(unit: str, day: date) -> list[SettlementView]:
    """What ``unit`` received on ``day`` (the province's wall clock), in the order of the receipts."""
    begin, end = _bounds(day)
    rows = models.Settlement.objects.filter(unit=unit, paid_at__gte=begin, paid_at__lt=end).select_related("charge")
    return [settlement_view(row) for row in rows.order_by("receipt_number")]


def reconcile_day(provider: str, day: date, statement: bytes, unit: str | None = None) -> ReconcileReport:
    """Compare what we settled through ``provider`` on ``day`` with the provider's statement (CSV, see
    :mod:`.engine.reconcile`); with ``unit``, only that unit's settlements. Raises :class:`StatementUnreadable`."""
    begin, end = _bounds(day)
    rows = models.Settlement.objects.filter(provider=provider, paid_at__gte=begin, paid_at__lt=end).select_related("charge")
    ours = [settlement_view(row) for row in rows.order_by("paid_at", "receipt_number")]
    theirs = [line for line in reconcile.read_statement(statement) if begin <= line.paid_at < end]
    if unit is not None:
        of_others = {s.reference for s in ours if s.unit != unit}
        ours = [s for s in ours if s.unit == unit]
        theirs = [line for line in theirs if line.reference not in of_others]
    return reconcile.compare(provider, day, ours, theirs)


def messages_waiting(actor: Actor, limit: int = 100) -> list[MessageView]:
    """What providers told us and a person must look at, oldest first: those about charges of units for which ``actor``
    may take money, and those that name no charge."""
    units = ports.units_of_cashier(actor)
    if not units:
        return []
    rows = models.ProviderMessage.objects.filter(waiting=True).filter(Q(charge__unit__in=units) | Q(charge__isnull=True))
    return [message_view(row) for row in rows.select_related("charge__settlement").order_by("received_at", "id")[:limit]]


def key(text: str) -> UUID:
    """The id in ``text``; the nil id, which no row has, if there is none in it."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _one(which: Q) -> ChargeView:
    row = models.Charge.objects.select_related("settlement").filter(which).first()
    if row is None:
        raise ChargeNotFound()
    return charge_view(row)


def _bounds(day: date) -> tuple[datetime, datetime]:
    """The instants at which ``day`` begins and ends in the province."""
    begin = datetime.combine(day, time(), tzinfo=clock.TZ)
    return begin, begin + timedelta(days=1)


def line_row(line: ChargeLine) -> dict[str, Any]:
    """A line as it is stored."""
    return {
        "code": line.code,
        "title": line.title,
        "title_en": line.title_en,
        "amount": line.amount,
        "legal_basis": line.legal_basis,
        "rule": line.rule,
        "rule_from": line.rule_from.isoformat() if line.rule_from else None,
    }


def _line(row: Mapping[str, Any]) -> ChargeLine:
    return ChargeLine(**{**row, "rule_from": date.fromisoformat(row["rule_from"]) if row["rule_from"] else None})


def charge_view(row: models.Charge) -> ChargeView:
    """A charge as it crosses the door; its settlement should have been selected with it."""
    paid = getattr(row, "settlement", None) if row.state == ChargeState.PAID else None
    return ChargeView(
        id=str(row.pk),
        payable=row.payable,
        reference=row.reference,
        amount=row.amount,
        lines=tuple(_line(line) for line in row.lines),
        state=ChargeState(row.state),
        payer=row.payer,
        created_at=row.created_at,
        paid_at=paid.paid_at if paid else None,
        method=Method(paid.method) if paid else None,
        receipt_number=paid.receipt_number if paid else None,
        unit=row.unit,
        due_before=row.due_before,
    )


def settlement_view(row: models.Settlement) -> SettlementView:
    """A settlement as it crosses the door; its charge should have been selected with it."""
    return SettlementView(
        charge=str(row.charge_id),
        payable=row.charge.payable,
        reference=row.charge.reference,
        unit=row.unit,
        amount=row.amount,
        method=Method(row.method),
        provider=row.provider,
        transaction=row.transaction,
        paid_at=row.paid_at,
        receipt_number=row.receipt_number,
        recorded_by=row.recorded_by,
    )


def message_view(row: models.ProviderMessage) -> MessageView:
    """A provider's message as it crosses the door."""
    return MessageView(
        id=str(row.pk),
        provider=row.provider,
        verdict=MessageVerdict(row.verdict),
        transaction=row.transaction,
        reference=row.reference,
        amount=row.amount,
        charge=charge_view(row.charge) if row.charge else None,
        received_at=row.received_at,
        times=row.times,
        resolution=Resolution(row.resolution) if row.resolution else None,
        raw=row.raw,
    )
