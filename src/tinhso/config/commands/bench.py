"""``tinhso bench``: this machine against the product's budgets."""

import json
import os
import subprocess  # our own command line, in a home of its own
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from urllib.parse import urlsplit, urlunsplit

import click
from django.db import connection

from tinhso.config import measuring

INSIDE = "TINHSO_BENCH_INSIDE"


@contextmanager
def throw_away() -> Iterator[dict[str, str]]:
    """An environment with an empty home and database, which are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="tinhso-bench-") as home:
        of = {**os.environ, "TINHSO_HOME": home, INSIDE: "1"}
        if connection.vendor != "postgresql":
            yield {name: value for name, value in of.items() if name != "DATABASE_URL"}
            return
        name = f"tinhso_bench_{uuid.uuid4().hex[:8]}"
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"')
        try:
            yield {**of, "DATABASE_URL": urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))}
        finally:
            with connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@click.command()
@click.option(
    "--seconds", default=3.0, show_default=True, type=click.FloatRange(0.1), help="How long to measure each operation."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
def command(seconds: float, as_json: bool) -> None:
    """Measure this machine and this database against the product's budgets.

    Each operation is timed beside its floor: the same rows, bytes, files and signatures by the raw driver and bare system
    calls, in the same run. The budget is the ratio of the two (bench/budgets.yaml). Everything happens in a throw-away
    database and folder; nothing of this installation is touched. Exit code 1 when a budget is not kept.
    """
    if not os.environ.get(INSIDE):
        arguments = [sys.executable, "-m", "tinhso.config.cli", "bench", "--seconds", str(seconds), *["--json"][: int(as_json)]]
        with throw_away() as environment:
            sys.exit(subprocess.run(arguments, env=environment, check=False).returncode)  # noqa: S603  our own command
    click.echo("Raising a small model province …", err=True)
    figures = []
    for figure in measuring.prepare(seconds).run():
        click.echo(f"{figure.name}: {figure.ours:.2f} ms", err=True)
        figures.append(figure)
    if as_json:
        rows = [asdict(figure) | {"ratio": figure.ratio, "kept": figure.kept} for figure in figures]
        click.echo(json.dumps({"machine": measuring.machine(), "figures": rows}, ensure_ascii=False, indent=2))
    else:
        table(figures)
    sys.exit(0 if all(figure.kept for figure in figures) else 1)


def table(figures: list[measuring.Figure]) -> None:
    """Figures for a person, in Markdown, so that they can be kept."""
    for name, value in measuring.machine().items():
        click.echo(f"- {name}: {value}")
    click.echo("\n| operation | ours, ms | slowest of 20 | floor, ms | ratio | budget | |")
    click.echo("|---|---:|---:|---:|---:|---:|---|")
    for f in figures:
        kept = "kept" if f.kept else "NOT KEPT"
        click.echo(f"| {f.what} | {f.ours:.2f} | {f.slowest:.2f} | {f.floor:.3f} | {f.ratio:.0f} | {f.budget:.0f} | {kept} |")
