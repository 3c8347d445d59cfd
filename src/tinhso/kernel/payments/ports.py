"""What others plug into payments when the system is put together: providers, and the roles that may take money."""

from tinhso.kernel.ledger.types import Actor, ActorKind
from tinhso.kernel.payments.types import NotCashier, Provider, UnknownProvider

CASHIER = "payments.cashier"
"""The role of payments itself. Apps add their own (a one-stop officer who may also take money)."""

_providers: dict[str, Provider] = {}
_cashiers: set[str] = {CASHIER}


def connect(provider: Provider) -> None:
    """Connect a provider under its ``code``; connecting again replaces it (configuration, at start)."""
    _providers[provider.code] = provider


def provider(code: str) -> Provider:
    """The connected provider; raises :class:`UnknownProvider`."""
    found = _providers.get(code)
    if found is None:
        raise UnknownProvider(provider=code)
    return found


def providers() -> list[str]:
    """Codes of the connected providers, in the order they were connected."""
    return list(_providers)


def let_take_money(*roles: str) -> None:
    """Officials with one of these roles at the collecting unit may record money at the counter."""
    _cashiers.update(roles)


def check_cashier(actor: Actor, unit: str) -> None:
    """Raise :class:`NotCashier` unless ``actor`` is an official who may take money for ``unit``."""
    if actor.kind is not ActorKind.OFFICIAL or not (actor.roles_at(unit) & _cashiers):
        raise NotCashier(unit=unit)


def units_of_cashier(actor: Actor) -> frozenset[str]:
    """The units for which ``actor`` may take money."""
    if actor.kind is not ActorKind.OFFICIAL:
        return frozenset()
    return frozenset(g.unit for g in actor.grants if g.role in _cashiers)
