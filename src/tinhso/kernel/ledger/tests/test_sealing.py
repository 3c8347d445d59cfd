"""Entries get their place, tiles fill up, heads are signed, proofs come out of the stored tiles."""

import threading

import pytest
from django.db import connection

from tinhso.kernel.ledger import api, keys, models, sealing, tree
from tinhso.kernel.ledger.engine import heads, merkle
from tinhso.lib.problems import NotFound


def test_what_waits_is_sealed_in_its_order(db, note):
    note("case:1", 3)
    note("case:2", 2)
    assert [e.position for e in api.history("case:1")] == [None] * 3
    assert api.head() is None
    assert api.seal() == 5
    assert [e.position for e in api.history("case:1")] == [0, 1, 2]
    assert [e.position for e in api.history("case:2")] == [3, 4]
    assert api.seal() == 0
    assert not models.Unsealed.objects.exists()


def test_a_limit_leaves_the_rest_for_the_next_round(db, note):
    note("case:1", 5)
    assert [api.seal(limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert list(models.SignedHead.objects.order_by("size").values_list("size", flat=True)) == [2, 4, 5]


def test_a_head_is_signed_and_follows_from_the_leaves(db, note):
    note("case:1", 7)
    api.seal()
    head = api.head()
    leaves = [bytes(leaf) for leaf in models.Seal.objects.order_by("position").values_list("leaf", flat=True)]
    assert head.size == 7
    assert head.root == merkle.root(7, merkle.node_from_leaves(leaves)).hex()
    assert heads.signature_holds(head, keys.public_keys())
    assert not heads.signature_holds(head, {})


@pytest.mark.parametrize("batches", [[600], [255, 1, 256, 88], [256, 256, 256], [1] * 3 + [700]])
def test_tiles_fill_as_the_tree_grows(db, note, batches):
    for batch in batches:
        note("case:1", batch)
        api.seal()
    size = sum(batches)
    leaves = [bytes(leaf) for leaf in models.Seal.objects.order_by("position").values_list("leaf", flat=True)]
    node = merkle.node_from_leaves(leaves)
    assert list(models.Tile.objects.order_by("number").values_list("level", "number")) == [(0, n) for n in range(size // 256)]
    for tile in models.Tile.objects.all():
        assert bytes(tile.hashes) == b"".join(leaves[tile.number * 256 : (tile.number + 1) * 256])
        assert bytes(tile.root) == node(8, tile.number)
    assert api.head().root == merkle.root(size, node).hex()


def test_a_second_level_of_tiles_grows_out_of_the_first():
    """65 536 leaves without a database: 256 tiles make the first tile of level 1."""
    leaves = [n.to_bytes(4) * 8 for n in range(256 * 256 + 3)]
    stored = tree.StoredTree()
    tiles = sealing.new_tiles(stored, 0, leaves)
    assert [(t.level, t.number) for t in tiles if t.level] == [(1, 0)]
    assert len(tiles) == 257
    assert tiles[-1].root == merkle.node_from_leaves(leaves)(16, 0)


def test_proofs_come_from_stored_tiles(db, note):
    entries = note("case:1", 700)
    api.seal()
    entries += note("case:2", 50)
    api.seal()
    head = api.head()
    for index in (0, 255, 256, 511, 600, 749):
        proof = api.inclusion_proof(entries[index].id)
        path = [bytes.fromhex(h) for h in proof.path]
        assert proof.position == index
        assert proof.head == head
        assert merkle.verify_inclusion(bytes.fromhex(proof.leaf), index, 750, path, bytes.fromhex(head.root))
    old = models.SignedHead.objects.get(size=700)
    proof = api.consistency_proof(700)
    path = [bytes.fromhex(h) for h in proof.path]
    assert merkle.verify_consistency(700, 750, bytes.fromhex(old.root), bytes.fromhex(head.root), path)
    assert api.inclusion_proof(entries[3].id, size=700).head.size == 700


def test_a_proof_reads_few_rows(db, note, statements):
    entries = note("case:1", 600)
    api.seal()
    with statements(8):
        api.inclusion_proof(entries[5].id)


def test_there_is_no_proof_of_what_is_not_sealed(db, note):
    with pytest.raises(NotFound):
        api.consistency_proof(1)
    note("case:1")
    api.seal()
    late = note("case:1")[0]
    for ask in (
        lambda: api.inclusion_proof(late.id),
        lambda: api.inclusion_proof(10**9),
        lambda: api.consistency_proof(2),
        lambda: api.consistency_proof(1, size=99),
    ):
        with pytest.raises(NotFound):
            ask()


def test_one_stream_keeps_its_order_even_if_ids_do_not():
    rows = [models.Entry(id=n, stream=s, version=v) for n, s, v in [(1, "a", 2), (2, "b", 1), (3, "a", 1), (4, "a", 3)]]
    assert [(r.stream, r.version) for r in sealing.in_tree_order(rows)] == [("a", 1), ("b", 1), ("a", 2), ("a", 3)]


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer anyway")
def test_there_is_one_sealer_at_a_time(fresh_database, note):
    note("case:1", 3)
    inside, done = threading.Event(), threading.Event()

    def other_sealer():
        with api.acting(api.system_actor("other")), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [sealing.SEALER_LOCK])
            inside.set()
            done.wait(20)
        connection.close()

    thread = threading.Thread(target=other_sealer)
    thread.start()
    inside.wait(20)
    assert api.seal() == 0
    done.set()
    thread.join()
    assert api.seal() == 3


def test_two_sealers_at_once_seal_each_entry_once(fresh_database, note):
    for number in range(40):
        note(f"case:{number}", 5)

    def work():
        while api.seal(limit=20) or models.Unsealed.objects.exists():
            pass
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert api.sealed_size() == 200
    assert api.verify().ok
