"""What the worker does for files now and then: ask the scanner again, take away what nothing owns.

Rooms above say which owners still exist (``declare_owner``): a draft that was thrown away leaves its uploads behind, and a
transaction that failed after the bytes were written leaves content without a row.
"""

import logging
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from django.db.models.fields.reverse_related import ForeignObjectRel

from tinhso.kernel.files.engine import content
from tinhso.kernel.files.models import StoredFile
from tinhso.kernel.files.operations.storing import discard, rescan
from tinhso.kernel.files.queries import content_root
from tinhso.kernel.files.types import ContentDamaged, ContentMissing, ScannerAway, ScanState
from tinhso.kernel.ledger import api as ledger
from tinhso.lib.clock import now

ORPHANED_AFTER = timedelta(days=7)
"""How long a file may be without an owner: a person may be in the middle of a form."""
LEFT_AFTER = timedelta(days=2)
"""How old content without a row, or a temporary file, must be before it is taken for left behind."""

_BATCH = 500

_owners: dict[str, Callable[[Iterable[str]], set[str]]] = {}
_log = logging.getLogger(__name__)


def declare_owner(kind: str, existing: Callable[[Iterable[str]], set[str]]) -> None:
    """Files of ``<kind>:<id>`` are swept when ``existing(ids)`` does not give the id back and no row of any room points to
    them. Kinds nobody declares are kept."""
    _owners[kind] = existing


def rescan_waiting() -> int:
    """Ask again about every waiting file; the number answered. Stops at the first silence: the scanner is away."""
    actor, done = ledger.system_actor("files.rescan"), 0
    for pk in list(StoredFile.objects.filter(scan_state=ScanState.WAITING.value).values_list("pk", flat=True)[:500]):
        try:
            rescan(actor, str(pk))
        except ScannerAway:
            break
        except (ContentMissing, ContentDamaged) as problem:
            _log.error("waiting file can't be scanned: %s", problem)
            continue
        done += 1
    return done


def sweep() -> int:
    """Discard files without an owner, then contents without a file, then half-written ones; the number of all of them."""
    return _sweep_orphans() + _sweep_contents()


def _sweep_orphans() -> int:
    actor, done = ledger.system_actor("files.sweep"), 0
    for kind, existing in _owners.items():
        rows = StoredFile.objects.filter(owner__startswith=f"{kind}:", created_at__lt=now() - ORPHANED_AFTER)
        owned, last = rows.order_by("pk").values_list("pk", "owner"), uuid.UUID(int=0)
        while batch := list(owned.filter(pk__gt=last)[:_BATCH]):
            last = batch[-1][0]
            alive = existing({owner.partition(":")[2] for _, owner in batch})
            gone = [pk for pk, owner in batch if owner.partition(":")[2] not in alive]
            for pk in set(gone) - _pointed_at(gone):
                discard(actor, str(pk))
                done += 1
    return done


def _pointed_at(ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Those that a row of any room points to: they were handed in, whatever their owner's name says."""
    found: set[uuid.UUID] = set()
    for relation in StoredFile._meta.get_fields(include_hidden=True) if ids else ():
        if isinstance(relation, ForeignObjectRel):
            name = relation.field.name
            rows = relation.related_model._default_manager.filter(**{f"{name}__in": ids})
            found.update(rows.values_list(f"{name}_id", flat=True))
    return found


def _sweep_contents() -> int:
    """By the disk's own clock: a file's age is not the product's time."""
    limit, done = time.time() - LEFT_AFTER.total_seconds(), 0
    for path in content.contents(content_root()):
        if path.stat().st_mtime < limit and not StoredFile.objects.filter(sha256=path.name).exists():
            path.unlink(missing_ok=True)
            done += 1
    for path in content.leftovers(content_root()):
        if path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
            done += 1
    return done
