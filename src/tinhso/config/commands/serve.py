"""``tinhso serve``: web, worker and, in a demo, the sandbox bank."""

import os

import click
from django.conf import settings
from django.db import DatabaseError

from tinhso.config.processes import Supervisor, children
from tinhso.kernel.identity import api as identity


def in_demo() -> bool:
    """Whether this is a demo; an installation whose database can't be asked is none."""
    try:
        return identity.is_demo()
    except DatabaseError:
        return False


def run(host: str, port: int, workers: int, threads: int) -> None:
    """Serve until told to stop."""
    settings.HOME.mkdir(parents=True, exist_ok=True)
    click.echo(f"Tỉnh Số: http://{host}:{port}/  (Ctrl+C stops it; nothing acknowledged is lost)")
    bank = in_demo()
    if bank:
        os.environ["TINHSO_SANDBOX_BANK"] = f"http://{host}:{port + 1}"  # for the children: web sends payers there
        click.echo(f"Demo bank: http://{host}:{port + 1}/  (make-believe: no real money moves)")
    Supervisor(children(host, port, workers, threads, bank), click.echo).run()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", default=1, show_default=True, help="Web processes; about one per core.")
@click.option("--threads", default=4, show_default=True, help="Threads in each web process.")
def command(host: str, port: int, workers: int, threads: int) -> None:
    """Run the web server and the worker together, and start again what dies.

    Behind a proxy that terminates TLS, set TINHSO_HTTPS=1 so that cookies are marked secure.
    """
    run(host, port, workers, threads)
