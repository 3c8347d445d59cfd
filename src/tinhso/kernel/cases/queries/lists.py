"""Work lists: each one a name, a group and a predicate; the count beside it counts the very rows that it shows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from tinhso.kernel.cases.families import desk_of_role
from tinhso.kernel.cases.models import Case, Task
from tinhso.kernel.cases.queries.cursors import ORDER, after_case, beyond
from tinhso.kernel.cases.queries.rows import as_rows
from tinhso.kernel.cases.queries.visibility import takes_part, units_of
from tinhso.kernel.cases.types import ListCount, ListFilter, NoSuchList, Page, Phase
from tinhso.kernel.ledger.types import Actor, ActorKind
from tinhso.lib import clock, text

COUNTED = 100
"""Counting stops here: screens show "99+"."""
PAGE_SIZES = range(1, 101)


@dataclass(frozen=True, slots=True)
class Desk:
    """What an actor does, as predicates are drawn from it."""

    actor: Actor
    now: datetime
    day_ends: datetime
    """The last instant of today on the province's wall clock."""
    units: list[str]
    roles: dict[str, list[str]]
    """Role to the units where it is held."""
    does: frozenset[str]
    """Desks of those roles."""

    @property
    def me(self) -> list[str]:
        """The actor's id and that of who delegated."""
        return [key for key in (self.actor.id, self.actor.on_behalf) if key]

    def held(self) -> Q:
        """Cases that wait for one of the actor's roles at its unit, and for nobody else by name."""
        waits = Q(pk__in=())
        for role, units in self.roles.items():
            waits |= Q(holder_role=role, holder_unit__in=units)
        return waits & Q(holder__in=["", *self.me])

    def concerns(self) -> Q:
        """Cases that are the actor's business wherever they are now: assigned to him, or of the unit that he runs or receives
        for."""
        own = Q(handler__in=self.me, responsible_unit__in=self.units)
        wide = self.at("to_review", "to_receive")
        return own | Q(responsible_unit__in=wide) | Q(receiving_unit__in=wide) if wide else own

    def at(self, *desks: str) -> list[str]:
        """The units where the actor has a role of one of these desks."""
        return sorted({unit for role, units in self.roles.items() if desk_of_role(role) in desks for unit in units})


@dataclass(frozen=True, slots=True)
class WorkList:
    """A declared list: shown to those who do one of ``desks``."""

    id: str
    group: str
    desks: frozenset[str]
    predicate: Callable[[Desk], Q]


OFFICE = frozenset({"to_receive", "to_review", "mine", "to_sign", "to_number"})
MAKERS = frozenset({"to_receive", "to_review", "mine"})


def _waiting(desk: str) -> Callable[[Desk], Q]:
    return lambda of: of.held() & Q(desk=desk)


def _elsewhere(desk: str) -> Callable[[Desk], Q]:
    return lambda of: of.concerns() & Q(desk=desk)


def _asked(of: Desk) -> Q:
    open_tasks = Task.objects.filter(case=OuterRef("pk"), unit__in=of.at("asked"), closed_at__isnull=True)
    return ~Q(phase=Phase.ENDED) & Q(Exists(open_tasks))


LISTS: tuple[WorkList, ...] = (
    WorkList("overdue", "urgent", OFFICE, lambda of: (of.held() | of.concerns()) & Q(phase=Phase.OPEN, due_at__lt=of.now)),
    WorkList(
        "due_today",
        "urgent",
        OFFICE,
        lambda of: (of.held() | of.concerns()) & Q(phase=Phase.OPEN, due_at__gte=of.now, due_at__lte=of.day_ends),
    ),
    WorkList("new", "urgent", OFFICE, lambda of: of.held() & Q(unread=True)),
    WorkList("supplemented", "urgent", MAKERS, lambda of: of.concerns() & Q(supplemented=True)),
    WorkList("to_receive", "mine", frozenset({"to_receive"}), _waiting("to_receive")),
    WorkList("to_return", "mine", frozenset({"to_receive"}), _waiting("to_return")),
    WorkList("to_assign", "mine", frozenset({"to_review"}), _waiting("to_assign")),
    WorkList("to_review", "mine", frozenset({"to_review"}), _waiting("to_review")),
    WorkList("mine", "mine", frozenset({"mine"}), lambda of: Q(holder__in=of.me, holder_unit__in=of.units)),
    WorkList("to_sign", "mine", frozenset({"to_sign"}), _waiting("to_sign")),
    WorkList("to_number", "mine", frozenset({"to_number"}), _waiting("to_number")),
    WorkList("asked", "mine", frozenset({"asked"}), _asked),
    WorkList("waiting_citizen", "waiting", MAKERS, _elsewhere("waiting_citizen")),
    WorkList("waiting_payment", "waiting", MAKERS, _elsewhere("waiting_payment")),
    WorkList("waiting_opinion", "waiting", MAKERS, lambda of: of.concerns() & Q(consulting__gt=0, phase=Phase.OPEN)),
    WorkList("waiting_other", "waiting", MAKERS, _elsewhere("waiting_other")),
    WorkList("waiting_signature", "waiting", MAKERS, _elsewhere("to_sign")),
    WorkList("unit_open", "unit", OFFICE, lambda of: ~Q(phase=Phase.ENDED) & takes_part(of.units)),
    WorkList("standing", "unit", OFFICE, lambda of: Q(desk="standing") & takes_part(of.units)),
    WorkList("ended", "unit", OFFICE, lambda of: Q(phase=Phase.ENDED) & takes_part(of.units)),
)


def _today() -> tuple[datetime, datetime]:
    """This instant, and the last one of today on the province's wall clock."""
    now = clock.now()
    return now, datetime.combine(now.astimezone(clock.TZ).date(), time.max, clock.TZ)


def _desk(actor: Actor, now: datetime, day_ends: datetime) -> Desk:
    roles: dict[str, list[str]] = {}
    for grant in actor.grants:
        roles.setdefault(grant.role, []).append(grant.unit)
    does = frozenset(desk for role in roles if (desk := desk_of_role(role)) is not None)
    return Desk(actor, now, day_ends, units_of(actor), roles, does)


def _shown(desk: Desk) -> list[WorkList]:
    if desk.actor.kind is not ActorKind.OFFICIAL:
        return []
    return [work_list for work_list in LISTS if work_list.desks & desk.does]


def work_lists(actor: Actor) -> list[ListCount]:
    """The lists that concern an official, in their order, each with how much is in it (at most 100): one statement."""
    counting = _counting(actor, connection.vendor)
    if not counting.shown:
        return []
    adapt = connection.ops.adapt_datetimefield_value
    said = {adapt(mark): adapt(instant) for mark, instant in zip(MARKS, _today(), strict=True)}
    with connection.cursor() as cursor:
        cursor.execute(counting.sql, [said.get(value, value) for value in counting.params])
        counts = dict(cursor.fetchall())
    return [ListCount(work_list.id, work_list.group, counts.get(work_list.id, 0)) for work_list in counting.shown]


@dataclass(frozen=True, slots=True)
class _Counting:
    """The statement that counts an actor's lists; :data:`MARKS` stand where the time of day goes."""

    shown: tuple[WorkList, ...]
    sql: str
    params: tuple[Any, ...]


MARKS = (datetime(1000, 1, 1, tzinfo=clock.TZ), datetime(1000, 1, 2, tzinfo=clock.TZ))


@lru_cache(maxsize=1024)
def _counting(actor: Actor, _vendor: str) -> _Counting:
    """Compiled once for each actor and what he may do: putting some eighteen predicates into SQL took longer than they run."""
    desk = _desk(actor, *MARKS)
    shown = _shown(desk)
    parts: list[str] = []
    params: list[Any] = []
    for work_list in shown:
        rows = Case.objects.filter(work_list.predicate(desk)).order_by().values("pk")[:COUNTED]
        sql, values = rows.query.sql_with_params()
        parts.append(f"SELECT %s, COUNT(*) FROM ({sql}) AS counted")  # noqa: S608  compiled by the ORM, values apart
        params += [work_list.id, *values]
    return _Counting(tuple(shown), " UNION ALL ".join(parts), tuple(params))


def work_list(actor: Actor, list_id: str, filters: ListFilter | None = None, after: str | None = None, size: int = 20) -> Page:
    """A page of a work list, the nearest due first, those without a due date last: at most five statements.

    ``after`` is the cursor that the page before gave. Raises NoSuchList for a list that is not this actor's, Invalid for a
    cursor that is none.
    """
    desk = _desk(actor, *_today())
    chosen = next((known for known in _shown(desk) if known.id == list_id), None)
    if chosen is None:
        raise NoSuchList(list=list_id)
    size = max(PAGE_SIZES.start, min(size, PAGE_SIZES.stop - 1))
    rows = Case.objects.filter(chosen.predicate(desk) & narrowed(filters or ListFilter()))
    if after:
        rows = rows.filter(beyond(after))
    found = list(rows.select_related("party").defer("data", "given", "wanting").order_by(*ORDER)[: size + 1])
    page = found[:size]
    return Page(as_rows(actor, page), after_case(page[-1]) if len(found) > size else None)


def narrowed(filters: ListFilter) -> Q:
    """The predicate of a filter."""
    exact = {"type_code": filters.type_code, "step": filters.step, "channel": filters.channel, "handler": filters.handler}
    wanted = Q(**{name: value for name, value in exact.items() if value})
    words = filters.text.strip()
    if words:
        wanted &= Q(code__contains=words.upper()) | Q(applicant__contains=text.fold(words))
    return wanted
