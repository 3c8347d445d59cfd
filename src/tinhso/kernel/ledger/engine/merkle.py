"""The Merkle tree of RFC 9162 (Certificate Transparency 2.0), section 2.1, over hashes that somebody else stores.

A *complete node* (level, index) is the root of the 2^level leaves that begin at index * 2^level. Everything here asks for
complete nodes through one function, so it neither knows nor cares whether they come from a list or from tiles.
Hashes are raw SHA-256 digests. ``leaf`` hashes begin with 0x00, inner nodes with 0x01.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

Node = Callable[[int, int], bytes]
"""(level, index) -> hash of that complete node."""

EMPTY_ROOT = sha256(b"").digest()
TILE = 256
TILE_LEVELS = 8
"""A tile is 256 hashes, so it spans 8 levels of the tree."""


def parent(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two smaller than ``size`` (which is at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def complete_nodes(start: int, end: int) -> list[tuple[int, int]]:
    """The complete nodes, left to right, that cover leaves ``start`` to ``end`` (as RFC 9162 cuts them; ``start`` aligned)."""
    nodes = []
    while start < end:
        size = end - start
        level = size.bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        nodes.append((level, start >> level))
        start += 1 << level
    return nodes


def range_root(start: int, end: int, node: Node) -> bytes:
    """The hash of the subtree over leaves ``start`` to ``end``; O(log n) nodes."""
    if start == end:
        return EMPTY_ROOT
    hashes = [node(level, index) for level, index in complete_nodes(start, end)]
    root = hashes.pop()
    while hashes:
        root = parent(hashes.pop(), root)
    return root


def root(size: int, node: Node) -> bytes:
    """The root of the tree of the first ``size`` leaves."""
    return range_root(0, size, node)


def inclusion_path(position: int, size: int, node: Node) -> list[bytes]:
    """RFC 9162, 2.1.3.1: the hashes that lead from leaf ``position`` to the root of ``size`` leaves. IndexError outside."""
    if not 0 <= position < size:
        raise IndexError(f"leaf {position} is not in a tree of {size}")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + split(end - start)
        if position < middle:
            path.append(range_root(middle, end, node))
            end = middle
        else:
            path.append(range_root(start, middle, node))
            start = middle
    return path[::-1]


def consistency_path(first: int, size: int, node: Node) -> list[bytes]:
    """RFC 9162, 2.1.4.1: the first ``first`` leaves begin the tree of ``size``. IndexError unless 0 < first <= size."""
    if not 0 < first <= size:
        raise IndexError(f"a tree of {first} cannot begin a tree of {size}")
    start, end, whole, path = 0, size, True, []
    while first != end:
        middle = start + split(end - start)
        if first <= middle:
            path.append(range_root(middle, end, node))
            end = middle
        else:
            path.append(range_root(start, middle, node))
            start, whole = middle, False
    if not whole:
        path.append(range_root(start, end, node))
    return path[::-1]


def verify_inclusion(leaf: bytes, position: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """RFC 9162, 2.1.3.2: whether ``path`` leads from ``leaf`` to ``expected``."""
    if not 0 <= position < size:
        return False
    index, last, current = position, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if index & 1 or index == last:
            current = parent(sibling, current)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            current = parent(current, sibling)
        index, last = index >> 1, last >> 1
    return last == 0 and current == expected


def verify_consistency(first: int, size: int, first_root: bytes, root: bytes, path: Sequence[bytes]) -> bool:
    """RFC 9162, 2.1.4.2: whether the tree of ``first`` leaves with ``first_root`` begins the tree of ``size`` with ``root``."""
    if not 0 < first <= size:
        return False
    if first == size:
        return not path and first_root == root
    hashes = list(path)
    if first & (first - 1) == 0:
        hashes.insert(0, first_root)
    if not hashes:
        return False
    index, last = first - 1, size - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if index & 1 or index == last:
            old, new = parent(sibling, old), parent(sibling, new)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            new = parent(new, sibling)
        index, last = index >> 1, last >> 1
    return last == 0 and old == first_root and new == root


class Frontier:
    """The right edge of a growing tree: enough to add leaves and to know the root, in O(log n) memory."""

    __slots__ = ("_edge", "size")

    def __init__(self, edge: Iterable[bytes] = (), size: int = 0) -> None:
        """``edge``: the hashes of :func:`complete_nodes` of ``size`` leaves, left to right."""
        self._edge = list(edge)
        self.size = size

    def add(self, leaf: bytes) -> None:
        """Put ``leaf`` at the right."""
        current, index = leaf, self.size
        while index & 1:
            current = parent(self._edge.pop(), current)
            index >>= 1
        self._edge.append(current)
        self.size += 1

    def root(self) -> bytes:
        """The root of all leaves so far."""
        if not self._edge:
            return EMPTY_ROOT
        current = self._edge[-1]
        for left in reversed(self._edge[:-1]):
            current = parent(left, current)
        return current

    def copy(self) -> "Frontier":
        """An independent frontier at the same place."""
        return Frontier(self._edge, self.size)


def reduce_complete(hashes: Sequence[bytes]) -> bytes:
    """The root above a power of two of neighbouring hashes."""
    row = list(hashes)
    while len(row) > 1:
        row = [parent(row[i], row[i + 1]) for i in range(0, len(row), 2)]
    return row[0]


def node_from_leaves(leaves: Sequence[bytes]) -> Node:
    """Complete nodes computed from a list of leaf hashes: for small trees and for tests."""
    return lambda level, index: reduce_complete(leaves[index << level : (index + 1) << level])
