"""When people of the model province hand things in: Mondays more, at Tết hardly, towards the end of the year most."""

from bisect import bisect_left
from datetime import date
from itertools import accumulate, pairwise
from random import Random

MONTHS = (0.8, 0.75, 1.15, 1.1, 1.0, 0.95, 0.95, 0.9, 1.0, 1.1, 1.25, 1.4)
"""How much is handed in on a working day, by month; January and February carry the trough of Tết."""
WEEKDAYS = (1.25, 1.05, 1.0, 0.95, 0.85, 0.6, 0.6)
TET = 5
"""A break of so many days in January or February is Tết."""
AROUND = 8
"""Working days on either side of it on which little is handed in."""


class Seasons:
    """Draws the working day on which a dossier is handed in, from those of the play."""

    def __init__(self, days: list[date]) -> None:
        breaks = [
            place
            for place, (day, following) in enumerate(pairwise(days))
            if (following - day).days > TET and day.month in (1, 2)
        ]
        weights = [
            MONTHS[day.month - 1]
            * WEEKDAYS[day.weekday()]
            * min([1.0, *(0.15 + 0.85 * abs(place - tet - 0.5) / AROUND for tet in breaks if abs(place - tet) <= AROUND)])
            for place, day in enumerate(days)
        ]
        self.sums = list(accumulate(weights))

    def draw(self, source: Random) -> int:
        """The place of a day among the working days."""
        return bisect_left(self.sums, source.random() * self.sums[-1])
