"""The sealer: gives committed entries their place in the tree and signs the new head.

Entries take no lock when they are appended. Whatever is visible in :class:`Unsealed` is committed, so the order of the
tree is "first seen committed", and nobody who reads by position can miss a late commit.
"""

from collections.abc import Sequence

from django.db import connection

from tinhso.kernel.ledger import keys, models
from tinhso.kernel.ledger.context import acting
from tinhso.kernel.ledger.engine import canonical, heads, merkle
from tinhso.kernel.ledger.engine.merkle import TILE, Frontier
from tinhso.kernel.ledger.following import run_followers, run_periodic, system_actor
from tinhso.kernel.ledger.queries import content, head, sealed_size
from tinhso.kernel.ledger.tree import StoredTree
from tinhso.lib.clock import now

SEALER_LOCK = 0x746E68736F01
"""Key of the PostgreSQL advisory lock ("tnhso", 1)."""
AT_ONCE = 5000


def seal(limit: int = AT_ONCE) -> int:
    """Seal at most ``limit`` waiting entries and sign the new head; how many were sealed (0 also when another sealer works).

    Raises KeyMissing when heads exist and the signing key does not: then nothing is sealed, and appending goes on.
    """
    if not models.Unsealed.objects.exists():
        return 0
    with acting(system_actor("sealer")):
        if not _only_sealer():
            return 0
        waiting = models.Unsealed.objects.order_by("entry_id").values("entry_id")[:limit]
        rows = in_tree_order(list(models.Entry.objects.filter(pk__in=waiting).order_by("pk")))
        if rows:
            _seal(rows)
        return len(rows)


def _only_sealer() -> bool:
    """Whether this transaction may seal. On SQLite it holds the only write lock; elsewhere ask for the advisory lock."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
        found = cursor.fetchone()
    return bool(found and found[0])


def in_tree_order(rows: Sequence[models.Entry]) -> list[models.Entry]:
    """``rows`` by id, but the entries of one stream by version among the places they hold.

    Ids and versions agree unless two writers met within a microsecond; then the stream's own order wins.
    """
    versions: dict[str, list[models.Entry]] = {}
    for row in rows:
        versions.setdefault(row.stream, []).append(row)
    for own in versions.values():
        own.sort(key=lambda row: row.version, reverse=True)
    return [versions[row.stream].pop() for row in rows]


def _seal(rows: Sequence[models.Entry]) -> None:
    last = head()
    key = keys.signing_key(last.key_id if last else None)
    start = sealed_size()
    leaves = [canonical.leaf(content(row)) for row in rows]
    tree = StoredTree()
    frontier = Frontier((tree.node(*node) for node in merkle.complete_nodes(0, start)), start)
    for leaf in leaves:
        frontier.add(leaf)
    places = enumerate(zip(rows, leaves, strict=True), start=start)
    models.Seal.objects.bulk_create(models.Seal(position=i, entry_id=row.pk, leaf=leaf) for i, (row, leaf) in places)
    models.Tile.objects.bulk_create(new_tiles(tree, start, leaves))
    models.Unsealed.objects.filter(pk__in=[row.pk for row in rows]).delete()
    signed = heads.sign(key, frontier.size, frontier.root(), now())
    models.SignedHead.objects.create(
        size=signed.size, root=signed.root, signed_at=signed.signed_at, key_id=signed.key_id, signature=signed.signature
    )


def new_tiles(tree: StoredTree, start: int, leaves: Sequence[bytes]) -> list[models.Tile]:
    """The tiles that become complete when ``leaves`` follow the first ``start``: each level's tiles feed the next."""
    tiles: list[models.Tile] = []
    level, fresh = 0, list(leaves)
    while fresh:
        number, held = divmod(start, TILE)
        row = (tree.tile(level, number) if held else []) + fresh
        fresh = []
        for first in range(0, len(row) - TILE + 1, TILE):
            hashes = row[first : first + TILE]
            fresh.append(merkle.reduce_complete(hashes))
            tiles.append(models.Tile(level=level, number=number + first // TILE, hashes=b"".join(hashes), root=fresh[-1]))
        start, level = number, level + 1
    return tiles


def work_once() -> bool:
    """One round of the worker: seal, feed the followers, run what is due. True if there was anything to do."""
    sealed = seal()
    handled = run_followers()
    ran = run_periodic()
    return bool(sealed or handled or ran)
