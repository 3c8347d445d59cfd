"""An insider edits the database past every guard: whatever is changed, removed, added or reordered is found and named."""

import json

import pytest
from django.db import connection, transaction

from tinhso.kernel.ledger import api, models
from tinhso.kernel.ledger.engine import canonical, merkle
from tinhso.kernel.ledger.queries import content
from tinhso.kernel.ledger.types import FaultKind, Head
from tinhso.lib.clock import now

PLACES = [3, 255, 256, 589, 599]
"""In the first tile, at its edges, in the second, in the unfinished third (which has no tile) and at the very end."""


@pytest.fixture(autouse=True)
def _ledger(db, sealed):
    """600 entries in 12 rounds; whatever the test does to them is undone before the database is looked over."""
    sealed(600, 50)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def named(report, kind):
    return {fault.position for fault in report.faults if fault.kind is kind}


def seal_at(position):
    return models.Seal.objects.select_related("entry").get(position=position)


def bytea(value):
    return f"'\\x{value.hex()}'" if connection.vendor == "postgresql" else f"X'{value.hex()}'"


def test_an_untouched_ledger_is_whole():
    seen = []
    report = api.verify(progress=lambda done, total: seen.append((done, total)))
    assert report.ok, report.faults
    assert (report.size, report.heads, report.unsealed) == (600, 12, 0)
    assert report.head == api.head()
    assert seen[-1] == (600, 600)


@pytest.mark.parametrize(
    "change",
    [
        'data = \'{"number": 1, "text": "sửa"}\'',
        "occurred_at = '2020-01-01 00:00:00+00:00'",
        "recorded_at = '2020-01-01 00:00:00+00:00'",
        "actor = 'account:other'",
        "kind = 'ledgertest.other'",
        "unit = NULL",
        "request_key = 'k'",
        "stream = 'case:moved'",
        "version = 77",
    ],
)
def test_a_change_of_any_column_is_found(tamper, change):
    entry = seal_at(299).entry
    tamper(f"UPDATE ledger_entry SET {change} WHERE id = {entry.pk}")
    report = api.verify()
    fault = next(f for f in report.faults if f.kind is FaultKind.CHANGED)
    assert (fault.position, fault.entry_id) == (299, entry.pk)
    assert named(report, FaultKind.CHANGED) == {299}


@pytest.mark.parametrize("place", PLACES)
def test_a_change_with_its_leaf_rewritten_is_found(tamper, place):
    entry = seal_at(place).entry
    entry.data = {"number": 1, "text": "sửa"}
    leaf = bytea(canonical.leaf(content(entry)))
    text = json.dumps(entry.data)
    tamper(f"UPDATE ledger_entry SET data = '{text}', leaf = {leaf} WHERE id = {entry.pk}")
    report = api.verify()
    assert [(f.kind, f.position, f.entry_id) for f in report.faults] == [(FaultKind.CHANGED, place, entry.pk)]


@pytest.mark.parametrize("place", PLACES)
def test_a_change_with_leaf_and_seal_rewritten_is_found(tamper, place):
    entry = seal_at(place).entry
    entry.data = {"number": 1, "text": "sửa"}
    leaf = bytea(canonical.leaf(content(entry)))
    tamper(
        f"UPDATE ledger_entry SET data = '{json.dumps(entry.data)}', leaf = {leaf} WHERE id = {entry.pk}",
        f"UPDATE ledger_seal SET leaf = {leaf} WHERE position = {place}",
    )
    report = api.verify()
    assert not report.ok
    if place < 512:
        assert named(report, FaultKind.CHANGED) == {place}
    else:  # no tile yet: the heads bound it to the round in which it was sealed
        assert [(f.kind, f.position) for f in report.faults] == [(FaultKind.HEAD, place // 50 * 50)]


def test_a_change_in_a_round_of_one_is_named_by_the_heads_alone(tamper, sealed, note):
    note("case:last")
    api.seal()
    entry = seal_at(600).entry
    entry.data = {"number": 1, "text": "sửa"}
    leaf = bytea(canonical.leaf(content(entry)))
    tamper(
        f"UPDATE ledger_entry SET data = '{json.dumps(entry.data)}', leaf = {leaf} WHERE id = {entry.pk}",
        f"UPDATE ledger_seal SET leaf = {leaf} WHERE position = 600",
    )
    assert [(f.kind, f.position, f.entry_id) for f in api.verify().faults] == [(FaultKind.CHANGED, 600, entry.pk)]


@pytest.mark.parametrize("place", PLACES)
def test_a_removed_entry_is_found(tamper, place):
    entry = seal_at(place).entry
    tamper(f"DELETE FROM ledger_entry WHERE id = {entry.pk}")
    report = api.verify()
    assert (FaultKind.REMOVED, place, entry.pk) in [(f.kind, f.position, f.entry_id) for f in report.faults]
    assert named(report, FaultKind.REMOVED) <= {place, None}


@pytest.mark.parametrize("place", PLACES)
def test_an_entry_removed_with_its_seal_is_found(tamper, place):
    entry = seal_at(place).entry
    tamper(f"DELETE FROM ledger_seal WHERE position = {place}", f"DELETE FROM ledger_entry WHERE id = {entry.pk}")
    report = api.verify()
    assert place in named(report, FaultKind.REMOVED)


def _close_the_gap(place):
    return (
        f"UPDATE ledger_seal SET position = -position WHERE position > {place}",
        "UPDATE ledger_seal SET position = -position - 1 WHERE position < 0",
    )


@pytest.mark.parametrize("place", [3, 200, 255, 256, 300])
def test_an_entry_removed_and_the_gap_closed_is_found(tamper, place):
    entry = seal_at(place).entry
    tamper(
        f"DELETE FROM ledger_seal WHERE position = {place}",
        f"DELETE FROM ledger_entry WHERE id = {entry.pk}",
        *_close_the_gap(place),
    )
    report = api.verify()
    assert place in named(report, FaultKind.REMOVED)
    assert named(report, FaultKind.REORDERED) == named(report, FaultKind.ADDED) == set()


def test_the_last_entry_removed_is_missed_by_the_head(tamper):
    entry = seal_at(599).entry
    tamper("DELETE FROM ledger_seal WHERE position = 599", f"DELETE FROM ledger_entry WHERE id = {entry.pk}")
    faults = api.verify().faults
    assert [(f.kind, f.position) for f in faults] == [(FaultKind.REMOVED, 599)]


def _forged(stream, version):
    entry = seal_at(0).entry
    entry.pk, entry.stream, entry.version = 10**6, stream, version
    entry.leaf = canonical.leaf(content(entry))
    columns = "id, stream, version, kind, actor, unit, occurred_at, recorded_at, data, leaf"
    values = f"{entry.pk}, '{stream}', {version}, kind, actor, unit, occurred_at, recorded_at, data, {bytea(entry.leaf)}"
    insert = f"INSERT INTO ledger_entry ({columns}) SELECT {values} FROM ledger_entry WHERE id = {seal_at(0).entry_id}"
    return insert, bytea(entry.leaf)


def test_an_entry_added_at_the_end_is_found(tamper):
    insert, leaf = _forged("case:forged", 1)
    tamper(insert, f"INSERT INTO ledger_seal (position, entry_id, leaf) VALUES (600, 1000000, {leaf})")
    faults = api.verify().faults
    assert [(f.kind, f.position, f.stream) for f in faults] == [(FaultKind.ADDED, 600, "case:forged")]


@pytest.mark.parametrize("place", [0, 100, 255, 256, 400])
def test_an_entry_added_in_the_middle_is_found(tamper, place):
    insert, leaf = _forged("case:forged", 1)
    tamper(
        insert,
        f"UPDATE ledger_seal SET position = -position - 1 WHERE position >= {place}",
        "UPDATE ledger_seal SET position = -position WHERE position < 0",
        f"INSERT INTO ledger_seal (position, entry_id, leaf) VALUES ({place}, 1000000, {leaf})",
    )
    faults = api.verify().faults
    assert [(f.kind, f.position, f.stream) for f in faults] == [(FaultKind.ADDED, place, "case:forged")]


def test_an_entry_added_outside_the_tree_is_found(tamper):
    insert, _ = _forged("case:forged", 1)
    tamper(insert)
    assert [(f.kind, f.stream) for f in api.verify().faults] == [(FaultKind.ADDED, "case:forged")]


PAIRS = [(1, 7), (200, 300), (255, 256), (560, 571), (599, 598), (100, 590)]


@pytest.mark.parametrize(("one", "two"), PAIRS)
def test_two_entries_swapped_are_found(tamper, one, two):
    first, second = seal_at(one).entry_id, seal_at(two).entry_id
    tamper(
        f"UPDATE ledger_seal SET entry_id = -1 WHERE position = {one}",
        f"UPDATE ledger_seal SET entry_id = {first} WHERE position = {two}",
        f"UPDATE ledger_seal SET entry_id = {second} WHERE position = {one}",
    )
    report = api.verify()
    assert named(report, FaultKind.REORDERED) >= {one, two}
    assert named(report, FaultKind.CHANGED) == set()


@pytest.mark.parametrize(("one", "two"), PAIRS)
def test_two_entries_swapped_with_their_seals_are_found(tamper, one, two):
    tamper(
        f"UPDATE ledger_seal SET position = -1 WHERE position = {one}",
        f"UPDATE ledger_seal SET position = {one} WHERE position = {two}",
        f"UPDATE ledger_seal SET position = {two} WHERE position = -1",
    )
    report = api.verify()
    assert not report.ok
    if (one, two) == (100, 590):  # one of them has no tile: it is new to the tile of the other
        assert named(report, FaultKind.ADDED) == {100}
        assert 590 in named(report, FaultKind.REORDERED)
    else:
        assert named(report, FaultKind.REORDERED) >= {one, two}


def test_content_swapped_between_two_entries_is_found(tamper):
    first, second = seal_at(10).entry, seal_at(20).entry
    tamper(
        f"UPDATE ledger_entry SET stream = 'x' WHERE id = {first.pk}",
        f"UPDATE ledger_entry SET stream = '{first.stream}', version = {first.version} WHERE id = {second.pk}",
        f"UPDATE ledger_entry SET stream = '{second.stream}', version = {second.version} WHERE id = {first.pk}",
    )
    assert named(api.verify(), FaultKind.CHANGED) == {10, 20}


def test_a_changed_tile_is_told_from_a_changed_entry(tamper):
    tile = models.Tile.objects.get(number=1)
    hashes = bytearray(tile.hashes)
    hashes[32:64] = bytes(32)
    tamper(f"UPDATE ledger_tile SET hashes = {bytea(bytes(hashes))} WHERE id = {tile.pk}")
    assert [(f.kind, f.position) for f in api.verify().faults] == [(FaultKind.TREE, 257)]


@pytest.mark.parametrize("change", ["root = '00'", "size = 601", "signed_at = '2020-01-01 00:00:00+00:00'", "signature = 'zz'"])
def test_a_changed_head_is_found(tamper, change):
    head = models.SignedHead.objects.get(size=600)
    tamper(f"UPDATE ledger_head SET {change} WHERE id = {head.pk}")
    assert FaultKind.SIGNATURE in {f.kind for f in api.verify().faults}


def test_a_head_of_an_unknown_key_is_found(tamper):
    tamper("UPDATE ledger_head SET key_id = '0123456789abcdef' WHERE size = 100")
    (fault,) = api.verify().faults
    assert fault.kind is FaultKind.SIGNATURE
    assert "0123456789abcdef" in fault.detail


def test_what_can_not_be_read_is_named_and_hides_nothing(tamper):
    entry, other = seal_at(30).entry, seal_at(40).entry
    broken = "'[1, 1.5]'" if connection.vendor == "postgresql" else '\'{"number":1,"number":2}\''
    tamper(
        f"UPDATE ledger_entry SET data = {broken} WHERE id = {entry.pk}",
        f"UPDATE ledger_entry SET actor = 'x' WHERE id = {other.pk}",
    )
    assert named(api.verify(), FaultKind.CHANGED) == {30, 40}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL stores no such date")
def test_a_date_that_is_none_is_named(tamper):
    tamper(f"UPDATE ledger_entry SET occurred_at = 'ngày mai' WHERE id = {seal_at(30).entry_id}")
    assert named(api.verify(), FaultKind.CHANGED) == {30}


def test_an_entry_changed_while_it_waits_is_found(tamper, note):
    (entry,) = note("case:waits")
    tamper(f"UPDATE ledger_entry SET actor = 'x' WHERE id = {entry.id}")
    assert [(f.kind, f.entry_id, f.stream) for f in api.verify().faults] == [(FaultKind.CHANGED, entry.id, "case:waits")]


def test_an_entry_removed_while_it_waits_is_found(tamper, note):
    (entry,) = note("case:waits")
    tamper(f"DELETE FROM ledger_entry WHERE id = {entry.id}")
    assert [(f.kind, f.entry_id) for f in api.verify().faults] == [(FaultKind.REMOVED, entry.id)]


def test_a_head_kept_outside_fits():
    old = models.SignedHead.objects.get(size=300)
    kept = Head(old.size, old.root, old.signed_at, old.key_id, old.signature)
    assert api.verify(against=kept).ok
    paper = Head(old.size, old.root, now(), "", "")
    assert api.verify(against=paper).ok


@pytest.mark.parametrize("keep", [300, 600])
def test_a_ledger_rewritten_and_signed_again_is_given_away_by_a_head_kept_outside(tamper, keep):
    """An insider with the database and the key: an entry removed, the tree grown and signed anew."""
    old = models.SignedHead.objects.get(size=keep)
    kept = Head(old.size, old.root, old.signed_at, old.key_id, old.signature)
    victim = seal_at(299).entry
    tamper(
        "DELETE FROM ledger_seal",
        "DELETE FROM ledger_tile",
        "DELETE FROM ledger_head",
        f"DELETE FROM ledger_entry WHERE id = {victim.pk}",
        f"UPDATE ledger_entry SET version = version - 1 WHERE stream = '{victim.stream}' AND version > {victim.version}",
    )
    _reseal()
    assert api.verify().ok
    report = api.verify(against=kept)
    assert [f.kind for f in report.faults] == [FaultKind.OUTSIDE]


def _reseal():
    with api.named(api.system_actor("insider")):
        for row in models.Entry.objects.all():
            models.Entry.objects.filter(pk=row.pk).update(leaf=canonical.leaf(content(row)))
        ids = models.Entry.objects.values_list("pk", flat=True)
        models.Unsealed.objects.bulk_create(models.Unsealed(entry_id=pk) for pk in ids)
    api.seal()


def test_a_forged_head_from_outside_is_told():
    old = models.SignedHead.objects.get(size=300)
    forged = Head(300, merkle.EMPTY_ROOT.hex(), old.signed_at, old.key_id, old.signature)
    assert [f.kind for f in api.verify(against=forged).faults] == [FaultKind.OUTSIDE] * 2
