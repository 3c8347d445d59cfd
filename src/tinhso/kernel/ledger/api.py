"""The ledger's door.

Write inside :func:`operation` (or :func:`acting`), :func:`append` events that a room has declared, read with
:func:`history` or as a :func:`follower`. The worker calls :func:`work_once`.
"""

from tinhso.kernel.ledger.auditing import export, verify
from tinhso.kernel.ledger.context import acting, current_actor, named, operation
from tinhso.kernel.ledger.following import (
    follower,
    follower_states,
    followers,
    forget_followers,
    periodic,
    periodic_states,
    periodics,
    retry_follower,
    run_followers,
    run_periodic,
    system_actor,
)
from tinhso.kernel.ledger.operations import append, append_history
from tinhso.kernel.ledger.queries import entries, head, history, sealed, sealed_size, seen
from tinhso.kernel.ledger.registry import declare, kinds
from tinhso.kernel.ledger.sealing import seal, work_once
from tinhso.kernel.ledger.tree import consistency_proof, inclusion_proof

__all__ = [
    "acting",
    "append",
    "append_history",
    "consistency_proof",
    "current_actor",
    "declare",
    "entries",
    "export",
    "follower",
    "follower_states",
    "followers",
    "forget_followers",
    "head",
    "history",
    "inclusion_proof",
    "kinds",
    "named",
    "operation",
    "periodic",
    "periodic_states",
    "periodics",
    "retry_follower",
    "run_followers",
    "run_periodic",
    "seal",
    "sealed",
    "sealed_size",
    "seen",
    "system_actor",
    "verify",
    "work_once",
]
