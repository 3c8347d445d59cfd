"""Tables of messages."""

from django.db import models
from django.db.models import Q

from tinhso.kernel.messages.types import DeliveryState


class Notice(models.Model):
    """Something one person was told. ``cause`` is the ledger entry it came from: told once for each entry."""

    recipient = models.CharField(max_length=80)
    kind = models.CharField(max_length=80)
    params = models.JSONField()
    about = models.CharField(max_length=80)
    cause = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notice_recipient"),
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="notice_unread"),
        ]
        constraints = [models.UniqueConstraint(fields=["cause", "recipient", "kind"], name="notice_once")]


class Delivery(models.Model):
    """One notice on one channel. A worker that sends it holds it by ``claim`` until ``next_try_at``."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=[(s, s) for s in DeliveryState])
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True)
    carrier_ref = models.CharField(max_length=200, blank=True)
    error_code = models.CharField(max_length=60, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state=DeliveryState.WAITING), name="delivery_waiting"),
            models.Index(fields=["changed_at"], name="delivery_changed"),
            models.Index(fields=["state", "changed_at"], condition=Q(state=DeliveryState.FAILED), name="delivery_failed"),
            models.Index(fields=["claim"], condition=Q(claim__isnull=False), name="delivery_claim"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once"),
            models.CheckConstraint(condition=Q(state__in=list(DeliveryState)), name="delivery_state_known"),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.WAITING) | Q(next_try_at__isnull=False), name="delivery_waiting_has_time"
            ),
        ]


class Preference(models.Model):
    """How one recipient wants to be told; without a row: by e-mail too, in Vietnamese."""

    recipient = models.CharField(max_length=80, primary_key=True)
    email = models.BooleanField(default=True)
    language = models.CharField(max_length=5, default="vi")
