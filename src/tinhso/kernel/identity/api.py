"""The door of identity: who acts, what he may do, and whose data he saw."""

from tinhso.kernel.identity.engine.roles import declare_roles, known_roles, role
from tinhso.kernel.identity.queries import (
    account_view,
    actor_for,
    actor_id,
    actor_names,
    anonymous,
    holders,
    is_demo,
    party_masked,
    system,
)

__all__ = [
    "account_view",
    "actor_for",
    "actor_id",
    "actor_names",
    "anonymous",
    "declare_roles",
    "holders",
    "is_demo",
    "known_roles",
    "party_masked",
    "role",
    "system",
]
