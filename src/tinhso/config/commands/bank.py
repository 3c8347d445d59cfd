"""``tinhso bank``: the make-believe bank beside a demo. `tinhso serve` runs it; nobody else needs to."""

import signal
import threading

import click
from django.conf import settings

from tinhso.config.wiring import SANDBOX_KEY
from tinhso.kernel.payments.adapters.sandbox import secret_at
from tinhso.kernel.payments.adapters.sandbox_bank import serve


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8001, show_default=True, help="Port to listen on.")
@click.option("--callback", required=True, help="Where to tell that money moved: …/payments/callback/sandbox/")
def command(host: str, port: int, callback: str) -> None:
    """Play the bank for a demo: shows what a QR code says, "transfers", and calls back. No real money."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    store, secret = settings.HOME / "sandbox-bank" / "bank.sqlite3", secret_at(settings.HOME / "keys" / SANDBOX_KEY)
    serve(store, secret, callback, host, port, stop)
