"""References that travel in a QR and are typed by people from a screen into a bank's application."""

import secrets
from datetime import date

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0/O, 1/I/L: what is typed by hand must not be misread."""


def new(day: date) -> str:
    """A fresh reference such as ``TS261122K7M4QX3B``: the day, then eight characters nobody can guess.

    31^8 possibilities a day; the unique column refuses the collision that will not come.
    """
    return f"TS{day:%y%m%d}" + "".join(secrets.choice(_LETTERS) for _ in range(8))
