"""What the case engine asks of the ledger: its kinds of fact, what it follows, what it does by the clock."""

from collections.abc import Sequence
from datetime import timedelta

from tinhso.kernel.cases.engine.events import EVENTS
from tinhso.kernel.cases.engine.running import RUNNING_EVENTS
from tinhso.kernel.cases.operations import drafts
from tinhso.kernel.cases.operations.alarms import tick
from tinhso.kernel.cases.operations.following import after_settlement, after_unit_ended
from tinhso.kernel.cases.queries.drafts import existing_drafts
from tinhso.kernel.files import api as files
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Entry

ledger.declare(*EVENTS, *RUNNING_EVENTS)


@ledger.follower("cases.payments", ("payments.settled", "payments.cancelled"))
def follow_payments(entries: Sequence[Entry]) -> None:
    """Cases go on when they are paid."""
    after_settlement(entries)


@ledger.follower("cases.units", ("organisation.unit_ended",))
def follow_units(entries: Sequence[Entry]) -> None:
    """Cases go on at the unit that took over the work."""
    after_unit_ended(entries)


files.declare_owner("draft", existing_drafts)
files.declare_owner("upload", lambda accounts: set())


@ledger.periodic("cases.old_drafts", timedelta(hours=12))
def drop_old_drafts() -> None:
    """Forms that nobody goes on with are thrown away; what was put to them falls to the sweep of the files room."""
    while drafts.drop_old_drafts(ledger.system_actor("cases.old_drafts")):
        pass


@ledger.periodic("cases.clock", timedelta(seconds=30))
def ring_alarms() -> None:
    """Due dates come near and pass without anybody doing anything."""
    tick()
