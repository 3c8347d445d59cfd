"""The roles that exist: apps declare them when they start; a role nobody declared is refused."""

from collections.abc import Mapping
from types import MappingProxyType

from tinhso.kernel.identity.types import Role, UnknownRole

_declared: dict[str, Role] = {}


def declare_roles(*roles: Role) -> None:
    """Make roles known. Declaring the same one again is nothing; declaring it differently is a ValueError."""
    for role in roles:
        if _declared.setdefault(role.code, role) != role:
            raise ValueError(f"role {role.code!r} is declared twice with different words")


def known_roles() -> Mapping[str, Role]:
    """Every declared role by its code."""
    return MappingProxyType(_declared)


def role(code: str) -> Role:
    """The role with this code; :class:`UnknownRole` if no app declared it."""
    try:
        return _declared[code]
    except KeyError:
        raise UnknownRole(role=code) from None
