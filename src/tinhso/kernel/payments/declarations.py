"""What the ledger must know of payments."""

from tinhso.kernel.identity.api import declare_roles
from tinhso.kernel.identity.types import Role
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.payments import types
from tinhso.kernel.payments.api import CASHIER

ledger.declare(types.Charged, types.Settled, types.Cancelled, types.MessageRefused, types.MessageResolved, types.AccountSet)
declare_roles(Role(CASHIER, vi="Thu phí, lệ phí", en="Cashier"))
