"""Raising a model province: all its agencies, posts and people in one operation, for demonstrations and tests."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor
from tinhso.kernel.organisation import models, queries
from tinhso.kernel.organisation.engine.areas import REFORM
from tinhso.kernel.organisation.engine.model_province import District, ProvincePlan, plan_province, read_model, seat_of
from tinhso.kernel.organisation.operations.access import must_administer
from tinhso.kernel.organisation.operations.facts import STREAM, changed
from tinhso.kernel.organisation.types import Area, AreaKind, ProvinceRaised, ProvinceTaken


@ledger.operation
def raise_province(actor: Actor, province: str = "80", path: Path | None = None, seed: int = 1, *, people: bool = True) -> str:
    """Raise the agencies of a province (its area code) from the model; returns the code of the commune named people work in.

    Without ``people`` agencies and posts stand empty: a real province appoints its own.

    Areas must be loaded. One ledger entry for the whole load: it names file and seed, from which every unit follows. A
    province already raised is left as it is. Raises AreaUnknown, ProvinceTaken (another one is served here), FactsInvalid,
    NotAllowed.
    """
    must_administer(actor, None)
    here = queries.area(province)
    communes = queries.areas(parent=province, kind=AreaKind.COMMUNE)
    model = read_model(path or settings.PACKS / "demo" / "organisation.yaml")
    seat = seat_of(model, province, communes)
    home = queries.home_province()
    if home is not None:
        if home != province:
            raise ProvinceTaken(serves=home, asked=province)
        return seat
    plan = plan_province(model, here, communes, _districts(communes), seed)
    if not people:
        plan.holdings.clear()
    changed("home", model.digest, province)
    _write(plan)
    ledger.append(
        STREAM,
        ProvinceRaised(province, model.digest, seed, len(plan.units), len(plan.posts), len(plan.holdings)),
    )
    return seat


def _districts(communes: Sequence[Area]) -> list[District]:
    """The former districts from which most of each commune came, as service areas of branches."""
    codes = [commune.code for commune in communes]
    steps = models.AreaSuccession.objects.filter(successor__code__in=codes, on=REFORM, main=True, successor__valid_from=REFORM)
    origins: dict[str, Counter[str]] = defaultdict(Counter)
    for code, before, district in steps.values_list("successor__code", "predecessor__code", "predecessor__parent"):
        origins[code][district if len(before) == 5 else before] += 1
    members: dict[str, list[Area]] = defaultdict(list)
    for commune in communes:
        if origins[commune.code]:
            most = max(origins[commune.code].items(), key=lambda item: (item[1], item[0]))[0]
            members[most].append(commune)
    old = {row.code: row for row in models.Area.objects.filter(code__in=members, valid_to=REFORM)}
    provinces = dict(models.Area.objects.filter(kind=AreaKind.PROVINCE.value, valid_to=REFORM).values_list("code", "name"))
    names = Counter(old[code].name for code in members)
    found = []
    for code in sorted(members):
        row, served = old[code], members[code]
        seat = next((commune for commune in served if commune.name == row.name), served[0])
        also = f" ({provinces[row.parent]})" if names[row.name] > 1 else ""
        found.append(District(code, row.name + also, row.name_en + also, seat.code, tuple(c.code for c in served)))
    return found


def _write(plan: ProvincePlan) -> None:
    begins = plan.valid_from
    rows = models.Unit.objects.bulk_create([models.Unit(key=unit.key) for unit in plan.units], batch_size=1000)
    ids = {row.key: row.pk for row in rows}
    models.UnitVersion.objects.bulk_create(
        [
            models.UnitVersion(
                unit_id=ids[unit.key],
                parent_id=ids[unit.parent] if unit.parent else None,
                code=unit.code,
                kind=unit.kind,
                speciality=unit.speciality,
                name=unit.name,
                name_en=unit.name_en,
                short=unit.short,
                area=unit.area or "",
                valid_from=begins,
            )
            for unit in plan.units
        ],
        batch_size=1000,
    )
    coverage = [models.Coverage(unit_id=ids[key], area=area, valid_from=begins) for key, area in plan.coverage]
    models.Coverage.objects.bulk_create(coverage, batch_size=1000)
    posts = models.Post.objects.bulk_create(
        [
            models.Post(
                unit_id=ids[post.unit],
                code=post.code,
                title=post.title,
                title_en=post.title_en,
                chief=post.chief,
                rank=post.rank,
                valid_from=begins,
            )
            for post in plan.posts
        ],
        batch_size=1000,
    )
    _write_people(plan, {(planned.unit, planned.code): row for planned, row in zip(plan.posts, posts, strict=True)})


def _write_people(plan: ProvincePlan, posts: dict[tuple[str, str], models.Post]) -> None:
    models.Official.objects.bulk_create([models.Official(id=h.official, name=h.name) for h in plan.holdings], batch_size=1000)
    models.Holding.objects.bulk_create(
        [
            models.Holding(post=post, official_id=holding.official, chief=post.chief, valid_from=plan.valid_from)
            for holding in plan.holdings
            if (post := posts[holding.unit, holding.post])
        ],
        batch_size=1000,
    )
