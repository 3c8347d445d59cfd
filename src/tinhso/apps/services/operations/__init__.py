"""What happens besides when a dossier moves: slips are issued, results drafted, signed, numbered and published.

Every function here is an effect (``kernel.cases.types.Effect``): it runs inside the move's own transaction.
"""

from tinhso.apps.services.operations.results import draft_result, issue_result, number_result, sign_result
from tinhso.apps.services.operations.slips import (
    issue_apology,
    issue_receipt,
    issue_refusal,
    issue_stop,
    issue_supplement_slip,
)

__all__ = [
    "draft_result",
    "issue_apology",
    "issue_receipt",
    "issue_refusal",
    "issue_result",
    "issue_stop",
    "issue_supplement_slip",
    "number_result",
    "sign_result",
]
