"""The building permit as it is declared, the country's calendar as it is loaded, and the people of the tests."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tinhso.kernel.cases.engine import decide as rules
from tinhso.kernel.cases.engine import pack
from tinhso.kernel.cases.engine.context import Context
from tinhso.kernel.cases.engine.definition import Definition, Family
from tinhso.kernel.cases.engine.events import CaseFact
from tinhso.kernel.cases.engine.evolve import evolve_all
from tinhso.kernel.cases.engine.state import CaseState
from tinhso.kernel.cases.types import Channel
from tinhso.kernel.ledger.types import Actor, ActorKind, Grant
from tinhso.kernel.organisation.engine.calendar_facts import read_calendar
from tinhso.kernel.organisation.engine.holidays_vn import special_days
from tinhso.kernel.organisation.engine.workcalendar import WorkCalendar
from tinhso.lib.clock import TZ

ROOT = Path(__file__).parents[6]
PACKS = ROOT / "packs" / "national"
PERMIT = PACKS / "procedures" / "construction-permit-house.yaml"

ROLES = ("intake", "head", "handler", "signer", "clerk", "consulted", "certifier", "part", "payer")
FAMILY = Family(
    code="services.dossier",
    roles=frozenset(f"services.{role}" for role in ROLES),
    unit_kinds=frozenset(
        (
            "commune-pc",
            "commune-psc",
            "commune-economic",
            "commune-office",
            "commune-social",
            "department",
            "land-office",
            "utility",
            "commune-police",
            "social-insurance",
        )
    ),
    effects=frozenset(
        f"services.{effect}"
        for effect in (
            "issue_receipt",
            "issue_supplement_slip",
            "issue_refusal",
            "issue_apology",
            "issue_stop",
            "draft_result",
            "sign_result",
            "number_result",
            "issue_result",
        )
    ),
    templates=frozenset({"building-permit", "certified-sheet", "granting-decision"}),
)

UNITS = {"receiving": "psc", "responsible": "economic", "commune-pc": "pc", "commune-office": "office"}


def official(name: str, *grants: tuple[str, str]) -> Actor:
    """An official with roles at units."""
    return Actor(f"account:{name}", ActorKind.OFFICIAL, grants=tuple(Grant(f"services.{r}", u) for r, u in grants))


PEOPLE: Mapping[str, Actor] = {
    "Thắm": Actor("account:tham", ActorKind.CITIZEN, party="party:tham"),
    "Tâm": official("tam", ("intake", "psc")),
    "Đức": official("duc", ("head", "economic")),
    "Bảo": official("bao", ("handler", "economic")),
    "Hạnh": official("hanh", ("handler", "economic")),
    "Hòa": official("hoa", ("signer", "pc")),
    "Lan": official("lan", ("clerk", "office")),
    "Điện lực": official("evn", ("consulted", "evn")),
    "hệ thống": Actor("system:payments", ActorKind.SYSTEM),
}

HOUSE: Mapping[str, Any] = {
    "applicant_name": "Nguyễn Thị Hồng Thắm",
    "applicant_identifier": "080185001142",
    "applicant_phone": "0903123456",
    "applicant_address": "Khu phố 3, phường Khánh Hậu",
    "plot_commune": "27694",
    "plot_address": "Khu phố 3",
    "plot_no": "214",
    "map_sheet": "37",
    "plot_area": 95.6,
    "work_kind": "new",
    "storeys": 2,
    "ground_area": 58.8,
    "floor_area": 117.6,
    "height": 8.4,
    "setback_front": 1.2,
    "adjacent": True,
    "months": 6,
    "commit_truth": True,
    "commit_safety": True,
}

ALL_WELL: Mapping[str, Any] = {"papers_missing": 0, "papers_wanting": 0, "unpaid": 0, "result": "none", "eligible": "yes"}


def local(text: str) -> datetime:
    """An instant on the province's wall clock."""
    return datetime.fromisoformat(text).replace(tzinfo=TZ)


@dataclass
class Play:
    """A case being played through, fact by fact."""

    definition: Definition
    calendar: WorkCalendar
    at: datetime = field(default_factory=lambda: local("2026-11-02T08:00"))
    data: Mapping[str, Any] = field(default_factory=lambda: dict(HOUSE))
    facts: dict[str, Any] = field(default_factory=lambda: dict(ALL_WELL))
    people: dict[str, Actor] = field(default_factory=lambda: dict(PEOPLE))
    past: list[CaseFact] = field(default_factory=list)
    _state: CaseState | None = None

    @property
    def state(self) -> CaseState:
        """Where it stands."""
        assert self._state is not None
        return self._state

    def context(self, who: str) -> Context:
        """What ``who`` decides with."""
        return Context(self.at, self.calendar, self.people[who], who == "Thắm", self.data, self.facts)

    def file(self, at: str | None = None, channel: Channel = Channel.ONLINE) -> "Play":
        """Thắm hands it in."""
        self.at = local(at) if at else self.at
        filing = rules.Filing("c1", channel, "party:tham", UNITS)
        return self._take(rules.file(self.definition, filing, self.context("Thắm")))

    def move(self, who: str, move: str, at: str | None = None, task: str | None = None, **given: Any) -> "Play":
        """``who`` makes a move."""
        self.at = local(at) if at else self.at
        return self._take(rules.decide(self.definition, self.state, rules.Perform(move, given, task), self.context(who)))

    def ring(self, at: str) -> tuple[CaseFact, ...]:
        """Time passes until ``at``."""
        self.at = local(at)
        facts = rules.ring(self.definition, self.state, self.at)
        if facts:
            self._take(facts)
        return facts

    def may(self, who: str) -> list[str]:
        """What ``who`` can do now."""
        return [o.move.id for o in rules.options(self.definition, self.state, self.context(who)) if o.enabled]

    def why_not(self, who: str, move: str) -> str | None:
        """The code of the reason against a move that is shown but not enabled."""
        options = rules.options(self.definition, self.state, self.context(who))
        reason = next(o.why_not for o in options if o.move.id == move)
        return reason and reason.code

    def kinds(self) -> list[str]:
        """The kinds of all facts so far, without their prefix."""
        return [fact.kind.removeprefix("cases.") for fact in self.past]

    def handled(self) -> "Play":
        """Filed, received on 2/11/2026 08:45, assigned to Bảo."""
        self.file("2026-11-01T20:12").move("Tâm", "receive", "2026-11-02T08:45")
        return self.move("Đức", "assign", "2026-11-02T09:10", assignee="account:bao")

    def _take(self, facts: tuple[CaseFact, ...]) -> "Play":
        self.past += facts
        self._state = evolve_all(self._state, facts)
        return self


@pytest.fixture(scope="session")
def calendar() -> WorkCalendar:
    """The working calendar that the country's pack gives."""
    facts = read_calendar(PACKS / "calendar.yaml")
    return WorkCalendar(special_days, facts.days, facts.hours, facts.policies, facts.years)


def load(code: str) -> Definition:
    """The procedure of this code, as the country's packs declare it."""
    return pack.load(PACKS / "procedures" / f"{code}.yaml", {FAMILY.code: FAMILY})


@pytest.fixture(scope="session")
def definition() -> Definition:
    """The permit to build a private house."""
    return pack.load(PERMIT, {FAMILY.code: FAMILY})


@pytest.fixture
def play(definition: Definition, calendar: WorkCalendar) -> Play:
    """A case nobody has filed yet."""
    return Play(definition, calendar)


@pytest.fixture(scope="session")
def family() -> Family:
    """The vocabulary of one-stop dossiers."""
    return FAMILY


@pytest.fixture(scope="session")
def at_eight() -> datetime:
    """Monday 2/11/2026, 8:00."""
    return local("2026-11-02T08:00")


@pytest.fixture(scope="session")
def good() -> str:
    """The text of the building permit's pack, faultless."""
    return PERMIT.read_text("utf-8")
