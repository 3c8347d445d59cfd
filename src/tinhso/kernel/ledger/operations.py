"""Appending to the ledger."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from tinhso.kernel.ledger import models
from tinhso.kernel.ledger.context import current_actor
from tinhso.kernel.ledger.engine import canonical
from tinhso.kernel.ledger.queries import as_entry, content, kept_key
from tinhso.kernel.ledger.registry import check
from tinhso.kernel.ledger.types import Entry, Event, Past, RequestRepeated, StreamConflict
from tinhso.lib.clock import now

BATCH = 2000
"""Entries in one INSERT of a history."""


def append(
    stream: str,
    *events: Event,
    unit: str | None = None,
    occurred_at: datetime | None = None,
    after: int | None = None,
    request_key: str | None = None,
) -> list[Entry]:
    """Record ``events`` at the end of ``stream`` with one INSERT; part of the running operation's transaction.

    ``after`` is the version the caller saw last (0 for a new stream); None reads it. ``unit`` defaults to the actor's.
    ``occurred_at`` is when it happened in the world (default: now). ``request_key`` marks the first entry, once per actor.
    Raises NoActor outside an operation, Undeclared for an unknown kind, StreamConflict when the stream has moved on,
    RequestRepeated when this actor has used the key before; after the last two nothing of the operation remains.
    """
    actor = current_actor()
    key = None if request_key is None else kept_key(request_key)
    recorded = now()
    occurred = occurred_at or recorded
    if after is None:
        after = models.Entry.objects.filter(stream=stream).aggregate(last=Max("version"))["last"] or 0
    rows = [
        _row(stream, version, event, actor.id, unit or actor.unit, occurred, recorded, key if index == 0 else None)
        for index, (version, event) in enumerate(enumerate(events, start=after + 1))
    ]
    try:
        with transaction.atomic(savepoint=False):
            rows = models.Entry.objects.bulk_create(rows)
    except IntegrityError as error:
        if "request_key" in str(error):
            raise RequestRepeated(request_key=str(request_key)) from error
        raise StreamConflict(stream=stream, after=after) from error
    return [as_entry(row, None) for row in rows]


def append_history(past: Sequence[Past]) -> int:
    """Record what happened earlier, by whoever did it then, in the order of time; how many entries that made.

    Part of the running operation's transaction, which says in its own entry who brought the history in. ``recorded_at`` is now,
    ``occurred_at`` when it happened: whoever must not act on old news compares the two. Raises NoActor outside an operation,
    Undeclared, StreamConflict or RequestRepeated when any one entry is refused; then nothing of the operation remains.
    """
    current_actor()
    recorded = now()
    rows = [
        _row(
            one.stream,
            version,
            event,
            one.actor,
            one.unit,
            one.occurred_at,
            recorded,
            None if index or one.request_key is None else kept_key(one.request_key),
        )
        for one in sorted(past, key=lambda one: one.occurred_at)
        for index, (version, event) in enumerate(enumerate(one.events, start=one.after + 1))
    ]
    try:
        with transaction.atomic(savepoint=False):
            models.Entry.objects.bulk_create(rows, batch_size=BATCH)
    except IntegrityError as error:
        if "request_key" in str(error):
            raise RequestRepeated(request_key="") from error
        raise StreamConflict(stream="", after=0) from error
    return len(rows)


def _row(
    stream: str,
    version: int,
    event: Event,
    actor: str,
    unit: str | None,
    occurred: datetime,
    recorded: datetime,
    request_key: str | None,
) -> models.Entry:
    row = models.Entry(
        stream=stream,
        version=version,
        kind=check(event),
        actor=actor,
        unit=unit,
        occurred_at=occurred,
        recorded_at=recorded,
        data=canonical.plain(event),
        request_key=request_key,
    )
    row.leaf = canonical.leaf(content(row))
    return row
