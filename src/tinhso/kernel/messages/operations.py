"""The writes of messages: tell, mark as read, deliver, try again.

Telling appends no entry of its own: it follows from one. What enters the ledger is what a citizen could complain of (a
delivery that failed) and what he decided (how to be told). Nobody's reading is recorded there.
"""

import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor, ActorKind, Entry
from tinhso.kernel.messages import models, ports, queries
from tinhso.kernel.messages.types import (
    BadRecipient,
    DeliveryFailed,
    DeliveryNotFound,
    DeliveryState,
    NotFailed,
    NoticeRequest,
    NotKeeper,
    Preferences,
    PreferencesSet,
    SendFailed,
    Skip,
    UnknownLanguage,
)
from tinhso.lib import clock

log = logging.getLogger(__name__)

SYSTEM = Actor(id="system:messages", kind=ActorKind.SYSTEM)
KEEPER = "messages.keeper"
"""The role that looks after deliveries."""

LANGUAGES = ("vi", "en")
PAUSES = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 360, 1440))
"""After the first, second … failed try. Together somewhat over a day."""
TRIES = len(PAUSES) + 1
"""After so many the delivery has failed."""
LEASE = timedelta(minutes=5)
"""How long a worker may take over what it claimed before another takes it for dead."""
BATCH = 20
PER_RUN = 200
TOO_OLD = timedelta(days=3)
"""News older than this is not sent out: after a long outage nobody wants last week's mail. The portal has it."""

HISTORY = timedelta(days=7)
"""What was recorded so long after it happened is history that was brought in (an import, a model province): nobody is told."""

FOLLOWER = "messages.notices"


@ledger.operation
def notify(actor: Actor, recipient: str, kind: str, params: Mapping[str, Any], about: str) -> str:
    """Tell one person (``party:<id>`` or ``account:<id>``) something: at once in the portal, soon on the other channels.

    Returns the notice's id. Raises :class:`BadRecipient`.
    """
    return _tell([(None, NoticeRequest(recipient, kind, params, about), clock.now())])[0]


def declare_notices(entry_kind: str, fn: ports.Teller) -> None:
    """On every entry of ``entry_kind``, tell whom ``fn(entry)`` names; for an app's ``declarations.py``.

    Exactly once for each entry, recipient and kind of notice, whatever fails in between. If ``fn`` raises, the follower
    ``messages.notices`` stops at that entry, visibly, and tries again.
    """
    ledger.follower(FOLLOWER, ports.add_teller(entry_kind, fn), batch=50)(tell_of)


def tell_of(entries: Sequence[Entry]) -> None:
    """The follower's work: the notices of these entries, in its transaction; none for history that was brought in afterwards.

    A worker that stood still for a month loses nothing: what counts is how late an entry was *recorded*, not when it is read.
    """
    news = [entry for entry in entries if entry.recorded_at - entry.occurred_at <= HISTORY]
    wanted = [(entry.id, request, entry.recorded_at) for entry in news for request in ports.requests_for(entry)]
    causes = [entry.id for entry in news]
    known = set(models.Notice.objects.filter(cause__in=causes).values_list("cause", "recipient", "kind"))
    fresh = []
    for cause, request, at in wanted:
        if (cause, request.recipient, request.kind) not in known:
            known.add((cause, request.recipient, request.kind))
            fresh.append((cause, request, at))
    _tell(fresh)


@ledger.operation
def mark_read(actor: Actor, ids: Sequence[str] | None = None) -> int:
    """Mark ``actor``'s own notices as read: these, or all (None). Others' are left alone. Returns how many changed."""
    rows = models.Notice.objects.filter(recipient__in=queries.recipients_of(actor), read_at__isnull=True)
    if ids is not None:
        rows = rows.filter(pk__in=[int(i) for i in ids if i.isascii() and i.isdigit()])
    return rows.update(read_at=clock.now())


@ledger.operation
def set_preferences(actor: Actor, wanted: Preferences) -> None:
    """``actor`` says how he wants to be told. Raises :class:`UnknownLanguage`, :class:`BadRecipient`."""
    if wanted.language not in LANGUAGES:
        raise UnknownLanguage(language=wanted.language)
    names = queries.recipients_of(actor)
    if not names:
        raise BadRecipient(recipient=actor.kind.value)
    for name in names:
        facts = {"email": wanted.email, "language": wanted.language}
        models.Preference.objects.update_or_create(recipient=name, defaults=facts)
    ledger.append(f"preferences:{names[0]}", PreferencesSet(wanted.email, wanted.language))


@ledger.operation
def retry_delivery(actor: Actor, delivery_id: str) -> None:
    """Let a failed delivery be tried again from the start, by a keeper or by the system itself.

    Raises :class:`NotKeeper`, :class:`DeliveryNotFound`, :class:`NotFailed`.
    """
    if actor.kind is not ActorKind.SYSTEM and not actor.units_with(KEEPER):
        raise NotKeeper()
    if not (delivery_id.isascii() and delivery_id.isdigit()):
        raise DeliveryNotFound()
    rows = models.Delivery.objects.filter(pk=int(delivery_id))
    now = clock.now()
    again = {"state": DeliveryState.WAITING, "attempts": 0, "next_try_at": now, "error_code": "", "changed_at": now}
    if not rows.filter(state=DeliveryState.FAILED).update(**again):
        raise NotFailed() if rows.exists() else DeliveryNotFound()


# --- delivering --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Result:
    state: DeliveryState
    carrier_ref: str = ""
    error_code: str = ""
    permanent: bool = False


def deliver_waiting(limit: int = PER_RUN) -> int:
    """Send what waits, at most ``limit`` deliveries; returns how many were tried. Any number of workers may do this at once.

    Each is claimed in one short transaction, sent outside any, and its outcome recorded in another: a carrier that hangs
    holds no lock. A worker that dies while sending leaves its claim to run out, and the delivery is tried again: at least
    once, then, under the same name, so that a repetition can be recognised.
    """
    tried = 0
    while tried < limit:
        mine = _claim(SYSTEM, min(BATCH, limit - tried))
        if not mine:
            break
        wishes = _wishes({row.notice.recipient for row in mine})
        for row in mine:
            _record(SYSTEM, row, _attempt(row, wishes.get(row.notice.recipient, Preferences())))
        tried += len(mine)
    return tried


@ledger.operation
def _claim(actor: Actor, limit: int) -> list[models.Delivery]:
    """Take up to ``limit`` waiting deliveries for this worker.

    Where rows can be locked (PostgreSQL), those held by another worker are passed over; everywhere, the update takes only
    what is still free, and what carries our claim afterwards is ours.
    """
    now, claim = clock.now(), uuid.uuid4()
    free = models.Delivery.objects.filter(state=DeliveryState.WAITING, next_try_at__lte=now)
    found = list(free.select_for_update(skip_locked=True).order_by("next_try_at", "id").values_list("pk", flat=True)[:limit])
    if not found:
        return []
    free.filter(pk__in=found).update(claim=claim, next_try_at=now + LEASE, attempts=F("attempts") + 1)
    return list(models.Delivery.objects.filter(claim=claim).select_related("notice").order_by("id"))


def _wishes(recipients: set[str]) -> dict[str, Preferences]:
    rows = models.Preference.objects.filter(recipient__in=recipients)
    return {row.recipient: Preferences(email=row.email, language=row.language) for row in rows}


def _attempt(row: models.Delivery, wishes: Preferences) -> _Result:
    """Send one delivery, if there is something to send; every failure becomes a result."""
    notice = row.notice
    channel = ports.channel(row.channel)
    if row.attempts > TRIES:
        return _Result(DeliveryState.FAILED, error_code="abandoned", permanent=True)
    if row.channel == "email" and not wishes.email:
        return _Result(DeliveryState.SKIPPED, error_code=Skip.TURNED_OFF)
    try:
        if channel is None:
            raise SendFailed("no_channel")
        address = channel.address(notice.recipient)
        if not address:
            return _Result(DeliveryState.SKIPPED, error_code=Skip.NO_ADDRESS)
        message = ports.render(notice.kind, notice.params, notice.about, wishes.language)
        return _Result(DeliveryState.SENT, carrier_ref=channel.send(str(row.pk), address, message))
    except SendFailed as failed:
        return _Result(DeliveryState.FAILED, error_code=failed.code, permanent=failed.permanent)
    except Exception:  # one bad notice must not hold up the others; it is logged, retried and counted
        log.exception("messages: delivery %s on %s fell over", row.pk, row.channel)
        return _Result(DeliveryState.FAILED, error_code="error")


@ledger.operation
def _record(actor: Actor, row: models.Delivery, result: _Result) -> None:
    """Write down what became of a delivery that is still ours."""
    now = clock.now()
    again = result.state is DeliveryState.FAILED and not result.permanent and row.attempts < TRIES
    facts: dict[str, Any] = {
        "state": DeliveryState.WAITING if again else result.state,
        "next_try_at": now + PAUSES[row.attempts - 1] if again else None,
        "carrier_ref": result.carrier_ref[:200],
        "error_code": result.error_code[:60],
        "claim": None,
        "changed_at": now,
    }
    ours = models.Delivery.objects.filter(pk=row.pk, claim=row.claim).update(**facts)
    if ours and facts["state"] is DeliveryState.FAILED:
        failed = DeliveryFailed(
            delivery=str(row.pk),
            channel=row.channel,
            notice_kind=row.notice.kind,
            about=row.notice.about,
            error_code=facts["error_code"],
            attempts=row.attempts,
        )
        ledger.append(f"delivery:{row.pk}", failed)


# --- inside ------------------------------------------------------------------------------------------------------------


def _tell(wanted: Sequence[tuple[int | None, NoticeRequest, datetime]]) -> list[str]:
    """Notices and their deliveries with two INSERTs; ids in the order given."""
    rows = models.Notice.objects.bulk_create(
        models.Notice(
            recipient=queries.recipient(request.recipient),
            kind=request.kind,
            params=dict(request.params),
            about=request.about,
            cause=cause,
            created_at=at,
        )
        for cause, request, at in wanted
    )
    models.Delivery.objects.bulk_create(
        _delivery(row, channel) for row in rows for channel in [ports.PORTAL, *ports.channels()]
    )
    return [str(row.pk) for row in rows]


def _delivery(notice: models.Notice, channel: str) -> models.Delivery:
    now = clock.now()
    row = models.Delivery(notice=notice, channel=channel, state=DeliveryState.WAITING, next_try_at=now, changed_at=now)
    if channel == ports.PORTAL:
        row.state, row.next_try_at = DeliveryState.SENT, None
    elif notice.created_at < now - TOO_OLD:
        row.state, row.next_try_at, row.error_code = DeliveryState.SKIPPED, None, Skip.TOO_OLD
    return row
