"""Codes that a person types from paper: Crockford's base 32, the last character a check.

Eleven random characters are 55 bits, so that nobody finds a document by guessing; the check character (a linear code over
GF(32)) finds every single wrong character and every swap of neighbours before the database is asked.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_READ = {c: i for i, c in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}


def _double(value: int) -> int:
    """Times x in GF(32) = GF(2)[x] / (x^5 + x^2 + 1)."""
    value <<= 1
    return value ^ 0b100101 if value & 0b100000 else value


def _check(values: list[int]) -> int:
    total = 0
    for value in values:
        total = _double(total ^ value)
    return total


def new_code() -> str:
    """A fresh code of 12 characters, no hyphens."""
    values = [secrets.randbelow(32) for _ in range(LENGTH - 1)]
    return "".join(ALPHABET[v] for v in [*values, _check(values)])


def normal(code: str) -> str | None:
    """The code as stored, however it was typed: hyphens, spaces, small letters, O for 0, I and L for 1. None if mistyped."""
    typed = [_READ.get(c) for c in code.upper() if c not in "- \t"]
    values = [v for v in typed if v is not None]
    if len(typed) != LENGTH or len(values) != LENGTH or _check(values[:-1]) != values[-1]:
        return None
    return "".join(ALPHABET[v] for v in values)


def grouped(code: str) -> str:
    """The code as people read it: ``XXXX-XXXX-XXXX``."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))
