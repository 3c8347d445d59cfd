"""What the ledger must know of files: the kinds of entry, and the jobs of the worker."""

from datetime import timedelta

from tinhso.kernel.files import sweeping
from tinhso.kernel.files.types import EVENTS
from tinhso.kernel.ledger import api as ledger

ledger.declare(*EVENTS)


@ledger.periodic("files.rescan", every=timedelta(minutes=1))
def rescan_waiting() -> None:
    """Ask the scanner again about files that wait."""
    sweeping.rescan_waiting()


@ledger.periodic("files.sweep", every=timedelta(hours=12))
def sweep() -> None:
    """Take away what nothing owns."""
    sweeping.sweep()
