"""``tinhso demo``: a model province, ready to click through."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from django.conf import settings

from tinhso.config.commands import serve
from tinhso.config.demo import opening
from tinhso.config.demo.cast import CAST, PASSWORD
from tinhso.config.demo.opening import Found, Wanted
from tinhso.config.saying import said
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import CaseRow
from tinhso.kernel.identity import api as identity
from tinhso.lib.problems import Problem

REFUSALS = {
    Found.REAL: (
        "This database holds a real installation (or the beginning of one), so no demonstration is put into it.\n"
        "Give the demonstration a place of its own:  TINHSO_HOME=./var-demo tinhso demo\n"
        "or a database of its own:                   DATABASE_URL=postgres://…/tinhso_demo tinhso demo"
    ),
    Found.FOREIGN: (
        "This database holds tables of another program, so nothing is put into it.\n"
        "Give the demonstration an empty database:   DATABASE_URL=postgres://…/tinhso_demo tinhso demo"
    ),
}


@contextmanager
def progress(label: str) -> Iterator[Callable[[str, float], None]]:
    """One bar for the whole, saying what goes on; on no terminal, one line for each new part."""
    said: set[str] = set()
    with click.progressbar(
        length=1000, label=label, item_show_func=lambda item: item or "", show_percent=True, file=sys.stderr
    ) as bar:

        def step(part: str, share: float) -> None:
            if not sys.stderr.isatty():
                if part and part not in said:
                    click.echo(f"{label}: {part}", err=True)
                said.add(part)
            forward = int(share * 1000) - bar.pos
            if forward > 0:
                bar.update(forward, part)

        yield step


def waiting_for_tham() -> CaseRow | None:
    """The dossier of Nguyễn Thị Hồng Thắm that waits for her."""
    account = identity.account_by_username("tham")
    if account is None:
        return None
    rows = cases.my_cases(identity.actor_for(account))
    return next((row for row in rows if row.step == "supplement"), rows[0] if rows else None)


def say_what_to_click(address: str) -> None:
    """Whom to be, and what there is to do."""
    click.echo()
    click.secho(f"  {address}/", bold=True, nl=False)
    click.echo("   press a name on the first page, or sign in:")
    click.echo()
    width = max(len(part.username) for part in CAST)
    for part in CAST:
        account = identity.account_by_username(part.username)
        if account is not None:
            click.echo(f"  {part.username:<{width}}  {account.name:<24} {part.job_en}")
    click.echo(f"\n  Everybody's password: {PASSWORD}")
    row = waiting_for_tham()
    if row is not None:
        click.echo(f"  Dossier {row.ref.code} of Nguyễn Thị Hồng Thắm waits for a drawing from her: sign in as tham.")
    click.echo()


def prepare(wanted: Wanted, fresh: bool) -> None:
    """Make sure that a complete demonstration is there; ends the command where none may be."""
    found = opening.look()
    if found in REFUSALS:
        click.echo(REFUSALS[found], err=True)
        sys.exit(1)
    if found is Found.COMPLETE and not fresh:
        there = opening.completed_as()
        if there != wanted:
            click.echo(
                f"There is a demonstration already (province {there.province}, {there.dossiers} dossiers, seed {there.seed}); "
                "--fresh replaces it."
            )
        return
    if found is not Found.EMPTY:
        click.echo("Beginning again from scratch." if fresh else "The first run was interrupted; beginning again from scratch.")
        opening.wipe()
    started = time.monotonic()
    try:
        with progress("Model province") as step:
            made = opening.raise_demo(wanted, step)
    except Problem as problem:
        click.echo(f"\nThe demonstration could not be raised. {said(problem)}", err=True)
        sys.exit(1)
    click.echo(f"{len(made.lives)} dossiers, {made.moves} moves, in {time.monotonic() - started:.0f} s.")


def _province(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    """The code of a province, given as code or as (part of) its name."""
    if value.isdigit() and len(value) == 2:
        return value
    raise click.BadParameter("give the two digits of the area code, e.g. 80 (Tây Ninh), 51 (Quảng Ngãi), 01 (Hà Nội).")


@click.command()
@click.option("--province", default="80", show_default=True, callback=_province, help="Area code of any of the 34 provinces.")
@click.option(
    "--dossiers",
    default=opening.DOSSIERS,
    show_default=True,
    type=click.IntRange(1, 900_000),
    help="How many. The newest 60 are played with papers and signatures, older ones written without.",
)
@click.option("--days", default=365, show_default=True, type=click.IntRange(60, 450), help="Over how many days up to today.")
@click.option("--seed", default=1, show_default=True, help="Another seed, other people and other stories.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--no-serve", is_flag=True, help="Raise the demonstration and stop.")
@click.option("--fresh", is_flag=True, help="Throw the present demonstration away and raise a new one.")
def command(province: str, dossiers: int, days: int, seed: int, host: str, port: int, no_serve: bool, fresh: bool) -> None:
    """Open a model province: real areas, invented agencies and people, dossiers in every state.

    The first run takes a minute or two, later ones start at once. Everything is decided by the product's own engine, and the
    newest dossiers are played through its own operations, so what you see is what it does. Nothing real is ever touched: a
    database that is not empty and not marked as a demonstration is refused.

    A demonstration has one password for everybody, which is printed: keep it off the open network.
    """
    settings.HOME.mkdir(parents=True, exist_ok=True)
    prepare(Wanted(province, dossiers, seed, days), fresh)
    say_what_to_click(f"http://{host}:{port}")
    if not no_serve:
        serve.run(host, port, workers=1, threads=4)
