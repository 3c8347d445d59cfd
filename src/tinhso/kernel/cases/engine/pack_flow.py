"""The part of a pack that moves: places, tasks, steps and moves, and whether they hold together as one process."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from tinhso.kernel.cases.engine.definition import (
    BUILTIN_EFFECTS,
    BUILTIN_FACTS,
    NEEDS_INPUT,
    ON_TASKS,
    Branch,
    Condition,
    Does,
    Family,
    Move,
    Place,
    Repeat,
    Route,
    Step,
    TaskRule,
)
from tinhso.kernel.cases.engine.pack_form import FormReader, field_of, maybe_words, words
from tinhso.kernel.cases.engine.pack_text import At, PackText
from tinhso.kernel.cases.types import FormField, MoveRule, Phase, StepRule, Words
from tinhso.kernel.organisation.types import WorkingTime

CASE_NAMES: Mapping[str, Any] = {
    "step": "x",
    "channel": "online",
    "open_tasks": 0,
    "supplements": 0,
    "corrections": 0,
    "assigned": False,
    "extended": False,
    "overdue": False,
    "reopened": 0,
    "days_handled": 0,
}
"""What guards and branches may read of ``case``, each with a sample (``decide.expression_context`` gives them)."""

_ORDER = {Phase.FILED: 0, Phase.OPEN: 1, Phase.WAITING: 1, Phase.DONE: 2, Phase.ENDED: 3}
"""The clock never runs backwards: a move may not lead from a later phase to an earlier one."""


def limit_of(raw: Mapping[str, int] | None) -> WorkingTime | None:
    """A time limit of the pack, if there is one."""
    return WorkingTime(**raw) if raw else None


class FlowReader:
    """Reads places, tasks, steps and moves; each reference is looked up, each loose end noted."""

    def __init__(self, pack: PackText, family: Family, form: FormReader) -> None:
        self.pack = pack
        self.family = family
        self.form = form
        self.places: dict[str, Place] = {}
        self.tasks: dict[str, TaskRule] = {}
        self.steps: dict[str, Step] = {}
        self.moves: dict[str, Move] = {}

    def read(self, raw: Mapping[str, Any]) -> None:
        """All of it, in the order in which one part refers to another."""
        for name, place in raw["places"].items():
            self._place(name, place)
        for n, task in enumerate(raw.get("tasks", ())):
            self._task(("tasks", n), task)
        for n, step in enumerate(raw["steps"]):
            self._step(("steps", n), step)
        for n, step in enumerate(raw["steps"]):
            self._join(("steps", n), step)
        for n, move in enumerate(raw["moves"]):
            self._move(("moves", n), move)

    def _known(self, at: At, kind: str, name: str, known: Iterable[str]) -> bool:
        known = list(known)
        if name in known:
            return True
        self.pack.fault(at, f"there is no {kind} '{name}'", f"Known: {', '.join(sorted(known)) or 'none'}")
        return False

    def _once(self, at: At, kind: str, name: str, known: Iterable[str]) -> None:
        if name in known:
            self.pack.fault(at, f"two {kind}s are called '{name}'", "Rename one of them")

    def _place(self, name: str, raw: Mapping[str, Any]) -> None:
        at: At = ("places", name)
        routes = [self._route((*at, "instead", n), other) for n, other in enumerate(raw.get("instead", ()))]
        areas = [field for field, rule in self.form.fields.items() if rule.field.widget == "area"]
        self._known((*at, "area"), "area field", raw["area"], areas)
        self.places[name] = Place(name, (*routes, self._route(at, raw)), raw["area"])

    def _route(self, at: At, raw: Mapping[str, Any]) -> Route:
        self._known((*at, "kind"), "unit kind", raw["kind"], self.family.unit_kinds)
        when = self.form.expression((*at, "when"), raw["when"]) if "when" in raw else None
        return Route(raw["kind"], raw.get("speciality"), when)

    def _task(self, at: At, raw: Mapping[str, Any]) -> None:
        self._once((*at, "kind"), "task", raw["kind"], self.tasks)
        self._known((*at, "role"), "role", raw["role"], self.family.roles)
        for n, kind in enumerate(raw.get("unit_kinds", ())):
            self._known((*at, "unit_kinds", n), "unit kind", kind, self.family.unit_kinds)
        outcomes = tuple((o["value"], words(o)) for o in raw["outcomes"])
        if ("at" in raw) is ("unit_kinds" in raw):
            what = f"task '{raw['kind']}' needs one of 'unit_kinds' (who may be asked) and 'at' (who always does it)"
            self.pack.fault(at, what, "Give exactly one of the two")
        if "at" in raw:
            self._known((*at, "at"), "place", raw["at"], self.places)
        for n, first in enumerate(raw.get("after", ())):
            self._known((*at, "after", n), "task declared before", first, self.tasks)
        if "result" in raw:
            self._known((*at, "result"), "result", raw["result"], [r["code"] for r in self.pack.data["results"]])
        self.tasks[raw["kind"]] = TaskRule(
            raw["kind"],
            words(raw["title"]),
            WorkingTime(**raw["limit"]),
            tuple(raw.get("unit_kinds", ())),
            raw["role"],
            outcomes,
            at=raw.get("at"),
            after=tuple(raw.get("after", ())),
            fails=frozenset(o["value"] for o in raw["outcomes"] if o.get("fails")),
            result=raw.get("result"),
        )

    def _step(self, at: At, raw: Mapping[str, Any]) -> None:
        self._once((*at, "id"), "step", raw["id"], self.steps)
        self._known((*at, "status"), "status", str(raw["status"]), map(str, self.family.statuses))
        if "at" in raw:
            self._known((*at, "at"), "place", raw["at"], ["applicant", *self.places])
        if "role" in raw:
            self._known((*at, "role"), "role", raw["role"], self.family.roles)
        phase = Phase(raw["phase"])
        if phase is not Phase.ENDED and "at" not in raw:
            self.pack.fault(at, f"nobody holds the case in step '{raw['id']}'", "Add 'at:' with a place or 'applicant'")
        if phase is Phase.DONE and "outcome" not in raw:
            self.pack.fault(at, f"step '{raw['id']}' does not say how the case came out", "Add 'outcome: granted' or the like")
        rule = StepRule(
            id=raw["id"],
            title=words(raw["title"]),
            public=words(raw["public"]),
            phase=phase,
            status=raw["status"],
            role=raw.get("role"),
            at=raw.get("at"),
        )
        if "then" in raw and "limit" not in raw:
            self.pack.fault(
                (*at, "then"), f"step '{raw['id']}' never ends by time", "Add 'limit:', after which the move is made"
            )
        parts = tuple(p for n, p in enumerate(raw.get("parts", ())) if self._placed((*at, "parts", n), p))
        if parts and phase is not Phase.OPEN:
            self.pack.fault((*at, "parts"), "parts run while the clock does", "Give the step 'phase: open'")
        if bool(parts) is not ("join" in raw):
            self.pack.fault(at, f"step '{raw['id']}' needs 'parts' and 'join' together", "Say what runs and where it leads")
        self.steps[raw["id"]] = Step(
            rule,
            limit_of(raw.get("limit")),
            raw.get("outcome"),
            raw.get("then"),
            parts,
            repeats=self._repeats(at, raw, phase),
        )

    def _placed(self, at: At, kind: str) -> bool:
        """Whether there is such a task, with a place of its own."""
        if not self._known(at, "task", kind, self.tasks):
            return False
        if self.tasks[kind].at is None:
            self.pack.fault(at, f"nobody is named who does '{kind}'", f"Give the task '{kind}' a place: 'at: …'")
        return True

    def _repeats(self, at: At, raw: Mapping[str, Any], phase: Phase) -> Repeat | None:
        rule = raw.get("repeats")
        if rule is None or not self._known((*at, "repeats", "task"), "task", rule["task"], self.tasks):
            return None
        self._known((*at, "repeats", "at"), "place", rule["at"], self.places)
        if phase is not Phase.DONE:
            self.pack.fault((*at, "repeats"), "a schedule begins when the clock has stopped", "Give the step 'phase: done'")
        if rule["due_day"] < rule["opens_day"]:
            self.pack.fault((*at, "repeats", "due_day"), "it is due before it opens", "Give a later day of the month")
        return Repeat(rule["task"], rule["at"], rule["opens_day"], rule["due_day"])

    def _join(self, at: At, raw: Mapping[str, Any]) -> None:
        """Where parts lead: read when every step is known."""
        if "join" in raw and raw["id"] in self.steps:
            branches = self._branches((*at, "join"), raw["join"])
            self.steps[raw["id"]] = replace(self.steps[raw["id"]], join=branches)
            for branch in branches:
                if _ORDER[self.steps[branch.step].phase] < _ORDER[Phase.OPEN]:
                    self.pack.fault((*at, "join"), f"'{branch.step}' comes before: the clock would run backwards", "Go on")

    def _move(self, at: At, raw: Mapping[str, Any]) -> None:
        self._once((*at, "id"), "move", raw["id"], self.moves)
        sources = [s for n, s in enumerate(raw["from"]) if self._known((*at, "from", n), "step", s, self.steps)]
        does = Does(raw.get("does", "move"))
        branches = self._branches((*at, "to"), raw.get("to"))
        task = self._task_of(at, raw, does)
        rule = MoveRule(
            id=raw["id"],
            title=words(raw["title"]),
            sources=tuple(sources),
            target=branches[-1].step if branches else None,
            by=raw["by"],
            input=self._input(at, raw, does, task),
            key=raw.get("key"),
            style=raw.get("style", "default"),
            confirm=maybe_words(raw.get("confirm")),
            legal_basis=raw.get("legal_basis"),
            does=does.value,
        )
        self._who(at, raw, sources)
        move = Move(
            rule=rule,
            does=does,
            branches=branches,
            conditions=tuple(self._condition((*at, "when", n), c) for n, c in enumerate(raw.get("when", ()))),
            effects=tuple(raw.get("effects", ())),
            at=raw.get("at"),
            assignee_only=raw.get("assignee_only", False),
            counter=raw.get("counter"),
            task=task,
            finds=tuple(raw.get("finds", ())),
        )
        for n, effect in enumerate(move.effects):
            self._known((*at, "effects", n), "effect", effect, [*BUILTIN_EFFECTS, *self.family.effects])
        self._phases(at, move)
        self.moves[raw["id"]] = move

    def _branches(self, at: At, raw: str | list[dict[str, str]] | None) -> tuple[Branch, ...]:
        if raw is None:
            return ()
        many = [{"step": raw}] if isinstance(raw, str) else raw
        branches = []
        for n, branch in enumerate(many):
            here = at if isinstance(raw, str) else (*at, n, "step")
            when = self._expression((*at, n, "when"), branch["when"]) if "when" in branch else None
            last = n == len(many) - 1
            if ("when" in branch) is last:
                what = "the last branch has a condition" if last else "a branch before the last has no condition"
                self.pack.fault((*at, n), what, "Every branch but the last needs 'when:', the last one none")
            if self._known(here, "step", branch["step"], self.steps):
                branches.append(Branch(branch["step"], when))
        return tuple(branches)

    def _expression(self, at: At, source: str) -> Any:
        names = {
            "case": CASE_NAMES,
            "data": self.form.names(),
            "facts": {**BUILTIN_FACTS, **self.family.facts},
            "parts": {kind: rule.outcomes[0][0] for kind, rule in self.tasks.items()},
        }
        return self.form.expression(at, source, names)

    def _condition(self, at: At, raw: Mapping[str, Any]) -> Condition:
        why, basis = maybe_words(raw.get("why")), raw.get("legal_basis")
        if "guard" in raw:
            self._known((*at, "guard"), "guard", raw["guard"], self.family.guards)
            return Condition(why, guard=raw["guard"], legal_basis=basis)
        return Condition(why, expression=self._expression((*at, "expression"), raw["expression"]), legal_basis=basis)

    def _task_of(self, at: At, raw: Mapping[str, Any], does: Does) -> str | None:
        wants = does is Does.OPEN_TASK or does in ON_TASKS
        if not wants:
            if "task" in raw:
                self.pack.fault((*at, "task"), f"'{does}' has nothing to do with a task", "Remove 'task:' or change 'does:'")
            return None
        if "task" not in raw:
            self.pack.fault(at, f"move '{raw['id']}' does not say which task", "Add 'task:' with the kind of task")
            return None
        return raw["task"] if self._known((*at, "task"), "task", raw["task"], self.tasks) else None

    def _input(self, at: At, raw: Mapping[str, Any], does: Does, task: str | None) -> tuple[FormField, ...]:
        outcomes: tuple[tuple[str, Words], ...] = self.tasks[task].outcomes if task and does is Does.CLOSE_TASK else ()
        own = {name: rule.field.choices for name, rule in self.form.fields.items()} if does is Does.AMEND else {}
        fields = tuple(
            field_of(self.pack, f, (*at, "input", n), outcomes if f["name"] == "outcome" else own.get(f["name"], ()))
            for n, f in enumerate(raw.get("input", ()))
        )
        fields = (*fields, *self._found(at, raw, fields))
        for name in NEEDS_INPUT.get(does, ()):
            field = next((f for f in fields if f.name == name), None)
            if field is None or not field.required:
                self.pack.fault(at, f"'{does}' needs a required input '{name}'", f"Add it to 'input:' of move '{raw['id']}'")
        days = next((f for f in fields if f.name == "days"), None)
        if (
            does in (Does.EXTEND, Does.OPEN_TASK)
            and days
            and (days.schema["type"] != "integer" or "minimum" not in days.schema)
        ):
            self.pack.fault((*at, "input"), "'days' must be a whole number", "Add 'schema: { type: integer, minimum: 1 }'")
        return fields

    def _found(self, at: At, raw: Mapping[str, Any], fields: tuple[FormField, ...]) -> Iterator[FormField]:
        """The form's own questions that the mover answers himself."""
        for n, name in enumerate(raw.get("finds", ())):
            here = (*at, "finds", n)
            if self._known(here, "field", name, self.form.fields):
                self._once(here, "input", name, [f.name for f in fields])
                yield replace(self.form.fields[name].field, required=False, visible=None, prefill=None)

    def _who(self, at: At, raw: Mapping[str, Any], sources: list[str]) -> None:
        by = raw["by"]
        if "counter" in raw:
            self._known((*at, "counter"), "role", raw["counter"], self.family.roles)
        if "at" in raw:
            self._known((*at, "at"), "place", raw["at"], ["task", *self.places])
        if by in ("applicant", "system"):
            return
        self._known((*at, "by"), "role", by, self.family.roles)
        homeless = [s for s in sources if self.steps[s].rule.at == "applicant"]
        if homeless and "at" not in raw:
            what = f"in step '{homeless[0]}' the applicant holds the case, so nobody has the role '{by}' there"
            self.pack.fault((*at, "by"), what, "Add 'at:' with the place whose role counts, for example 'responsible'")

    def _phases(self, at: At, move: Move) -> None:
        for source in move.rule.sources:
            begins = self.steps[source].phase
            if begins is Phase.ENDED:
                self.pack.fault((*at, "from"), f"step '{source}' is an end: nothing leads out of it", "Take it out of 'from:'")
            if move.does is Does.REOPEN:
                self._reopens(at, source, move)
                continue
            for branch in move.branches:
                if _ORDER[self.steps[branch.step].phase] < _ORDER[begins]:
                    what = f"'{source}' ({begins}) cannot go back to '{branch.step}': the clock would run backwards"
                    self.pack.fault((*at, "to"), what, "Choose a target of the same or a later phase")

    def _reopens(self, at: At, source: str, move: Move) -> None:
        targets = {self.steps[branch.step].phase for branch in move.branches}
        if self.steps[source].phase is not Phase.DONE or targets != {Phase.OPEN}:
            what = f"'{move.id}' takes up again what is not handled, or leads nowhere"
            self.pack.fault((*at, "does"), what, "Let it lead from a step with 'phase: done' to one with 'phase: open'")


def check_whole(flow: FlowReader) -> None:
    """What only the whole process shows: a way to every step and out of each, keys that differ, tasks that can be answered."""
    pack, steps = flow.pack, flow.steps
    first = next(iter(steps.values()))
    if first.phase is not Phase.FILED:
        pack.fault(("steps", 0, "phase"), "the first step is where a case is handed in", "Give it 'phase: filed'")
    forward: dict[str, set[str]] = {s: set() for s in steps}
    for move in flow.moves.values():
        for source in move.rule.sources:
            forward[source].update(branch.step for branch in move.branches)
    for joined in steps.values():
        forward[joined.id].update(branch.step for branch in joined.join)
    ends = {s for s, step in steps.items() if step.phase is Phase.ENDED}
    backward = {s: {source for source, targets in forward.items() if s in targets} for s in steps}
    reached, leading = _spread({first.id}, forward), _spread(ends, backward)
    for n, step in enumerate(steps):
        at: At = ("steps", n, "id")
        if step not in reached:
            pack.fault(at, f"no move ever leads to step '{step}'", "Add a move with 'to:' this step, or remove it")
        if step not in leading:
            pack.fault(at, f"from step '{step}' no end can be reached", "Add a move from it towards a step with 'phase: ended'")
        if step in ends and steps[step].outcome is None and any(steps[s].outcome is None for s in backward[step]):
            pack.fault(at, f"step '{step}' does not say how the case came out", "Add 'outcome: …'")
    _check_keys(flow)
    _check_timed(flow)
    _check_amending(flow)
    _check_tasks(flow)
    _check_supplements(flow)


def _spread(start: set[str], edges: Mapping[str, set[str]]) -> set[str]:
    found, new = set(start), set(start)
    while new:
        new = {target for step in new for target in edges[step]} - found
        found |= new
    return found


def _check_keys(flow: FlowReader) -> None:
    """A key means one thing in a step, for one kind of person."""
    taken: dict[tuple[str, str, str], str] = {}
    for n, move in enumerate(flow.moves.values()):
        for source in move.rule.sources:
            if move.rule.key is not None:
                other = taken.setdefault((source, move.rule.by, move.rule.key), move.id)
                if other != move.id:
                    what = f"in step '{source}' the key '{move.rule.key}' means both '{other}' and '{move.id}'"
                    flow.pack.fault(("moves", n, "key"), what, "Choose another letter")


def _check_timed(flow: FlowReader) -> None:
    """What time alone does is a move of the system's, from that very step."""
    for n, step in enumerate(flow.steps.values()):
        move = flow.moves.get(step.then or "")
        if step.then and (move is None or move.rule.by != "system" or step.id not in move.rule.sources):
            what = f"step '{step.id}' ends by '{step.then}', which is no move of the system's from there"
            flow.pack.fault(("steps", n, "then"), what, "Name a move with 'by: system' and this step in 'from:'")


def _check_amending(flow: FlowReader) -> None:
    """A move that amends must ask for something that the form has."""
    for n, move in enumerate(flow.moves.values()):
        if move.does is Does.AMEND and not any(f.name in flow.form.fields for f in move.rule.input):
            what = f"'{move.id}' amends nothing: its input has no field of the form"
            flow.pack.fault(("moves", n, "input"), what, "Ask for at least one field by the name it has in the form")


def _check_tasks(flow: FlowReader) -> None:
    opened = {kind for step in flow.steps.values() for kind in step.parts}
    opened |= {step.repeats.task for step in flow.steps.values() if step.repeats}
    for n, kind in enumerate(flow.tasks):
        for does in (Does.CLOSE_TASK,) if kind in opened else (Does.OPEN_TASK, Does.CLOSE_TASK):
            if not any(m.does is does and m.task == kind for m in flow.moves.values()):
                what = f"task '{kind}' has no move that does '{does}'"
                flow.pack.fault(("tasks", n, "kind"), what, "Add one, or remove the task")
        done = {m.does for m in flow.moves.values() if m.task == kind}
        if Does.RETURN_TASK in done and Does.RESUME_TASK not in done:
            what = f"for task '{kind}' the applicant is asked but cannot answer"
            flow.pack.fault(("tasks", n, "kind"), what, "Add a move that does 'resume_task'")


def _check_supplements(flow: FlowReader) -> None:
    """Asking must lead to a step where the applicant holds the case, and from there an answer must lead back."""
    for n, move in enumerate(flow.moves.values()):
        targets = [flow.steps[b.step] for b in move.branches]
        if move.does is Does.ASK_SUPPLEMENT and not (targets and all(t.rule.at == "applicant" for t in targets)):
            what = f"'{move.id}' asks the applicant but leaves the case with an office"
            flow.pack.fault(("moves", n), what, "Let it lead to a step with 'at: applicant'")
        if move.does is Does.ASK_SUPPLEMENT:
            for target in targets:
                if not _moves_from(flow, target.id, lambda m: m.does is Does.ANSWER_SUPPLEMENT):
                    what = f"in step '{target.id}' the applicant is asked but cannot answer"
                    flow.pack.fault(("moves", n, "to"), what, "Add a move from it that does 'answer_supplement'")
        if move.assignee_only and not _moves_from(flow, None, lambda m: m.does is Does.ASSIGN):
            what = f"'{move.id}' is for the assignee only, but nothing assigns the case"
            flow.pack.fault(("moves", n, "assignee_only"), what, "Add a move that does 'assign'")


def _moves_from(flow: FlowReader, step: str | None, wanted: Callable[[Move], bool]) -> bool:
    return any(wanted(m) for m in flow.moves.values() if step is None or step in m.rule.sources)
