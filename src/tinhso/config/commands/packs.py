"""``tinhso packs``: validate and load what law and the province say, as data."""

import sys
from pathlib import Path

import click

from tinhso.config.procedures import faults_of, procedure_files
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import PackInvalid
from tinhso.kernel.identity import api as identity

PATHS = click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))


@click.group()
def command() -> None:
    """Validate and load packs: what a procedure asks, costs and takes, as data anyone can read.

    A pack is a YAML file with dates and legal bases. To change a fee or a time limit, write a new dated rule into the pack,
    `tinhso packs check` it, then `tinhso packs load` it: cases that run keep the version they began under.
    """


@command.command()
@PATHS
def check(paths: tuple[Path, ...]) -> None:
    """Say what is wrong with procedure packs, without loading anything.

    Checks all of the installation's unless PATHS (files or folders) are given. Every fault is told with file, line, what is
    wrong and how to mend it. Needs no database. Exit code 1 when there is any fault.
    """
    files = procedure_files(paths)
    faults = faults_of(files)
    for fault in faults:
        click.secho(fault, err=True, fg="red")
    click.echo(f"{len(files)} files, {len(faults)} faults.")
    sys.exit(1 if faults else 0)


@command.command()
@PATHS
def load(paths: tuple[Path, ...]) -> None:
    """Load procedure packs (all of the installation's unless PATHS are given): all or none.

    With any fault nothing is loaded, and every fault is told with file, line, what is wrong and how to mend it. Loading again
    changes only what changed; running cases keep the version they began under. Exit code 1 when anything was refused.
    """
    files = procedure_files(paths)
    try:
        types = cases.load_packs(identity.system("packs"), files)
    except PackInvalid:
        for fault in faults_of(files):
            click.secho(fault, err=True, fg="red")
        click.echo("Nothing was loaded.", err=True)
        sys.exit(1)
    for case_type in types:
        click.echo(f"{case_type.code}  version {case_type.version}  in force from {case_type.effective_from:%d/%m/%Y}")
