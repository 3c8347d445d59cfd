"""What a family may declare beyond the dossier: bearers, own codes, units and limits by answers, amending, reopening, ends by
time."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests import call_type, request_type, world
from tests.world import World, local
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.engine import evolve
from tinhso.kernel.cases.engine.events import Reopened
from tinhso.kernel.cases.models import Case
from tinhso.kernel.cases.types import CaseRef, Channel, MayNotFile, MoveRefused, NoSuchCase, NoUnit, PackInvalid
from tinhso.kernel.identity import api as identity
from tinhso.kernel.ledger import api as ledger
from tinhso.lib import clock
from tinhso.lib.problems import Invalid


@pytest.fixture
def made(db: None) -> Iterator[World]:
    with clock.at(local("2026-11-02 08:45")):
        built = world.build(call_type.ROLES)
        call_type.load()
        yield built


def row(ref: CaseRef) -> Case:
    return Case.objects.get(pk=ref.id)


# --- bearers ------------------------------------------------------------------------------------------------------------


def test_a_bearer_follows_his_case_by_his_secret_alone(made: World) -> None:
    secret = identity.new_secret()
    ref = call_type.filed(identity.bearer(secret))
    view = cases.case_view(identity.bearer(secret), ref.code)
    assert (view.applicant.name, view.ref.id) == ("", ref.id)
    assert [item.kind for item in view.history] == ["cases.filed"]
    for stranger in (identity.bearer("another"), identity.anonymous(), made.tham):
        with pytest.raises(NoSuchCase):
            cases.case_view(stranger, ref.code)
    assert secret not in str([entry.data for entry in ledger.history(f"case:{ref.id}")])
    assert cases.case_row(made.tam, ref.id).applicant == ""
    assert cases.brief_of(ref.id).party == ""


def test_only_where_the_family_has_bearers(made: World) -> None:
    request_type.load()
    bearer = identity.bearer("s")
    papers = {"plan": [world.stored(bearer).id]}
    with pytest.raises(MayNotFile):
        cases.file_case(bearer, request_type.CODE, request_type.data(), papers, Channel.ONLINE, None, "k")
    with pytest.raises(MayNotFile):
        call_type.filed(identity.anonymous())


def test_its_codes_are_its_own_and_short(made: World) -> None:
    assert call_type.filed(made.tham).code == "TG-261102-0001"
    assert call_type.filed(made.tham, key="k2").code == "TG-261102-0002"
    with pytest.raises(NoSuchCase):
        cases.public_status("TG-261102-0001")


# --- answers lead to units and limits ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sort", "kind", "due"),
    [
        ("road", "commune-economic", "2026-11-09 17:00"),
        ("people", "commune-social", "2026-11-16 17:00"),
    ],
)
def test_unit_and_limit_follow_from_the_answers(made: World, sort: str, kind: str, due: str) -> None:
    ref = cases.perform(made.tam, call_type.filed(made.tham, sort).id, "take", {})
    case = row(ref)
    assert (case.holder_unit, case.due_at) == (made.units[kind].key, local(due))
    told = cases.due_preview(call_type.CODE, data={"sort": sort})
    assert told.due == case.due_at


def test_a_speciality_that_nobody_has_is_told(made: World) -> None:
    with pytest.raises(NoUnit):
        call_type.filed(made.tham, "power")


def test_the_limit_shown_and_its_basis_are_those_of_the_answers(made: World) -> None:
    ref = cases.perform(made.tam, call_type.filed(made.tham, "people").id, "take", {})
    shown = cases.case_view(made.tham, ref.code).clock
    assert (shown.total, shown.reasons[0].legal_basis) == (10, "Luật người")


# --- amending -----------------------------------------------------------------------------------------------------------


def test_amending_on_receipt_finds_unit_and_limit_again(made: World) -> None:
    ref = cases.perform(made.tam, call_type.filed(made.tham).id, "take", {"sort": "people"})
    case = row(ref)
    assert (case.data["sort"], case.responsible_unit) == ("people", made.units["commune-social"].key)
    assert case.due_at == local("2026-11-16 17:00")
    fact = next(e for e in ledger.history(f"case:{ref.id}") if e.kind == "cases.amended")
    assert (list(fact.data["fields"]), fact.data["limit_rule"]) == (["sort"], 1)
    view = cases.case_view(made.actor("mai"), ref.code)
    assert view.data["sort"] == "people"
    assert not any(item.params.get("notes") for item in view.history)  # the answer itself says it, no code beside it


def test_amending_while_the_clock_runs_counts_the_new_limit_from_the_start(made: World) -> None:
    ref = cases.perform(made.tam, call_type.filed(made.tham).id, "take", {})
    with clock.at(local("2026-11-04 09:00")):
        cases.perform(made.duc, ref.id, "resort", {"sort": "people"})
    case = row(ref)
    assert (case.holder_unit, case.due_at) == (made.units["commune-social"].key, local("2026-11-16 17:00"))
    with clock.at(local("2026-11-05 09:00")):
        cases.perform(made.actor("mai"), ref.id, "resort", {"sort": "road"})
    assert row(ref).due_at == local("2026-11-09 17:00")


def test_amending_is_judged_like_the_form_and_only_for_who_may(made: World) -> None:
    ref = call_type.filed(made.tham)
    with pytest.raises(MoveRefused):
        cases.perform(made.duc, ref.id, "take", {"sort": "people"})
    with pytest.raises(Invalid):
        cases.perform(made.tam, ref.id, "take", {"sort": "moon"})
    assert row(ref).data["sort"] == "road"


# --- reopening, and ends by time -----------------------------------------------------------------------------------------


def answered(made: World) -> CaseRef:
    ref = cases.perform(made.tam, call_type.filed(made.tham).id, "take", {})
    with clock.at(local("2026-11-04 09:00")):
        return cases.perform(made.duc, ref.id, "answer", {})


def test_a_handled_case_is_taken_up_once_with_a_new_clock(made: World) -> None:
    ref = answered(made)
    assert row(ref).finished_at is not None
    with clock.at(local("2026-11-06 09:00")):
        cases.perform(made.tham, ref.id, "again", {})
        case = row(ref)
        assert (case.phase, case.finished_at, case.due_at) == ("open", None, local("2026-11-13 17:00"))
        cases.perform(made.duc, ref.id, "answer", {})
        with pytest.raises(MoveRefused):
            cases.perform(made.tham, ref.id, "again", {})
    kinds = [e.kind for e in ledger.history(f"case:{ref.id}")]
    assert kinds.count("cases.finished") == 2
    assert kinds.count("cases.reopened") == 1


def test_not_after_the_days_that_are_given(made: World) -> None:
    ref = answered(made)
    with clock.at(local("2026-11-08 09:00")), pytest.raises(MoveRefused):
        cases.perform(made.tham, ref.id, "again", {})


def test_a_step_ends_by_time(made: World) -> None:
    ref = answered(made)
    with clock.at(local("2026-11-08 09:00")):
        assert cases.tick() == 0
    with clock.at(row(ref).alarm_at or clock.now()):
        assert cases.tick() == 1
    case = row(ref)
    assert (case.step, case.phase, case.alarm_at) == ("closed", "ended", None)
    assert "cases.part_overdue" not in [e.kind for e in ledger.history(f"case:{ref.id}")]
    with clock.at(local("2026-12-01 09:00")):
        assert cases.tick() == 0


def test_a_reopened_case_has_a_due_date(made: World) -> None:
    case = row(answered(made))
    state = cases.CaseState.from_json(case.state)
    common = {
        "case": "c",
        "family": "f",
        "type_code": "t",
        "type_version": "1",
        "field": "f",
        "channel": "online",
        "receiving": "r",
    }
    more = {"responsible": "r", "unit": "r", "step": "working", "phase": "open", "status": 4, "due": None, "at": clock.now()}
    fact = Reopened(**common, **more, number=1, kpi_due=clock.now() + timedelta(1), warn_at=None, limit="x")
    with pytest.raises(ValueError, match="has a due date"):
        evolve.evolve(state, fact)


# --- faults of a declaration ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("then: close", "then: answer", "no move of the system's"),
        (", limit: { calendar_days: 5 }, then", ", then", "never ends by time"),
        ("from: [answered], to: working, by: applicant", "from: [answered], to: closed, by: applicant", "takes up again"),
        ("input: [{ name: sort, label: { vi: Loại, en: Sort }, widget: choice, required", "input: [{ name: kind, label: "
         "{ vi: Loại, en: Sort }, widget: choice, required", "amends nothing"),
        ("when: data.sort == 'people', limit", "when: data.sort == 'peeple', limit", "never 'peeple'"),
        ("kind: utility, speciality", "kind: moon, speciality", "no unit kind 'moon'"),
    ],
)  # fmt: skip
def test_loose_ends_of_what_is_new_are_told(made: World, was: str, becomes: str, told: str) -> None:
    assert was in call_type.PACK
    with pytest.raises(PackInvalid) as refused:
        call_type.load(call_type.PACK.replace(was, becomes, 1))
    faults = refused.value.params["faults"]
    assert isinstance(faults, list)
    assert any(told in fault.what for fault in faults), [str(fault) for fault in faults]
