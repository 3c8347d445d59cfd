"""``tinhso ledger``: verify the record, export it with its proofs, look at its head and its readers."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import ModuleType

import click
import django

from tinhso.kernel.ledger.engine.archive import head_as_json, head_from_json
from tinhso.kernel.ledger.engine.offline import report_as_json, say
from tinhso.kernel.ledger.types import Head
from tinhso.lib.clock import now

FAULTY, UNUSABLE = 1, 2


def _api() -> ModuleType:
    django.setup()
    from tinhso.kernel.ledger import api  # noqa: PLC0415  models can only be loaded once Django is set up

    return api


def read_head(given: str) -> Head:
    """The head in ``given``: JSON, the name of a file with JSON, or SIZE:ROOT as printed on a receipt."""
    if printed := re.fullmatch(r"(\d+):([0-9a-f]{64})", given.strip().lower()):
        return Head(size=int(printed[1]), root=printed[2], signed_at=now(), key_id="", signature="")
    text = given if given.lstrip().startswith("{") else Path(given).read_text(encoding="utf-8")
    return head_from_json(json.loads(text))


@contextmanager
def _progress(label: str, silent: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on stderr, for a person only."""
    if silent or not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=0, label=label, file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield show


@click.group()
def command() -> None:
    """Verify the record, or export it with its proofs.

    Every change of state is an entry; sealed entries form a Merkle tree whose heads are signed. The format is described in
    docs/ledger-format.md, for anyone who wants to check it without this program.
    """


@command.command()
@click.option("--against", metavar="HEAD", help="A head kept outside: a JSON file, JSON text, or SIZE:ROOT from a receipt.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def verify(against: str | None, as_json: bool) -> None:
    """Check every entry, the tree and every signed head, and name what is wrong.

    An insider with the database and the key could rewrite both; a head that was kept outside (a receipt, a mail, a
    neighbour's archive) shows even that: give it with --against.

    \b
    Exit code 0: the record is whole.
              1: something is wrong; each finding is one line: what, where, which entry.
              2: the head given can't be read.
    """
    api = _api()
    try:
        head = read_head(against) if against else None
    except (OSError, ValueError) as error:
        click.echo(f"Can't read the head given with --against: {error}", err=True)
        sys.exit(UNUSABLE)
    with _progress("Verifying", as_json) as show:
        report = api.verify(head, show)
    click.echo(json.dumps(report_as_json(report), ensure_ascii=False) if as_json else "\n".join(say(report)))
    sys.exit(0 if report.ok else FAULTY)


@command.command()
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def export(path: Path) -> None:
    """Write the sealed record to PATH (a zip) with heads, public key and a description of the format.

    \b
    Anyone can check it, without this installation:
        python -m tinhso.kernel.ledger.engine.offline PATH --key LEDGER.pub
    Exit code 0: written.  2: PATH exists or can't be written.
    """
    api = _api()
    try:
        with _progress("Exporting", False) as show:
            count = api.export(path, show)
    except OSError as error:
        click.echo(f"Can't write {path}: {error.strerror or 'it exists already; choose another name'}", err=True)
        sys.exit(UNUSABLE)
    click.echo(f"{count} entries written to {path}")


@command.command()
def head() -> None:
    """Print the newest signed head as JSON: keep it somewhere else, for `verify --against`.

    Exit code 0: printed.  1: nothing is sealed yet.
    """
    newest = _api().head()
    if newest is None:
        click.echo("Nothing is sealed yet.", err=True)
        sys.exit(FAULTY)
    click.echo(json.dumps(head_as_json(newest)))


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print the states as JSON.")
def followers(as_json: bool) -> None:
    """Show how far each reader of the record is, and which one is stuck at which entry, and why.

    Exit code 0: none is failing.  1: at least one is.
    """
    states = _api().follower_states()
    if as_json:
        click.echo(json.dumps([asdict(state) for state in states], default=str))
    for state in [] if as_json else states:
        stuck = f"  {'BLOCKED' if state.blocked else 'failing'} at {state.position}: {state.error}" if state.error else ""
        click.echo(f"{state.name:40} {state.behind:>8} behind{stuck}")
    sys.exit(FAULTY if any(state.error for state in states) else 0)
