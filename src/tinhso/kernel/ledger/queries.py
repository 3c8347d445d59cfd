"""Reading the ledger."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time

from django.db.models import Max, QuerySet

from tinhso.kernel.ledger import models
from tinhso.kernel.ledger.context import current_actor
from tinhso.kernel.ledger.engine import canonical
from tinhso.kernel.ledger.types import Entry, Head
from tinhso.lib.clock import TZ

KEY_LENGTH = 200
"""Characters of a request's key that are kept as they are."""


def history(stream: str, kinds: Sequence[str] | None = None) -> list[Entry]:
    """The entries of ``stream`` in their order, of these ``kinds`` only if given; empty when there is no such stream."""
    rows: QuerySet[models.Entry] = models.Entry.objects.filter(stream=stream)
    if kinds is not None:
        rows = rows.filter(kind__in=list(kinds))
    return [as_entry(row, row.place) for row in rows.annotate(place=Max("seal__position")).order_by("version")]


def entries(
    kinds: Sequence[str], where: Mapping[str, Sequence[str | int | bool]], days: tuple[date, date], before: int | None = None,
    limit: int = 20,
) -> list[Entry]:  # fmt: skip
    """Sealed entries of these kinds that happened from the first day to the one before the second, the newest first.

    ``where`` gives fields of their data the values they may have; ``before`` is the id to go on below.
    """
    since, until = (datetime.combine(day, time(), TZ) for day in days)
    rows = models.Entry.objects.filter(kind__in=list(kinds), occurred_at__gte=since, occurred_at__lt=until)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    for field, values in where.items():
        rows = rows.filter(**{f"data__{field}__in": list(values)})
    found = rows.filter(seal__isnull=False).select_related("seal").order_by("-pk")[:limit]
    return [as_entry(row, row.seal.position) for row in found]


def sealed(kinds: Sequence[str], end: int) -> Iterator[Entry]:
    """Every sealed entry of these kinds below a position, in the tree's order, a chunk at a time."""
    rows = models.Seal.objects.filter(position__lt=end, entry__kind__in=list(kinds)).select_related("entry")
    for seal in rows.order_by("position").iterator(chunk_size=2000):
        yield as_entry(seal.entry, seal.position)


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
