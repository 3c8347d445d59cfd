"""A model province on real areas."""

import time
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.organisation import api
from tinhso.kernel.organisation.engine.model_province import plan_province, read_model
from tinhso.kernel.organisation.types import AreaUnknown, FactsInvalid, ProvinceTaken

ON = date(2026, 11, 22)
WARD, COMMUNE = "27694", "27721"


@pytest.fixture
def tay_ninh(areas, system):
    return api.raise_province(system, "80")


def test_tay_ninh_stands_with_all_its_agencies(tay_ninh):
    assert tay_ninh == WARD
    assert api.home_province() == "80"
    assert len(api.units(kind="commune-pc", on=ON)) == 96
    assert len(api.units(kind="department", on=ON)) == 13
    assert api.unit("province-pc-80", ON).name == "Ủy ban nhân dân tỉnh Tây Ninh"
    assert len(api.subunits("province-pc-80", ON)) > 96 * 5


def test_each_commune_has_the_units_the_permit_needs(tay_ninh):
    for kind in ("commune-pc", "commune-psc", "commune-economic", "commune-office", "commune-social", "land-office"):
        for commune in api.areas(parent="80", on=ON):
            assert api.unit_for(kind, commune.code, ON).kind == kind


def test_the_economic_division_is_named_as_wards_and_communes_name_it(tay_ninh):
    assert api.unit_for("commune-economic", WARD, ON).name == "Phòng Kinh tế, Hạ tầng và Đô thị phường Long An"
    commune = next(a for a in api.areas(parent="80", on=ON) if a.title == "Xã Bến Lức")
    division = api.unit_for("commune-economic", commune.code, ON)
    assert (division.name, division.name_en) == ("Phòng Kinh tế xã Bến Lức", "Economic Division of Ben Luc Commune")


def test_the_people_of_every_example_work_at_the_seat(tay_ninh):
    assert api.chief_of(f"commune-pc-{WARD}", ON).name == "Phạm Văn Hòa"
    assert api.chief_of(f"commune-economic-{WARD}", ON).name == "Võ Minh Đức"
    assert "Lê Minh Tâm" in {o.name for o in api.officials_at(f"commune-psc-{WARD}", ON)}
    assert "Trần Quốc Bảo" in {o.name for o in api.officials_at(f"commune-economic-{WARD}", ON)}
    assert "Đỗ Thị Lan" in {o.name for o in api.officials_at(f"commune-office-{WARD}", ON)}


def test_every_unit_has_a_head(tay_ninh):
    assert all(api.chief_of(u.key, ON) for u in api.units(kind="commune-psc", on=ON))


def test_the_same_seed_gives_the_same_people(areas):
    communes = api.areas(parent="80", on=ON)[:3]
    model = read_model(settings.PACKS / "demo" / "organisation.yaml")
    first, again, other = (plan_province(model, api.area("80", ON), communes, [], seed) for seed in (1, 1, 2))
    assert first == again
    assert {h.official for h in first.holdings}.isdisjoint(h.official for h in other.holdings)


def test_it_is_quick_and_leaves_one_entry(areas, system):
    started = time.perf_counter()
    api.raise_province(system, "80")
    assert time.perf_counter() - started < 10
    entry = ledger.history("organisation:facts")[-1]
    assert entry.kind == "organisation.province_raised"
    assert entry.data["units"] == len(api.units(on=ON))


@pytest.mark.slow
@pytest.mark.parametrize("province", ["01", "31", "48", "75", "79", "91", "92", "46", "38"])
def test_any_province_can_be_raised(areas, system, province):
    seat = api.raise_province(system, province)
    assert api.unit_for("commune-psc", seat, ON).area == seat
    assert len(api.units(kind="commune-pc", on=ON)) == len(api.areas(parent=province, on=ON))


def test_a_second_raising_changes_nothing_and_another_province_is_refused(tay_ninh, system):
    before = len(api.units(on=ON))
    assert api.raise_province(system, "80") == WARD
    assert len(api.units(on=ON)) == before
    with pytest.raises(ProvinceTaken):
        api.raise_province(system, "51")


def test_a_province_that_is_none_is_refused(areas, system):
    with pytest.raises(AreaUnknown):
        api.raise_province(system, "99")


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("  department: {director: 1,", "  department: {deity: 1,", "staff.department: post deity is not declared"),
        ("  department: {director: 1,", "  department: {", "staff.department: needs one chief post"),
        ('"80": {code: H53', '"80": {code: 53', "codes.80: 53"),
        ("staff: inspectorate}", "staff: army}", "province[15]: staff army is not declared"),
        ("parent: land-registry,", "parent: moon,", "branches[1]: parent moon does not stand before it"),
        ("Thanh tra {level}", "Thanh tra {lvl}", "'Thanh tra {lvl}': {lvl} is not known"),
        ('"80": {code', '"81": {code', "codes: no code for province 80"),
        ("commune:\n", "villages:\n", "commune: missing"),
    ],
)
def test_a_wrong_model_is_refused_by_name(areas, system, tmp_path: Path, before, after, what):
    text = (settings.PACKS / "demo" / "organisation.yaml").read_text()
    assert before in text
    wrong = tmp_path / "organisation.yaml"
    wrong.write_text(text.replace(before, after, 1))
    with pytest.raises(FactsInvalid) as problem:
        api.raise_province(system, "80", wrong)
    assert problem.value.params["what"] == what


@pytest.mark.parametrize(("text", "what"), [(None, "missing"), ("codes: [", "yaml"), ("- a list", "valid_from: missing")])
def test_a_file_that_is_none_is_refused(tmp_path: Path, text, what):
    wrong = tmp_path / "organisation.yaml"
    if text is not None:
        wrong.write_text(f"{text}\n")
    with pytest.raises(FactsInvalid) as problem:
        read_model(wrong)
    assert problem.value.params["what"] == what
