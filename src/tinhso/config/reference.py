"""Writes docs/reference.md from what the code declares, so that it can't say anything else::

    .venv/bin/python -m tinhso.config.reference             # write it anew
    .venv/bin/python -m tinhso.config.reference --check     # only say whether it is out of date

Kinds of entry, followers, periodic jobs and roles are asked of their registries; settings are read from the source of
``settings.py`` (each reading of the environment, and the sentence below it).
"""

import argparse
import ast
import dataclasses
import inspect
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tinhso.config.settings")
django.setup()  # the rooms can be imported, and have declared what they declare, only after it

from tinhso.config import cli, env  # noqa: E402
from tinhso.kernel.identity import api as identity  # noqa: E402
from tinhso.kernel.ledger import api as ledger  # noqa: E402

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "reference.md"
SETTINGS = Path(__file__).with_name("settings.py")
READERS = {
    "text": "text",
    "flag": "yes or no",
    "number": "whole number",
    "words": "list, parted by commas",
    "limit": "times in a span",
}
"""What each reader of ``config/env.py`` makes of a variable."""
HEAD = """# Reference

What the code declares: kinds of ledger entry, followers, periodic jobs, roles, commands, settings. Written by
`python -m tinhso.config.reference`, never by hand; `tests/house/test_reference.py` fails when it is out of date.
"""


class Silent(Exception):
    """Something is declared and nobody says what it means."""


def said(text: str | None, of: object) -> str:
    """A docstring as one line of a table. Raises Silent when there is none."""
    if not text:
        raise Silent(f"write a sentence below {of}")
    return " ".join(text.split()).replace("|", "\\|")


def meaning(thing: object) -> str:
    """What a class or function says of itself."""
    return said(inspect.getdoc(thing), thing)


def table(title: str, note: str, names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A section of the page."""
    lines = [f"## {title}", note, "", f"| {' | '.join(names)} |", f"|{' --- |' * len(names)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"


def every(pause: timedelta) -> str:
    """How often, in the largest whole unit."""
    seconds = int(pause.total_seconds())
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds % length == 0:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


def entries() -> str:
    """Every kind of entry, what it means and which facts it carries."""
    found = sorted(ledger.kinds().items())
    rows = [(f"`{kind}`", meaning(cls), ", ".join(f"`{f.name}`" for f in dataclasses.fields(cls))) for kind, cls in found]
    return table(
        "Kinds of ledger entry", "No free text and no personal data in any of them.", ("kind", "meaning", "facts"), rows
    )


def followers() -> str:
    """Who reads the ledger."""
    rows = [(f"`{f.name}`", ", ".join(f"`{kind}`" for kind in sorted(f.kinds)), meaning(f.handle)) for f in ledger.followers()]
    return table("Followers", "Each with a bookmark of its own; fed by the worker.", ("name", "kinds", "does"), rows)


def jobs() -> str:
    """What the worker does by the clock."""
    rows = [(f"`{job.name}`", every(job.every), meaning(job.run)) for job in ledger.periodics()]
    return table("Periodic jobs", "Run by one worker at a time.", ("name", "every", "does"), rows)


def roles() -> str:
    """The roles that an account can hold at a unit."""
    rows = [(f"`{role.code}`", role.vi, role.en) for _, role in sorted(identity.known_roles().items())]
    return table("Roles", "Held by an account at a unit, for a time.", ("code", "Vietnamese", "English"), rows)


def commands() -> str:
    """The sub-commands of ``tinhso``."""
    rows = [(f"`tinhso {name}`", line) for name, line in cli.COMMANDS.items()]
    return table("Commands", "Each explains itself with `--help`.", ("command", "does"), rows)


def _readings(statement: ast.stmt, below: str) -> Iterator[tuple[str, str, str, str]]:
    for node in ast.walk(statement):
        if not isinstance(node, ast.Call) or not ast.unparse(node.func).startswith("env."):
            continue
        reader = ast.unparse(node.func).removeprefix("env.")
        if reader == "database":
            yield "`DATABASE_URL`", "text", "", meaning(env.database)
            continue
        name, *rest = [*node.args, *(keyword.value for keyword in node.keywords)]
        default = f"`{ast.unparse(rest[0])}`" if rest else ""
        yield f"`{ast.literal_eval(name)}`", READERS[reader], default, said(below, ast.unparse(name))


def settings(source: str) -> list[tuple[str, str, str, str]]:
    """Name, kind, default and meaning of every variable that a settings module reads; the meaning stands below the setting."""
    found: list[tuple[str, str, str, str]] = []
    body = ast.parse(source).body
    for statement, after in zip(body, [*body[1:], ast.Pass()], strict=True):
        spoken = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
        found += _readings(statement, str(after.value.value) if spoken else "")  # type: ignore[attr-defined]
    return found


def page() -> str:
    """The whole page."""
    variables = settings(SETTINGS.read_text())
    note = "Environment variables, read once at start by `src/tinhso/config/settings.py`."
    last = table("Settings", note, ("variable", "kind", "default", "meaning"), variables)
    return "\n".join([HEAD, entries(), followers(), jobs(), roles(), commands(), last])


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 1 when ``--check`` finds the page out of date."""
    parser = argparse.ArgumentParser(description="Write docs/reference.md from what the code declares.")
    parser.add_argument("--check", action="store_true", help="change nothing, only report")
    parser.add_argument("path", nargs="?", type=Path, default=PAGE)
    options = parser.parse_args(arguments)
    text = page()
    if not options.check:
        options.path.write_text(text)
        return 0
    if options.path.exists() and options.path.read_text() == text:
        return 0
    sys.stdout.write(f"{options.path.name} is out of date; run: python -m tinhso.config.reference\n")
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
