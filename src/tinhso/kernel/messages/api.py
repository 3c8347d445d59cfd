"""The door of messages.

Tell: :func:`notify`, or :func:`declare_notices` for "on this entry, tell them". Read: :func:`notices`, :func:`unread_count`,
:func:`mark_read`, :func:`preferences`. Look after: :func:`delivery_states`, :func:`failed_deliveries`,
:func:`retry_delivery`. Put together at start: :func:`connect`, :func:`set_renderer`.
"""

from tinhso.kernel.messages.operations import (
    KEEPER,
    declare_notices,
    deliver_waiting,
    mark_read,
    notify,
    retry_delivery,
    set_preferences,
)
from tinhso.kernel.messages.ports import PORTAL, channels, connect, set_renderer
from tinhso.kernel.messages.queries import (
    UNREAD_MAX,
    delivery_states,
    failed_deliveries,
    notices,
    preferences,
    unread_count,
)

__all__ = [
    "KEEPER",
    "PORTAL",
    "UNREAD_MAX",
    "channels",
    "connect",
    "declare_notices",
    "deliver_waiting",
    "delivery_states",
    "failed_deliveries",
    "mark_read",
    "notices",
    "notify",
    "preferences",
    "retry_delivery",
    "set_preferences",
    "set_renderer",
    "unread_count",
]
