"""Time alone: warnings, overdue cases, late opinions and answers, each told once."""

import pytest

from tests import request_type, world
from tests.world import World
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.models import Case
from tinhso.kernel.cases.operations import alarms
from tinhso.kernel.ledger import api as ledger
from tinhso.lib import clock


def kinds(case_id: str) -> list[str]:
    """The kinds of alarm in a case's stream."""
    told = {"cases.due_soon", "cases.became_overdue", "cases.part_overdue"}
    return [entry.kind for entry in ledger.history(f"case:{case_id}") if entry.kind in told]


def test_a_case_is_warned_of_and_then_overdue_once_each(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "assign")
    assert cases.tick() == 0
    case = Case.objects.get(pk=ref.id)
    assert case.alarm_at is not None and case.due_at is not None
    with clock.at(world.local("2026-11-19 08:00")):
        assert cases.tick() == 1
        assert cases.tick() == 0
    assert kinds(ref.id) == ["cases.due_soon"]
    with clock.at(world.local("2026-11-25 08:00")):
        assert cases.tick() == 1
        assert cases.tick() == 0
    assert kinds(ref.id) == ["cases.due_soon", "cases.became_overdue"]
    case.refresh_from_db()
    assert case.alarm_at is None
    last = ledger.history(f"case:{ref.id}")[-1]
    assert last.actor == "system:case-clock"


def test_a_late_opinion_is_told_and_a_paused_case_is_not(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "assign")
    question = {"unit": commune.units["land-office"].key, "question": "Ranh đất?"}
    ref = cases.perform(commune.bao, ref.id, "consult", question, if_version=ref.version)
    wanted = {"items": ["plan"], "note": "Thiếu móng"}
    cases.perform(commune.bao, ref.id, "request_supplement", wanted, if_version=ref.version)
    with clock.at(world.local("2026-12-20 08:00")):
        cases.tick()
    parts = [e.data["part"] for e in ledger.history(f"case:{ref.id}") if e.kind == "cases.part_overdue"]
    assert sorted(parts) == ["supplement", "task"]
    assert "cases.became_overdue" not in kinds(ref.id)


def test_batches_are_bounded_and_the_oldest_comes_first(commune: World) -> None:
    refs = [request_type.filed(commune, key=f"k{n}") for n in range(3)]
    with clock.at(world.local("2026-11-05 08:00")):
        assert cases.tick(limit=2) == 2
        assert cases.tick(limit=2) == 1
    assert all(kinds(ref.id) == ["cases.part_overdue"] for ref in refs)


def test_one_broken_case_does_not_silence_the_others(commune: World, monkeypatch, caplog: pytest.LogCaptureFixture) -> None:
    first, second = (request_type.filed(commune, key=f"k{n}") for n in range(2))
    real = alarms.ring_case

    def broken(actor, key):
        if str(key) == first.id:
            raise RuntimeError("broken")
        return real(actor, key)

    monkeypatch.setattr(alarms, "ring_case", broken)
    with clock.at(world.local("2026-11-05 08:00")):
        assert cases.tick() == 1
    assert kinds(second.id) == ["cases.part_overdue"]
    assert f"the alarm of case {first.id} failed" in caplog.text


def test_an_alarm_that_somebody_else_has_rung_is_nothing(commune: World) -> None:
    ref = request_type.filed(commune)
    assert alarms.ring_case(world.SYSTEM, Case.objects.get(pk=ref.id).pk) is False


def test_the_worker_rings_them(commune: World) -> None:
    ref = request_type.filed(commune)
    with clock.at(world.local("2026-11-05 08:00")):
        ledger.run_periodic()
    assert kinds(ref.id) == ["cases.part_overdue"]
