"""What can be read of messages."""

from datetime import timedelta

from django.db.models import Count, Min, Q

from tinhso.kernel.ledger.types import Actor
from tinhso.kernel.messages import models
from tinhso.kernel.messages.types import (
    BadRecipient,
    DeliveryCount,
    DeliveryState,
    DeliveryView,
    NoticePage,
    NoticeView,
    Preferences,
)
from tinhso.lib import clock
from tinhso.lib.text import whole_number

UNREAD_MAX = 100
"""Counting stops here: a badge says 99+."""


def recipients_of(actor: Actor) -> list[str]:
    """The names under which ``actor`` receives: the account, and the party behind it."""
    found = [actor.id] if actor.id.startswith("account:") else []
    return found + ([f"party:{actor.party}"] if actor.party else [])


def recipient(name: str) -> str:
    """``name`` if it is one of a recipient; raises :class:`BadRecipient`."""
    kind, _, rest = name.partition(":")
    if kind not in {"party", "account"} or not rest or len(name) > 80:
        raise BadRecipient(recipient=kind)
    return name


def notices(actor: Actor, after: str | None = None, size: int = 20, unread: bool = False) -> NoticePage:
    """What ``actor`` was told, newest first; ``after`` is the cursor that the page before gave."""
    rows = models.Notice.objects.filter(recipient__in=recipients_of(actor))
    if unread:
        rows = rows.filter(read_at__isnull=True)
    before = whole_number(after or "")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-id")[: size + 1])
    return NoticePage(
        rows=tuple(_notice(row) for row in found[:size]), after=str(found[size - 1].pk) if len(found) > size else None
    )


def unread_count(actor: Actor) -> int:
    """How many notices ``actor`` has not read; 100 means 100 or more."""
    rows = models.Notice.objects.filter(recipient__in=recipients_of(actor), read_at__isnull=True)
    return rows[:UNREAD_MAX].count()


def preferences(actor: Actor) -> Preferences:
    """How ``actor`` wants to be told."""
    row = models.Preference.objects.filter(recipient__in=recipients_of(actor)).first()
    return Preferences() if row is None else Preferences(email=row.email, language=row.language)


def delivery_states(since: timedelta = timedelta(days=1)) -> list[DeliveryCount]:
    """All that waits or has failed, and what else became of the deliveries of the last day (``since``)."""
    recent = Q(changed_at__gte=clock.now() - since)
    rows = (
        models.Delivery.objects.filter(Q(state__in=[DeliveryState.WAITING, DeliveryState.FAILED]) | recent)
        .values("channel", "state")
        .annotate(count=Count("id"), oldest=Min("changed_at"))
        .order_by("channel", "state")
    )
    return [DeliveryCount(r["channel"], DeliveryState(r["state"]), r["count"], r["oldest"]) for r in rows]


def failed_deliveries(limit: int = 50) -> list[DeliveryView]:
    """What was given up, newest first."""
    rows = models.Delivery.objects.filter(state=DeliveryState.FAILED).select_related("notice").order_by("-changed_at", "-id")
    return [
        DeliveryView(
            id=str(row.pk),
            channel=row.channel,
            state=DeliveryState(row.state),
            notice_kind=row.notice.kind,
            about=row.notice.about,
            attempts=row.attempts,
            error_code=row.error_code,
            changed_at=row.changed_at,
        )
        for row in rows[:limit]
    ]


def _notice(row: models.Notice) -> NoticeView:
    return NoticeView(
        id=str(row.pk),
        kind=row.kind,
        params=row.params,
        about=row.about,
        created_at=row.created_at,
        read_at=row.read_at,
    )
