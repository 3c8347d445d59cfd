"""What the ledger must know of files."""

from tinhso.kernel.files.types import EVENTS
from tinhso.kernel.ledger import api as ledger

ledger.declare(*EVENTS)
