"""Verifying the ledger where it lies, and exporting it."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, TextField
from django.db.models.functions import Cast

from tinhso.kernel.ledger import keys, models
from tinhso.kernel.ledger.engine import canonical
from tinhso.kernel.ledger.engine.archive import ArchiveWriter
from tinhso.kernel.ledger.engine.audit import Audit, Found, Label
from tinhso.kernel.ledger.engine.merkle import TILE
from tinhso.kernel.ledger.queries import as_head, sealed_size
from tinhso.kernel.ledger.tree import cut
from tinhso.kernel.ledger.types import Fault, FaultKind, Head, VerifyReport
from tinhso.lib.clock import now

Progress = Callable[[int, int], None]
"""Called with (entries checked, entries in all)."""

CHUNK = TILE * 8
NAMED_AT_MOST = 200

_COLUMNS = (
    "pk",
    "stream",
    "version",
    "kind",
    "actor",
    "unit",
    "occurred_at",
    "recorded_at",
    "request_key",
    "leaf",
)


class _Content(NamedTuple):
    """An entry as it is now: its canonical bytes (empty when it can't be read), and whether they fit its own leaf."""

    content: bytes
    honest: bool
    label: Label


class _Sealed(NamedTuple):
    """A seal and its entry, None when that is gone."""

    position: int
    leaf: bytes
    entry_id: int
    entry: _Content | None

    def found(self) -> Found:
        """As the audit wants it."""
        if self.entry is None:
            return Found(self.leaf, None, (self.entry_id, None, None))
        return Found(self.leaf, canonical.leaf(self.entry.content) if self.entry.honest else b"", self.entry.label)


def verify(against: Head | None = None, progress: Progress | None = None) -> VerifyReport:
    """Check every entry, the tree, every signed head and, if given, that a head kept outside fits.

    Each faulty entry is named. Takes no locks; what is sealed while it runs is left to the next time. Reads about as fast
    as the database gives rows; memory does not grow with the ledger.
    """
    began = time.monotonic()
    size, heads = _extent()
    audit = Audit(heads, keys.public_keys(), lambda label: label, against)
    for start in range(0, size, CHUNK):
        _check_chunk(audit, start, min(start + CHUNK, size))
        if progress is not None:
            progress(min(start + CHUNK, size), size)
    faults = (*audit.faults(), *_unsealed_faults(), *_stream_faults())
    return VerifyReport(
        ok=not faults,
        size=size,
        heads=len(heads),
        unsealed=models.Unsealed.objects.count(),
        head=heads[-1] if heads else None,
        faults=faults,
        against=against,
        seconds=time.monotonic() - began,
    )


def _extent() -> tuple[int, list[Head]]:
    """Size of the tree and all heads, read so that a sealer at work between the two reads is not taken for a fault."""
    for _ in range(5):
        heads = [as_head(row) for row in models.SignedHead.objects.order_by("size")]
        size = sealed_size()
        if size == (heads[-1].size if heads else 0):
            break
    return size, heads


def _check_chunk(audit: Audit, start: int, end: int) -> None:
    found = {row.position: row.found() for row in _sealed(start, end)}
    first, last = start // TILE, (end - 1) // TILE
    rows = models.Tile.objects.filter(level=0, number__gte=first, number__lte=last)
    tiles = {number: cut(bytes(hashes)) for number, hashes in rows.values_list("number", "hashes")}
    for number in range(first, last + 1):
        audit.chunk(found, min((number + 1) * TILE, end), tiles.get(number))


def _sealed(start: int, end: int) -> Iterator[_Sealed]:
    """The seals of these positions with the canonical bytes of their entries as they are now."""
    seals = models.Seal.objects.filter(position__gte=start, position__lt=end).order_by("position")
    rows = list(seals.values_list("position", "leaf", "entry_id"))
    contents = _contents([entry_id for _, _, entry_id in rows])
    for position, leaf, entry_id in rows:
        yield _Sealed(position, bytes(leaf), entry_id, contents.get(entry_id))


def _contents(ids: list[int]) -> dict[int, _Content]:
    """Entries by id, as far as they exist. One that can't be read must not hide the others: look for it by halves."""
    try:
        return dict(_read(ids))
    except (ValueError, TypeError, AttributeError, OverflowError):
        if len(ids) == 1:
            return {ids[0]: _Content(b"", False, (ids[0], None, None))}
    middle = len(ids) // 2
    return _contents(ids[:middle]) | _contents(ids[middle:])


def _read(ids: list[int]) -> Iterator[tuple[int, _Content]]:
    rows = models.Entry.objects.filter(pk__in=ids).annotate(text=Cast("data", TextField()))
    for pk, stream, version, kind, actor, unit, occurred, recorded, key, leaf, text in rows.values_list(*_COLUMNS, "text"):
        content = canonical.entry_bytes(
            stream=stream,
            version=version,
            kind=kind,
            actor=actor,
            unit=unit,
            occurred_at=occurred,
            recorded_at=recorded,
            data=json.loads(text, object_pairs_hook=_no_twins),
            request_key=key,
        )
        yield pk, _Content(content, canonical.leaf(content) == bytes(leaf), (pk, stream, version))


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object without repeated keys: of two, we would read the last and the database the first."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is repeated")
    return found


def _unsealed_faults() -> list[Fault]:
    """Entries outside the tree: changed while they wait, or neither sealed nor waiting; and waiting ones that are gone."""
    waiting = models.Unsealed.objects.filter(entry_id=OuterRef("pk"))
    outside = models.Entry.objects.filter(seal__isnull=True).annotate(waits=Exists(waiting))
    hidden = outside.filter(waits=False).values_list("pk", "stream", "version")[:NAMED_AT_MOST]
    faults = [Fault(FaultKind.ADDED, "it is neither sealed nor waiting to be", None, *label) for label in hidden]
    ids = list(outside.filter(waits=True).order_by("pk").values_list("pk", flat=True)[:CHUNK])
    contents = _contents(ids) if ids else {}
    faults += [
        Fault(FaultKind.CHANGED, "its content is not what was recorded", None, *entry.label)
        for entry in contents.values()
        if not entry.honest
    ]
    there = models.Entry.objects.filter(pk=OuterRef("entry_id"))
    gone = models.Unsealed.objects.filter(~Exists(there)).values_list("entry_id", flat=True)[:NAMED_AT_MOST]
    return faults + [Fault(FaultKind.REMOVED, "it was waiting for the sealer and is gone", None, pk) for pk in gone]


def _stream_faults() -> list[Fault]:
    """Versions that are missing from a stream, and entries sealed before an earlier version of their stream.

    One pass along the index on (stream, version): a join of the table with itself can go quadratic on a database whose
    statistics are out of date.
    """
    faults: list[Fault] = []
    rows = models.Entry.objects.order_by("stream", "version").values_list("stream", "version", "pk", "seal__position")
    last: tuple[str, int, int | None] = ("", 0, None)
    for stream, version, pk, position in rows.iterator(chunk_size=CHUNK):
        before, highest = (last[1], last[2]) if stream == last[0] else (0, None)
        if version != before + 1:
            detail = f"version {version} is here, the one before is not"
            faults.append(Fault(FaultKind.REMOVED, detail, None, None, stream, version - 1))
        if position is not None and highest is not None and position < highest:
            detail = "it stands before the earlier version of its stream"
            faults.append(Fault(FaultKind.REORDERED, detail, position, pk, stream, version))
        last = (stream, version, position)
        if len(faults) >= NAMED_AT_MOST:
            break
    return faults


def export(path: Path, progress: Progress | None = None) -> int:
    """Write the sealed ledger to ``path`` as one archive that proves itself (docs/ledger-format.md); how many entries.

    FileExistsError when ``path`` exists. What can't be read any more is exported as an empty line, for the verifier to find.
    """
    if path.exists():
        raise FileExistsError(path)
    size, heads = _extent()
    draft = path.with_name(path.name + ".part")
    with ArchiveWriter(draft) as archive:
        archive.entries(_lines(size, progress))
        archive.leaves(_leaves(size))
        public = {key: keys.public_pem(value) for key, value in keys.public_keys().items()}
        archive.finish(iter(heads), public, size, now())
    draft.replace(path)
    return size


def _lines(size: int, progress: Progress | None) -> Iterator[bytes]:
    for start in range(0, size, CHUNK):
        end = min(start + CHUNK, size)
        lines = {row.position: row.entry.content for row in _sealed(start, end) if row.entry is not None}
        yield from (lines.get(position, b"") for position in range(start, end))
        if progress is not None:
            progress(end, size)


def _leaves(size: int) -> Iterator[bytes]:
    for start in range(0, size, CHUNK):
        end = min(start + CHUNK, size)
        seals = models.Seal.objects.filter(position__gte=start, position__lt=end)
        leaves = {position: bytes(leaf) for position, leaf in seals.values_list("position", "leaf")}
        yield from (leaves.get(position, bytes(32)) for position in range(start, end))
