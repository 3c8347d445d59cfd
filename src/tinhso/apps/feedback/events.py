"""What the record keeps of reports besides what it keeps of every case: codes and ids, never a word of theirs."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class ReportJoined:
    """A report is one and the same matter as another: ``main`` is that one's case, and its answer goes to both."""

    kind: ClassVar[str] = "feedback.joined"

    case: str
    main: str


@dataclass(frozen=True, slots=True)
class ReportParted:
    """A report that had been joined to ``main`` stands for itself again."""

    kind: ClassVar[str] = "feedback.parted"

    case: str
    main: str


@dataclass(frozen=True, slots=True)
class ReportAnswered:
    """The office answered; ``public`` when anybody may read it. ``reporters`` are all who get this answer."""

    kind: ClassVar[str] = "feedback.answered"

    case: str
    category: str
    commune: str
    public: bool
    photos: int
    reporters: int


EVENTS = (ReportJoined, ReportParted, ReportAnswered)
