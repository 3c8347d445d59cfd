"""What the ledger must know of messages."""

from datetime import timedelta

from tinhso.kernel.identity.api import declare_roles
from tinhso.kernel.identity.types import Role
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.messages import types
from tinhso.kernel.messages.api import KEEPER, deliver_waiting

ledger.declare(types.DeliveryFailed, types.PreferencesSet)
declare_roles(Role(KEEPER, vi="Theo dõi gửi thông báo", en="Keeper of deliveries"))


@ledger.periodic("messages.deliver", every=timedelta(seconds=5))
def deliver() -> None:
    """Send what waits."""
    deliver_waiting()
