"""What the ledger must know of payments."""

from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.payments import types

ledger.declare(types.Charged, types.Settled, types.Cancelled, types.MessageRefused, types.MessageResolved, types.AccountSet)
