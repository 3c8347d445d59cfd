"""``tinhso packs``: validate and load what law and the province say, as data."""

import sys
from pathlib import Path

import click
from django.conf import settings

from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import PackInvalid
from tinhso.kernel.identity import api as identity


@click.group()
def command() -> None:
    """Validate and load packs: procedures, areas, calendars."""


def procedure_files(paths: tuple[Path, ...]) -> list[Path]:
    """The procedure packs under ``paths``, or of the installation when none are given."""
    places = paths or (settings.PACKS / "national" / "procedures",)
    return sorted(f for p in places for f in ([p] if p.is_file() else p.rglob("*.yaml")))


@command.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
def load(paths: tuple[Path, ...]) -> None:
    """Load procedure packs (all of the installation's unless PATHS are given).

    A pack with a fault is refused whole, with file, line, what is wrong and how to mend it. Loading again changes only what
    changed; running cases keep the version they began under. Exit code 1 when any pack was refused.
    """
    refused = 0
    for path in procedure_files(paths):
        try:
            version = cases.load_pack(identity.system("packs"), path)
        except PackInvalid as fault:
            refused += 1
            click.secho(str(fault), err=True, fg="red")
        else:
            click.echo(f"{path.name}: {version}")
    sys.exit(1 if refused else 0)
