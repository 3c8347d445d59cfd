"""Tables of the ledger. Entries, seals, tiles and heads are written once: the database refuses to change or remove them."""

from django.db import models
from django.db.models import Q


class Entry(models.Model):
    """One recorded fact: the ``version``-th of its ``stream``. Its place in the tree is its :class:`Seal`."""

    id = models.BigAutoField(primary_key=True)
    stream = models.CharField(max_length=200)
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=120)
    actor = models.CharField(max_length=120)
    unit = models.CharField(max_length=120, null=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    data = models.JSONField()
    leaf = models.BinaryField(max_length=32)
    request_key = models.CharField(max_length=200, null=True)

    class Meta:
        db_table = "ledger_entry"
        constraints = [
            models.UniqueConstraint(fields=["stream", "version"], name="ledger_entry_stream_version"),
            models.UniqueConstraint(
                fields=["actor", "request_key"], condition=Q(request_key__isnull=False), name="ledger_entry_request_key"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="ledger_entry_version_positive"),
        ]
        indexes = [models.Index(fields=["kind", "id"], name="ledger_entry_kind")]


class Unsealed(models.Model):
    """An entry waiting for its place in the tree. Filled by a database trigger on :class:`Entry`, emptied by the sealer;
    a row becomes visible when its transaction commits, which is why no late commit is ever missed."""

    entry_id = models.BigIntegerField(primary_key=True)

    class Meta:
        db_table = "ledger_unsealed"


class Seal(models.Model):
    """The entry's place in the tree, counted from 0, and the leaf hash it was sealed with."""

    position = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="seal")
    leaf = models.BinaryField(max_length=32)

    class Meta:
        db_table = "ledger_seal"


class Tile(models.Model):
    """256 neighbouring hashes of one level, complete, and the root above them (which is one hash of the next level).

    ``level`` 0 holds leaves; a hash at ``level`` L covers 256^L leaves. ``number`` counts tiles from the left.
    """

    id = models.BigAutoField(primary_key=True)
    level = models.PositiveSmallIntegerField()
    number = models.BigIntegerField()
    hashes = models.BinaryField(max_length=8192)
    root = models.BinaryField(max_length=32)

    class Meta:
        db_table = "ledger_tile"
        constraints = [models.UniqueConstraint(fields=["level", "number"], name="ledger_tile_level_number")]


class SignedHead(models.Model):
    """A signed statement about the first ``size`` entries; one for each run of the sealer."""

    id = models.BigAutoField(primary_key=True)
    size = models.BigIntegerField(unique=True)
    root = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    key_id = models.CharField(max_length=16)
    signature = models.CharField(max_length=128)

    class Meta:
        db_table = "ledger_head"


class Bookmark(models.Model):
    """How far a follower has read: every entry below ``position`` is handled, once."""

    name = models.CharField(max_length=120, primary_key=True)
    position = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ledger_bookmark"


class FollowerFailure(models.Model):
    """A follower could not handle the entry at ``position``; it waits there until ``next_try_at`` and never skips.

    The row stays, with ``solved_at``, once the entry has been handled.
    """

    id = models.BigAutoField(primary_key=True)
    follower = models.CharField(max_length=120)
    position = models.BigIntegerField()
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    error = models.TextField()
    attempts = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    solved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ledger_followerfailure"
        constraints = [models.UniqueConstraint(fields=["follower", "position"], name="ledger_failure_once")]
        indexes = [models.Index(fields=["follower"], condition=Q(solved_at__isnull=True), name="ledger_failure_open")]


class PeriodicRun(models.Model):
    """When a periodic job ran last, and when it is due; ``claimed_until`` keeps a second worker from starting it too."""

    name = models.CharField(max_length=120, primary_key=True)
    next_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True, default="")
    failures = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "ledger_periodic"
