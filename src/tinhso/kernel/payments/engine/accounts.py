"""Reads the collecting accounts of a pack (``accounts.yaml``): who collects where, from when, on what legal basis."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from tinhso.kernel.payments.types import AccountsInvalid, AccountView

_KEYS = {"unit", "bank", "bank_name", "number", "holder", "valid_from", "valid_until", "legal_basis"}
_NEEDED = ("bank", "bank_name", "number", "holder", "valid_from", "legal_basis")
_BANK, _NUMBER = re.compile(r"[0-9]{6}"), re.compile(r"[0-9A-Za-z]{1,19}")


def read(path: Path) -> list[AccountView]:
    """The accounts in the file; raises :class:`AccountsInvalid` naming file, entry (from 1), fault and remedy."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise _invalid(path, 0, "not YAML", "correct the syntax") from error
    entries = data.get("accounts") if isinstance(data, dict) else None
    if not isinstance(entries, list):
        raise _invalid(path, 0, "no list under `accounts`", "write `accounts:` and one entry for each account")
    found = [_account(path, number, entry) for number, entry in enumerate(entries, 1)]
    seen: set[tuple[str | None, date]] = set()
    for number, account in enumerate(found, 1):
        if (account.unit, account.valid_from) in seen:
            raise _invalid(path, number, "a second account of this unit from this day", "remove one, or date it")
        seen.add((account.unit, account.valid_from))
    return found


def _account(path: Path, number: int, entry: Any) -> AccountView:
    if not isinstance(entry, dict):
        raise _invalid(path, number, "not a mapping", "give " + ", ".join(_NEEDED))
    unknown, missing = set(entry) - _KEYS, [k for k in _NEEDED if not entry.get(k)]
    if unknown:
        raise _invalid(path, number, f"unknown key `{min(map(str, unknown))}`", "allowed: " + ", ".join(sorted(_KEYS)))
    if missing:
        raise _invalid(path, number, f"`{missing[0]}` is missing", f"add `{missing[0]}`")
    for name, shape, example in (("bank", _BANK, '"970436"'), ("number", _NUMBER, '"0011000123456"')):
        if not (isinstance(entry[name], str) and shape.fullmatch(entry[name])):
            raise _invalid(path, number, f"`{name}` {entry[name]!r} is not one", f"quote it, as in {example}")
    since, until = entry["valid_from"], entry.get("valid_until")
    if type(since) is not date or not (until is None or (type(until) is date and until > since)):
        raise _invalid(path, number, "the dates are not in order", "write valid_from: 2026-01-01, and valid_until later or not")
    return AccountView(
        unit=entry.get("unit"),
        bank=entry["bank"],
        bank_name=str(entry["bank_name"]),
        number=entry["number"],
        holder=str(entry["holder"]),
        valid_from=since,
        valid_until=until,
        legal_basis=str(entry["legal_basis"]),
    )


def _invalid(path: Path, entry: int, what: str, remedy: str) -> AccountsInvalid:
    return AccountsInvalid(file=path.name, entry=entry, what=what, remedy=remedy)
