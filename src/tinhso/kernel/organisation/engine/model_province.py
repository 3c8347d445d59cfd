"""A model province: from ``packs/demo/organisation.yaml`` and the real areas to units, posts and people. Pure.

The same file, areas and seed always give the same province, ids of officials included.
"""

import hashlib
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import yaml

from tinhso.kernel.organisation.engine.names import person
from tinhso.kernel.organisation.types import Area, FactsInvalid, Unit
from tinhso.lib.codes import is_agency_code

_NAMESPACE = uuid.UUID("6f0b54a4-0a54-5c9e-9d5b-0f4f0c1e8a35")
_PLACEHOLDER = re.compile(r"{(\w+)}")
FIRST_COMMUNE = 21
"""Level-2 code numbers: the province's own agency has level 1, its others begin with 02, communes with 21."""


@dataclass(frozen=True, slots=True)
class PlannedPost:
    """A post of a unit."""

    unit: str
    code: str
    title: str
    title_en: str
    chief: bool
    rank: int


@dataclass(frozen=True, slots=True)
class PlannedHolding:
    """Who holds a post."""

    unit: str
    post: str
    official: str
    name: str


@dataclass
class ProvincePlan:
    """Everything to be written, parents before children."""

    valid_from: date
    units: list[Unit] = field(default_factory=list)
    coverage: list[tuple[str, str]] = field(default_factory=list)
    posts: list[PlannedPost] = field(default_factory=list)
    holdings: list[PlannedHolding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class District:
    """A former district whose communes a branch serves today; ``seat`` is the commune it sits in."""

    code: str
    name: str
    name_en: str
    seat: str
    communes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """The file's content and digest."""

    path: Path
    content: Mapping[str, Any]
    digest: str

    def wrong(self, what: str) -> FactsInvalid:
        """The fault to raise: file and what is wrong in it."""
        return FactsInvalid(file=str(self.path), line=0, what=what)


def read_model(path: Path) -> Model:
    """Read and check the file. Raises FactsInvalid with what is wrong and where."""
    try:
        raw = path.read_bytes()
        content = yaml.safe_load(raw)
    except OSError as error:
        raise FactsInvalid(file=str(path), line=0, what="missing") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise FactsInvalid(file=str(path), line=mark.line + 1 if mark else 0, what="yaml") from error
    model = Model(path, content if isinstance(content, dict) else {}, hashlib.sha256(raw).hexdigest())
    _check(model)
    return model


def _check(model: Model) -> None:
    content = model.content
    for section in ("valid_from", "codes", "posts", "staff", "province", "branches", "commune"):
        if not content.get(section):
            raise model.wrong(f"{section}: missing")
    for province, row in content["codes"].items():
        if not is_agency_code(str(row["code"])):
            raise model.wrong(f"codes.{province}: {row['code']}")
    _check_staff(model)
    _check_units(model)


def _check_staff(model: Model) -> None:
    known = model.content["posts"]
    for group, posts in model.content["staff"].items():
        for post in posts:
            if post not in known:
                raise model.wrong(f"staff.{group}: post {post} is not declared")
        if sum(bool(known[post].get("chief")) for post in posts) != 1:
            raise model.wrong(f"staff.{group}: needs one chief post")


def _check_units(model: Model) -> None:
    known: set[str] = set()
    for section in ("province", "branches", "commune"):
        for number, row in enumerate(model.content[section], 1):
            if row.get("staff") not in model.content["staff"]:
                raise model.wrong(f"{section}[{number}]: staff {row.get('staff')} is not declared")
            if row.get("parent") and row["parent"] not in known:
                raise model.wrong(f"{section}[{number}]: parent {row['parent']} does not stand before it")
            known.add(_family(row))


def _family(row: Mapping[str, Any]) -> str:
    return f"{row['kind']}/{row['speciality']}" if row.get("speciality") else str(row["kind"])


def _key(family: str, place: str) -> str:
    return f"{family.replace('/', '-')}-{place}"


class _Builder:
    """One raising: fills a plan, row by row of the model."""

    def __init__(self, model: Model, province: Area, seed: int) -> None:
        self.model = model
        self.province = province
        self.seed = seed
        self.plan = ProvincePlan(model.content["valid_from"])
        codes = model.content["codes"]
        if province.code not in codes:
            raise model.wrong(f"codes: no code for province {province.code}")
        self.root = str(codes[province.code]["code"])
        self.named: dict[tuple[str, str], list[str]] = {}
        self.numbers: dict[str, int] = {}
        self.provincial = {_family(row) for row in model.content["province"]}

    def name_people(self, seat: str) -> None:
        """The people of every example work in the seat's units."""
        for row in self.model.content.get("named", ()):
            self.named.setdefault((_key(row["kind"], seat), row["post"]), []).append(row["name"])

    def add(self, row: Mapping[str, Any], code: str, place: str, area: str, words: Mapping[str, str]) -> Unit:
        """One unit with its posts and people."""
        variant = {**row, **row.get("where", {}).get(words["level"], {})}
        parent = row.get("parent")
        unit = Unit(
            key=_key(_family(row), place),
            code=code,
            kind=row["kind"],
            name=self._said(variant["name"]["vi"], words),
            name_en=self._said(variant["name"]["en"], words),
            short=self._said(variant["short"], words),
            parent=_key(parent, self.province.code if parent in self.provincial else place) if parent else None,
            area=area,
            speciality=row.get("speciality", ""),
        )
        self.plan.units.append(unit)
        self._fill(unit, self.model.content["staff"][row["staff"]])
        return unit

    def child_code(self, parent: str) -> str:
        """The next code below a code: ``H53.24`` → ``H53.24.01``."""
        self.numbers[parent] = self.numbers.get(parent, 0) + 1
        return f"{parent}.{self.numbers[parent]:02}"

    def _said(self, template: str, words: Mapping[str, str]) -> str:
        unknown = [name for name in _PLACEHOLDER.findall(template) if name not in words]
        if unknown:
            raise self.model.wrong(f"{template!r}: {{{unknown[0]}}} is not known")
        return _PLACEHOLDER.sub(lambda match: words[match[1]], template)

    def _fill(self, unit: Unit, staff: Mapping[str, int]) -> None:
        source = Random(f"{self.seed}:{unit.key}")  # noqa: S311  names of a model, not secrets
        for code, number in staff.items():
            post = self.model.content["posts"][code]
            chief = bool(post.get("chief"))
            title = post["title"]
            self.plan.posts.append(PlannedPost(unit.key, code, title["vi"], title["en"], chief, 10 if chief else post["rank"]))
            named = self.named.get((unit.key, code), ())
            for seat in range(1 if chief else number):
                name = named[seat] if seat < len(named) else person(source)
                official = str(uuid.uuid5(_NAMESPACE, f"{self.seed}:{unit.key}:{code}:{seat}"))
                self.plan.holdings.append(PlannedHolding(unit.key, code, official, name))


def _words(area: Area) -> dict[str, str]:
    """What names of units are made of."""
    level = area.title.removesuffix(area.name).strip().lower() or area.title.split()[0].lower()
    return {
        "place": area.title[0].lower() + area.title[1:],
        "place_en": area.title_en,
        "name": area.name,
        "name_en": area.name_en,
        "level": level,
    }


def plan_province(
    model: Model, province: Area, communes: Sequence[Area], districts: Iterable[District], seed: int
) -> ProvincePlan:
    """All agencies of a province as the model says, with the people in them. Raises FactsInvalid."""
    builder = _Builder(model, province, seed)
    builder.name_people(seat_of(model, province.code, communes))
    here = _words(province)
    agencies = model.content["province"]
    for number, row in enumerate(agencies, 1):
        builder.add(row, builder.root if number == 1 else f"{builder.root}.{number:02}", province.code, province.code, here)
    for district in districts:
        words = {**here, "name": district.name, "name_en": district.name_en}
        for row in model.content["branches"]:
            above = next(u.code for u in builder.plan.units if u.key == _key(row["parent"], province.code))
            unit = builder.add(row, builder.child_code(above), district.code, district.seat, words)
            builder.plan.coverage += [(unit.key, commune) for commune in district.communes if commune != district.seat]
    for number, commune in enumerate(communes, max(FIRST_COMMUNE, len(agencies) + 1)):
        root = f"{builder.root}.{number}"
        for position, row in enumerate(model.content["commune"]):
            builder.add(row, builder.child_code(root) if position else root, commune.code, commune.code, _words(commune))
    return builder.plan


def seat_of(model: Model, province: str, communes: Sequence[Area]) -> str:
    """The commune where the people of every example work: named in the file, else the first ward, else the first commune."""
    named = model.content.get("seats", {}).get(province)
    if named is not None:
        return str(named)
    wards = [commune.code for commune in communes if commune.title.startswith("Phường")]
    return (wards or [commune.code for commune in communes])[0]
