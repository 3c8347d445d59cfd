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

from tinhso.config import driving, measuring

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
@click.option("--only", type=click.Choice(["operations", "load"]), help="Only single operations, or only the load.")
@click.option("--cases", default=20_000, show_default=True, help="Cases stored before the load; the budgets are for 1000000.")
@click.option("--clients", default=4, show_default=True, help="Client processes.")
@click.option("--workers", default=1, show_default=True, help="Web processes.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
def command(seconds: float, only: str | None, cases: int, clients: int, workers: int, as_json: bool) -> None:
    """Measure this machine and this database against the product's budgets.

    First single operations, each timed beside its floor: the same rows, bytes, files and signatures by the raw driver and bare
    system calls. Then the real server, web and worker, driven over HTTP by client processes, beside what the raw driver
    writes in the same run. The budgets are in bench/budgets.yaml. Everything happens in a throw-away database and folder;
    nothing of this installation is touched. Exit code 1 when a budget is not kept.
    """
    if not os.environ.get(INSIDE):
        with throw_away() as environment:
            again = [sys.executable, "-m", "tinhso.config.cli", "bench", *sys.argv[sys.argv.index("bench") + 1 :]]
            sys.exit(subprocess.run(again, env=environment, check=False).returncode)  # noqa: S603  our own command
    _say("Raising a small model province …")
    bench = measuring.prepare(seconds)
    figures: list[measuring.Figure] = []
    for figure in bench.run() if only != "load" else ():
        _say(f"{figure.name}: {figure.ours:.2f} ms")
        figures.append(figure)
    wishes = driving.Wishes(seconds, clients, workers, cases)
    rates = driving.Load(bench.model, wishes, _say).run() if only != "operations" else []
    if as_json:
        rows = [asdict(figure) | {"ratio": figure.ratio, "kept": figure.kept} for figure in figures]
        load = {"wishes": asdict(wishes), "rates": [asdict(rate) for rate in rates]}
        told = {"machine": measuring.machine(), "figures": rows, "load": load}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        table(figures, rates, wishes)
    missed = [f.name for f in figures if not f.kept] + [r.name for r in rates if r.kept is False]
    sys.exit(1 if missed else 0)


def _say(text: str) -> None:
    click.echo(text, err=True)


def table(figures: list[measuring.Figure], rates: list[driving.Rate], wishes: driving.Wishes) -> None:
    """Figures for a person, in Markdown, so that they can be kept."""
    for name, value in measuring.machine().items():
        click.echo(f"- {name}: {value}")
    if rates:
        click.echo(f"- cases stored: {wishes.cases:,}; clients: {wishes.clients}; web processes: {wishes.workers}")
        click.echo("\n| under load | | budget | our CPU, ms each | p50, ms | p95, ms | |\n|---|---:|---:|---:|---:|---:|---|")
        for rate in rates:
            budget = "" if rate.budget is None else f"{rate.budget:g}"
            kept = "" if rate.kept is None else "kept" if rate.kept else "NOT KEPT"
            more = [f"{rate.more[name]:.1f}" if name in rate.more else "" for name in ("cpu_ms", "p50_ms", "p95_ms")]
            click.echo(f"| {rate.what} | {rate.value:.1f} {rate.unit} | {budget} | {' | '.join(more)} | {kept} |")
    if not figures:
        return
    click.echo("\n| operation | ours, ms | slowest of 20 | floor, ms | ratio | budget | |")
    click.echo("|---|---:|---:|---:|---:|---:|---|")
    for f in figures:
        kept = "kept" if f.kept else "NOT KEPT"
        click.echo(f"| {f.what} | {f.ours:.2f} | {f.slowest:.2f} | {f.floor:.3f} | {f.ratio:.0f} | {f.budget:.0f} | {kept} |")
