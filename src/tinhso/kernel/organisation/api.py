"""The organisation's door: areas, units, people and the working calendar, each as it stood on a date."""

from tinhso.kernel.organisation.engine.workcalendar import WorkCalendar
from tinhso.kernel.organisation.operations.facts import load_areas, load_calendar
from tinhso.kernel.organisation.queries import (
    area,
    areas,
    areas_by_code,
    calendar,
    chief_of,
    delegations_to,
    home_province,
    official,
    officials_at,
    officials_by_id,
    subunits,
    successors_of_area,
    successors_of_unit,
    superiors,
    unit,
    unit_for,
    units,
    units_by_key,
)

__all__ = [
    "WorkCalendar",
    "area",
    "areas",
    "areas_by_code",
    "calendar",
    "chief_of",
    "delegations_to",
    "home_province",
    "load_areas",
    "load_calendar",
    "official",
    "officials_at",
    "officials_by_id",
    "subunits",
    "successors_of_area",
    "successors_of_unit",
    "superiors",
    "unit",
    "unit_for",
    "units",
    "units_by_key",
]
