"""The one place that asks what time it is."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tinhso.lib import clock


def test_now_is_aware():
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_the_clock_is_held_and_let_go_again():
    evening = datetime(2026, 11, 22, 18, tzinfo=UTC)
    with clock.at(evening):
        assert clock.now() == evening
        assert clock.today() == date(2026, 11, 23), "already tomorrow in Việt Nam"
        with clock.at(evening + timedelta(days=1)):
            assert clock.today() == date(2026, 11, 24)
        assert clock.now() == evening
    assert clock.now() != evening


def test_a_naive_instant_is_refused():
    with pytest.raises(ValueError, match="aware"), clock.at(datetime(2026, 11, 22)):  # noqa: DTZ001
        pass
