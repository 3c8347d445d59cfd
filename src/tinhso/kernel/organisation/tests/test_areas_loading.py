"""The country's areas: loaded whole, once, and asked by date."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor, ActorKind
from tinhso.kernel.organisation import api
from tinhso.kernel.organisation.types import AreaKind, AreaUnknown, FactsInvalid
from tinhso.lib.problems import NotAllowed

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


def test_the_country_has_34_provinces_and_3321_communes(areas):
    assert len(api.areas(kind=AreaKind.PROVINCE, on=AFTER)) == 34
    assert len(api.areas(kind=AreaKind.COMMUNE, on=AFTER)) == 3321
    assert api.areas(kind=AreaKind.DISTRICT, on=AFTER) == ()


def test_before_the_reform_it_had_63_provinces_696_districts_and_10035_communes(areas):
    numbers = [len(api.areas(kind=kind, on=BEFORE)) for kind in (AreaKind.PROVINCE, AreaKind.DISTRICT, AreaKind.COMMUNE)]
    assert numbers == [63, 696, 10035]


def test_there_are_13_special_zones(areas):
    assert sum(a.title.startswith("Đặc khu ") for a in api.areas(kind=AreaKind.COMMUNE, on=AFTER)) == 13


def test_tay_ninh_has_96_communes_with_names_in_both_languages(areas):
    communes = api.areas(parent="80", on=AFTER)
    assert len(communes) == 96
    assert sum(a.title.startswith("Phường ") for a in communes) == 14
    long_an = next(a for a in communes if a.title == "Phường Long An")
    assert (long_an.name, long_an.name_en, long_an.title_en) == ("Long An", "Long An", "Long An Ward")
    assert 10 < long_an.latitude < 12 and 105 < long_an.longitude < 107


def test_a_code_used_again_means_another_area_on_another_date(areas):
    assert api.area("80", BEFORE).title == "Tỉnh Long An"
    assert api.area("80", AFTER).title == "Tỉnh Tây Ninh"


def test_a_numbered_ward_keeps_its_type_in_its_name(areas):
    ward = api.areas(parent="794", on=BEFORE)[0]
    assert (ward.name, ward.title, ward.title_en) == ("Phường 5", "Phường 5", "Ward 5")


def test_dong_nai_became_a_city_on_30_april_2026(areas):
    assert api.area("75", date(2026, 4, 29)).title == "Tỉnh Đồng Nai"
    assert api.area("75", date(2026, 4, 30)).title == "Thành phố Đồng Nai"
    assert api.area("26368", date(2026, 4, 30)).title_en == "Long Thanh Ward"


def test_by_october_2026_there_are_25_provinces_and_9_cities(areas):
    titles = [a.title for a in api.areas(kind=AreaKind.PROVINCE, on=date(2026, 10, 1))]
    assert sum(t.startswith("Tỉnh ") for t in titles) == 25
    assert sum(t.startswith("Thành phố ") for t in titles) == 9
    assert api.area("24", date(2026, 9, 19)).title_en == "Bac Ninh Province"
    assert api.area("24", date(2026, 9, 20)).title_en == "Bac Ninh City"


def test_an_unknown_code_is_told_so(areas):
    with pytest.raises(AreaUnknown) as problem:
        api.area("99999")
    assert problem.value.params == {"area": "99999"}


def test_many_areas_are_read_with_one_statement(areas, statements):
    with statements(1):
        found = api.areas_by_code(["80", "75", "99999"], AFTER)
    assert sorted(found) == ["75", "80"]


def test_the_same_files_change_nothing(areas, system):
    assert api.load_areas(system) is False
    entries = ledger.history("organisation:facts")
    assert [entry.kind for entry in entries] == ["organisation.areas_loaded"]
    assert entries[0].data["areas"] == 14162


def test_a_citizen_may_not_load_areas(db):
    with pytest.raises(NotAllowed):
        api.load_areas(Actor(id="account:tham", kind=ActorKind.CITIZEN))


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("- {from: 2026-01-01, codes: ['99'], type: city, confirmed: true}", "change 1: 99"),
        ("- {from: 2025-01-01, codes: ['80'], type: city, confirmed: true}", "change 1: 80"),
        ("- {from: 2026-01-01, codes: ['80'], type: kingdom, confirmed: true}", "change 1"),
        ("- {from: soon, codes: ['80'], type: city, confirmed: true}", "change 1"),
    ],
)
def test_a_wrong_change_is_refused_by_name(db, system, tmp_path: Path, change: str, what: str):
    for file in (settings.PACKS / "national" / "areas").glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "changes.yaml").write_text(change)
    with pytest.raises(FactsInvalid) as problem:
        api.load_areas(system, tmp_path)
    assert problem.value.params["what"] == what


def test_a_wrong_code_is_refused_with_its_line(db, system, tmp_path: Path):
    (tmp_path / "old_provinces.csv").write_text("code,parent,type,name\n01,,city,Hà Nội\n1234,,city,Nowhere\n")
    with pytest.raises(FactsInvalid) as problem:
        api.load_areas(system, tmp_path)
    assert (problem.value.params["line"], problem.value.params["what"]) == (3, "code")


def test_a_missing_file_is_told_by_name(db, system, tmp_path: Path):
    with pytest.raises(FactsInvalid) as problem:
        api.load_areas(system, tmp_path)
    assert problem.value.params["what"] == "missing"
    assert str(problem.value.params["file"]).endswith("old_provinces.csv")
