"""The audit: compares what is there with what was sealed and signed, and names each entry at fault.

One pass in the tree's order, in memory that does not grow with the ledger. Four witnesses speak for a position: the entry
itself (hashed again), the leaf it was sealed with, the stored tile, and every signed head. Where they disagree, the heads
decide which of the others to believe. Used on the database and, offline, on an export.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tinhso.kernel.ledger.engine.heads import signature_holds
from tinhso.kernel.ledger.engine.merkle import Frontier
from tinhso.kernel.ledger.types import Fault, FaultKind, Head

UNKNOWN = bytes(32)
NAMED_AT_MOST = 1000
"""More faults than this are counted, not named."""
KEPT_AT_MOST = 200_000
"""So many positions are remembered to explain a divergence."""
SEARCHED_AT_MOST = 64
"""Between two heads no further apart, a swap of two entries is found by trying."""

_SHIFTING = {FaultKind.ADDED, FaultKind.REMOVED}

Label = tuple[int | None, str | None, int | None]
"""(entry id, stream, version), as far as known."""


@dataclass(frozen=True, slots=True)
class Found:
    """What lies at a position. ``sealed`` is the leaf it was sealed with; ``actual`` the leaf of the entry as it is now,
    None when the entry is gone, empty when it can't be read; ``about`` is given back to ``describe``."""

    sealed: bytes
    actual: bytes | None
    about: Any


@dataclass(slots=True)
class _Divergence:
    """Positions at which the seals and the tiles disagree, and how the heads have judged since."""

    tiles: dict[int, bytes] = field(default_factory=dict)
    seals: dict[int, tuple[bytes, Any]] = field(default_factory=dict)
    tiles_right: int = 0
    seals_right: int = 0


class Audit:
    """Feed it chunk by chunk from position 0, then ask for :meth:`faults`."""

    def __init__(
        self,
        heads: Sequence[Head],
        keys: Mapping[str, Ed25519PublicKey],
        describe: Callable[[Any], Label],
        against: Head | None = None,
    ) -> None:
        """``heads`` in order of size; ``against`` is a head that was kept outside (unsigned when copied from paper)."""
        self._heads = heads
        self._keys = keys
        self._describe = describe
        self._against = against
        self._next = 0
        self._last = 0
        self._unsigned = False
        self._front = Frontier()
        self._tiled: Frontier | None = None
        self._split = _Divergence()
        self._unequal: dict[int, Found] = {}
        self._since_good: list[tuple[bytes, Any]] = []
        self._good: Frontier = Frontier()
        self._bad: Head | None = None
        self._bad_heads = 0
        self._bad_range: tuple[Frontier, list[tuple[bytes, Any]]] | None = None
        self._outside_fits = against is None
        self._faults: list[Fault] = []

    # --- feeding ---

    def chunk(self, found: Mapping[int, Found], end: int, tile: Sequence[bytes | None] | None) -> None:
        """The positions from where the last chunk stopped up to ``end``; ``tile`` their stored hashes, as far as known."""
        start = self._front.size
        for position in range(start, end):
            self._position(position, found.get(position), tile[position - start] if tile is not None else None)
            self._judge(position + 1)

    def _position(self, position: int, found: Found | None, tiled: bytes | None) -> None:
        sealed = self._sealed(position, found, tiled)
        if tiled is not None and sealed != tiled and self._tiled is None:
            self._tiled = self._front.copy()
        if self._tiled is not None:
            self._tiled.add(tiled or sealed)
            self._remember(position, sealed, found, tiled)
        self._front.add(sealed)
        if len(self._since_good) <= SEARCHED_AT_MOST:
            self._since_good.append((sealed, found.about if found else None))

    def _sealed(self, position: int, found: Found | None, tiled: bytes | None) -> bytes:
        if found is None:
            self._fault(FaultKind.REMOVED, "nothing is sealed at this position any more", position)
            return tiled or UNKNOWN
        if found.actual is None:
            self._fault(FaultKind.REMOVED, "the entry is gone; its seal remains", position, found.about)
        elif found.actual != found.sealed:
            self._unequal[position] = found
        return found.sealed

    def _remember(self, position: int, sealed: bytes, found: Found | None, tiled: bytes | None) -> None:
        if len(self._split.seals) < KEPT_AT_MOST and sealed != tiled:
            self._split.seals[position] = (sealed, found.about if found else None)
            if tiled is not None:
                self._split.tiles[position] = tiled

    def _judge(self, size: int) -> None:
        """Compare with the signed heads of this size."""
        while self._next < len(self._heads) and self._heads[self._next].size <= size:
            head = self._heads[self._next]
            self._next += 1
            self._weigh(head, head.size == size and self._fits(head))
        if self._against is not None and self._against.size == size:
            self._outside_fits = self._fits(self._against)

    def _fits(self, head: Head) -> bool:
        return head.root in {self._front.root().hex(), self._tiled.root().hex() if self._tiled else ""}

    def _weigh(self, head: Head, fits: bool) -> None:
        if not self._signed(head):
            return
        if not fits:
            self._bad_heads += 1
            if self._bad is None:
                self._bad, self._bad_range = head, (self._good, list(self._since_good))
            return
        if self._tiled is not None:
            self._split.tiles_right += head.root == self._tiled.root().hex()
            self._split.seals_right += head.root == self._front.root().hex()
        self._good = self._front.copy()
        self._since_good = []

    def _signed(self, head: Head) -> bool:
        if signature_holds(head, self._keys):
            self._last = max(self._last, head.size)
            return True
        why = "signature does not verify" if head.key_id in self._keys else f"key {head.key_id} is not known here"
        self._fault(FaultKind.SIGNATURE, f"head of size {head.size}: {why}")
        self._unsigned = True
        return False

    # --- judging ---

    def faults(self) -> tuple[Fault, ...]:
        """Everything that was found, once all positions have been fed."""
        for head in self._heads[self._next :]:
            self._signed(head)
        self._entries_against_seals()
        self._seals_against_tiles()
        self._against_heads()
        self._against_outside()
        return tuple(self._faults[:NAMED_AT_MOST])

    def _fault(self, kind: FaultKind, detail: str, position: int | None = None, about: Any = None) -> None:
        entry_id, stream, version = self._describe(about) if about is not None else (None, None, None)
        self._faults.append(Fault(kind, detail, position, entry_id, stream, version))

    def _entries_against_seals(self) -> None:
        sealed = {found.sealed: position for position, found in self._unequal.items()}
        for position, found in self._unequal.items():
            elsewhere = sealed.get(found.actual or b"")
            if elsewhere is not None:
                detail = f"this entry was sealed at position {elsewhere}"
                self._fault(FaultKind.REORDERED, detail, position, found.about)
            else:
                self._fault(FaultKind.CHANGED, "its content is not what was sealed", position, found.about)

    def _seals_against_tiles(self) -> None:
        split = self._split
        if not split.tiles:
            return
        if split.seals_right and not split.tiles_right:
            for position in split.tiles:
                self._fault(FaultKind.TREE, "the stored tile is not what the signed heads say", position)
            return
        self._explain(split)

    def _explain(self, split: _Divergence) -> None:
        """The tiles are right: what was done to the seals? Moves that follow from a removal or an addition are no faults."""
        was = {leaf: position for position, leaf in split.tiles.items()}
        now = {leaf: position for position, (leaf, _) in split.seals.items()}
        missing = {position for leaf, position in was.items() if leaf not in now}
        extra = {position for leaf, position in now.items() if leaf not in was}
        changed = {position for position in missing & extra if position not in self._unequal}
        removed, added = sorted(missing - extra), sorted(extra - missing)
        known_end = max(split.tiles) + 1
        added = [p for p in added if p in split.tiles and p + bisect_left(removed, p) - bisect_left(added, p) < known_end]
        for position in sorted(changed):
            self._fault(FaultKind.CHANGED, "it is not what was sealed here", position, split.seals[position][1])
        for position in removed:
            self._fault(FaultKind.REMOVED, "the entry sealed here is gone", position)
        for position in added:
            self._fault(FaultKind.ADDED, "this entry was never sealed here", position, split.seals[position][1])
        for leaf, old in sorted(was.items(), key=lambda item: item[1]):
            new = now.get(leaf)
            if new is not None and new - bisect_left(added, new) != old - bisect_left(removed, old):
                detail = f"this entry was sealed at position {old}"
                self._fault(FaultKind.REORDERED, detail, new, split.seals[new][1])

    def _against_heads(self) -> None:
        size = self._front.size
        last = self._last
        named = [f.kind for f in self._faults]
        grown = named.count(FaultKind.ADDED) - named.count(FaultKind.REMOVED)
        if last > size and size - last != grown:
            detail = f"the newest head counts {last} entries, {size} are here: positions {size} to {last - 1} are gone"
            self._fault(FaultKind.REMOVED, detail, size)
        if last < size and size - last != grown and not self._unsigned:
            known = [about for _, about in self._since_good] if self._good.size == last else [None]
            detail = f"no head covers it: the newest counts {last} entries, {size} are here"
            for place, about in enumerate(known, start=last):
                self._fault(FaultKind.ADDED, detail, place, about)
        if self._bad is not None and self._bad_range is not None:
            self._name_bad_range(self._bad, *self._bad_range)

    def _name_bad_range(self, bad: Head, good: Frontier, entries: list[tuple[bytes, Any]]) -> None:
        """Entries between the last head that fits and the first that does not: name them as closely as can be."""
        start = good.size
        if any(f.position is not None and (f.position >= start or f.kind in _SHIFTING) for f in self._faults):
            return  # already named, or moved along by one that is
        if bad.size - start == 1 and entries:
            self._fault(FaultKind.CHANGED, f"it is not what the head of size {bad.size} signed", start, entries[0][1])
            return
        if bad.size - start <= SEARCHED_AT_MOST and (pair := _swapped(good, entries[: bad.size - start], bad.root)):
            for here, there in (pair, pair[::-1]):
                detail = f"this entry was sealed at position {start + there}"
                self._fault(FaultKind.REORDERED, detail, start + here, entries[here][1])
            return
        more = f" ({self._bad_heads - 1} later heads neither)" if self._bad_heads > 1 else ""
        detail = f"entries at positions {start} to {bad.size - 1} are not those that the head of size {bad.size} signed{more}"
        self._fault(FaultKind.HEAD, detail, start)

    def _against_outside(self) -> None:
        head = self._against
        if head is None:
            return
        if head.signature and not signature_holds(head, self._keys):
            self._fault(FaultKind.OUTSIDE, "the head given was not signed by a key of this ledger")
        if head.size > self._front.size:
            detail = f"the head given counts {head.size} entries, {self._front.size} are here: the others are gone"
            self._fault(FaultKind.OUTSIDE, detail, self._front.size)
        elif head.size and not self._outside_fits:
            self._fault(FaultKind.OUTSIDE, f"the first {head.size} entries are not those that the head given signed")


def _swapped(good: Frontier, entries: Sequence[tuple[bytes, Any]], root: str) -> tuple[int, int] | None:
    """The two entries whose swap gives the signed root, if there are such two."""
    leaves = [leaf for leaf, _ in entries]
    for first in range(len(leaves)):
        for second in range(first + 1, len(leaves)):
            trial = leaves.copy()
            trial[first], trial[second] = trial[second], trial[first]
            frontier = good.copy()
            for leaf in trial:
                frontier.add(leaf)
            if frontier.root().hex() == root:
                return first, second
    return None
