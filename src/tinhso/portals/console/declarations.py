"""The role that opens the console. What its holder may do there each room decides by roles of its own."""

from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.types import Role

ADMIN = "console.admin"


def declare() -> None:
    """Make the role known."""
    identity.declare_roles(Role(ADMIN, "Quản trị hệ thống", "System administrator"))
