"""A running case keeps the version of its type; new ones begin under the version in force."""

from datetime import date

import pytest

from tests import request_type, world
from tests.world import World
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.models import Case, CaseTypeVersion
from tinhso.kernel.cases.types import NoSuchType, PackInvalid
from tinhso.kernel.ledger import api as ledger
from tinhso.lib import clock
from tinhso.lib.problems import Invalid, NotAllowed

LATER = request_type.PACK.replace("effective_from: 2025-07-01\ntitle", "effective_from: 2026-11-05\ntitle")
STRICTER = LATER.replace("{ code: proof, title: { vi: Giấy tờ, en: Proof }, required: false }",
                         "{ code: proof, title: { vi: Giấy tờ, en: Proof }, required: true }")  # fmt: skip


def test_a_new_version_leaves_running_cases_alone(commune: World) -> None:
    old = request_type.filed(commune)
    version = Case.objects.get(pk=old.id).type_version
    request_type.load(STRICTER)
    with clock.at(world.local("2026-11-06 09:00")):
        with pytest.raises(Invalid) as refused:
            request_type.filed(commune, key="k2")
        assert refused.value.errors == [("proof", "required", {})]
        request_type.advanced(commune, old, "number")
    case = Case.objects.get(pk=old.id)
    assert case.type_version == case.type.version == version


def test_a_version_is_in_force_from_its_day_on(commune: World) -> None:
    before = cases.case_type(request_type.CODE).version
    request_type.load(LATER)
    assert cases.case_type(request_type.CODE, date(2026, 11, 4)).version == before
    assert cases.case_type(request_type.CODE, date(2026, 11, 5)).version != before
    with pytest.raises(NoSuchType):
        cases.case_type(request_type.CODE, date(2025, 6, 30))
    assert [t.version for t in cases.case_types("tests.request")] == [before]
    assert [t.code for t in cases.case_types()] == [request_type.CODE]
    assert cases.case_types("no.such") == []


def test_a_version_ends_with_the_day_before(commune: World) -> None:
    ended = request_type.PACK.replace("type: test-request", "type: short-lived").replace(
        "effective_from: 2025-07-01\ntitle", "effective_from: 2025-07-01\neffective_to: 2026-11-02\ntitle"
    )
    request_type.load(ended)
    assert cases.case_type("short-lived", date(2026, 11, 1)).code == "short-lived"
    with pytest.raises(NoSuchType):
        cases.case_type("short-lived", date(2026, 11, 2))


def test_loading_the_same_again_is_nothing(commune: World) -> None:
    request_type.load()
    assert CaseTypeVersion.objects.count() == 1
    assert [e.kind for e in ledger.history(f"case-type:{request_type.CODE}")] == ["cases.type_loaded"]


def test_faults_of_all_files_are_told_at_once_and_nothing_is_loaded(commune: World, tmp_path) -> None:
    paths = []
    faults_in = {"a": ("role: services.intake, limit", "role: services.x, limit"), "b": ("to: assigning", "to: nowhere")}
    for name, (whole, broken) in faults_in.items():
        paths.append(tmp_path / f"{name}.yaml")
        text = request_type.PACK.replace(whole, broken).replace("type: test-request", f"type: other-{name}")
        paths[-1].write_text(text, "utf-8")
    fine = tmp_path / "c.yaml"
    fine.write_text(request_type.PACK.replace("type: test-request", "type: other-c"), "utf-8")
    with pytest.raises(PackInvalid) as refused:
        cases.load_packs(world.SYSTEM, [*paths, fine])
    faults = refused.value.params["faults"]
    assert {fault.file.rsplit("/", 1)[-1] for fault in faults} == {"a.yaml", "b.yaml"}
    assert all(fault.line > 0 and fault.what and fault.remedy for fault in faults)
    assert CaseTypeVersion.objects.count() == 1


def test_only_the_system_loads(commune: World, tmp_path) -> None:
    with pytest.raises(NotAllowed):
        cases.load_packs(commune.duc, [tmp_path / "a.yaml"])


def test_previews_say_what_it_costs_and_by_when(commune: World) -> None:
    assert [line.amount for line in cases.fee_preview(request_type.CODE, request_type.data())] == [75000]
    due = cases.due_preview(request_type.CODE)
    assert due.due.astimezone(clock.TZ).date() == date(2026, 11, 23)
    assert cases.due_preview(request_type.CODE, world.local("2026-11-03 09:00")).due > due.due


def test_a_page_of_the_form_is_checked_alone(commune: World) -> None:
    assert cases.validate_page(request_type.CODE, "what", {"subject": "Nhà"}) == [("commune", "required", {})]
    names = [f.name for f in cases.visible_fields(request_type.CODE, {"urgent": True})]
    assert names == ["commune", "subject", "urgent", "why"]
    assert [p.code for p in cases.papers_asked(request_type.CODE, {})] == ["plan", "proof"]
