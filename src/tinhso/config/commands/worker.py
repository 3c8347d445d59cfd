"""``tinhso worker``: seals entries, feeds followers, runs periodic jobs."""

import logging
import signal
import threading

import click
from django.db import InterfaceError, OperationalError, close_old_connections

from tinhso.kernel.ledger import api as ledger

IDLE_SECONDS = 0.2
"""How long to rest when there was nothing to do: what a citizen waits for at most before a notice is on its way."""
AWAY_SECONDS = 2.0
"""How long to wait before trying a database again that has gone away."""

log = logging.getLogger("tinhso.worker")


SEAL_SECONDS = 0.1
"""How long the sealer rests when nothing waits for it."""


def seal(stop: threading.Event) -> None:
    """Seal until ``stop`` is set, in a thread of its own: an entry must not wait for its seal while a mail server is slow.

    What is no passing failure of the database ends the thread; the work below seals too, and raises it.
    """
    while not stop.is_set():
        try:
            if not ledger.seal():
                stop.wait(SEAL_SECONDS)
        except (OperationalError, InterfaceError):
            close_old_connections()
            stop.wait(AWAY_SECONDS)


def run(stop: threading.Event, once: bool = False) -> None:
    """Work until ``stop`` is set; with ``once``, until there is nothing left to do."""
    if not once:
        threading.Thread(target=seal, args=(stop,), name="sealer", daemon=True).start()
    while not stop.is_set():
        try:
            busy = ledger.work_once()
        except (OperationalError, InterfaceError) as error:
            # A database that is restarted must find its worker waiting; what failed was rolled back and is tried again.
            log.warning("the database does not answer (%s); trying again in %.0f s", error, AWAY_SECONDS)
            close_old_connections()
            stop.wait(AWAY_SECONDS)
            continue
        if busy:
            continue
        if once:
            return
        stop.wait(IDLE_SECONDS)


@click.command()
@click.option("--once", is_flag=True, help="Stop as soon as there is nothing left to do.")
def command(once: bool) -> None:
    """Run the worker alone: `tinhso serve` runs one beside the web server.

    Any number may run; they share the work. Without one, nothing is sealed, nobody is notified and no deadline is
    watched: `tinhso check` tells when none has been seen lately.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run(stop, once)
