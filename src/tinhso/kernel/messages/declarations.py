"""What the ledger must know of messages."""

from datetime import timedelta

from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.messages import types
from tinhso.kernel.messages.api import deliver_waiting

ledger.declare(types.DeliveryFailed, types.PreferencesSet)


@ledger.periodic("messages.deliver", every=timedelta(seconds=5))
def deliver() -> None:
    """Send what waits."""
    deliver_waiting()
