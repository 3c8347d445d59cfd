"""Lets the model province live: dossiers are handed in and moved through the product's own operations, in order of time; those
that are long past are written in bulk by the same engine."""

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random

from tinhso.config.demo import papers, people, story, street
from tinhso.config.demo.hours import DAY, OfficeHours
from tinhso.config.demo.lives import Life
from tinhso.config.demo.past import Chronicle
from tinhso.config.demo.province import SYSTEM, Model, Office
from tinhso.config.demo.seasons import Seasons
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import Channel, MoveRefused
from tinhso.kernel.files import api as files
from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.types import AccountKind, Assurance, PartyKind
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor
from tinhso.kernel.payments import api as payments
from tinhso.kernel.payments.types import ChargeState, Method
from tinhso.lib import clock

TYPE = "construction-permit-house"
THAM = people.Citizen("Nguyễn Thị Hồng Thắm", "000190001234", "0901234567", "tham@tinhso.example", "")
SPAN = 365
"""Days that the story covers, unless it is told otherwise."""
PLAYED = 60
"""So many dossiers, the newest, are played move by move, with papers, slips and signatures; older ones are written in bulk."""


@dataclass
class Play:
    """The whole play: what is to happen, in order, and what came of it."""

    model: Model
    source: Random
    hours: OfficeHours
    end: datetime
    lives: list[Life] = field(default_factory=list)
    others: list[tuple[datetime, Callable[[], None]]] = field(default_factory=list)
    """What else happens, and when: reports from the street."""
    past: list[Life] = field(default_factory=list)
    """Those of the lives that are written in bulk."""
    moves: int = 0
    skipped: int = 0

    def cast(self, dossiers: int) -> None:
        """Decide every dossier's story: what the seat must show, the citizen Thắm's, and many others everywhere."""
        seat = self.model.seat
        home = f"15 đường Châu Văn Giác, {seat.commune.title}, {self.model.province.title}"
        tham = replace(THAM, address=home)
        for scene in story.thams(self.source):
            self._enter(seat, scene.acts, self._start(scene), tham)
        for scene in story.scenes(self.source):
            self._enter(seat, scene.acts, self._start(scene))
        known, seasons, end = len(self.lives), Seasons(self.hours.days), self.hours.number(self.end)
        while len(self.lives) < dossiers:
            office = seat if self.source.random() < 0.15 else self.source.choice(self.model.offices)
            start = seasons.draw(self.source) * DAY + self.source.uniform(0, DAY)
            if start < end:
                self._enter(office, tuple(story.whole(self.source)), start)
        others = [life for life in self.lives[known:] if life.office.certified]
        others.sort(key=lambda life: life.at[0], reverse=True)
        played = {id(life) for life in (*self.lives[:known], *others[: max(0, PLAYED - known)])}
        self.past = sorted((life for life in self.lives if id(life) not in played), key=lambda life: life.at[0])

    @property
    def planned(self) -> int:
        """How many moves there will be, by the end: those of the queue and those of the past."""
        return len(self.queue()) + sum(self._happens(life) for life in self.past)

    def _happens(self, life: Life) -> int:
        return sum(self.instant(life, index) <= self.end for index in range(-1, len(life.acts)))

    def instant(self, life: Life, index: int) -> datetime:
        """When an act of a life happens; -1 is the handing in."""
        number = life.at[index + 1]
        if index < 0 and life.evening and number >= DAY:  # before the first day there is no evening
            return self.hours.instant(number // DAY * DAY - 0.01) + timedelta(hours=life.evening)
        return self.hours.instant(number)

    def _start(self, scene: story.Scene) -> float:
        """When to hand in, so that the scene stands as it should at the end."""
        end = self.hours.number(self.end)
        if scene.received_ago is None:
            return end - scene.ago - sum(act.after for act in scene.acts)
        # Before the cut-off of that day, so that the days are counted from it.
        return (len(self.hours.days) - 1 - scene.received_ago) * DAY + 2.5 - scene.acts[0].after

    def _enter(self, office: Office, acts: tuple[story.Act, ...], start: float, someone: people.Citizen | None = None) -> None:
        source = self.source
        who = someone or people.citizen(source, len(self.lives), office.commune, self.model.province.title)
        house = people.house(source, who, office.commune)
        wanted = len(self.lives) < 40 and office is self.model.seat  # what visitors look for lies with those they can be
        staff = {
            role.partition(".")[2]: held[0] if wanted else source.choice(held)
            for role, held in office.staff.items()
            if role.startswith("services.")
        }
        at = list(itertools.accumulate((act.after for act in acts), initial=start))
        online = someone is not None or source.random() < 0.72
        evening = source.uniform(1.5, 5) if online and source.random() < 0.3 else 0.0
        self.lives.append(Life(office, who, house, acts, at, online, staff, evening))

    def queue(self) -> list[tuple[datetime, int, Callable[[], None]]]:
        """Everything that happens until the end, in order of time."""
        order = itertools.count()
        events = [(at, next(order), happen) for at, happen in self.others if at <= self.end]
        past = {id(life) for life in self.past}
        for life in self.lives:
            if id(life) in past:
                continue
            for index in range(-1, len(life.acts)):
                at = self.instant(life, index)
                if at <= self.end:
                    events.append((at, next(order), partial(self._step, life, index)))
        heapq.heapify(events)
        return [heapq.heappop(events) for _ in range(len(events))]

    def run(self, advance: Callable[[], None]) -> None:
        """Let it happen. ``advance`` is told of each event."""
        day = None
        for at, _, happen in self.queue():
            if day is not None and at.astimezone(clock.TZ).date() != day:
                self._overnight(at)
            day = at.astimezone(clock.TZ).date()
            with clock.at(at):
                happen()
            self.moves += 1
            advance()
        self._overnight(self.end)
        chronicle = Chronicle(TYPE, self.instant, self.end, self.model.hashed)

        def written(moves: int) -> None:
            self.moves += moves
            advance()

        with clock.at(self.end):
            chronicle.write(self.past, written)
        self.skipped += chronicle.left_out

    def _step(self, life: Life, index: int) -> None:
        if index < 0:
            self._hand_in(life)
        else:
            self._act(life, life.acts[index])

    def _overnight(self, at: datetime) -> None:
        """What the worker has done by then: entries sealed, people told, deadlines watched."""
        with clock.at(at):
            work()

    def _hand_in(self, life: Life) -> None:
        who = life.someone
        if life.online:
            actor = self._citizen(life)
        else:
            actor = life.staff["intake"].actor
            life.party = identity.register_party(
                actor, PartyKind.PERSON, who.name, who.identifier, who.phone, who.email, who.address
            )
        channel = Channel.ONLINE if life.online else Channel.COUNTER
        given = {}
        for rule in cases.papers_asked(TYPE, life.house.answers):
            if rule.required or (rule.code == "application" and not life.online):
                given[rule.code] = [self._paper(actor, life, rule.code)]
        key = f"demo:{who.identifier}:{life.at[0]:.4f}"
        life.ref = cases.file_case(actor, TYPE, life.house.answers, given, channel, life.party, key)

    def _citizen(self, life: Life) -> Actor:
        """The applicant's own account, made when first needed."""
        who = life.someone
        known = identity.account_by_phone(who.phone)
        if known is None:
            party = identity.register_party(
                SYSTEM, PartyKind.PERSON, who.name, who.identifier, who.phone, who.email, who.address
            )
            tham = who.name == THAM.name and who.identifier == THAM.identifier
            identity.create_account(
                SYSTEM,
                AccountKind.CITIZEN,
                "tham" if tham else f"cd{who.identifier[-6:]}",
                who.name,
                encoded_password=self.model.hashed,
                phone=who.phone,
                email=who.email,
                party=party,
                assurance=Assurance.CHECKED,
            )
            known = identity.account_by_phone(who.phone)
        assert known is not None
        life.account, life.party = str(known.id), str(known.party_id)
        return identity.actor_for(known)

    def _paper(self, actor: Actor, life: Life, code: str, revision: int = 1) -> str:
        name, data = papers.draw(code, life.someone, life.house, life.office.commune, clock.today(), revision)
        return files.store(actor, name, data, f"case:{life.ref.id}" if life.ref else "case:new").id

    def _act(self, life: Life, act: story.Act) -> None:
        """One move, by the one whose turn it is."""
        assert life.ref is not None
        if act.move == "settle":
            self._settle(life)
            return
        given, move, actor = dict(act.input), act.move, self._who(life, act.by)
        for code in given.pop("papers", ()):
            cases.attach(actor, life.ref.id, code, self._paper(actor, life, code, revision=2))
        if move == "assign":
            given["assignee"] = f"account:{life.staff['handler'].account}"
        if move == "consult":
            given["unit"] = life.staff["consulted"].unit
        if move == "collect" and life.account is None:
            move, given = "return_result", {"received_by": life.someone.name}
        try:
            life.ref = cases.perform(actor, life.ref.id, move, given, task=life.task if act.by == "consulted" else None)
        except MoveRefused:
            if move != "extend":
                raise
            self.skipped += 1  # in this story the time to apologise had passed
        if move == "consult":
            life.task = cases.opinions_of(life.ref.id)[-1].id

    def _who(self, life: Life, by: str) -> Actor:
        if by != "applicant":
            return life.staff[by].actor
        return identity.actor_for(identity.account(life.account)) if life.account else life.staff["intake"].actor

    def _settle(self, life: Life) -> None:
        """The fee: from home by transfer, at the counter in cash; then the case goes on by itself."""
        assert life.ref is not None
        method = Method.TRANSFER if life.account else Method.CASH
        for charge in payments.charges(f"case:{life.ref.id}"):
            if charge.state is ChargeState.DUE:
                payments.settle_at_counter(life.staff["intake"].actor, charge.id, method)
        work()


def work() -> None:
    """Do what a worker would do until nothing is left."""
    while ledger.work_once():
        pass


def play(model: Model, dossiers: int, seed: int, end: datetime, days: int = SPAN) -> Play:
    """The play of one seed on one day, ready to run."""
    made = Play(model, Random(seed), OfficeHours(clock.now(), days), end)  # noqa: S311  a story, not a secret
    made.cast(dossiers)
    made.others = street.happenings(model, seed, made.hours, end)
    return made
