"""The facts of a running case beside those of the machine itself (``events``): papers, slips, results, units. As they enter the
ledger: codes, digests and pseudonymous ids; never free text, never a name.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeLoaded:
    """A version of a case type can be used from now on, within its dates."""

    kind: ClassVar[str] = "cases.type_loaded"

    type_code: str
    type_version: str
    family: str
    effective_from: date
    effective_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperAdded:
    """A file was handed in as a component; ``sha256`` is what it was."""

    kind: ClassVar[str] = "cases.paper_added"

    case: str
    type_code: str
    paper: str
    version: int
    sha256: str
    digital: bool
    """Handed in as an electronic file by the applicant (not scanned at the counter)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataCorrected:
    """The applicant corrected answers of the form that were asked for; ``fields`` names them, never their content."""

    kind: ClassVar[str] = "cases.data_corrected"

    case: str
    type_code: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentIssued:
    """The province issued a slip or letter in this case."""

    kind: ClassVar[str] = "cases.document_issued"

    case: str
    type_code: str
    document: str
    file: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRecorded:
    """The result has a new version: drafted, signed or numbered."""

    kind: ClassVar[str] = "cases.result_recorded"

    case: str
    type_code: str
    result: str
    version: int
    state: str
    file: str
    number: str
    final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperChecked:
    """An official looked at a paper and found that it will do, or that it won't."""

    kind: ClassVar[str] = "cases.paper_checked"

    case: str
    type_code: str
    paper: str
    accepted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitSucceeded:
    """A unit that had a place in this case ended; its successor took the place."""

    kind: ClassVar[str] = "cases.unit_succeeded"

    case: str
    type_code: str
    previous: str
    successor: str


RUNNING_EVENTS = (
    TypeLoaded,
    PaperAdded,
    PaperChecked,
    DataCorrected,
    DocumentIssued,
    ResultRecorded,
    UnitSucceeded,
)
"""Every kind above, to be declared to the ledger."""
