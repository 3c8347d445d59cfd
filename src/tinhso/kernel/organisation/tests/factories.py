"""Things that tests of the organisation need and whose details do not matter."""

from tinhso.kernel.organisation.types import Unit


def unit_of(key: str, code: str, kind: str, parent: str | None = None, area: str | None = None, speciality: str = "") -> Unit:
    """A unit with some names."""
    return Unit(key, code, kind, f"Cơ quan {key}", f"Agency {key}", key, parent, area, speciality)
