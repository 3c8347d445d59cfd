"""Writing the past of many cases at once: the same engine, the same rules, the same rows and entries as one by one.

For what was handled elsewhere before (an import) and for model provinces. Every act is decided by the pure machine with the
clock of its own instant; rows are kept in memory and written together. Left out is what needs a file: no papers are stored, and
the effects of a family (slips, results) are not run, so neither are their entries written.
"""

import uuid
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from tinhso.kernel.cases.engine import decide as machine
from tinhso.kernel.cases.engine import events as e
from tinhso.kernel.cases.engine import form
from tinhso.kernel.cases.engine.context import WorkCalendar
from tinhso.kernel.cases.engine.definition import Definition, Does, Move
from tinhso.kernel.cases.engine.evolve import evolve_all
from tinhso.kernel.cases.engine.history import Act, History, Paid, Written
from tinhso.kernel.cases.engine.running import PaperAdded
from tinhso.kernel.cases.engine.state import CaseState
from tinhso.kernel.cases.models import Case, CaseTypeVersion, Note, Participation, Supplement, Task
from tinhso.kernel.cases.operations.filing import APPLICANT, Given, Placed, begun, check_may_file, code_of, series_of
from tinhso.kernel.cases.operations.following import PAY
from tinhso.kernel.cases.operations.moving import amend, mark
from tinhso.kernel.cases.operations.places import units_of_answers
from tinhso.kernel.cases.operations.projecting import project_columns
from tinhso.kernel.cases.operations.recording import files_given, first_text, kept_input, supplement_row, task_row
from tinhso.kernel.cases.operations.sequences import next_numbers
from tinhso.kernel.cases.queries.choices import assigned_at
from tinhso.kernel.cases.queries.moments import Turn, Wish, context_of, stream_of
from tinhso.kernel.cases.queries.packs import compiled, row_in_force
from tinhso.kernel.cases.types import MayNotFile, MoveRefused
from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.types import PartyView
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor, ActorKind, Event, Past
from tinhso.kernel.organisation import api as organisation
from tinhso.kernel.organisation.types import Reason, Unit
from tinhso.kernel.payments import api as payments
from tinhso.kernel.payments.types import CancelReason, PastCharge
from tinhso.lib import clock, text
from tinhso.lib.problems import Invalid, NotAllowed, Problem

CLOCK = "case-clock"
MONEY = "case-payments"
AT_ONCE = 500
"""Rows in one INSERT."""


@ledger.operation
def write_histories(actor: Actor, histories: Sequence[History], until: datetime | None = None) -> Written:
    """Write the cases that ``histories`` tell of, up to ``until`` (default: now): all of them, or none.

    Only the system itself may. Each act is decided by the rules, for the actor and at the instant that it names; between acts
    time does what it would have done (warnings, overdue cases, moves of the system). The entries say who did what then; they
    are recorded now. Notices are not sent for what is long past (see messages).

    Refuses what the single operations refuse: NoSuchType, NoUnit, MayNotFile, MoveRefused, Invalid, with a note that names the
    history and the act; RequestRepeated when one of them has been written before; NotAllowed.
    """
    if actor.kind is not ActorKind.SYSTEM:
        raise NotAllowed(what="write_histories")
    writing = _Writing(until or clock.now())
    cases = writing.begin(histories)
    for number, case in enumerate(cases):
        with _named(f"history {number + 1}"):
            case.play()
    return writing.write(cases)


class _named:  # noqa: N801  reads as the statement it is
    """Adds to a refusal where it happened."""

    def __init__(self, where: str) -> None:
        self.where = where

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, fault: BaseException | None, _trace: object) -> None:
        if isinstance(fault, Problem):
            fault.add_note(self.where)


@dataclass
class _Writing:
    """One call: what all its cases share, and the rows that they come to."""

    until: datetime
    calendar: WorkCalendar = field(default_factory=organisation.calendar)
    past: list[Past] = field(default_factory=list)
    left_out: int = 0
    _served: dict[tuple[frozenset[str], str], Mapping[str, tuple[Unit, ...]]] = field(default_factory=dict)
    _held: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    _in_force: dict[tuple[str, date], CaseTypeVersion] = field(default_factory=dict)

    def serving(self, kinds: Collection[str], area: str) -> Mapping[str, tuple[Unit, ...]]:
        """The units that serve an area, asked once."""
        key = (frozenset(kinds), area)
        if key not in self._served:
            self._served[key] = organisation.units_serving(sorted(key[0]), area)
        return self._served[key]

    def holders(self, role: str, unit: str) -> frozenset[str]:
        """Actor ids of who holds a role, asked once."""
        if (role, unit) not in self._held:
            self._held[role, unit] = frozenset(held[0] for held in identity.holders(role, unit))
        return self._held[role, unit]

    def begin(self, histories: Sequence[History]) -> "list[_Past]":
        """Every case as it was handed in."""
        names = identity.party_masked(list({history.party for history in histories}))
        placed = []
        for number, history in enumerate(histories):
            with _named(f"history {number + 1}"):
                placed.append(self._place(history))
        numbers = self._numbers(placed)
        return [
            _Past(self, history, place, next(numbers[_series(place)]), names)
            for history, place in zip(histories, placed, strict=True)
        ]

    def _place(self, history: History) -> Placed:
        day = history.at.astimezone(clock.TZ).date()
        row = self._in_force.get((history.type_code, day))
        if row is None:
            row = self._in_force[history.type_code, day] = row_in_force(history.type_code, day)
        definition = compiled(row)
        kept = form.clean(definition, history.data)
        rules = {rule.code: rule for rule in form.papers(definition, kept)}
        errors = form.validate(definition, history.data)
        errors += [(code, "unknown_paper", {}) for code in history.papers if code not in rules]
        errors += [(code, "required", {}) for code, rule in rules.items() if rule.required and code not in history.papers]
        if errors:
            raise Invalid(errors)
        area, units = units_of_answers(definition, kept, self.serving)
        check_may_file(history.actor, definition, history.channel, history.party, units)
        return Placed(row, kept, area, units, history.at, self.calendar)

    def _numbers(self, placed: Sequence[Placed]) -> dict[tuple[str, date], Iterator[int]]:
        """Numbers for the codes, a range for each unit and day."""
        wanted = Counter(_series(place) for place in sorted(placed, key=lambda place: place.now))
        return {series: iter(next_numbers(series[0], series[1], many)) for series, many in wanted.items()}

    def write(self, cases: "Sequence[_Past]") -> Written:
        """All rows and all entries."""
        Case.objects.bulk_create([one.case for one in cases], batch_size=AT_ONCE)
        Participation.objects.bulk_create([row for one in cases for row in one.parts], batch_size=AT_ONCE)
        Task.objects.bulk_create([row for one in cases for row in one.tasks.values()], batch_size=AT_ONCE)
        Supplement.objects.bulk_create([row for one in cases for row in one.supplements], batch_size=AT_ONCE)
        Note.objects.bulk_create([row for one in cases for row in one.notes], batch_size=AT_ONCE)
        entries = ledger.append_history(self.past)
        entries += payments.write_charges([charge for one in cases for charge in one.charges])
        return Written(tuple(str(one.case.id) for one in cases), entries, self.left_out)


def _series(place: Placed) -> tuple[str, date]:
    return series_of(compiled(place.row), place.units["receiving"], place.now)


class _Past:
    """One case on its way through its history: its row, and the rows and entries that it comes to."""

    def __init__(self, writing: _Writing, history: History, place: Placed, number: int, names: Mapping[str, PartyView]) -> None:
        self.writing, self.history = writing, history
        self.moment = place.now
        """When the last thing happened: nothing may come before it."""
        self.definition: Definition = compiled(place.row)
        given = Given(
            history.type_code,
            history.data,
            {code: (code,) for code in history.papers},
            history.channel,
            history.party,
            history.request_key,
            None,
        )
        code = code_of(self.definition, place.units["receiving"], place.now, number)
        self.case, facts, self.state = begun(history.actor, uuid.uuid4(), code, given, place)
        known = names.get(history.party)
        if known is None:
            raise MayNotFile(party="unknown")
        self.case.party_id, self.case.applicant = uuid.UUID(history.party), text.fold(known.name)[:APPLICANT]
        self.parts = [Participation(case_id=self.case.id, unit=unit, since=place.now) for unit in self.case.units]
        self.taking_part = {(unit, False) for unit in self.case.units}
        self.tasks: dict[str, Task] = {}
        self.supplements: list[Supplement] = []
        self.notes: list[Note] = []
        self.charges: list[PastCharge] = []
        self._tell(history.actor, 0, facts, place.now, history.request_key)

    def play(self) -> None:
        """Everything that happened until the end."""
        for number, act in enumerate(self.history.acts):
            if act.at > self.writing.until:
                break
            with _named(f"act {number + 1}"):
                if act.at < self.moment:
                    raise Invalid([("at", "minimum", {"limit": self.moment.isoformat()})])
                self._ring(act.at)
                if isinstance(act, Paid):
                    self._pay(act)
                else:
                    self._act(act)
        self._ring(self.writing.until)
        self.case.state = self.state.to_json()

    def _act(self, act: Act) -> None:
        before, given = len(self.writing.past), (dict(self.case.given), list(self.case.wanting), self.case.version)
        try:
            for code in act.papers:
                self._bring(act, code)
            self._move(act.actor, Wish(act.move, act.input, act.task), act.at, result=act.result)
        except MoveRefused:
            if not act.optional:
                raise
            del self.writing.past[before:]
            self.case.given, self.case.wanting, self.case.version = given
            self.writing.left_out += 1

    def _bring(self, act: Act, code: str) -> None:
        """A paper came: a new version of it, kept elsewhere, so no digest of it is known."""
        case = self.case
        if code not in {rule.code for rule in form.papers(self.definition, case.data)}:
            raise Invalid([(code, "unknown_paper", {})])
        version = case.given.get(code, 0) + 1
        case.given = {**case.given, code: version}
        case.wanting = [wanted for wanted in case.wanting if wanted != code]
        digital = act.actor.kind is ActorKind.CITIZEN
        fact = PaperAdded(case=str(case.id), type_code=case.type_code, paper=code, version=version, sha256="", digital=digital)
        case.version += 1
        self._tell(act.actor, case.version - 1, (fact,), act.at)

    def _move(self, actor: Actor, wish: Wish, at: datetime, key: str | None = None, result: str = "") -> None:
        turn = Turn(actor, self.case, self.definition, self.state, wish, at, self.writing.calendar, key)
        command, context = machine.Perform(wish.move, wish.input, wish.task), context_of(turn)
        if (move := turn.move) is not None and move.does is Does.AMEND:
            machine.check(self.definition, self.state, command, context)
            command = machine.Perform(wish.move, wish.input, wish.task, amend(turn, move))
        facts = machine.decide(self.definition, self.state, command, context)
        move = self.definition.moves[wish.move]
        self._check_choices(turn, move)
        after = evolve_all(self.state, facts)
        self._effects(turn, move, after)
        if result:
            self.case.result = result
        mark(turn, move)
        self._save(turn, facts, after)

    def _save(self, turn: Turn, facts: Sequence[e.CaseFact], after: CaseState) -> None:
        case, seen = self.case, self.case.version
        self.state = after
        case.version += len(facts)
        project_columns(case, self.definition, after, turn.now)
        for fact in facts:
            self._keep(turn, fact)
        if case.holder_unit and case.holder_unit not in case.units:
            if (case.holder_unit, False) not in self.taking_part:
                self.taking_part.add((case.holder_unit, False))
                self.parts.append(Participation(case_id=case.id, unit=case.holder_unit, asked=False, since=turn.now))
            case.units = [*case.units, case.holder_unit]
        self.notes += [
            Note(case_id=case.id, entry=seen + 1, field=name, text=said, by=turn.actor.id, at=turn.now)
            for name, said in kept_input(turn).items()
        ]
        self._tell(turn.actor, seen, facts, turn.now, turn.request_key)

    def _tell(self, actor: Actor, after: int, facts: Sequence[Event], at: datetime, key: str | None = None) -> None:
        self.moment = at
        self.writing.past.append(Past(stream_of(self.case), after, tuple(facts), actor.id, actor.unit, at, key))

    def _check_choices(self, turn: Turn, move: Move) -> None:
        """As for a single move: the assignee holds the role, the unit asked may be asked; files there are none."""
        if files_given(turn):
            asking = [f.name for f in move.rule.input if f.widget in ("file", "files")]
            raise Invalid([(name, "no_such_file", {}) for name in asking[:1]])
        if move.does is Does.ASSIGN:
            if turn.wish.input["assignee"] not in self.writing.holders(*assigned_at(self.definition, self.state, move)):
                raise Invalid([("assignee", "choice", {})])
        elif move.does is Does.OPEN_TASK:
            kinds = self.definition.tasks[move.task or ""].unit_kinds
            served = self.writing.serving(kinds, self.case.area)
            askable = {unit.key for units in served.values() for unit in units} - {self.state.unit}
            if turn.wish.input["unit"] not in askable:
                raise Invalid([("unit", "choice", {})])

    def _keep(self, turn: Turn, fact: e.CaseFact) -> None:
        """The row that goes with a fact (as ``recording.keep_facts`` for a single move)."""
        if isinstance(fact, e.TaskOpened):
            self._task_opened(turn, fact)
        elif isinstance(fact, e.TaskClosed):
            self._task_closed(turn, fact)
        elif isinstance(fact, e.SupplementRequested):
            self._requested(turn, fact)
            self.case.wanting = list(fact.items)
        elif isinstance(fact, e.TaskReturned):
            self._requested(turn, fact)
            self.case.wanting = [*dict.fromkeys((*self.case.wanting, *fact.items))]
        elif isinstance(fact, e.SupplementAnswered | e.TaskResumed):
            self._answered(turn, fact)
        elif isinstance(fact, e.FactsFound):
            self.case.found = {**self.case.found, **{name: turn.wish.input[name] for name in fact.fields}}

    def _task_opened(self, turn: Turn, fact: e.TaskOpened) -> None:
        self.tasks[fact.task] = task_row(turn, fact)
        asked = turn.definition.tasks[fact.task_kind].at is None
        if (fact.asked, asked) not in self.taking_part:
            self.taking_part.add((fact.asked, asked))
            self.parts.append(Participation(case_id=self.case.id, unit=fact.asked, asked=asked, since=turn.now))

    def _task_closed(self, turn: Turn, fact: e.TaskClosed) -> None:
        row = self.tasks[fact.task]
        row.closed_at, row.outcome, row.answered_by = turn.now, fact.outcome, turn.actor.id
        if fact.task == turn.wish.task:
            row.answer = first_text(turn)

    def _requested(self, turn: Turn, fact: e.SupplementRequested | e.TaskReturned) -> None:
        self.supplements.append(supplement_row(turn, fact, len(self.supplements) + 1))

    def _answered(self, turn: Turn, fact: e.SupplementAnswered | e.TaskResumed) -> None:
        task = fact.task if isinstance(fact, e.TaskResumed) else ""
        for row in self.supplements:
            if row.answered_at is None and row.task == task:
                row.answered_at, row.answer = turn.now, first_text(turn)
        still = {item for row in self.supplements if row.answered_at is None for item in row.items}
        self.case.wanting = [item for item in self.case.wanting if item in still]

    # --- money and time ---------------------------------------------------------------------------------------------------

    def _effects(self, turn: Turn, move: Move, after: CaseState) -> None:
        """Money that a move makes owed or calls off; what a family would do beside has no papers to do it with."""
        if "cases.create_charge" in move.effects:
            lines = form.fees(self.definition, self.case.data, turn.now.astimezone(clock.TZ).date(), after.channel)
            if lines:
                charge = PastCharge(
                    payable=stream_of(self.case),
                    lines=lines,
                    payer=self.history.party,
                    unit=self.case.receiving_unit,
                    by=turn.actor.id,
                    at=turn.now,
                )
                self.charges.append(charge)
                self.case.unpaid += charge.amount
        if "cases.cancel_charge" in move.effects:
            reason = next((known for known in CancelReason if known == after.outcome), CancelReason.STOPPED)
            for charge in self.charges:
                if charge.due:
                    charge.cancel(reason, turn.actor, turn.now)
            self.case.unpaid = 0

    def _pay(self, paid: Paid) -> None:
        """The fee is paid, and what waits for it goes on."""
        last = None
        for charge in self.charges:
            if charge.due:
                charge.settle(paid.method, paid.actor, paid.at)
                last = charge
        self.case.unpaid = 0
        move = self.definition.moves.get(PAY)
        if last is None:
            raise MoveRefused(move=PAY, reason=Reason("cases.move.nothing_owed"))
        if move is not None and move.rule.by == "system" and self.case.step in move.rule.sources:
            key = f"settled:charge:{last.id}:2"
            self._move(identity.system(MONEY), Wish(PAY, {}), paid.at, key=key)

    def _ring(self, at: datetime) -> None:
        """What time alone did until ``at``, at the very instants."""
        system = identity.system(CLOCK)
        while self.case.alarm_at is not None and self.case.alarm_at <= at:
            now = max(self.case.alarm_at, self.moment)
            facts = machine.ring(self.definition, self.state, now)
            after = evolve_all(self.state, facts) if facts else self.state
            if facts:
                turn = Turn(system, self.case, self.definition, self.state, Wish(""), now, self.writing.calendar)
                self._save(turn, facts, after)
            timed = machine.timed(self.definition, after, now)
            if timed is not None:
                self._move(system, Wish(timed), now)
            elif not facts:
                break
