"""The older dossiers of the model province: the same stories, written in bulk by the case engine, without papers or slips."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tinhso.config.demo.lives import Life
from tinhso.config.demo.province import SYSTEM, Worker
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import Channel
from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.types import PastPerson
from tinhso.kernel.ledger.types import Actor, ActorKind
from tinhso.kernel.payments.types import Method

AT_ONCE = 1000
"""Dossiers in one transaction."""
RESULTS = {"draft_result": "draft", "sign": "signed", "number": "numbered"}
"""How far the result has come with a move of the permit."""


@dataclass
class Chronicle:
    """Writes lives down as histories. ``left_out`` counts apologies that came too late."""

    kind: str
    instant: Callable[[Life, int], datetime]
    """When an act of a life happens; -1 is the handing in."""
    end: datetime
    hashed: str
    left_out: int = 0
    _actors: dict[Worker, Actor] = field(default_factory=dict)

    def write(self, lives: Iterable[Life], advance: Callable[[int], None]) -> None:
        """All of them, a thousand at a time; ``advance`` is told how many moves are done."""
        waiting = list(lives)
        for first in range(0, len(waiting), AT_ONCE):
            some = waiting[first : first + AT_ONCE]
            self._know(some)
            told = [self._history(life) for life in some]
            self.left_out += cases.write_histories(SYSTEM, told, self.end).left_out
            advance(sum(1 + len(history.acts) for history in told))

    def _know(self, lives: list[Life]) -> None:
        """Their applicants, with an account who applied online."""
        people = [
            PastPerson(
                self.instant(life, -1),
                life.someone.name,
                life.someone.identifier,
                life.someone.phone,
                life.someone.address,
                f"cd{life.someone.identifier[-6:]}" if life.online else "",
                self.hashed if life.online else "",
            )
            for life in lives
        ]
        for life, (party, account) in zip(lives, identity.register_past(SYSTEM, people), strict=True):
            life.party, life.account = party, account

    def _history(self, life: Life) -> cases.History:
        given = tuple(
            rule.code
            for rule in cases.papers_asked(self.kind, life.house.answers)
            if rule.required or (rule.code == "application" and not life.online)
        )
        start = self.instant(life, -1)
        channel = Channel.ONLINE if life.online else Channel.COUNTER
        actor = self._actor(life, "applicant")
        key = f"demo:{life.someone.identifier}:{life.at[0]:.4f}"
        acts = tuple(self._acts(life))
        return cases.History(self.kind, life.house.answers, given, channel, life.party, actor, start, key, acts)

    def _acts(self, life: Life) -> Iterable[cases.Act | cases.Paid]:
        asked = 0
        for index, act in enumerate(life.acts):
            at, actor, move = self.instant(life, index), self._actor(life, act.by), act.move
            if at > self.end:
                return
            if move == "settle":
                method = Method.TRANSFER if life.online else Method.CASH
                yield cases.Paid(at, self._actor(life, "intake"), method)
                continue
            given: dict[str, Any] = dict(act.input)
            papers = tuple(given.pop("papers", ()))
            if move == "assign":
                given["assignee"] = f"account:{life.staff['handler'].account}"
            if move == "consult":
                asked += 1
                given["unit"] = life.staff["consulted"].unit
            if move == "collect" and not life.online:
                move, given = "return_result", {"received_by": life.someone.name}
            task = f"t{asked}" if act.by == "consulted" else None
            yield cases.Act(at, actor, move, given, task, papers, RESULTS.get(move, ""), optional=move == "extend")

    def _actor(self, life: Life, by: str) -> Actor:
        if by == "applicant" and life.account:
            return Actor(id=f"account:{life.account}", kind=ActorKind.CITIZEN, party=life.party)
        worker = life.staff["intake" if by == "applicant" else by]
        if worker not in self._actors:
            self._actors[worker] = worker.actor
        return self._actors[worker]
