"""Who may change the organisation."""

from tinhso.kernel.ledger.types import Actor, ActorKind
from tinhso.kernel.organisation import queries
from tinhso.lib.problems import NotAllowed

ADMIN = "organisation.admin"
"""The role that changes units, posts and holders at a unit and below it."""


def must_administer(actor: Actor, unit: str | None) -> None:
    """Refuse an actor who does not administer this unit or one above it (None: the whole organisation).

    The system itself (set-up, loading of packs) may always. Raises NotAllowed.
    """
    if actor.kind is ActorKind.SYSTEM:
        return
    held = actor.units_with(ADMIN)
    if unit is not None and (unit in held or any(above.key in held for above in queries.superiors(unit))):
        return
    raise NotAllowed(role=ADMIN, unit=unit)
