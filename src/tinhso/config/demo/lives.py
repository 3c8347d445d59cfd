"""One dossier of the model province: whose it is, how it fares, who works on it."""

from dataclasses import dataclass

from tinhso.config.demo import people, story
from tinhso.config.demo.province import Office, Worker
from tinhso.kernel.cases.types import CaseRef


@dataclass
class Life:
    """One dossier on its way. ``at`` holds the number (see ``hours``) of the hand-in and of each act."""

    office: Office
    someone: people.Citizen
    house: people.House
    acts: tuple[story.Act, ...]
    at: list[float]
    online: bool
    staff: dict[str, Worker]
    evening: float = 0.0
    """Hours after five in the afternoon of the day before at which it was sent from home; 0: in office hours."""
    party: str = ""
    account: str | None = None
    ref: CaseRef | None = None
    task: str | None = None
