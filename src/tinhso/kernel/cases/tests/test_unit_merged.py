"""A unit ends in the middle of a case: its successor goes on with it."""

from dataclasses import replace
from datetime import date

from tests import request_type, world
from tests.world import World
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.models import Case
from tinhso.kernel.cases.operations.following import succeed
from tinhso.kernel.cases.types import ListFilter
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.organisation import api as organisation
from tinhso.lib import clock

ON = date(2026, 11, 10)


def merged(commune: World, old: str, new: str) -> str:
    """End the unit ``old`` of Khánh Hậu on 10 November; a new one takes over, with the handler and head of the old."""
    gone = commune.units[old]
    unit = replace(gone, key=new, code="H53.24.09", name="Nơi mới", name_en="New", short="Mới")
    organisation.create_unit(world.SYSTEM, unit, ON)
    organisation.end_unit(world.SYSTEM, gone.key, ON, [new])
    ledger.seal(1000)
    ledger.run_followers()
    return new


def test_the_successor_holds_it_and_its_people_see_it(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "assign")
    ended = request_type.filed(commune, key="k2")
    cases.perform(commune.tham, ended.id, "withdraw", {}, if_version=ended.version)
    with clock.at(world.local("2026-11-10 09:00")):
        new = merged(commune, "commune-economic", "u-new")
        world.official(commune, "moi", "Ngô Bảo Quyên", [("services.head", new), ("services.handler", new)], ON)
        moi = commune.actor("moi")
        case = Case.objects.get(pk=ref.id)
        assert (case.holder_unit, case.responsible_unit, case.handler) == (new, new, commune.bao.id)
        assert [row.ref.code for row in cases.work_list(moi, "unit_open", ListFilter()).rows] == [ref.code]
        last = cases.case_view(moi, ref.id).history[0]
        assert (last.kind, last.params["successor_name"]) == ("cases.unit_succeeded", "Nơi mới")
        given = {"assignee": moi.id}
        done = cases.perform(moi, ref.id, "reassign", given, if_version=case.version)
        cases.perform(moi, ref.id, "draft_result", {}, if_version=done.version)
    assert Case.objects.get(pk=ended.id).responsible_unit == commune.units["commune-economic"].key


def test_open_questions_go_to_the_successor(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "assign")
    question = {"unit": commune.units["land-office"].key, "question": "Ranh đất?"}
    cases.perform(commune.bao, ref.id, "consult", question, if_version=ref.version)
    with clock.at(world.local("2026-11-10 09:00")):
        new = merged(commune, "land-office", "u-land-2")
        world.official(commune, "moi", "Ngô Bảo Quyên", [("services.consulted", new)], ON)
        answer = {"outcome": "agree", "answer": "Không"}
        cases.perform(commune.actor("moi"), ref.id, "answer_opinion", answer, task="t1")
    assert Case.objects.get(pk=ref.id).consulting == 0


def test_a_unit_without_successor_or_without_a_place_changes_nothing(commune: World) -> None:
    ref = request_type.filed(commune)
    case = Case.objects.get(pk=ref.id)
    assert succeed(world.SYSTEM, case.pk, "u-utility", "u-land-office") is False
    cases.perform(commune.tham, ref.id, "withdraw", {}, if_version=ref.version)
    assert succeed(world.SYSTEM, case.pk, "u-commune-psc", "u-land-office") is False
    with clock.at(world.local("2026-11-10 09:00")):
        organisation.end_unit(world.SYSTEM, "u-utility", ON)
        ledger.seal(1000)
        ledger.run_followers()


def test_a_successor_that_has_a_place_already_takes_the_other_too(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "assign")
    psc, economic = commune.units["commune-psc"].key, commune.units["commune-economic"].key
    assert succeed(world.SYSTEM, Case.objects.get(pk=ref.id).pk, economic, psc) is True
    case = Case.objects.get(pk=ref.id)
    assert (case.holder_unit, case.responsible_unit, case.receiving_unit) == (psc, psc, psc)
    assert case.units.count(psc) == 1
