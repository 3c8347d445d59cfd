"""Slow transactions, many writers, several workers: no follower misses an entry, none reads one twice."""

import random
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection

from tinhso.kernel.ledger import api, models
from tinhso.kernel.ledger.types import StreamConflict

pytestmark = pytest.mark.usefixtures("no_followers", "fresh_database")


def in_threads(*jobs):
    """Run the jobs at once, each on a connection of its own; raises what one of them raised."""
    faults = []

    def run(job):
        try:
            job()
        except Exception as error:  # noqa: BLE001  handed to the test
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if faults:
        raise faults[0]


@pytest.fixture
def seen():
    """What a follower of everything has been given: (stream, version), in order."""
    given = []
    api.follower("test.all", ["ledgertest.*"], batch=7)(lambda entries: given.extend((e.stream, e.version) for e in entries))
    return given


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time: nothing can interleave")
def test_a_slow_transaction_commits_behind_a_follower_and_is_not_missed(seen, note, actor):
    """With plain sequence numbers the follower would have passed the slow entry's number and lost it."""
    appended, go_on = threading.Event(), threading.Event()

    def slow():
        with api.acting(actor):
            note("slow", 2)
            appended.set()
            assert go_on.wait(30)

    def quick():
        assert appended.wait(30)
        note("quick", 3)
        api.work_once()
        assert seen == [("quick", 1), ("quick", 2), ("quick", 3)]
        go_on.set()

    in_threads(slow, quick)
    slow_id, quick_id = api.history("slow")[0].id, api.history("quick")[0].id
    assert slow_id < quick_id
    api.work_once()
    assert seen == [("quick", 1), ("quick", 2), ("quick", 3), ("slow", 1), ("slow", 2)]
    assert api.history("slow")[0].position == 3
    assert api.verify().ok


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time: nothing can interleave")
def test_transactions_in_any_order_are_all_read_once(seen, note, actor):
    chance = random.Random(766)
    finished = threading.Event()
    writers = 6

    def writer(number):
        def write():
            for round_ in range(8):
                with api.acting(actor):
                    note(f"case:{number}", 2, after=round_ * 3)
                    time.sleep(chance.random() * 0.03)
                    note(f"case:{number}", 1, after=round_ * 3 + 2)

        return write

    def worker():
        while not finished.is_set():
            api.work_once()

    def writers_then_stop():
        in_threads(*[writer(n) for n in range(writers)])
        finished.set()

    in_threads(writers_then_stop, worker, worker)
    api.seal()
    api.run_followers(once=False)
    assert len(seen) == len(set(seen)) == writers * 24
    for number in range(writers):
        assert [v for s, v in seen if s == f"case:{number}"] == list(range(1, 25))
    placed = models.Seal.objects.order_by("position").values_list("entry__stream", "entry__version")
    assert list(placed) == seen
    assert api.verify().ok


def test_of_two_writers_of_one_version_one_wins(note):
    note("case:1")
    barrier = threading.Barrier(2)
    outcome = []

    def write():
        barrier.wait(20)
        try:
            note("case:1", after=1)
            outcome.append("written")
        except StreamConflict:
            outcome.append("conflict")

    in_threads(write, write)
    assert sorted(outcome) == ["conflict", "written"]
    assert [e.version for e in api.history("case:1")] == [1, 2]


def test_several_workers_share_the_reading(seen, note):
    for number in range(20):
        note(f"case:{number}", 3)
    api.seal()

    def worker():
        for _ in range(12):
            api.run_followers()

    in_threads(worker, worker, worker)
    api.run_followers(once=False)
    assert sorted(seen) == [(f"case:{s}", v) for s in sorted(range(20), key=lambda n: f"case:{n}") for v in (1, 2, 3)]
    assert len(seen) == 60


def test_several_workers_run_a_job_once(actor):
    ran = []
    api.periodic("test.job", timedelta(hours=1))(lambda: ran.append(1))
    barrier = threading.Barrier(3)

    def worker():
        barrier.wait(20)
        api.run_periodic()

    in_threads(worker, worker, worker)
    assert ran == [1]
