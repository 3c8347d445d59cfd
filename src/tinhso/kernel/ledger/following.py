"""Followers and periodic jobs: declared by rooms, run by the worker."""

import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F, Q

from tinhso.kernel.ledger import models
from tinhso.kernel.ledger.context import acting, named, operation
from tinhso.kernel.ledger.queries import as_entry, sealed_size
from tinhso.kernel.ledger.types import Actor, ActorKind, Entry, FollowerState, PeriodicState
from tinhso.lib.clock import now

Handler = Callable[[Sequence[Entry]], None]
Job = Callable[[], None]

BLOCKED_AFTER = 8
"""Attempts after which a failing follower is called blocked; it goes on trying at the longest pause."""
LONGEST_PAUSE = timedelta(minutes=15)
CLAIM = timedelta(minutes=15)
"""How long a periodic job may run before another worker takes it for dead."""
WINDOW = 20
"""A follower of few kinds looks at this many times its batch of positions at once."""


@dataclass(frozen=True, slots=True)
class Follower:
    """A declared reader of the ledger."""

    name: str
    kinds: tuple[str, ...]
    batch: int
    handle: Handler

    def wants(self) -> Q:
        """The kinds as a predicate over seals: ``a.b`` exactly, ``a.*`` every kind below, ``*`` all."""
        wanted = Q(pk__in=[])
        for kind in self.kinds:
            if kind == "*":
                return Q()
            wanted |= Q(entry__kind__startswith=kind[:-1]) if kind.endswith(".*") else Q(entry__kind=kind)
        return wanted


@dataclass(frozen=True, slots=True)
class Periodic:
    """A declared job that runs every so often."""

    name: str
    every: timedelta
    run: Job


_followers: dict[str, Follower] = {}
_periodics: dict[str, Periodic] = {}


def follower(name: str, kinds: Sequence[str], batch: int = 500) -> Callable[[Handler], Handler]:
    """Declare a follower: its function is given sealed entries of ``kinds`` in the tree's order, at most ``batch`` at once.

    Each call runs in one transaction with the move of the follower's bookmark, as actor ``system:<name>``: what it does
    in the database happens exactly once. If it raises, nothing of it remains; it is tried again with growing pauses and
    never passes the entry at fault. ``kinds`` may end in ``.*``; ``*`` means all. TypeError for a name used twice.
    """

    def register(fn: Handler) -> Handler:
        known = _followers.get(name)
        if known is not None and known.handle is not fn:
            raise TypeError(f"follower {name} is declared twice")
        if isinstance(kinds, str) or not kinds:
            raise TypeError(f"follower {name} needs a list of kinds")
        _followers[name] = Follower(name, tuple(kinds), batch, fn)
        return fn

    return register


def periodic(name: str, every: timedelta) -> Callable[[Job], Job]:
    """Declare a job that one worker runs every ``every``, as actor ``system:<name>``; it opens its own transactions.

    A failure is recorded and the job runs again at its next time. TypeError for a name used twice.
    """

    def register(fn: Job) -> Job:
        known = _periodics.get(name)
        if known is not None and known.run is not fn:
            raise TypeError(f"periodic job {name} is declared twice")
        _periodics[name] = Periodic(name, every, fn)
        return fn

    return register


def followers() -> list[Follower]:
    """Every declared follower, by name."""
    return [_followers[name] for name in sorted(_followers)]


def periodics() -> list[Periodic]:
    """Every declared periodic job, by name."""
    return [_periodics[name] for name in sorted(_periodics)]


def system_actor(name: str) -> Actor:
    """The installation itself, acting under ``name``."""
    return Actor(id=f"system:{name}", kind=ActorKind.SYSTEM)


# --- followers ---------------------------------------------------------------------------------------------------------


def run_followers(once: bool = True) -> int:
    """Give every follower what it has not read yet; the number of entries handled.

    ``once`` gives each at most one window; otherwise goes on until all are level or failing. Failures are recorded, not
    raised (see :func:`follower_states`). Safe with several workers.
    """
    total = 0
    while True:
        size = sealed_size()
        places = dict(models.Bookmark.objects.values_list("name", "position"))
        waiting = set(_waiting())
        due = [f for f in _followers.values() if places.get(f.name, 0) < size and f.name not in waiting]
        results = [_advance(f, size) for f in due]
        total += sum(handled for handled, _ in results)
        if once or not any(moved for _, moved in results):
            return total


def _waiting() -> list[str]:
    """Followers whose next attempt has not come yet."""
    failures = models.FollowerFailure.objects.filter(solved_at__isnull=True, next_try_at__gt=now())
    return list(failures.values_list("follower", flat=True))


def _advance(f: Follower, size: int) -> tuple[int, bool]:
    """One window for one follower: entries handled, and whether its bookmark moved."""
    failing = models.FollowerFailure.objects.filter(follower=f.name, solved_at__isnull=True).exists()
    batch = 1 if failing else f.batch
    while True:
        entries: list[Entry] = []
        try:
            with acting(system_actor(f.name)):
                start = _lock_bookmark(f.name)
                if start is None:
                    return 0, False
                entries, end = _window(f, start, size, batch)
                if entries:
                    f.handle(entries)
                _move(f.name, start, end, failing)
                return len(entries), end > start
        except Exception as error:
            if len(entries) > 1:
                batch = 1  # which of them is it? one at a time, from the same place
                continue
            if not entries:
                raise
            _record_failure(f, entries[0], error)
            return 0, False


def _lock_bookmark(name: str) -> int | None:
    """The bookmark's position, held for this transaction; None when another worker holds it."""
    rows = models.Bookmark.objects.filter(name=name)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    found = rows.values_list("position", flat=True).first()
    if found is not None:
        return found
    _, created = models.Bookmark.objects.get_or_create(name=name)
    return 0 if created else None


def _window(f: Follower, start: int, size: int, batch: int) -> tuple[list[Entry], int]:
    """The next entries for ``f`` and the position after them."""
    end = min(size, start + max(f.batch, batch) * WINDOW)
    seals = models.Seal.objects.filter(f.wants(), position__gte=start, position__lt=end)
    found = list(seals.select_related("entry").order_by("position")[: batch + 1])
    if len(found) > batch:
        end = found[batch].position
    return [as_entry(seal.entry, seal.position) for seal in found[:batch]], end


def _move(name: str, start: int, end: int, failing: bool) -> None:
    models.Bookmark.objects.filter(name=name).update(position=end, moved_at=now())
    if failing:
        solved = models.FollowerFailure.objects.filter(follower=name, position__lt=end, solved_at__isnull=True)
        solved.update(solved_at=now())


def _record_failure(f: Follower, entry: Entry, error: Exception) -> None:
    """Write down the failure in its own transaction, with the time of the next attempt."""
    instant = now()
    text = "".join(traceback.format_exception_only(error)).strip()[:2000]
    with acting(system_actor(f.name)):
        failure, created = models.FollowerFailure.objects.get_or_create(
            follower=f.name,
            position=entry.position or 0,
            defaults={
                "entry_id": entry.id,
                "error": text,
                "first_at": instant,
                "last_at": instant,
                "next_try_at": instant + pause(1),
            },
        )
        if not created:
            failure.attempts += 1
            failure.error = text
            failure.last_at = instant
            failure.next_try_at = instant + pause(failure.attempts)
            failure.solved_at = None
            failure.save()


def pause(attempts: int) -> timedelta:
    """How long to wait after this many failed attempts: 2 s, doubling, at most 15 min."""
    return min(timedelta(seconds=2 << min(attempts - 1, 30)), LONGEST_PAUSE)


@operation
def retry_follower(actor: Actor, name: str) -> bool:
    """Let a failing follower try again at once (after its fault has been put right); False if it is not failing."""
    failures = models.FollowerFailure.objects.filter(follower=name, solved_at__isnull=True)
    return failures.update(next_try_at=now()) > 0


@operation
def forget_followers(actor: Actor, names: Iterable[str]) -> None:
    """Forget how far these followers have read: whoever is declared under such a name again begins at the first entry.

    For followers whose work is thrown away with them; one that merely pauses keeps its bookmark.
    """
    gone = list(names)
    models.Bookmark.objects.filter(name__in=gone).delete()
    models.FollowerFailure.objects.filter(follower__in=gone, solved_at__isnull=True).update(solved_at=now())


def follower_states() -> list[FollowerState]:
    """Every declared follower: how far it is, and what holds it up."""
    size = sealed_size()
    places = dict(models.Bookmark.objects.values_list("name", "position"))
    failures = {x.follower: x for x in models.FollowerFailure.objects.filter(solved_at__isnull=True)}
    return [_state(f, places.get(f.name, 0), size, failures.get(f.name)) for f in _followers.values()]


def _state(f: Follower, position: int, size: int, failure: models.FollowerFailure | None) -> FollowerState:
    behind = max(0, size - position)
    if failure is None:
        return FollowerState(f.name, f.kinds, position, behind)
    return FollowerState(
        name=f.name,
        kinds=f.kinds,
        position=failure.position,
        behind=behind,
        error=failure.error,
        attempts=failure.attempts,
        next_try_at=failure.next_try_at,
        blocked=failure.attempts >= BLOCKED_AFTER,
    )


# --- periodic jobs -----------------------------------------------------------------------------------------------------


def run_periodic() -> int:
    """Run the jobs that are due; how many ran. Failures are recorded, not raised. Safe with several workers."""
    instant = now()
    known = dict(models.PeriodicRun.objects.values_list("name", "next_at"))
    due = [p for p in _periodics.values() if known.get(p.name, instant) <= instant]
    return sum(_run_job(p, instant) for p in due)


def _run_job(p: Periodic, instant: datetime) -> bool:
    if not _claim(p, instant):
        return False
    error = ""
    with named(system_actor(p.name)):
        try:
            p.run()
        except Exception as caught:  # noqa: BLE001  recorded and visible; the other jobs must still run
            error = "".join(traceback.format_exception_only(caught)).strip()[:2000]
    with acting(system_actor(p.name)):
        models.PeriodicRun.objects.filter(name=p.name).update(
            claimed_until=None,
            finished_at=now(),
            error=error,
            failures=F("failures") + 1 if error else 0,
        )
    return True


def _claim(p: Periodic, instant: datetime) -> bool:
    """Take the job for this worker, if it is due and nobody has it."""
    with acting(system_actor(p.name)):
        models.PeriodicRun.objects.get_or_create(name=p.name, defaults={"next_at": instant})
        free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=instant)
        mine = models.PeriodicRun.objects.filter(free, name=p.name, next_at__lte=instant)
        return bool(mine.update(next_at=instant + p.every, claimed_until=instant + CLAIM, started_at=instant))


def periodic_states() -> list[PeriodicState]:
    """Every declared periodic job: when it ran, when it will, what went wrong."""
    rows = models.PeriodicRun.objects.in_bulk()
    return [_job_state(p, rows.get(p.name)) for p in _periodics.values()]


def _job_state(p: Periodic, row: models.PeriodicRun | None) -> PeriodicState:
    if row is None:
        return PeriodicState(p.name, p.every, None, None, None, 0)
    return PeriodicState(p.name, p.every, row.next_at, row.finished_at, row.error or None, row.failures)
