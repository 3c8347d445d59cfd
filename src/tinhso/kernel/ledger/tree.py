"""The tree as it is stored: leaf hashes in seals, complete tiles of 256 hashes, and proofs from them.

Reading a node of the tree costs at most one tile (8 KB) or the hashes of one unfinished tile; a proof touches O(log n).
"""

from tinhso.kernel.ledger import models
from tinhso.kernel.ledger.engine import merkle
from tinhso.kernel.ledger.engine.merkle import TILE, TILE_LEVELS
from tinhso.kernel.ledger.queries import as_head, head
from tinhso.kernel.ledger.types import ConsistencyProof, Head, InclusionProof
from tinhso.lib.problems import NotFound

HASH = 32


class StoredTree:
    """Complete nodes out of the database; each tile is read once."""

    def __init__(self) -> None:
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def node(self, level: int, index: int) -> bytes:
        """The hash of the complete node (level, index), which must lie within the sealed entries."""
        tile_level, inner = divmod(level, TILE_LEVELS)
        first = index << inner
        hashes = self.tile(tile_level, first // TILE)
        place = first % TILE
        return merkle.reduce_complete(hashes[place : place + (1 << inner)])

    def tile(self, level: int, number: int) -> list[bytes]:
        """The hashes of a tile: 256, or fewer at the right edge."""
        key = (level, number)
        if key not in self._tiles:
            self._tiles[key] = self._read(level, number)
        return self._tiles[key]

    def _read(self, level: int, number: int) -> list[bytes]:
        stored = models.Tile.objects.filter(level=level, number=number).values_list("hashes", flat=True).first()
        if stored is not None:
            return cut(bytes(stored))
        first = number * TILE
        if level == 0:
            seals = models.Seal.objects.filter(position__gte=first, position__lt=first + TILE).order_by("position")
            return [bytes(leaf) for leaf in seals.values_list("leaf", flat=True)]
        below = models.Tile.objects.filter(level=level - 1, number__gte=first, number__lt=first + TILE).order_by("number")
        return [bytes(root) for root in below.values_list("root", flat=True)]


def cut(hashes: bytes) -> list[bytes]:
    """The hashes of a stored tile."""
    return [hashes[i : i + HASH] for i in range(0, len(hashes), HASH)]


def _head_of(size: int | None) -> Head:
    found = head() if size is None else None
    if size is not None and (row := models.SignedHead.objects.filter(size=size).first()):
        found = as_head(row)
    if found is None:
        raise NotFound(what="head", size=size)
    return found


def inclusion_proof(entry_id: int, size: int | None = None) -> InclusionProof:
    """Proof that an entry is in the tree of the head with ``size`` (default: the newest). NotFound if it is not in it."""
    signed = _head_of(size)
    seal = models.Seal.objects.filter(entry_id=entry_id, position__lt=signed.size).first()
    if seal is None:
        raise NotFound(what="entry", entry=entry_id)
    path = merkle.inclusion_path(seal.position, signed.size, StoredTree().node)
    return InclusionProof(seal.position, bytes(seal.leaf).hex(), tuple(h.hex() for h in path), signed)


def consistency_proof(first: int, size: int | None = None) -> ConsistencyProof:
    """Proof that the first ``first`` entries begin the tree of the head with ``size`` (default: the newest). NotFound
    unless 0 < first <= size and such a head exists."""
    signed = _head_of(size)
    if not 0 < first <= signed.size:
        raise NotFound(what="head", size=first)
    path = merkle.consistency_path(first, signed.size, StoredTree().node)
    return ConsistencyProof(first, tuple(h.hex() for h in path), signed)
