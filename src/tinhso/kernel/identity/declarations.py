"""What the ledger must know of identity, and identity's own role."""

from datetime import timedelta

from tinhso.kernel.identity import types
from tinhso.kernel.identity.api import ADMINISTRATOR, declare_roles, forget_attempts
from tinhso.kernel.identity.types import Role
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.organisation import api as organisation

ledger.declare(
    types.AccountCreated,
    types.AccountClosed,
    types.AccountReopened,
    types.AccountChanged,
    types.PasswordChanged,
    types.SignedIn,
    types.SecondFactorChanged,
    types.RoleGranted,
    types.RoleEnded,
    types.PartyRegistered,
    types.PartyChanged,
    types.PartyChecked,
    types.PartyErased,
    types.PartyLooked,
    types.DatabaseMarkedDemo,
)
declare_roles(
    Role(ADMINISTRATOR, "Quản trị người dùng", "User administrator"),
    Role(organisation.ADMIN, "Quản trị tổ chức", "Organisation administrator"),  # it stands below, knows no roles
)


@ledger.periodic("identity.attempts", every=timedelta(hours=1))
def sweep_attempts() -> None:
    """Forget who tried what, once its span is over."""
    forget_attempts()
