"""Holds the branches that tests reach to their floors: run by ``bin/test`` after both databases.

A floor may only rise. What is not reached is printed with its lines.
"""

import io
import sys

import coverage

FLOORS = {"src/tinhso/lib/": 99.0, "src/tinhso/kernel/": 99.0, "src/tinhso/apps/": 90.0, "src/tinhso/": 92.0}
"""Percent of lines and branches together, by place. The journeys in a browser are not counted."""


def reached(data: coverage.Coverage, place: str) -> float:
    """What the tests reach in one place, in percent."""
    return data.report(include=[f"{place}*"], file=io.StringIO(), skip_covered=True)


def main() -> int:
    """Print each place beside its floor; 1 when one is below."""
    data = coverage.Coverage()
    data.load()
    below = 0
    for place, floor in FLOORS.items():
        percent = reached(data, place)
        verdict = "" if percent >= floor else "  below its floor"
        below += percent < floor
        sys.stdout.write(f"{place:24} {percent:6.2f} %   floor {floor:.0f} %{verdict}\n")
    if below:
        data.report(show_missing=True, skip_covered=True)
    return int(below > 0)


if __name__ == "__main__":
    sys.exit(main())
