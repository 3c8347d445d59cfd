"""Followers read every sealed entry once, in order; one that fails waits, is seen and never skips."""

from datetime import timedelta

import pytest

from tinhso.kernel.ledger import api, following, models
from tinhso.kernel.ledger.types import Actor, NoActor

pytestmark = pytest.mark.usefixtures("no_followers", "db")


@pytest.fixture
def reader():
    """``reader(kinds, batch)``: a follower that keeps what it is given, and the list it keeps it in."""

    def declare(*kinds, batch=500, name="test.reader"):
        seen = []
        api.follower(name, kinds or ["*"], batch=batch)(lambda entries: seen.extend(e.position for e in entries))
        return seen

    return declare


def test_a_follower_reads_what_is_sealed_and_nothing_else(reader, note):
    seen = reader()
    note("case:1", 3)
    assert api.run_followers() == 0
    api.seal()
    note("case:1")
    assert api.run_followers() == 3
    assert seen == [0, 1, 2]
    assert api.run_followers() == 0


def test_a_batch_is_its_size_at_most(note):
    sizes = []
    api.follower("test.reader", ["*"], batch=4)(lambda entries: sizes.append(len(entries)))
    note("case:1", 10)
    api.seal()
    assert api.run_followers(once=False) == 10
    assert sizes == [4, 4, 2]


@pytest.mark.parametrize(
    ("kinds", "seen"),
    [
        (["ledgertest.noted"], [0, 1, 3, 4]),
        (["ledgertest.other"], [2, 5]),
        (["ledgertest.*"], [0, 1, 2, 3, 4, 5]),
        (["ledgertes.*"], []),
        (["elsewhere.kind", "ledgertest.other"], [2, 5]),
        (["ledgertest.other", "*"], [0, 1, 2, 3, 4, 5]),
    ],
)
def test_a_follower_is_given_its_kinds(reader, note, kinds, seen):
    given = reader(*kinds)
    for stream in ("case:1", "case:2"):
        note(stream, 2)
        note(stream, other=True)
    api.seal()
    api.run_followers(once=False)
    assert given == seen
    assert api.follower_states()[0].behind == 0


def test_rare_kinds_do_not_stop_a_follower(reader, note):
    seen = reader("ledgertest.other", batch=1)
    note("case:1", 50)
    note("case:1", other=True)
    api.seal()
    api.run_followers(once=False)
    assert seen == [50]


def test_what_a_follower_writes_it_writes_as_itself(note):
    actors = []

    def answer(entries):
        actors.append(api.current_actor())
        note("answers", len(entries), other=True)

    api.follower("test.answers", ["ledgertest.noted"])(answer)
    note("case:1", 2)
    api.seal()
    api.run_followers()
    assert [a.id for a in actors] == ["system:test.answers"]
    assert len(api.history("answers")) == 2


def test_a_failure_undoes_the_batch_and_finds_the_entry(note, later):
    handled = []

    def picky(entries):
        with api.acting(api.system_actor("picky")):
            note("effects", len(entries), other=True)
        if any(e.position == 3 for e in entries):
            raise ValueError("không hiểu mục này")
        handled.extend(e.position for e in entries)

    api.follower("test.picky", ["ledgertest.noted"])(picky)
    note("case:1", 6)
    api.seal()
    with later(0):
        api.run_followers(once=False)
    assert handled == [0, 1, 2]
    assert len(api.history("effects")) == 3
    (state,) = api.follower_states()
    assert (state.position, state.behind, state.attempts, state.blocked) == (3, 3, 1, False)
    assert state.error == "ValueError: không hiểu mục này"
    row = models.FollowerFailure.objects.get()
    assert row.entry_id == api.history("case:1")[3].id


@pytest.fixture
def broken(note):
    """A follower that fails at position 1 until it is mended; what it has handled."""
    state = {"fault": True, "handled": [], "calls": 0}

    def handle(entries):
        state["calls"] += 1
        if state["fault"] and entries[-1].position >= 1:
            raise LookupError("not yet")
        state["handled"] += [e.position for e in entries]

    api.follower("test.broken", ["*"])(handle)
    note("case:1", 3)
    api.seal()
    return state


def test_it_waits_longer_each_time_and_is_called_blocked(broken, later):
    seconds = 0.0
    for attempt in range(1, following.BLOCKED_AFTER + 1):
        with later(seconds):
            api.run_followers(once=False)
            (state,) = api.follower_states()
            assert (state.attempts, state.position, state.blocked) == (attempt, 1, attempt == following.BLOCKED_AFTER)
            calls = broken["calls"]
            api.run_followers(once=False)
            assert broken["calls"] == calls
        seconds += following.pause(attempt).total_seconds() + 1
    assert broken["handled"] == [0]


def test_pauses_double_up_to_a_quarter_of_an_hour():
    assert [following.pause(n).total_seconds() for n in (1, 2, 3, 8)] == [2, 4, 8, 256]
    assert following.pause(50) == timedelta(minutes=15)


def test_once_mended_it_goes_on_where_it_stood(broken, later):
    with later(0):
        api.run_followers(once=False)
    broken["fault"] = False
    with later(1):
        assert api.run_followers(once=False) == 0
    with later(3):
        api.run_followers(once=False)
    assert broken["handled"] == [0, 1, 2]
    assert api.follower_states()[0].error is None
    assert models.FollowerFailure.objects.get().solved_at is not None


def test_it_can_be_told_to_try_at_once(broken, later, actor):
    with later(0):
        api.run_followers(once=False)
        broken["fault"] = False
        assert api.retry_follower(actor, "test.broken")
        assert api.run_followers(once=False) == 2
        assert not api.retry_follower(actor, "test.broken")


def test_one_that_fails_does_not_stop_the_others(broken, reader):
    seen = reader()
    api.run_followers(once=False)
    assert seen == [0, 1, 2]


def test_a_name_is_declared_once():
    def handle(entries):
        """Nothing."""

    api.follower("test.twice", ["*"])(handle)
    api.follower("test.twice", ["*"])(handle)
    with pytest.raises(TypeError, match="twice"):
        api.follower("test.twice", ["*"])(lambda entries: None)
    for kinds in ("*", []):
        with pytest.raises(TypeError, match="list of kinds"):
            api.follower("test.kinds", kinds)(handle)


def test_an_idle_round_costs_few_statements(reader, note, statements):
    reader()
    reader(name="test.second")
    note("case:1")
    api.seal()
    api.run_followers()
    with statements(5):
        assert not api.work_once()


def test_a_round_of_work_seals_feeds_and_runs(reader, note):
    seen, ran = reader(), []
    api.periodic("test.job", timedelta(minutes=5))(lambda: ran.append(1))
    note("case:1")
    assert api.work_once()
    assert (seen, ran) == ([0], [1])
    assert not api.work_once()


def test_a_fault_of_the_database_rises(reader, monkeypatch, note):
    reader()
    note("case:1")
    api.seal()

    def gone(name):
        raise ConnectionError("the database has gone away")

    monkeypatch.setattr(following, "_lock_bookmark", gone)
    with pytest.raises(ConnectionError):
        api.run_followers()
    assert not models.FollowerFailure.objects.exists()


# --- periodic jobs ---


def test_a_job_runs_when_it_is_due(later):
    ran = []
    api.periodic("test.job", timedelta(seconds=60))(lambda: ran.append(api.current_actor().id))
    for second, times in [(0, 1), (30, 1), (61, 2), (62, 2), (500, 3)]:
        with later(second):
            api.run_periodic()
        assert len(ran) == times
    assert set(ran) == {"system:test.job"}


def test_a_failing_job_is_seen_and_runs_again(later):
    faults = [OSError("mail server away"), OSError("still away"), None]

    def job():
        if (fault := faults.pop(0)) is not None:
            raise fault

    api.periodic("test.job", timedelta(seconds=60))(job)
    assert api.periodic_states()[0].next_at is None
    seen = []
    for second in (0, 61, 122):
        with later(second):
            assert api.run_periodic() == 1
        (state,) = api.periodic_states()
        seen.append((state.error, state.failures))
    assert seen == [("OSError: mail server away", 1), ("OSError: still away", 2), (None, 0)]


def test_a_job_in_another_workers_hands_is_left_alone_until_that_one_is_dead(later):
    ran = []
    api.periodic("test.job", timedelta(seconds=60))(lambda: ran.append(1))
    with later(0):
        assert following._claim(following._periodics["test.job"], following.now())  # and dies here
    with later(61):
        assert api.run_periodic() == 0
    with later(following.CLAIM.total_seconds() + 1):
        assert api.run_periodic() == 1
    assert ran == [1]


def test_a_job_has_one_name():
    def job():
        """Nothing."""

    api.periodic("test.job", timedelta(1))(job)
    api.periodic("test.job", timedelta(1))(job)
    with pytest.raises(TypeError, match="twice"):
        api.periodic("test.job", timedelta(1))(lambda: None)


def test_naming_needs_an_actor():
    with pytest.raises(NoActor), api.named("system"):
        pass
    with api.named(Actor(id="system:x", kind="system")) as actor:
        assert api.current_actor() is actor
