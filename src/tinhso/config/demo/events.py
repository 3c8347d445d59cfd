"""What the ledger keeps of a demonstration."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class DemoCompleted:
    """The model province stands and its play has been played to the end; without this entry it was interrupted."""

    kind: ClassVar[str] = "demo.completed"

    province: str
    seed: int
    dossiers: int
    days: int
    on: date
