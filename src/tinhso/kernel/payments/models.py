"""Tables of payments."""

import uuid

from django.db import models
from django.db.models import Q

from tinhso.kernel.payments.types import CancelReason, ChargeState, MessageVerdict, Method, Resolution


class Charge(models.Model):
    """Money owed for one payable (``case:<uuid>``), as its fee rules stood when it was made; its amount never changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payable = models.CharField(max_length=80)
    reference = models.CharField(max_length=25, unique=True)
    unit = models.CharField(max_length=64)
    """Key of the unit that collects."""
    amount = models.BigIntegerField()
    lines = models.JSONField()
    payer = models.CharField(max_length=80, null=True)
    """Party id."""
    state = models.CharField(max_length=10, choices=[(s, s) for s in ChargeState], default=ChargeState.DUE)
    cancel_reason = models.CharField(max_length=10, choices=[(r, r) for r in CancelReason], null=True)
    due_before = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["payable", "created_at"], name="charge_payable")]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="charge_amount_positive"),
            models.CheckConstraint(condition=Q(state__in=list(ChargeState)), name="charge_state_known"),
            models.CheckConstraint(
                condition=Q(state=ChargeState.CANCELLED, cancel_reason__isnull=False)
                | (~Q(state=ChargeState.CANCELLED) & Q(cancel_reason__isnull=True)),
                name="charge_cancelled_with_reason",
            ),
        ]


class Settlement(models.Model):
    """The money for one charge arrived: whole, once (the one-to-one key holds it), with its receipt number."""

    charge = models.OneToOneField(Charge, on_delete=models.PROTECT, related_name="settlement", primary_key=True)
    unit = models.CharField(max_length=64)
    method = models.CharField(max_length=10, choices=[(m, m) for m in Method])
    provider = models.CharField(max_length=40, null=True)
    transaction = models.CharField(max_length=100, null=True)
    """The provider's own number of the transaction."""
    amount = models.BigIntegerField()
    paid_at = models.DateTimeField()
    receipt_number = models.CharField(max_length=20)
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["unit", "paid_at"], name="settlement_day"),
            models.Index(fields=["provider", "paid_at"], name="settlement_provider"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["provider", "transaction"], name="settlement_transaction_once"),
            models.UniqueConstraint(fields=["unit", "receipt_number"], name="settlement_receipt_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="settlement_amount_positive"),
            models.CheckConstraint(
                condition=Q(method=Method.ONLINE, provider__isnull=False, transaction__isnull=False)
                | (~Q(method=Method.ONLINE) & Q(provider__isnull=True, transaction__isnull=True)),
                name="settlement_online_has_transaction",
            ),
        ]


class ReceiptCounter(models.Model):
    """The last receipt number that a unit gave out in a year."""

    unit = models.CharField(max_length=64)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "year"], name="receipt_counter_once")]


class ProviderMessage(models.Model):
    """Something that a provider (or somebody posing as one) told us, kept word for word, with what we thought of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    provider = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    """SHA-256 of the body (and whether it was rightly signed): the same message again only counts up ``times``."""
    raw = models.TextField()
    transaction = models.CharField(max_length=100, blank=True)
    reference = models.CharField(max_length=100, blank=True)
    amount = models.BigIntegerField(null=True)
    paid_at = models.DateTimeField(null=True)
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, null=True, related_name="+")
    verdict = models.CharField(max_length=20, choices=[(v, v) for v in MessageVerdict])
    received_at = models.DateTimeField()
    last_received_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    waiting = models.BooleanField()
    """It is on the list of those that a person must look at."""
    resolution = models.CharField(max_length=10, choices=[(r, r) for r in Resolution], null=True)
    resolved_by = models.CharField(max_length=80, null=True)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["received_at"], condition=Q(waiting=True), name="message_waiting"),
            models.Index(fields=["provider", "transaction"], name="message_transaction"),
            models.Index(fields=["verdict", "received_at"], name="message_verdict"),
        ]
        constraints = [models.UniqueConstraint(fields=["provider", "digest"], name="message_once")]


class CollectingAccount(models.Model):
    """The bank account into which a unit collects, from a day to a day; ``unit`` empty: any unit without its own."""

    unit = models.CharField(max_length=64, blank=True)
    bank = models.CharField(max_length=6)
    bank_name = models.CharField(max_length=200)
    number = models.CharField(max_length=19)
    holder = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    """The first day on which it is no longer used."""
    legal_basis = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "valid_from"], name="account_once"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=models.F("valid_from")), name="account_dates_in_order"
            ),
        ]
