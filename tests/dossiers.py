"""The building permit in tests: complete answers, a commune that can sign, a dossier handed in."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from tests import world
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import CaseRef, Channel
from tinhso.kernel.files import api as files
from tinhso.kernel.files.types import KeyKind
from tinhso.kernel.organisation import api as organisation
from tinhso.kernel.payments import api as payments
from tinhso.lib import clock

TYPE = "construction-permit-house"
MORNING = "2026-11-02 08:00"
"""When tests begin: a Monday morning, no holiday near."""
ANSWERS = {
    "applicant_name": "Nguyễn Thị Hồng Thắm",
    "applicant_identifier": "080190001234",
    "applicant_phone": "0901234567",
    "applicant_address": "Khu phố 3, phường Khánh Hậu",
    "plot_commune": world.KHANH_HAU,
    "plot_address": "Khu phố 3, đường số 7",
    "plot_no": "214",
    "map_sheet": "37",
    "plot_area": 95.6,
    "work_kind": "new",
    "storeys": 2,
    "ground_area": 58.8,
    "floor_area": 117.6,
    "height": 8.4,
    "setback_front": 2.4,
    "adjacent": False,
    "months": 8,
    "commit_truth": True,
}


def open_commune() -> world.World:
    """Khánh Hậu with calendar, pack, collecting account and certificates."""
    made = world.build()
    organisation.load_calendar(world.SYSTEM)
    cases.load_packs(world.SYSTEM, [settings.PACKS / "national" / "procedures" / f"{TYPE}.yaml"])
    payments.load_accounts(world.SYSTEM, settings.PACKS / "demo" / "accounts.yaml")
    certificates(made)
    return made


def certificates(made: world.World) -> None:
    """Let the leader sign and the agencies seal."""
    files.create_demo_ca(world.SYSTEM)
    span = (clock.now() - timedelta(days=1), clock.now() + timedelta(days=365))
    agency = made.units["commune-pc"]
    owner = f"official:{made.hoa.official}"
    personal = {"name": "Phạm Văn Hòa", "organisation": agency.name, "title": "Chủ tịch", "span": span}
    files.issue_demo_certificate(world.SYSTEM, owner, KeyKind.PERSONAL, **personal)
    for kind, keeper in (
        ("commune-pc", "commune-office"),
        ("commune-psc", "commune-psc"),
        ("commune-economic", "commune-economic"),
    ):
        _seal(made, kind, keeper, agency.name, span)


def open_wide() -> world.World:
    """The same with every procedure of the country's packs, and seals for the agencies that they need."""
    made = open_commune()
    cases.load_packs(world.SYSTEM, sorted((settings.PACKS / "national" / "procedures").glob("*.yaml")))
    span = (clock.now() - timedelta(days=1), clock.now() + timedelta(days=365))
    for kind in ("commune-social", "commune-police", "social-insurance"):
        _seal(made, kind, kind, made.units[kind].name, span)
    return made


def _seal(made: world.World, kind: str, keeper: str, agency: str, span: tuple[datetime, datetime]) -> None:
    """The seal of a unit, kept by another."""
    unit = made.units[kind]
    seal = {"name": unit.name, "organisation": agency, "keeper": made.units[keeper].key, "span": span}
    files.issue_demo_certificate(world.SYSTEM, f"unit:{unit.key}", KeyKind.AGENCY, **seal)


def hand_in(commune: world.World, **answers: Any) -> CaseRef:
    """A complete dossier of Thắm's."""
    data = ANSWERS | answers
    papers = {rule.code: [world.stored(commune.tham).id] for rule in cases.papers_asked(TYPE, data) if rule.required}
    return cases.file_case(commune.tham, TYPE, data, papers, Channel.ONLINE, commune.party, f"test:{answers}")


WAY: dict[str, tuple[str, str, dict[str, Any]]] = {
    "assigning": ("tam", "receive", {}),
    "handling": ("duc", "assign", {}),
    "review": ("bao", "draft_result", {"appraisal": "Hồ sơ hợp lệ, đủ điều kiện cấp giấy phép."}),
    "signing": ("duc", "approve", {}),
    "numbering": ("hoa", "sign", {}),
    "payment": ("lan", "number", {}),
}
"""Each step of the straight way: who makes which move to get there."""


def bring_to(commune: world.World, step: str, **answers: Any) -> CaseRef:
    """A dossier that has come as far as ``step`` of the straight way."""
    ref = hand_in(commune, **answers)
    for reached, (who, move, given) in WAY.items():
        if step == "filed":
            break
        extra = {"assignee": commune.bao.id} if move == "assign" else {}
        ref = cases.perform(commune.actor(who), ref.id, move, given | extra)
        if reached == step:
            break
    return ref
