"""Attempts are counted exactly, for each and for a span of time, and nothing is kept of who it was."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection

from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.models import Attempt
from tinhso.kernel.ledger.models import Entry
from tinhso.lib import clock

NOBODY = identity.anonymous()
NOON = datetime(2026, 11, 2, 12, tzinfo=clock.TZ)


def test_each_is_counted_apart_and_spans_end(db):
    with clock.at(NOON + timedelta(seconds=10)):
        assert identity.count_attempt(NOBODY, "look_up", "10.0.0.1", 60) == (1, 50)
        assert identity.count_attempt(NOBODY, "look_up", "10.0.0.1", 60) == (2, 50)
        assert identity.count_attempt(NOBODY, "look_up", "10.0.0.2", 60)[0] == 1
        assert identity.count_attempt(NOBODY, "verify", "10.0.0.1", 60)[0] == 1
    with clock.at(NOON + timedelta(seconds=61)):
        assert identity.count_attempt(NOBODY, "look_up", "10.0.0.1", 60) == (1, 59)


def test_no_address_and_no_entry_is_kept_and_old_counts_go(db):
    with clock.at(NOON):
        identity.count_attempt(NOBODY, "look_up", "10.0.0.1", 60)
    row = Attempt.objects.get()
    assert "10.0.0.1" not in f"{row} {row.key}"
    assert not Entry.objects.exists()
    with clock.at(NOON + timedelta(seconds=60)):
        assert identity.forget_attempts() == 0
    with clock.at(NOON + timedelta(minutes=5)):
        assert identity.forget_attempts() == 1
    assert not Attempt.objects.exists()


@pytest.mark.usefixtures("fresh_database")
def test_eight_at_once_are_eight():
    def one(_: int) -> int:
        try:
            return identity.count_attempt(NOBODY, "look_up", "10.0.0.1", 86400)[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(one, range(8))) == list(range(1, 9))
