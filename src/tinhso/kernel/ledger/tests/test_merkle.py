"""The tree's hashes and proofs: known vectors (Certificate Transparency) and properties."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinhso.kernel.ledger.engine import canonical, merkle

CT_LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [canonical.leaf(bytes.fromhex(text)) for text in CT_LEAVES]
NODE = merkle.node_from_leaves(LEAVES)


def hexes(hashes):
    return [h.hex()[:8] for h in hashes]


def test_the_empty_tree_is_the_hash_of_nothing():
    assert merkle.root(0, NODE) == merkle.Frontier().root() == sha256(b"").digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_known_roots(size):
    frontier = merkle.Frontier()
    for leaf in LEAVES[:size]:
        frontier.add(leaf)
    assert merkle.root(size, NODE).hex() == frontier.root().hex() == CT_ROOTS[size - 1]


@pytest.mark.parametrize(
    ("position", "size", "path"),
    [
        (0, 1, []),
        (0, 8, ["96a296d2", "5f083f0a", "6b47aaf2"]),
        (5, 8, ["bc1a0643", "ca854ea1", "d37ee418"]),
        (2, 3, ["fac54203"]),
        (1, 5, ["6e340b9c", "5f083f0a", "bc1a0643"]),
    ],
)
def test_known_inclusion_paths(position, size, path):
    found = merkle.inclusion_path(position, size, NODE)
    assert hexes(found) == path
    assert merkle.verify_inclusion(LEAVES[position], position, size, found, bytes.fromhex(CT_ROOTS[size - 1]))


@pytest.mark.parametrize(
    ("first", "size", "path"),
    [
        (1, 1, []),
        (1, 8, ["96a296d2", "5f083f0a", "6b47aaf2"]),
        (6, 8, ["0ebc5d34", "ca854ea1", "d37ee418"]),
        (2, 5, ["5f083f0a", "bc1a0643"]),
    ],
)
def test_known_consistency_paths(first, size, path):
    found = merkle.consistency_path(first, size, NODE)
    assert hexes(found) == path
    old, new = (bytes.fromhex(CT_ROOTS[n - 1]) for n in (first, size))
    assert merkle.verify_consistency(first, size, old, new, found)


def test_what_is_outside_the_tree_has_no_proof():
    for position in (-1, 8):
        with pytest.raises(IndexError):
            merkle.inclusion_path(position, 8, NODE)
    for first in (0, 9):
        with pytest.raises(IndexError):
            merkle.consistency_path(first, 8, NODE)


sizes = st.integers(1, 600)


def tree(size):
    leaves = [canonical.leaf(str(n).encode()) for n in range(size)]
    return leaves, merkle.node_from_leaves(leaves)


def spoil(path, how):
    """A path that must not verify: one hash changed, dropped or added."""
    if not path or how == "longer":
        return [*path, bytes(32)]
    return path[:-1] if how == "shorter" else [bytes(32), *path[1:]]


@settings(max_examples=150, deadline=None)
@given(data=st.data(), size=sizes, how=st.sampled_from(["changed", "shorter", "longer"]))
def test_every_leaf_is_proved_and_nothing_else(data, size, how):
    position = data.draw(st.integers(0, size - 1))
    leaves, node = tree(size)
    root = merkle.root(size, node)
    path = merkle.inclusion_path(position, size, node)
    assert len(path) <= (size - 1).bit_length()
    assert merkle.verify_inclusion(leaves[position], position, size, path, root)
    assert not merkle.verify_inclusion(leaves[position], position, size, spoil(path, how), root)
    assert not merkle.verify_inclusion(bytes(32), position, size, path, root)
    assert not merkle.verify_inclusion(leaves[position], size, size, path, root)
    if size > 1:
        assert not merkle.verify_inclusion(leaves[position], (position + 1) % size, size, path, root)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), size=sizes, how=st.sampled_from(["changed", "shorter", "longer"]))
def test_every_beginning_is_proved_and_nothing_else(data, size, how):
    first = data.draw(st.integers(1, size))
    _, node = tree(size)
    old, new = merkle.root(first, node), merkle.root(size, node)
    path = merkle.consistency_path(first, size, node)
    assert merkle.verify_consistency(first, size, old, new, path)
    assert not merkle.verify_consistency(first, size, bytes(32), new, path)
    assert not merkle.verify_consistency(first, size, old, bytes(32), path)
    assert not merkle.verify_consistency(first, size, old, new, spoil(path, how))
    assert not merkle.verify_consistency(0, size, old, new, path)
    assert not merkle.verify_consistency(size + 1, size, old, new, path)


def test_no_proof_of_a_longer_tree_is_no_proof():
    assert not merkle.verify_consistency(3, 8, bytes(32), bytes(32), [])


@settings(max_examples=60, deadline=None)
@given(size=st.integers(0, 600), more=st.integers(0, 40))
def test_a_frontier_taken_up_later_goes_on_alike(size, more):
    leaves, node = tree(size + more)
    frontier = merkle.Frontier((node(*n) for n in merkle.complete_nodes(0, size)), size)
    twin = frontier.copy()
    for leaf in leaves[size:]:
        frontier.add(leaf)
    assert frontier.root() == merkle.root(size + more, node)
    assert twin.root() == merkle.root(size, node)
