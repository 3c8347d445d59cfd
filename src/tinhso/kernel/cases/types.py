"""What crosses the door of the case engine. Plain Python.

Words of the engine: a *case type* is a dated declaration (pack); a *case* keeps the version it began under; a *move* takes
it from one *step* to another; a *task* runs beside the main step (a consultation, a linked agency) with its own deadline;
a *paper* is a component the applicant hands in; a *result* is what the case produces.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from tinhso.kernel.files.types import FileRef, Verdict
from tinhso.kernel.identity.types import PartyView
from tinhso.kernel.ledger.types import Actor, Event
from tinhso.kernel.organisation.types import DayCount, Reason
from tinhso.kernel.payments.types import ChargeView
from tinhso.lib.problems import Conflict, NotAllowed, NotFound, Problem
from tinhso.lib.text import Words as Words


class Phase(StrEnum):
    """Where a case stands, whatever its type."""

    FILED = "filed"
    """Handed in, nobody has accepted it yet; the clock is not started."""
    OPEN = "open"
    """Accepted; the clock runs."""
    WAITING = "waiting"
    """Accepted; the clock is paused (for the applicant, for payment)."""
    DONE = "done"
    """Handled: the clock has stopped with a verdict; the result waits for its owner."""
    ENDED = "ended"
    """Nothing more can happen."""


class Channel(StrEnum):
    """How the case came in."""

    COUNTER = "counter"
    ONLINE = "online"
    POSTAL = "postal"


class ClockVerdict(StrEnum):
    """How the time limit was kept, once the clock has stopped."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    NOT_APPLICABLE = "not_applicable"


class TimeLeft(StrEnum):
    """What a clock looks like today."""

    NOT_STARTED = "not_started"
    ON_TRACK = "on_track"
    SOON = "soon"
    TODAY = "today"
    LATE = "late"
    PAUSED = "paused"
    STOPPED = "stopped"


# --- the declaration, as screens need it -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FormField:
    """One question. ``schema`` is its JSON Schema 2020-12; ``widget`` says how to ask it: ``text``, ``textarea``, ``number``,
    ``date``, ``choice``, ``choices``, ``yesno``, ``area``, ``phone``, ``identifier``, ``money``; in moves also ``official``,
    ``unit``, ``papers``, ``file``, ``files``, whose choices come from the case. ``prefill`` names a fact that is known already
    (``party.name``). ``visible`` is an expression over the form's data, None for always."""

    name: str
    label: Words
    schema: Mapping[str, Any]
    widget: str
    required: bool = False
    help: Words | None = None
    unit: str | None = None
    choices: tuple[tuple[str, Words], ...] = ()
    prefill: str | None = None
    visible: str | None = None


@dataclass(frozen=True, slots=True)
class FormPage:
    """One decision on one page."""

    id: str
    title: Words
    fields: tuple[FormField, ...]
    help: Words | None = None
    visible: str | None = None


@dataclass(frozen=True, slots=True)
class PaperRule:
    """A component the applicant must or may hand in."""

    code: str
    title: Words
    required: bool
    help: Words | None = None
    formats: tuple[str, ...] = ("pdf", "jpg", "png")
    max_bytes: int = 20 * 1024 * 1024
    max_files: int = 5
    visible: str | None = None


@dataclass(frozen=True, slots=True)
class MoveRule:
    """A declared move. ``by`` is a role, ``applicant`` or ``system``; ``input`` a JSON Schema for what the mover must give;
    ``confirm`` is set when it can't be undone."""

    id: str
    title: Words
    sources: tuple[str, ...]
    target: str | None
    by: str
    input: tuple[FormField, ...] = ()
    key: str | None = None
    style: str = "default"
    confirm: Words | None = None
    legal_basis: str | None = None
    does: str = "move"
    """What it does beside going on (``engine.definition.Does``): ``answer_supplement``, ``assign``…"""


@dataclass(frozen=True, slots=True)
class StepRule:
    """A declared step. ``status`` is the code that the outside world knows (the ten national statuses for dossiers);
    ``public`` the sentence a citizen reads."""

    id: str
    title: Words
    public: Words
    phase: Phase
    status: int
    role: str | None
    at: str | None
    """``receiving``, ``responsible``, ``applicant`` or a unit kind."""


class WaitsFor(StrEnum):
    """For whom a case waits in a step, seen from outside the office."""

    OFFICE = "office"
    APPLICANT = "applicant"
    PAYMENT = "payment"
    NOBODY = "nobody"
    """It has ended."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the way that an applicant can follow: a word for several steps."""

    title: Words
    steps: tuple[str, ...]


class Holds(StrEnum):
    """Whether something holds, as far as is known."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    """Not yet known: a fact that it needs is missing."""


@dataclass(frozen=True, slots=True)
class ConditionRule:
    """What must hold, what a person is told when it does not, and the names of the form's questions it depends on."""

    code: str
    title: Words
    unmet: Words
    legal_basis: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConditionView:
    """A condition as it stands for one person. ``missing`` are the questions whose answers are not known yet."""

    rule: ConditionRule
    holds: Holds
    missing: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """Whether somebody fulfils the conditions that concern him; ``monthly``: what he would get each month in đồng, if known."""

    holds: Holds
    conditions: tuple[ConditionView, ...]
    monthly: int | None = None


@dataclass(frozen=True, slots=True)
class ResultRule:
    """What the case produces. ``valid_months`` is how long it holds, None for ever."""

    code: str
    title: Words
    template: str
    number_series: str
    valid_months: int | None
    issuer: str | None = None
    """The place whose unit issues it; None for the agency that signs."""
    statement: Words | None = None
    """What the paper states, in words of the pack."""
    pages: tuple[str, ...] = ()
    """Pages of the form whose answers it shows; none named: the form's own choice of the template."""
    encloses: tuple[str, ...] = ()
    """Papers whose pages are part of it."""


@dataclass(frozen=True, slots=True)
class PartRule:
    """A declared part: what another agency does within the case, in how long (``3 working_days``), after which others."""

    kind: str
    title: Words
    place: str
    limit: str
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseType:
    """A version of a case type: what screens may show and ask."""

    code: str
    version: str
    family: str
    """The app that handles it: ``services.dossier``."""
    effective_from: date
    effective_to: date | None
    title: Words
    summary: Words
    guide: tuple[tuple[Words, Words], ...]
    """Heading and text of what a person should know before starting."""
    field: Words
    """Lĩnh vực."""
    national_code: str
    pages: tuple[FormPage, ...]
    papers: tuple[PaperRule, ...]
    steps: tuple[StepRule, ...]
    moves: tuple[MoveRule, ...]
    duration: Words
    fee: Words
    result: Words
    legal_basis: tuple[Words, ...]
    keywords: tuple[str, ...] = ()
    channels: tuple[Channel, ...] = (Channel.COUNTER, Channel.ONLINE)
    icon: str = "file-text"
    stages: tuple[Stage, ...] = ()
    """The way as the applicant is shown it; every step is in one stage. Empty: by phases alone."""
    conditions: tuple[ConditionRule, ...] = ()
    parts: tuple[PartRule, ...] = ()

    def step(self, step_id: str) -> StepRule:
        """The step with this id; KeyError if there is none."""
        return next(s for s in self.steps if s.id == step_id)

    def waits_for(self, step_id: str) -> WaitsFor:
        """For whom a case waits in a step: a pause that the system's own move ends is one for payment."""
        step = self.step(step_id)
        if step.phase is Phase.ENDED:
            return WaitsFor.NOBODY
        if (
            step.at == "applicant"
            and step.phase is Phase.WAITING
            and any(move.by == "system" and step_id in move.sources for move in self.moves)
        ):
            return WaitsFor.PAYMENT
        return WaitsFor.APPLICANT if step.at == "applicant" else WaitsFor.OFFICE


# --- a case, as screens need it ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CaseRef:
    """Enough to name a case and to change it safely (``version`` is what ``if_version`` wants back)."""

    id: str
    code: str
    version: int


@dataclass(frozen=True, slots=True)
class CaseKey:
    """A case and the version of its type: enough to draw and read the form of a move."""

    ref: CaseRef
    type_code: str
    type_version: str


@dataclass(frozen=True, slots=True)
class ClockView:
    """A case's clock, ready to draw. ``used`` and ``total`` are in ``unit`` (``day`` or ``hour``); ``segments`` are
    (kind, share) with kind ``run``, ``pause``, ``over`` or ``left`` and shares that sum to 1."""

    state: TimeLeft
    due: datetime | None
    started: datetime | None
    stopped: datetime | None
    verdict: ClockVerdict | None
    used: float
    total: float
    unit: str
    segments: tuple[tuple[str, float], ...]
    reasons: tuple[Reason, ...]
    days: tuple[DayCount, ...]
    extended: bool = False
    provisional: bool = False
    working_days_left: int | None = None
    if_resumed_today: datetime | None = None
    """When paused: the due instant if the pause ended now."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A line of a work list; personal data masked as lists do."""

    ref: CaseRef
    family: str
    type_code: str
    type_version: str
    type_title: Words
    applicant: str
    step: str
    step_title: Words
    phase: Phase
    status: int
    channel: Channel
    due: datetime | None
    received_at: datetime | None
    filed_at: datetime
    clock: ClockView
    handler: str | None
    unit: str
    unread: bool = False
    marks: tuple[str, ...] = ()
    """Small facts worth a badge: ``supplemented``, ``consulting``, ``unpaid``, ``extended``, ``asked`` (our opinion)."""
    waits_for: WaitsFor = WaitsFor.OFFICE
    outcome: str = ""
    """How it came out, once it has: ``granted``, ``refused``, ``withdrawn``, ``stopped``…"""


@dataclass(frozen=True, slots=True)
class Page:
    """A keyset page. ``after`` is the opaque cursor of the next page, None at the end."""

    rows: tuple[CaseRow, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class MoveOption:
    """A move this actor could make now. ``enabled`` False comes with ``why_not``."""

    rule: MoveRule
    enabled: bool
    why_not: Reason | None = None
    task: str | None = None
    """The id of the task it answers, for moves on tasks."""
    warning: Reason | None = None
    """What it costs, when it may be made but has a price (a second supplement request counts as late)."""
    choices: Mapping[str, tuple[tuple[str, "str | Words"], ...]] = field(default_factory=dict)
    """For input fields whose choices depend on the case (assignee, unit to ask, what to ask for): value and label."""


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper of a case; ``files`` newest version first."""

    id: str
    code: str
    title: Words
    files: tuple[FileRef, ...]
    version: int
    added_at: datetime
    state: str
    """``given``, ``accepted``, ``wanting`` (asked for and not yet given)."""
    note: str = ""
    signature: Verdict | None = None


@dataclass(frozen=True, slots=True)
class TaskView:
    """Something running beside the main step."""

    id: str
    kind: str
    unit: str
    unit_name: str
    asked_by: str
    question: str
    opened_at: datetime
    due: datetime | None
    late: bool
    closed_at: datetime | None = None
    outcome: str | None = None
    answer: str = ""
    file: FileRef | None = None


class PartState(StrEnum):
    """Where a part stands; ``returned``: it waits for the applicant, ``dropped``: it never began or its case ended."""

    WAITING = "waiting"
    RUNNING = "running"
    RETURNED = "returned"
    DONE = "done"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class PartView:
    """One agency's part of a case. ``due`` is what it promised or, before it runs, what can be expected."""

    kind: str
    title: Words
    state: PartState
    unit_name: str
    task: str | None = None
    opened_at: datetime | None = None
    due: datetime | None = None
    closed_at: datetime | None = None
    late: bool = False
    outcome: Words | None = None
    result: "ResultView | None" = None


@dataclass(frozen=True, slots=True)
class SupplementView:
    """One request to the applicant for more, and what came of it."""

    number: int
    asked_at: datetime
    items: tuple[Words, ...]
    """What is wanted, in words: titles of papers and labels of form fields."""
    codes: tuple[str, ...]
    """The same as codes of papers and names of form fields."""
    note: str
    due: date | None
    answered_at: datetime | None
    slip: FileRef | None = None
    task: str | None = None
    """The task for which it is asked; None for the case as a whole."""


@dataclass(frozen=True, slots=True)
class ResultView:
    """What the case produced."""

    code: str
    title: Words
    file: FileRef
    number: str | None
    signed: tuple[str, ...]
    """Who signed, in order."""
    verify_code: str | None
    final: bool
    state: str = "draft"
    """``draft``, ``signed`` or ``numbered``."""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OwnResult:
    """A result that somebody has got, with the case that it came from."""

    code: str
    family: str
    type_title: Words
    result: ResultView


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """One fact of a case's past. ``kind`` and ``params`` become a sentence in ``ui``; ``actor_name`` and ``unit_name`` are
    resolved as this reader may know them; ``public`` marks what the applicant sees."""

    at: datetime
    kind: str
    params: Mapping[str, Any]
    actor_name: str
    unit_name: str
    public: bool
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A slip or letter the province issued in this case."""

    kind: str
    """``receipt``, ``supplement``, ``refusal``, ``apology``, ``stop``."""
    title: Words
    file: FileRef
    at: datetime
    verify_code: str | None = None


@dataclass(frozen=True, slots=True)
class CaseView:
    """A whole case as one actor may see it."""

    ref: CaseRef
    type: CaseType
    step: StepRule
    phase: Phase
    status: int
    channel: Channel
    filed_at: datetime
    received_at: datetime | None
    applicant: PartyView
    data: Mapping[str, Any]
    receiving_unit: str
    receiving_unit_name: str
    holder_unit: str | None
    holder_unit_name: str
    handler: str | None
    handler_name: str
    clock: ClockView
    papers: tuple[PaperView, ...]
    supplements: tuple[SupplementView, ...]
    tasks: tuple[TaskView, ...]
    charges: tuple[ChargeView, ...]
    documents: tuple[Document, ...]
    results: tuple[ResultView, ...]
    history: tuple[HistoryItem, ...]
    moves: tuple[MoveOption, ...]
    parts: tuple[PartView, ...] = ()
    assessment: Assessment | None = None
    """Whether the type's conditions hold; None for a type without any."""
    found: Mapping[str, Any] = field(default_factory=dict)
    """What officials established, by name of the form's field."""
    next_repeat: datetime | None = None


@dataclass(frozen=True, slots=True)
class PublicStatus:
    """What anybody who has the code may know: no name, no paper."""

    code: str
    type_title: Words
    status: int
    step_public: Words
    unit_name: str
    filed_on: date
    received_at: datetime | None
    due: datetime | None


@dataclass(frozen=True, slots=True)
class DraftGiven:
    """What a form would be handed in with: its answers, and ids of files by the code of a paper."""

    id: str
    type_code: str
    data: Mapping[str, Any]
    papers: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class DraftView:
    """A form not handed in yet."""

    id: str
    type_code: str
    type_version: str
    data: Mapping[str, Any]
    papers: Mapping[str, tuple[FileRef, ...]]
    page: str
    updated_at: datetime


class MoveRefused(Conflict):
    """The move is not allowed (any more): step, role or guard. ``params["reason"]`` says which."""

    code = "cases.move_refused"


class PackInvalid(Problem):
    """A pack breaks its rules: ``params`` hold file, line, what and remedy."""

    code = "cases.pack_invalid"
    status = 500


class NoSuchCase(NotFound):
    """There is no such case, or this actor may not know of it."""

    code = "cases.no_such_case"


class NoSuchList(NotFound):
    """There is no such work list, or it is not this actor's."""

    code = "cases.no_such_list"


class NoSuchType(NotFound):
    """No case type of this code can be begun on this day."""

    code = "cases.no_such_type"


class NoSuchDraft(NotFound):
    """There is no such draft of this actor's; perhaps it has been handed in."""

    code = "cases.no_such_draft"


class MayNotFile(NotAllowed):
    """This actor may not hand in such a case on this channel or for this applicant."""

    code = "cases.may_not_file"


class NoUnit(Problem):
    """The organisation has no unit of ``kind`` for ``area``: the case can't be handed in there."""

    code = "cases.no_unit"
    status = 409


# --- work lists ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What narrows a work list; empty values narrow nothing. ``text`` is part of a code or of the applicant's name."""

    text: str = ""
    type_code: str = ""
    step: str = ""
    channel: str = ""
    handler: str = ""


@dataclass(frozen=True, slots=True)
class ListCount:
    """A work list of an actor and how much is in it. ``count`` stops at 100, which screens show as "99+"."""

    id: str
    group: str
    """``urgent``, ``mine``, ``waiting`` or ``unit``."""
    count: int


# --- what an app's effects see and give back -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Moment:
    """A case in the middle of a move, as effects see it: after the move's facts, before the commit.

    ``version`` is the stream's version that the move's entries end at, ``due`` the promised instant and ``clock`` the same
    explained.
    """

    actor: Actor
    case: str
    code: str
    version: int
    type: CaseType
    move: str
    input: Mapping[str, Any]
    task: str | None
    task_kind: str | None
    """The kind and the unit of the task that the move is about, if it is about one."""
    task_unit: str | None
    task_failed: bool
    """Whether that task came out with an outcome that ends what follows from it."""
    at: datetime
    step: str
    phase: Phase
    channel: Channel
    party: str | None
    """The applicant; None for a bearer."""
    data: Mapping[str, Any]
    area: str
    units: Mapping[str, str]
    """Place (``receiving``, ``responsible``, a unit kind) to unit key."""
    handler: str | None
    """Actor id of the official it is assigned to."""
    filed_at: datetime
    received_at: datetime | None
    due: datetime | None
    clock: ClockView
    due_before: datetime | None
    """The promised instant before this move (an apology names both)."""
    answer_due: date | None
    """By which day the applicant is to answer what he was asked, when he was."""
    supplements: int
    """Requests for more so far, this move's included."""
    unpaid: int
    monthly: int | None = None
    """What the applicant gets each month in đồng, in types that give that and where it is known."""
    unmet: tuple[Words, ...] = ()
    """Of the type's conditions, those that are known not to hold: what a refusal has to say."""


@dataclass(frozen=True, slots=True)
class CaseBrief:
    """A case in one line, for notices: ``party`` (empty for a bearer) and ``handler`` (an actor id, or empty) are
    pseudonymous."""

    id: str
    code: str
    family: str
    party: str
    handler: str
    phase: Phase


@dataclass(frozen=True, slots=True)
class GivenPaper:
    """The newest version of a paper that was handed in."""

    code: str
    title: Words
    files: tuple[FileRef, ...]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What another unit was asked and, if it has, answered. ``id`` is the task's within the case."""

    id: str
    unit_name: str
    question: str
    outcome: str
    answer: str
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A slip or letter that an effect made (``file`` is already stored, owned by ``case:<uuid>``)."""

    kind: str
    title: Words
    file: str
    number: str = ""
    verify_code: str = ""


@dataclass(frozen=True, slots=True)
class NewResult:
    """A new version of the case's result. ``state`` is ``draft``, ``signed`` or ``numbered``; ``signed`` names who signed so
    far, in order, as the paper shows it."""

    code: str
    title: Words
    file: str
    state: str
    number: str = ""
    signed: tuple[str, ...] = ()
    verify_code: str = ""
    final: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an effect asks the case room to write in the same transaction. ``events`` are appended to the case's stream."""

    documents: tuple[NewDocument, ...] = ()
    result: NewResult | None = None
    events: tuple[Event, ...] = ()


Effect = Callable[[Moment], Outcome | None]
"""What an app does when a move is made, in the same transaction; a ``Problem`` it raises undoes the move."""

FactSource = Callable[[Moment], Mapping[str, Any]]
"""Gives an app's own facts for guards. Must not cost more than one statement."""
