"""A compiled case type: what the machine needs of a declaration, immutable and checked.

``Definition.public`` (:class:`tinhso.kernel.cases.types.CaseType`) is what screens may show; everything else here is
mechanics. Built only by :func:`tinhso.kernel.cases.engine.pack.load`, which refuses a declaration with any loose end.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from tinhso.kernel.cases.engine.context import Guard
from tinhso.kernel.cases.types import CaseType, ConditionRule, FormField, MoveRule, Phase, ResultRule, StepRule, Words
from tinhso.kernel.organisation.types import WorkingTime
from tinhso.lib.expressions import Expression


@dataclass(frozen=True, slots=True)
class Family:
    """The vocabulary an app gives its case types (``declare_family``): a pack may use no other names.

    ``facts`` maps the name of a fact (``facts.<name>`` in expressions) to a sample value of its type; the room itself always
    gives those of :data:`BUILTIN_FACTS`. ``guards`` are named conditions, ``effects`` the names of what the runner can do in
    the same transaction, ``templates`` the names of result templates, ``statuses`` the codes the outside world knows.
    """

    code: str
    roles: frozenset[str]
    unit_kinds: frozenset[str]
    effects: frozenset[str]
    guards: Mapping[str, Guard] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    templates: frozenset[str] = frozenset()
    statuses: frozenset[int] = frozenset(range(1, 11))
    bearers: bool = False
    """Whether somebody who has not signed in may hand in, known afterwards only by the secret he was given."""
    told: frozenset[str] = frozenset()
    """Kinds of the app's own entries that the applicant sees in the history."""
    code_mark: str = ""
    """Codes of its cases are ``<mark>-<yymmdd>-<number>``; those of a dossier (QĐ 20/2020) when it is empty."""


BUILTIN_FACTS: Mapping[str, Any] = {
    "papers_missing": 0,
    "papers_wanting": 0,
    "unpaid": 0,
    "result": "none",
    "eligible": "yes",
}
"""Facts the case room gives to every expression: required papers not given; papers asked for and not given yet; đồng still
owed; the result's state (``none``, ``draft``, ``signed``, ``numbered``); whether the type's conditions hold (``yes``, ``no``,
``unknown``), given what the form says and officials found."""

BUILTIN_EFFECTS = frozenset({"cases.create_charge", "cases.cancel_charge"})
"""Effects the case room itself executes: a charge by the type's fee rules, and its cancelling when nothing is due any more."""


class Does(StrEnum):
    """What a move does beside going to its target. Starting, pausing, resuming and stopping the clock is not here: it
    follows from the phases of the two steps."""

    MOVE = "move"
    ASSIGN = "assign"
    """Gives the case to ``input.assignee`` (an actor id)."""
    ASK_SUPPLEMENT = "ask_supplement"
    """Asks the applicant for ``input.items`` (codes of papers or names of form fields)."""
    ANSWER_SUPPLEMENT = "answer_supplement"
    OPEN_TASK = "open_task"
    """Asks ``input.unit`` beside the main step; ``input.days`` may shorten or lengthen a limit declared in days."""
    CLOSE_TASK = "close_task"
    """Answers the task the command names, with ``input.outcome``."""
    CANCEL_TASK = "cancel_task"
    RETURN_TASK = "return_task"
    """Asks the applicant for ``input.items`` for the task the command names; only that task stands meanwhile."""
    RESUME_TASK = "resume_task"
    """The applicant's answer to that."""
    EXTEND = "extend"
    """Moves the due date by ``input.days``, with an apology."""
    REOPEN = "reopen"
    """Takes a handled case up again, with a new clock: the one move that may lead back from DONE."""
    AMEND = "amend"
    """Puts ``input`` in place of the form's answers of the same names, and finds units and time limit again."""


ON_TASKS = frozenset({Does.CLOSE_TASK, Does.CANCEL_TASK, Does.RETURN_TASK, Does.RESUME_TASK})
"""What is done to a task that is there already, which the command names."""

NEEDS_INPUT: Mapping[Does, tuple[str, ...]] = {
    Does.ASSIGN: ("assignee",),
    Does.ASK_SUPPLEMENT: ("items",),
    Does.OPEN_TASK: ("unit",),
    Does.CLOSE_TASK: ("outcome",),
    Does.RETURN_TASK: ("items",),
    Does.EXTEND: ("days",),
}
"""Input fields that a move of this kind must declare."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A guard of a move: an expression, or the name of a family's guard. ``why`` is what a person is told when it fails."""

    why: Words | None
    expression: Expression | None = None
    guard: str | None = None
    legal_basis: str | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """Where a move goes when its condition holds; the last branch of a move has none."""

    step: str
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class Repeat:
    """A schedule of a step: while the case stands in it, a task of this kind opens every month for the unit of a place."""

    task: str
    at: str
    opens_day: int
    """Day of the month (1 to 28) on which it opens."""
    due_day: int
    """Day of the same month by the end of which it is to be done."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step with its mechanics. ``outcome`` is how the case came out once this step is reached (DONE and ENDED steps).

    ``parts`` are kinds of tasks that run in it side by side, each at its own unit with its own clock and result; when all are
    settled the case goes on by itself, by the first branch of ``join`` that holds. ``repeats`` is the step's schedule."""

    rule: StepRule
    limit: WorkingTime | None = None
    outcome: str | None = None
    then: str | None = None
    """The system's move that is made when ``limit`` has passed; without one the step is late then."""
    parts: tuple[str, ...] = ()
    join: tuple[Branch, ...] = ()
    repeats: Repeat | None = None

    @property
    def id(self) -> str:
        """The step's id."""
        return self.rule.id

    @property
    def phase(self) -> Phase:
        """The step's phase."""
        return self.rule.phase


@dataclass(frozen=True, slots=True)
class Move:
    """A move with its mechanics. ``at`` is the place whose role counts (the step's own when None; ``task`` for the unit
    asked); ``assignee_only`` narrows the role to the one the case is assigned to; ``counter`` is the role at the receiving unit
    that may act for an applicant who stands at the counter."""

    rule: MoveRule
    does: Does
    branches: tuple[Branch, ...]
    conditions: tuple[Condition, ...]
    effects: tuple[str, ...]
    at: str | None = None
    assignee_only: bool = False
    counter: str | None = None
    task: str | None = None
    finds: tuple[str, ...] = ()
    """Form fields that the mover establishes himself: they count for conditions from then on, over what the form said."""

    @property
    def id(self) -> str:
        """The move's id."""
        return self.rule.id


@dataclass(frozen=True, slots=True)
class Route:
    """Which units a place may be: of this kind and, where several of a kind serve an area, of this speciality. ``when`` is
    asked of the form's answers; the last route of a place has none."""

    kind: str
    speciality: str | None = None
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A unit named by the declaration: by what route it is found, and the form field that holds the area it serves."""

    name: str
    routes: tuple[Route, ...]
    area_field: str

    def route(self, data: Mapping[str, Any]) -> Route:
        """The first route whose condition holds."""
        return next(route for route in self.routes if route.when is None or route.when.holds({"data": data}))


class SupplementMode(StrEnum):
    """What an answer to a supplement request does to the legal clock."""

    PAUSE = "pause"
    """It goes on where it stopped (QĐ 766 counts so too)."""
    RESTART = "restart"
    """It starts again from zero (NĐ 61/2018, art. 19.4)."""


@dataclass(frozen=True, slots=True)
class LimitRule:
    """A time limit for the cases whose answers meet a condition."""

    when: Expression
    limit: WorkingTime
    legal_basis: str


@dataclass(frozen=True, slots=True)
class ClockRule:
    """The time limit. ``warn_days`` working days before the due date the case is "due soon"; ``extension_moves_kpi`` says
    whether QĐ 766's clock honours an extension. The first of ``limits`` whose condition holds goes before ``limit``."""

    limit: WorkingTime
    supplement_mode: SupplementMode
    warn_days: int
    legal_basis: str
    extension_moves_kpi: bool = False
    limits: tuple[LimitRule, ...] = ()

    def which(self, data: Mapping[str, Any]) -> int | None:
        """The number of the limit that holds for these answers; None for the general one."""
        return next((n for n, rule in enumerate(self.limits) if rule.when.holds({"data": data})), None)

    def chosen(self, number: int | None) -> "ClockRule":
        """This rule with the limit of that number as its own."""
        if number is None:
            return self
        rule = self.limits[number]
        return replace(self, limit=rule.limit, legal_basis=rule.legal_basis)


@dataclass(frozen=True, slots=True)
class SupplementRule:
    """How often and for how long more may be asked of the applicant, before and after receipt."""

    max: int
    answer_within: WorkingTime
    corrections_max: int
    late_above: int
    """More requests than this count as late by QĐ 766, whatever the clock says."""


@dataclass(frozen=True, slots=True)
class ExtensionRule:
    """How the due date may be moved, with an apology: once."""

    notice_days: int
    """At the latest this many days before the due date."""
    max_days: int
    legal_basis: str


@dataclass(frozen=True, slots=True)
class TaskRule:
    """Something that runs beside the main step: whom it may be asked of (unit kinds) and for how long."""

    kind: str
    title: Words
    limit: WorkingTime
    unit_kinds: tuple[str, ...]
    role: str
    outcomes: tuple[tuple[str, Words], ...]
    at: str | None = None
    """The place that does it, where it is always the same one (a part, or a task of a schedule)."""
    after: tuple[str, ...] = ()
    """Parts that must have come out well before this one begins."""
    fails: frozenset[str] = frozenset()
    """Outcomes with which what comes after it has no ground any more."""
    result: str | None = None
    """The result that it produces."""


@dataclass(frozen=True, slots=True)
class FeeRule:
    """A dated fee. ``amount`` gives whole đồng; ``collect`` is ``receipt`` or ``result``."""

    code: str
    title: Words
    effective_from: date
    effective_to: date | None
    amount: Expression
    when: Expression | None
    collect: str
    legal_basis: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something that must hold for the applicant to get what he asks for, as of its dates.

    ``tests`` are combined by ``every`` (all must hold) or not (one is enough); ``when`` says for whom it counts at all."""

    public: ConditionRule
    effective_from: date | None
    effective_to: date | None
    when: Expression | None
    tests: tuple[Expression, ...]
    every: bool = True


@dataclass(frozen=True, slots=True)
class FieldRule:
    """A form field with its compiled visibility (its own and its page's)."""

    field: FormField
    page: str
    visible: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class PaperCondition:
    """When a paper is asked for at all."""

    code: str
    visible: Expression | None


@dataclass(frozen=True)
class Definition:
    """A version of a case type, compiled. Two with the same ``public.version`` are the same declaration."""

    public: CaseType
    family: Family
    field_code: str
    """Short code of the field (lĩnh vực), which measures group by."""
    initial: str
    steps: Mapping[str, Step]
    moves: Mapping[str, Move]
    places: Mapping[str, Place]
    fields: Mapping[str, FieldRule]
    papers: Mapping[str, PaperCondition]
    clock: ClockRule
    supplements: SupplementRule
    extension: ExtensionRule | None
    tasks: Mapping[str, TaskRule]
    fees: tuple[FeeRule, ...]
    results: Mapping[str, ResultRule]
    conditions: tuple[Requirement, ...]
    benefits: tuple[FeeRule, ...]
    """What a person gets, by dated rules, in đồng for each month of the schedule."""
    source: str
    text: str
    """The declaration as it was read, so that a running case can keep its version."""

    @property
    def code(self) -> str:
        """The type's code."""
        return self.public.code

    @property
    def version(self) -> str:
        """``<effective_from>.<first 12 hex digits of the content's SHA-256>``."""
        return self.public.version
