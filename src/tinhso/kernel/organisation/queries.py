"""Reads of the organisation. Every question takes the date it is asked for; None means today."""

from collections.abc import Collection, Iterable
from datetime import date, time
from functools import lru_cache
from pathlib import Path
from time import monotonic
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from tinhso.kernel.organisation import models
from tinhso.kernel.organisation.engine.calendar_facts import read_calendar
from tinhso.kernel.organisation.engine.holidays_vn import special_days
from tinhso.kernel.organisation.engine.workcalendar import WorkCalendar
from tinhso.kernel.organisation.types import (
    Area,
    AreaKind,
    AreaUnknown,
    ClockPolicy,
    DayEnd,
    Delegation,
    OfficeHours,
    Official,
    OfficialUnknown,
    Resumption,
    SpecialDay,
    Unit,
    UnitAmbiguous,
    UnitUnknown,
)
from tinhso.lib.clock import today


def in_force(on: date | None, prefix: str = "") -> Q:
    """The rows that hold on a date."""
    day = on or today()
    return Q(**{f"{prefix}valid_from__lte": day}) & (Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gt": day}))


# --- areas ---------------------------------------------------------------------------------------------------------------


def _area(row: models.Area) -> Area:
    return Area(
        code=row.code,
        kind=AreaKind(row.kind),
        name=row.name,
        name_en=row.name_en,
        title=row.title,
        title_en=row.title_en,
        parent=row.parent or None,
        latitude=row.latitude,
        longitude=row.longitude,
    )


def area(code: str, on: date | None = None) -> Area:
    """The area with this code on this date. Raises AreaUnknown."""
    row = models.Area.objects.filter(in_force(on), code=code).first()
    if row is None:
        raise AreaUnknown(area=code)
    return _area(row)


def areas(parent: str | None = None, kind: AreaKind | None = None, on: date | None = None) -> tuple[Area, ...]:
    """Areas on a date, by code: of one parent, of one kind, or all."""
    rows = models.Area.objects.filter(in_force(on)).order_by("code")
    if parent is not None:
        rows = rows.filter(parent=parent)
    if kind is not None:
        rows = rows.filter(kind=kind.value)
    return tuple(_area(row) for row in rows)


def areas_by_code(codes: Collection[str], on: date | None = None) -> dict[str, Area]:
    """Many areas at once; codes unknown on that date are left out."""
    return {row.code: _area(row) for row in models.Area.objects.filter(in_force(on), code__in=codes)}


def successors_of_area(code: str, on: date | None = None, known_on: date | None = None) -> tuple[Area, ...]:
    """The areas in force on ``on`` into which this one went, whole or in part; where its addresses go by default comes first.

    Codes were used again (80 was Long An until 30/6/2025, then Tây Ninh): ``known_on`` says when the code was read. Without
    it, a code in force on ``on`` is its own answer, otherwise its last version before counts. Raises AreaUnknown.
    """
    day = on or today()
    versions = models.Area.objects.filter(code=code, valid_from__lte=day).order_by("-valid_from")
    if known_on is not None:
        versions = versions.filter(in_force(known_on))
    start = versions.first()
    if start is None:
        raise AreaUnknown(area=code)
    found: dict[str, Area] = {}
    frontier = [start]
    seen: set[int] = set()
    while frontier:
        seen |= {row.pk for row in frontier}
        found.update((row.code, _area(row)) for row in frontier if row.valid_to is None or row.valid_to > day)
        ended = [row.pk for row in frontier if row.valid_to is not None and row.valid_to <= day]
        frontier = [row for row in _next_areas(ended, day) if row.pk not in seen] if ended else []
    return tuple(found.values())


def _next_areas(ended: list[int], day: date) -> list[models.Area]:
    """One step on: recorded successions, and the next version of the same area."""
    steps = models.AreaSuccession.objects.filter(predecessor__in=ended, on__lte=day).select_related("successor")
    after = [s.successor for s in steps.order_by("-main", "successor__code")]
    if after:
        return after
    gone = models.Area.objects.filter(pk__in=ended)
    same = Q(pk__in=[])
    for row in gone:
        same |= Q(code=row.code, valid_from=row.valid_to)
    return list(models.Area.objects.filter(same))


# --- units ---------------------------------------------------------------------------------------------------------------


def _unit(version: models.UnitVersion) -> Unit:
    return Unit(
        key=version.unit.key,
        code=version.code,
        kind=version.kind,
        name=version.name,
        name_en=version.name_en,
        short=version.short,
        parent=version.parent.key if version.parent else None,
        area=version.area or None,
        speciality=version.speciality,
    )


def _versions(on: date | None) -> QuerySet[models.UnitVersion]:
    return models.UnitVersion.objects.filter(in_force(on)).select_related("unit", "parent").order_by("code", "unit__key")


def unit(key: str, on: date | None = None) -> Unit:
    """The unit with this key as it stood on a date. Raises UnitUnknown when there is none on that date."""
    version = _versions(on).filter(unit__key=key).first()
    if version is None:
        raise UnitUnknown(unit=key)
    return _unit(version)


def units(
    kind: str | None = None, area: str | None = None, parent: str | None = None, speciality: str | None = None,
    on: date | None = None,
) -> tuple[Unit, ...]:  # fmt: skip
    """Units on a date by code, narrowed by what is given. ``area`` is where a unit sits, not what it covers."""
    rows = _versions(on)
    if kind is not None:
        rows = rows.filter(kind=kind)
    if area is not None:
        rows = rows.filter(area=area)
    if parent is not None:
        rows = rows.filter(parent__key=parent)
    if speciality is not None:
        rows = rows.filter(speciality=speciality)
    return tuple(_unit(row) for row in rows)


def units_by_key(keys: Collection[str], on: date | None = None) -> dict[str, Unit]:
    """Many units at once for showing: as on that date or, for those that had ended, as they last were."""
    rows = models.UnitVersion.objects.filter(unit__key__in=keys, valid_from__lte=on or today())
    return {row.unit.key: _unit(row) for row in rows.select_related("unit", "parent").order_by("valid_from")}


_names: dict[tuple[str, date], tuple[float, dict[str, str]]] = {}


def unit_names(keys: Collection[str]) -> dict[str, str]:
    """What units are called today, for lines of lists; a name that another process changes is seen within
    ``EDITION_SECONDS``. One statement for those not asked for lately, none when there are none such."""
    place, instant = (str(connection.settings_dict["NAME"]), today()), monotonic()
    until, known = _names.get(place, (0.0, {}))
    if until <= instant:
        _names.clear()
        until, known = _names[place] = (instant + settings.EDITION_SECONDS, {})
    missing = [key for key in keys if key not in known]
    if missing:
        known |= dict.fromkeys(missing, "") | {key: unit.name for key, unit in units_by_key(missing).items()}
    return {key: known[key] for key in keys if known[key]}


def forget_names() -> None:
    """Ask again for the names of units: this process has just changed one."""
    _names.clear()


def _serving(kinds: Collection[str], area: str, on: date | None) -> QuerySet[models.UnitVersion]:
    parent = models.Area.objects.filter(in_force(on), code=area).values("parent")[:1]
    covering = models.Coverage.objects.filter(in_force(on), area=area, unit=OuterRef("unit"))
    rows = _versions(on).annotate(covers=Exists(covering)).filter(Q(area=area) | Q(covers=True) | Q(area=parent))
    return rows.filter(kind__in=list(kinds))


def _nearest(rows: Iterable[models.UnitVersion], area: str) -> list[models.UnitVersion]:
    """Those of the area itself; if none, those that cover it; if none, its parent's."""
    found = [(0 if row.area == area else 1 if row.covers else 2, row) for row in rows]  # type: ignore[attr-defined] # annotated
    nearest = min((rank for rank, _ in found), default=0)
    return [row for rank, row in found if rank == nearest]


def unit_for(kind: str, area: str, on: date | None = None, speciality: str | None = None) -> Unit:
    """The unit of this kind that serves an area on a date: the area's own, else one that covers it, else its parent's.

    Raises UnitUnknown when nobody does, UnitAmbiguous when several do alike (name the ``speciality``). One statement.
    """
    rows = _serving([kind], area, on)
    if speciality is not None:
        rows = rows.filter(speciality=speciality)
    best = _nearest(rows, area)
    if not best:
        raise UnitUnknown(kind=kind, area=area)
    if len(best) > 1:
        raise UnitAmbiguous(kind=kind, area=area)
    return _unit(best[0])


def units_serving(kinds: Collection[str], area: str, on: date | None = None) -> dict[str, tuple[Unit, ...]]:
    """For each kind, the units that serve an area on a date: of each speciality the nearest, chosen as in :func:`unit_for`.

    Kinds that nobody serves are left out. One statement for all.
    """
    rows = list(_serving(kinds, area, on))
    served: dict[str, tuple[Unit, ...]] = {}
    for kind in dict.fromkeys(kinds):
        alike = [row for row in rows if row.kind == kind]
        sorts = dict.fromkeys(row.speciality for row in alike)
        best = [unit for sort in sorts for unit in _nearest([row for row in alike if row.speciality == sort], area)]
        if best:
            served[kind] = tuple(_unit(row) for row in best)
    return served


def subunits(key: str, on: date | None = None) -> tuple[Unit, ...]:
    """All units below this one on a date, level by level."""
    found: list[Unit] = []
    level = [key]
    while level:
        rows = [_unit(row) for row in _versions(on).filter(parent__key__in=level)]
        found += rows
        level = [row.key for row in rows]
    return tuple(found)


def superiors(key: str, on: date | None = None) -> tuple[Unit, ...]:
    """The units above this one on a date, the nearest first."""
    found: list[Unit] = []
    parent = unit(key, on).parent
    while parent is not None and all(parent != above.key for above in found):
        found.append(unit(parent, on))
        parent = found[-1].parent
    return tuple(found)


def successors_of_unit(key: str, on: date | None = None) -> tuple[Unit, ...]:
    """The units in force on a date that do this one's work, through any number of mergers and splits; the main one first.

    A unit still in force is its own answer. Raises UnitUnknown for a key that never was.
    """
    day = on or today()
    frontier = list(models.Unit.objects.filter(key=key).values_list("pk", flat=True))
    if not frontier:
        raise UnitUnknown(unit=key)
    found: dict[int, Unit] = {}
    seen: set[int] = set()
    while frontier:
        seen.update(frontier)
        standing = {row.unit_id: row for row in _versions(day).filter(unit__in=frontier)}
        found.update((pk, _unit(standing[pk])) for pk in frontier if pk in standing)
        ended = [pk for pk in frontier if pk not in standing]
        steps = models.UnitSuccession.objects.filter(predecessor__in=ended, on__lte=day).order_by("-main", "successor__key")
        frontier = [pk for pk in dict.fromkeys(steps.values_list("successor", flat=True)) if pk not in seen]
    return tuple(found.values())


# --- people --------------------------------------------------------------------------------------------------------------


def _held(row: models.Holding) -> Official:
    return Official(
        id=str(row.official_id),
        name=row.official.name,
        title=row.post.title,
        title_en=row.post.title_en,
        unit=row.post.unit.key,
        chief=row.chief,
    )


def _holdings(on: date | None) -> QuerySet[models.Holding]:
    rows = models.Holding.objects.filter(in_force(on)).select_related("official", "post__unit")
    return rows.order_by("post__rank", "post__code", "official__name", "pk")


def official(official_id: str, on: date | None = None) -> Official:
    """An official with the highest post held on a date (no title and unit when he holds none). Raises OfficialUnknown."""
    try:
        held = _holdings(on).filter(official=UUID(official_id)).first()
        if held is not None:
            return _held(held)
        return Official(id=official_id, name=models.Official.objects.get(pk=UUID(official_id)).name)
    except (ValueError, models.Official.DoesNotExist) as error:
        raise OfficialUnknown(official=official_id) from error


def officials_by_id(ids: Iterable[str], on: date | None = None) -> dict[str, Official]:
    """Many officials at once, each with his highest post on that date; unknown ids are left out."""
    wanted = [UUID(i) for i in ids]
    found = {str(row.pk): Official(id=str(row.pk), name=row.name) for row in models.Official.objects.filter(pk__in=wanted)}
    for row in reversed(_holdings(on).filter(official__in=wanted)):
        found[str(row.official_id)] = _held(row)
    return found


def officials_at(unit_key: str, on: date | None = None) -> tuple[Official, ...]:
    """Who holds a post at a unit on a date, by rank."""
    return tuple(_held(row) for row in _holdings(on).filter(post__unit__key=unit_key))


def chief_of(unit_key: str, on: date | None = None) -> Official | None:
    """Who heads a unit on a date; None when the chief post is vacant."""
    row = _holdings(on).filter(post__unit__key=unit_key, chief=True).first()
    return _held(row) if row else None


def lent_to(official: str, on: date | None = None) -> Q:
    """The predicate of a row whose foreign key ``official`` names somebody to whom others have lent something on a date.

    For asking in a statement that is needed anyway whether :func:`delegations_to` has anything to tell.
    """
    return Q(Exists(models.Delegation.objects.filter(in_force(on), receiver=OuterRef(official))))


def delegations_to(official_id: str, on: date | None = None) -> tuple[Delegation, ...]:
    """What others have lent to this official, in force on a date."""
    rows = (
        models.Delegation.objects.filter(in_force(on), receiver=UUID(official_id))
        .select_related("unit")
        .order_by("valid_from", "pk")
    )
    return tuple(_delegation(row) for row in rows)


def _delegation(row: models.Delegation) -> Delegation:
    assert row.valid_to is not None  # the database refuses a delegation without an end
    return Delegation(
        id=str(row.pk),
        giver=str(row.giver_id),
        receiver=str(row.receiver_id),
        unit=row.unit.key,
        roles=tuple(row.roles),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        legal_basis=row.legal_basis,
    )


# --- the calendar --------------------------------------------------------------------------------------------------------


def home_province() -> str | None:
    """The code of the province that this installation serves; None before one is set up."""
    return models.Edition.objects.filter(name="home").values_list("value", flat=True).first()


def calendar(province: str | None = None) -> WorkCalendar:
    """The working calendar of a province (default: the one this installation serves). At most one statement when nothing
    changed; a calendar that another process loads is seen within ``EDITION_SECONDS``.

    Before a calendar is loaded, the ordinary holidays and office hours hold and every deadline is provisional.
    """
    token, home = _edition()
    return _calendar(token, province or home)


_kept: dict[str, tuple[float, tuple[str, str]]] = {}


def _edition() -> tuple[str, str]:
    """The token of the calendar loaded last, and the province served here."""
    name, instant = str(connection.settings_dict["NAME"]), monotonic()
    kept = _kept.get(name)
    if kept is None or kept[0] <= instant:
        rows = {row.name: row for row in models.Edition.objects.filter(name__in=["calendar", "home"])}
        token = str(rows["calendar"].token) if "calendar" in rows else ""
        home = rows["home"].value if "home" in rows else ""
        kept = _kept[name] = (instant + settings.EDITION_SECONDS, (token, home))
    return kept[1]


def calendar_loaded() -> bool:
    """Whether this installation has loaded a calendar of its own."""
    return models.Edition.objects.filter(name="calendar").exists()


def calendar_of_pack(path: Path | None = None, province: str | None = None) -> WorkCalendar:
    """The calendar as its file says (default: the national pack's), without any database. Raises FactsInvalid."""
    facts = read_calendar(path or settings.PACKS / "national" / "calendar.yaml")
    hours = [row for row in facts.hours if row.province in (None, province)]
    return WorkCalendar(special_days, facts.days, hours, facts.policies, facts.years)


@lru_cache(maxsize=16)
def _calendar(token: str, province: str) -> WorkCalendar:
    """The calendar of an edition; built once in each process, since a new load gets a new token."""
    return WorkCalendar(
        special_days,
        overrides=[
            SpecialDay(row.day, row.working, row.name, row.name_en, row.legal_basis or None, row.confirmed)
            for row in models.CalendarDay.objects.all()
        ],
        hours=[_hours(row) for row in models.OfficeHours.objects.filter(province__in=["", province])],
        policies=[_policy(row) for row in models.ClockPolicy.objects.all()],
        official_years=models.CalendarYear.objects.values_list("year", flat=True),
    )


def _hours(row: models.OfficeHours) -> OfficeHours:
    return OfficeHours(
        valid_from=row.valid_from,
        sessions=tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in row.sessions),
        weekdays=tuple(row.weekdays),
        province=row.province or None,
        legal_basis=row.legal_basis or None,
    )


def _policy(row: models.ClockPolicy) -> ClockPolicy:
    rules = row.rules
    return ClockPolicy(
        valid_from=row.valid_from,
        cut_off=time.fromisoformat(rules["cut_off"]) if rules["cut_off"] else None,
        first_day_counts=rules["first_day_counts"],
        day_end=DayEnd(rules["day_end"]),
        roll_over=rules["roll_over"],
        resumption=Resumption(rules["resumption"]),
        cut_off_basis=rules["cut_off_basis"],
        first_day_basis=rules["first_day_basis"],
        roll_over_basis=rules["roll_over_basis"],
    )
