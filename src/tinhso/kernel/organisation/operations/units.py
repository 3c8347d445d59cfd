"""Units: how they begin, change, merge, split and end. Nothing is overwritten: a change is a new version from a date on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor
from tinhso.kernel.organisation import models, queries
from tinhso.kernel.organisation.operations.access import must_administer
from tinhso.kernel.organisation.types import DatesInvalid, Unit, UnitChanged, UnitCreated, UnitEnded, UnitTaken, UnitUnknown
from tinhso.lib.clock import today
from tinhso.lib.codes import check_agency_code


@ledger.operation
def create_unit(actor: Actor, unit: Unit, valid_from: date | None = None, covers: Sequence[str] = ()) -> Unit:
    """Begin a unit on a date (default today); ``covers`` are areas that it serves besides its own.

    Raises NotAllowed, UnitTaken (the key was used before), UnitUnknown (the parent, on that date), AgencyCodeInvalid.
    """
    must_administer(actor, unit.parent)
    check_agency_code(unit.code)
    begins = valid_from or today()
    parent = _standing(unit.parent, begins).unit if unit.parent else None
    if models.Unit.objects.filter(key=unit.key).exists():
        raise UnitTaken(unit=unit.key)
    row = models.Unit.objects.create(key=unit.key)
    models.UnitVersion.objects.create(unit=row, parent=parent, valid_from=begins, **_columns(unit))
    queries.forget_names()
    models.Coverage.objects.bulk_create(models.Coverage(unit=row, area=area, valid_from=begins) for area in covers)
    ledger.append(
        _stream(unit.key),
        UnitCreated(unit.key, unit.code, unit.kind, unit.parent, unit.area, begins),
        unit=unit.key,
        after=0,
    )
    return unit


@ledger.operation
def change_unit(
    actor: Actor,
    key: str,
    on: date,
    *,
    code: str | None = None,
    name: str | None = None,
    name_en: str | None = None,
    short: str | None = None,
    parent: str | None = None,
    area: str | None = None,
) -> Unit:
    """Rename, recode or move a unit from a date on; what is not given stays. Returns it as it then stands.

    Raises NotAllowed, UnitUnknown (not standing on that date), DatesInvalid (a version begins on that date or later).
    """
    must_administer(actor, key)
    given = {"code": code, "name": name, "name_en": name_en, "short": short, "parent": parent, "area": area}
    changes = {field: value for field, value in given.items() if value is not None}
    if code is not None:
        check_agency_code(code)
    before = _standing(key, on)
    if before.valid_from >= on or before.valid_to is not None:
        raise DatesInvalid(unit=key, on=on.isoformat())
    above = _standing(parent, on).unit if parent else before.parent
    after = replace(queries.unit(key, on), **changes)
    before.valid_to = on
    before.save(update_fields=["valid_to"])
    models.UnitVersion.objects.create(unit=before.unit, parent=above, valid_from=on, **_columns(after))
    queries.forget_names()
    ledger.append(_stream(key), UnitChanged(key, tuple(sorted(changes)), on), unit=key)
    return after


@ledger.operation
def end_unit(actor: Actor, key: str, on: date, successors: Sequence[str] = (), legal_basis: str = "") -> None:
    """End a unit: ``on`` is the first day without it. Its work goes to ``successors``, the main one first.

    A merge is this for each unit that goes into another; a split names several successors. Posts and holdings end with it.
    Raises NotAllowed, UnitUnknown (it or a successor does not stand on that date), DatesInvalid.
    """
    must_administer(actor, key)
    last = _standing(key, on)
    if last.valid_from >= on or last.valid_to is not None:
        raise DatesInvalid(unit=key, on=on.isoformat())
    heirs = [_standing(heir, on).unit for heir in successors]
    last.valid_to = on
    last.save(update_fields=["valid_to"])
    open_ended = {"valid_to": None, "valid_from__lt": on}
    models.Coverage.objects.filter(unit=last.unit, **open_ended).update(valid_to=on)
    models.Holding.objects.filter(post__unit=last.unit, **open_ended).update(valid_to=on)
    models.Post.objects.filter(unit=last.unit, **open_ended).update(valid_to=on)
    models.UnitSuccession.objects.bulk_create(
        models.UnitSuccession(predecessor=last.unit, successor=heir, on=on, main=number == 0, legal_basis=legal_basis)
        for number, heir in enumerate(heirs)
    )
    ledger.append(_stream(key), UnitEnded(key, tuple(successors), on), unit=key)


@ledger.operation
def merge_units(actor: Actor, keys: Sequence[str], into: str, on: date, legal_basis: str = "") -> None:
    """End all of ``keys`` (but ``into``, which may be one of them) on a date; ``into`` takes over. Raises as end_unit."""
    for key in keys:
        if key != into:
            end_unit(actor, key, on, [into], legal_basis)


def _stream(key: str) -> str:
    return f"unit:{key}"


def _standing(key: str, on: date) -> models.UnitVersion:
    """The version in force, locked against a second change at the same time."""
    rows = models.UnitVersion.objects.select_for_update(of=("self",)).select_related("unit", "parent")
    row = rows.filter(queries.in_force(on), unit__key=key).first()
    if row is None:
        raise UnitUnknown(unit=key, on=on.isoformat())
    return row


def _columns(unit: Unit) -> dict[str, str]:
    return {
        "code": unit.code,
        "kind": unit.kind,
        "speciality": unit.speciality,
        "name": unit.name,
        "name_en": unit.name_en,
        "short": unit.short,
        "area": unit.area or "",
    }
