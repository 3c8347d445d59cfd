"""Reading the ledger."""

import hashlib
from collections.abc import Sequence

from django.db.models import Max, QuerySet

from tinhso.kernel.ledger import models
from tinhso.kernel.ledger.context import current_actor
from tinhso.kernel.ledger.engine import canonical
from tinhso.kernel.ledger.types import Entry, Head

KEY_LENGTH = 200
"""Characters of a request's key that are kept as they are."""


def history(stream: str, kinds: Sequence[str] | None = None) -> list[Entry]:
    """The entries of ``stream`` in their order, of these ``kinds`` only if given; empty when there is no such stream."""
    rows: QuerySet[models.Entry] = models.Entry.objects.filter(stream=stream)
    if kinds is not None:
        rows = rows.filter(kind__in=list(kinds))
    return [as_entry(row, row.place) for row in rows.annotate(place=Max("seal__position")).order_by("version")]


def seen(request_key: str) -> str | None:
    """The stream that the current actor has already written under ``request_key``; None when the request is new.

    Raises NoActor outside an operation: a key belongs to an actor.
    """
    rows = models.Entry.objects.filter(actor=current_actor().id, request_key=kept_key(request_key))
    return rows.values_list("stream", flat=True).first()


def kept_key(request_key: str) -> str:
    """A request's key as it is kept: one that is longer than its column, or holds what no column takes, by its digest."""
    if len(request_key) <= KEY_LENGTH and request_key.isprintable():
        return request_key
    return "sha256:" + hashlib.sha256(request_key.encode("utf-8", "surrogatepass")).hexdigest()


def head() -> Head | None:
    """The newest signed head; None while nothing is sealed."""
    row = models.SignedHead.objects.order_by("-size").first()
    return as_head(row) if row else None


def sealed_size() -> int:
    """How many entries are in the tree."""
    last: int | None = models.Seal.objects.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def as_head(row: models.SignedHead) -> Head:
    """A stored head as it crosses the door."""
    return Head(size=row.size, root=row.root, signed_at=row.signed_at, key_id=row.key_id, signature=row.signature)


def content(row: models.Entry) -> bytes:
    """The canonical bytes of a stored entry."""
    return canonical.entry_bytes(
        stream=row.stream,
        version=row.version,
        kind=row.kind,
        actor=row.actor,
        unit=row.unit,
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        data=row.data,
        request_key=row.request_key,
    )


def as_entry(row: models.Entry, position: int | None) -> Entry:
    """A stored entry as it crosses the door."""
    return Entry(
        id=row.pk,
        stream=row.stream,
        version=row.version,
        kind=row.kind,
        actor=row.actor,
        unit=row.unit,
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        data=row.data,
        position=position,
    )
