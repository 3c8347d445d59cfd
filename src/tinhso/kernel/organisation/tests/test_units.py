"""Units begin, change, merge, split and end; each date sees them as they stood."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor, ActorKind, Grant
from tinhso.kernel.organisation import api
from tinhso.kernel.organisation.models import Unit as UnitRow
from tinhso.kernel.organisation.models import UnitVersion
from tinhso.kernel.organisation.tests.factories import unit_of
from tinhso.kernel.organisation.types import DatesInvalid, UnitAmbiguous, UnitTaken, UnitUnknown
from tinhso.lib.codes import AgencyCodeInvalid
from tinhso.lib.problems import NotAllowed

START, LATER, TODAY = date(2025, 7, 1), date(2026, 6, 1), date(2026, 11, 22)
WARD, PSC = "commune-pc-27694", "commune-psc-27694"


def kinds(stream: str) -> list[str]:
    return [entry.kind.removeprefix("organisation.") for entry in ledger.history(stream)]


def test_a_unit_stands_from_its_first_day(commune):
    assert api.unit(WARD, START).code == "H53.21"
    with pytest.raises(UnitUnknown):
        api.unit(WARD, date(2025, 6, 30))
    assert kinds(f"unit:{WARD}") == ["unit_created"]


def test_a_renamed_unit_keeps_its_old_name_on_old_dates(commune, system):
    after = api.change_unit(system, WARD, LATER, name="Tên mới", name_en="New name", short="Mới", code="H53.99")
    assert (after.name, after.code) == ("Tên mới", "H53.99")
    assert api.unit(WARD, date(2026, 5, 31)).name == f"Cơ quan {WARD}"
    assert api.unit(WARD, LATER).name_en == "New name"
    assert ledger.history(f"unit:{WARD}")[-1].data["fields"] == ["code", "name", "name_en", "short"]


def test_a_unit_moves_below_another(commune, system):
    api.change_unit(system, PSC, LATER, parent="commune-pc-27712", area="27712")
    assert api.unit(PSC, START).parent == WARD
    assert api.unit(PSC, LATER).parent == "commune-pc-27712"


@pytest.mark.parametrize("on", [START, date(2025, 6, 30)])
def test_a_change_lies_after_the_beginning(commune, system, on):
    with pytest.raises((DatesInvalid, UnitUnknown)):
        api.change_unit(system, WARD, on, name="Tên mới")


def test_a_change_does_not_lie_before_a_later_one(commune, system):
    api.change_unit(system, WARD, LATER, name="Tên mới")
    with pytest.raises(DatesInvalid):
        api.change_unit(system, WARD, date(2026, 1, 1), name="Tên khác")


def test_keys_are_never_used_again(commune, system):
    with pytest.raises(UnitTaken):
        api.create_unit(system, unit_of(WARD, "H53.50", "commune-pc"))


def test_codes_are_those_of_the_decision(commune, system):
    with pytest.raises(AgencyCodeInvalid):
        api.create_unit(system, unit_of("new", "53.H", "commune-pc"))
    with pytest.raises(AgencyCodeInvalid):
        api.change_unit(system, WARD, LATER, code="không")


def test_a_parent_must_stand(commune, system):
    with pytest.raises(UnitUnknown):
        api.create_unit(system, unit_of("new", "H53.50", "commune-pc", "nowhere"))


# --- who succeeded whom --------------------------------------------------------------------------------------------------


def test_merged_units_are_succeeded_through_all_steps(commune, system):
    api.create_unit(system, unit_of("office-a", "H53.02", "department"), START)
    api.create_unit(system, unit_of("office-b", "H53.03", "department"), START)
    api.create_unit(system, unit_of("office-ab", "H53.04", "department"), date(2026, 1, 1))
    api.create_unit(system, unit_of("office-c", "H53.05", "department"), START)
    api.merge_units(system, ["office-a", "office-b"], "office-ab", date(2026, 1, 1), "NQ 1")
    api.merge_units(system, ["office-ab", "office-c"], "office-c", LATER, "NQ 2")

    assert [u.key for u in api.successors_of_unit("office-a", date(2025, 12, 31))] == ["office-a"]
    assert [u.key for u in api.successors_of_unit("office-b", date(2026, 3, 1))] == ["office-ab"]
    assert [u.key for u in api.successors_of_unit("office-a", TODAY)] == ["office-c"]
    assert kinds("unit:office-ab") == ["unit_created", "unit_ended"]


def test_a_split_unit_has_several_successors_the_main_one_first(commune, system):
    for key in ("whole", "second", "first"):
        api.create_unit(system, unit_of(key, "H53.07", "department"), START)
    api.end_unit(system, "whole", LATER, ["second", "first"], "QĐ 5")
    assert [u.key for u in api.successors_of_unit("whole", TODAY)] == ["second", "first"]
    assert ledger.history("unit:whole")[-1].data["successors"] == ["second", "first"]


def test_a_unit_ended_without_heirs_has_none(commune, system):
    api.end_unit(system, PSC, LATER)
    assert api.successors_of_unit(PSC, TODAY) == ()
    with pytest.raises(UnitUnknown):
        api.unit(PSC, LATER)
    assert api.units_by_key([PSC], TODAY)[PSC].name == f"Cơ quan {PSC}", "history can still name it"


def test_who_never_was_has_no_successors(commune):
    with pytest.raises(UnitUnknown):
        api.successors_of_unit("nobody")


def test_posts_and_holders_end_with_their_unit(commune, system):
    tam = api.create_official(system, "Lê Minh Tâm")
    api.create_post(system, PSC, "director", "Giám đốc", "Director", chief=True, valid_from=START)
    api.appoint(system, tam.id, PSC, "director", START)
    api.end_unit(system, PSC, LATER)
    assert api.chief_of(PSC, date(2026, 5, 31)) == api.officials_at(PSC, START)[0]
    assert api.chief_of(PSC, LATER) is None


def test_an_end_is_after_the_beginning_and_comes_once(commune, system):
    with pytest.raises(DatesInvalid):
        api.end_unit(system, PSC, START)
    api.end_unit(system, PSC, LATER)
    with pytest.raises(DatesInvalid):
        api.end_unit(system, PSC, date(2026, 1, 1))


# --- finding units -------------------------------------------------------------------------------------------------------


def test_the_unit_of_an_area_is_found_with_one_statement(commune, statements):
    with statements(1):
        found = api.unit_for("commune-psc", "27694", TODAY)
    assert found.key == PSC


def test_a_commune_without_its_own_is_served_by_who_covers_it_then_by_the_province(commune, system):
    api.create_unit(system, unit_of("land-tan-an", "H53.60", "land-office", area="27712"), START, covers=["27694"])
    api.create_unit(system, unit_of("water", "H53.61", "utility", area="80", speciality="water"), START)
    assert api.unit_for("land-office", "27694", TODAY).key == "land-tan-an"
    assert api.unit_for("utility", "27694", TODAY).key == "water"
    api.create_unit(system, unit_of("land-long-an", "H53.62", "land-office", area="27694"), LATER)
    assert api.unit_for("land-office", "27694", TODAY).key == "land-long-an", "its own comes before one that covers"
    assert api.unit_for("land-office", "27694", START).key == "land-tan-an"


def test_nobody_or_several_are_told_apart(commune, system):
    with pytest.raises(UnitUnknown):
        api.unit_for("school", "27694", TODAY)
    for name in ("construction", "justice"):
        api.create_unit(system, unit_of(name, "H53.08", "department", area="80", speciality=name), START)
    with pytest.raises(UnitAmbiguous):
        api.unit_for("department", "80", TODAY)
    assert api.unit_for("department", "27694", TODAY, speciality="justice").key == "justice"


def test_all_who_serve_an_area_are_found_with_one_statement(commune, system, statements):
    api.create_unit(system, unit_of("water", "H53.61", "utility", area="80", speciality="water"), START)
    power = unit_of("power", "H53.62", "utility", area="27712", speciality="power")
    api.create_unit(system, power, START, covers=["27694"])
    with statements(1):
        served = api.units_serving(["utility", "commune-psc", "school"], "27694", TODAY)
    assert {kind: {u.key for u in found} for kind, found in served.items()} == {
        "utility": {"water", "power"},
        "commune-psc": {PSC},
    }


def test_units_are_listed_by_what_is_given(commune):
    assert [u.key for u in api.units(kind="commune-psc", on=TODAY)] == [PSC, "commune-psc-27712"]
    assert [u.key for u in api.units(area="27694", on=TODAY)] == [WARD, PSC]
    assert [u.key for u in api.units(parent=WARD, on=TODAY)] == [PSC]
    assert api.units(speciality="power", on=TODAY) == ()


def test_the_tree_is_asked_in_both_directions(commune):
    assert {u.key for u in api.subunits("province-pc-80", TODAY)} == {WARD, PSC, "commune-pc-27712", "commune-psc-27712"}
    assert [u.key for u in api.superiors(PSC, TODAY)] == [WARD, "province-pc-80"]


# --- who may, and what the database refuses ------------------------------------------------------------------------------


def test_an_administrator_changes_his_unit_and_those_below(commune):
    admin = Actor("account:lan", ActorKind.OFFICIAL, grants=(Grant("organisation.admin", WARD),))
    api.change_unit(admin, PSC, LATER, short="Mới")
    with pytest.raises(NotAllowed):
        api.change_unit(admin, "commune-psc-27712", LATER, short="Mới")
    with pytest.raises(NotAllowed):
        api.create_unit(admin, unit_of("new", "H53.50", "commune-pc"))


def test_the_database_refuses_two_versions_at_a_time(commune, system):
    row = UnitRow.objects.get(key=WARD)
    version = {"code": "H53.21", "kind": "commune-pc", "name": "x", "name_en": "x", "short": "x"}
    with pytest.raises(IntegrityError), ledger.acting(system), transaction.atomic():
        UnitVersion.objects.create(unit=row, valid_from=LATER, **version)


def test_the_database_refuses_an_end_before_the_start(commune, system):
    row = UnitRow.objects.get(key=WARD)
    with pytest.raises(IntegrityError), ledger.acting(system), transaction.atomic():
        UnitVersion.objects.filter(unit=row).update(valid_to=START)
