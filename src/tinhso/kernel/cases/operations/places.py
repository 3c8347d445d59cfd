"""Which units a case belongs to: found from the form's answers, when it is handed in and when the answers are put right."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from tinhso.kernel.cases.engine.definition import Definition
from tinhso.kernel.cases.types import NoUnit
from tinhso.kernel.organisation import api as organisation
from tinhso.kernel.organisation.types import Unit

Serving = Callable[[Collection[str], str], Mapping[str, tuple[Unit, ...]]]
"""The units of some kinds that serve an area, by kind: ``organisation.units_serving``, or what remembers its answers."""


def units_of_answers(
    definition: Definition, data: Mapping[str, Any], serving: Serving = organisation.units_serving
) -> tuple[str, dict[str, Unit]]:
    """The case's area (that of the receiving unit's form field) and a unit for each place: one statement for each area.

    Raises NoUnit where the organisation has none, or several alike.
    """
    routes = {place.name: place.route(data) for place in definition.places.values()}
    by_area: dict[str, list[str]] = {}
    for place in definition.places.values():
        by_area.setdefault(str(data[place.area_field]), []).append(routes[place.name].kind)
    served = {area: serving(kinds, area) for area, kinds in by_area.items()}
    units: dict[str, Unit] = {}
    for place in definition.places.values():
        area, route = str(data[place.area_field]), routes[place.name]
        alike: Iterable[Unit] = served[area].get(route.kind, ())
        found = [unit for unit in alike if route.speciality in (None, unit.speciality)]
        if len(found) != 1:
            raise NoUnit(kind=route.kind, area=area, number=len(found))
        units[place.name] = found[0]
    return str(data[definition.places["receiving"].area_field]), units
