"""Several people at once, on a real database that commits: one wins, the others are told; no code is given twice."""

import threading
from collections.abc import Callable

import pytest
from django.db import connections, transaction

from tests import request_type, world
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.models import Case
from tinhso.kernel.cases.operations import filing
from tinhso.kernel.cases.types import Channel, MoveRefused, NoSuchCase
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import RequestRepeated
from tinhso.lib import clock

WHEN = world.local("2026-11-02 08:45")


@pytest.fixture
def committed(fresh_database: str, django_db_blocker) -> world.World:
    """The commune, committed, in a database of this test alone."""
    with django_db_blocker.unblock(), clock.at(WHEN):
        built = world.build()
        request_type.load()
        yield built


def together(*jobs: Callable[[], object]) -> list[object]:
    """Run jobs at the same moment, each in its thread with its own connection; gives results and failures in order."""
    results: list[object] = [None] * len(jobs)
    gate = threading.Barrier(len(jobs))

    def run(number: int, job: Callable[[], object]) -> None:
        try:
            gate.wait()
            with clock.at(WHEN):
                results[number] = job()
        except Exception as failure:  # noqa: BLE001  whatever it was is the result
            results[number] = failure
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number, job)) for number, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_two_officials_on_one_case_one_wins_and_one_is_told(committed: world.World) -> None:
    ref = request_type.filed(committed)
    tam = committed.tam
    done = together(
        lambda: cases.perform(tam, ref.id, "receive", {}, if_version=ref.version),
        lambda: cases.perform(tam, ref.id, "refuse", {"reason": "Thiếu"}, if_version=ref.version),
    )
    refused = [outcome for outcome in done if isinstance(outcome, MoveRefused)]
    assert len(refused) == 1, done
    assert refused[0].params["reason"].code == "cases.move.changed_meanwhile"
    versions = [entry.version for entry in ledger.history(f"case:{ref.id}")]
    assert versions == list(range(1, Case.objects.get(pk=ref.id).version + 1))


def test_one_request_sent_twice_at_once_is_one_case(committed: world.World) -> None:
    tham = committed.tham
    papers = {"plan": [world.stored(tham).id]}

    def hand_in() -> object:
        return cases.file_case(tham, request_type.CODE, request_type.data(), papers, Channel.ONLINE, tham.party or "", "same")

    first, second = together(hand_in, hand_in)
    assert first == second, (first, second)
    assert Case.objects.count() == 1


def test_codes_given_at_once_differ(committed: world.World) -> None:
    tham = committed.tham
    files = [world.stored(tham).id for _ in range(4)]

    def hand_in(number: int) -> Callable[[], object]:
        papers = {"plan": [files[number]]}
        return lambda: (
            cases.file_case(
                tham, request_type.CODE, request_type.data(), papers, Channel.ONLINE, tham.party or "", f"k{number}"
            ).code
        )

    codes = together(*(hand_in(number) for number in range(4)))
    assert sorted(map(str, codes)) == [f"H53.24.01-20261102-000000{n}" for n in range(1, 5)]


def test_the_loser_of_a_double_click_gets_what_the_winner_made(committed: world.World, monkeypatch) -> None:
    """As above, whichever way the threads run: the second finds its key taken only when it writes."""
    ref = request_type.filed(committed, key="same")

    def too_late(*args: object) -> None:
        raise RequestRepeated(request_key="same")

    monkeypatch.setattr(filing, "_file", too_late)
    assert request_type.filed(committed, key="same") == ref
    with transaction.atomic(), pytest.raises(RequestRepeated):
        request_type.filed(committed, key="same")
    with pytest.raises(NoSuchCase):
        request_type.filed(committed, key="another")
