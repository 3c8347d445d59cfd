"""What became of an area: one step on 1/7/2025, then further versions of the same one."""

from datetime import date

import pytest

from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.organisation import api
from tinhso.kernel.organisation.models import Area
from tinhso.kernel.organisation.types import AreaUnknown

BEFORE, TODAY = date(2025, 6, 30), date(2026, 11, 22)


def titles(code: str, on: date, known_on: date | None = None) -> list[str]:
    return [area.title for area in api.successors_of_area(code, on, known_on)]


def test_long_an_went_into_tay_ninh(areas):
    assert titles("80", TODAY, known_on=BEFORE) == ["Tỉnh Tây Ninh"]
    assert titles("72", TODAY) == ["Tỉnh Tây Ninh"]


def test_a_code_in_force_is_its_own_answer(areas):
    assert titles("80", TODAY) == ["Tỉnh Tây Ninh"]
    assert titles("80", BEFORE) == ["Tỉnh Long An"]


def test_a_divided_commune_went_into_several_the_default_first(areas):
    assert api.area("27967", BEFORE).title == "Xã Đức Hòa Thượng"
    assert titles("27967", TODAY, known_on=BEFORE) == ["Xã Mỹ Hạnh", "Xã Đức Lập"]


def test_an_island_district_went_into_its_special_zone(areas):
    assert titles("536", TODAY) == ["Đặc khu Lý Sơn"]


def test_a_city_made_of_a_province_is_its_successor(areas):
    assert titles("75", TODAY, known_on=date(2026, 1, 1)) == ["Thành phố Đồng Nai"]
    assert titles("70", TODAY) == ["Thành phố Đồng Nai"], "Bình Phước, through the province of 2025"


def test_every_old_commune_went_somewhere_and_has_one_default(areas):
    from django.db.models import Count, Q

    old = Area.objects.filter(valid_to=date(2025, 7, 1), kind="commune")
    assert old.annotate(mains=Count("successions", filter=Q(successions__main=True))).exclude(mains=1).count() == 0


def test_every_new_commune_came_from_somewhere(areas):
    new = Area.objects.filter(valid_from=date(2025, 7, 1)).exclude(kind="district")
    assert new.filter(origins=None).count() == 0


def test_an_abolished_district_without_recorded_successor_ends_there(areas):
    assert titles("794", TODAY) == []


def test_an_unknown_area_is_told_so(areas):
    with pytest.raises(AreaUnknown):
        api.successors_of_area("99999")


def test_the_database_refuses_two_versions_of_an_area_at_a_time(areas, system):
    from django.db import IntegrityError, transaction

    row = Area.objects.get(code="80", valid_to=None)
    row.pk, row.valid_from = None, date(2026, 1, 1)
    with pytest.raises(IntegrityError), ledger.acting(system), transaction.atomic():
        row.save(force_insert=True)
