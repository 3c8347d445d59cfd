"""Several reports of one matter become one; each reporter gets the answer; joining can be undone."""

from collections.abc import Iterator

import pytest

from tests import reports
from tests.world import World, local
from tinhso.apps.feedback import queries
from tinhso.apps.feedback.models import Report
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import CaseRef
from tinhso.kernel.identity.types import Purpose
from tinhso.kernel.ledger import api as ledger
from tinhso.lib import clock
from tinhso.lib.problems import Invalid


@pytest.fixture
def commune(db: None, settings, tmp_path) -> Iterator[World]:
    settings.HOME = tmp_path
    with clock.at(local("2026-11-02 08:45")):
        yield reports.open_commune()


def work() -> None:
    while ledger.seal():
        pass
    ledger.run_followers()


def step(ref: CaseRef) -> str:
    return Report.objects.get(code=ref.code).case.step


def two(commune: World) -> tuple[CaseRef, CaseRef]:
    main = reports.sent(commune.tham, "main")
    other = reports.sent(reports.bearer(), "other", latitude=10.5335)
    return main, other


def test_near_ones_of_the_same_kind_are_offered(commune: World) -> None:
    main, other = two(commune)
    reports.sent(commune.tham, "far", latitude=10.6)
    reports.sent(commune.tham, "unlike", category="tree")
    near = queries.neighbours(Report.objects.get(code=other.code))
    assert [n.code for n in near] == [main.code]
    assert near[0].metres is not None and 30 < near[0].metres < 60


def test_each_reporter_gets_the_answer(commune: World) -> None:
    main, other = two(commune)
    cases.perform(commune.tam, other.id, "join", {"main": main.code.lower()})
    assert step(other) == "joined"
    counts = {item.id: item.count for item in cases.work_lists(commune.tam)}
    assert (counts["to_receive"], counts["waiting_other"]) == (1, 1)
    reports.publish(commune, reports.bring_to(commune, main, "submit"))
    work()
    assert step(other) == "answered"
    view = cases.case_view(reports.bearer(), other.code, Purpose.OWN)
    assert view.clock.verdict in ("early", "on_time")
    row = queries.report_of(other.id)
    assert row is not None and row.main is not None and row.main.answer == "Đã vá mặt đường."
    shown, _after = queries.published()
    assert [(s.code, s.reporters) for s in shown] == [(main.code, 2)]


def test_joining_can_be_undone(commune: World) -> None:
    main, other = two(commune)
    cases.perform(commune.tam, other.id, "join", {"main": main.code})
    cases.perform(commune.tam, other.id, "part", {})
    assert (step(other), Report.objects.get(code=other.code).main) == ("assigning", None)
    kinds = [entry.kind for entry in ledger.history(f"case:{other.id}")]
    assert kinds.count("feedback.joined") == kinds.count("feedback.parted") == 1


def test_what_is_joined_stands_for_itself_when_the_main_one_ends_otherwise(commune: World) -> None:
    main, other = two(commune)
    cases.perform(commune.tam, other.id, "join", {"main": main.code})
    cases.perform(commune.tam, main.id, "reject", {"reason": "Không thuộc nơi công cộng."})
    work()
    assert step(other) == "assigning"


def test_a_joined_reporter_may_have_it_looked_at_again(commune: World) -> None:
    main, other = two(commune)
    cases.perform(commune.tam, other.id, "join", {"main": main.code})
    reports.publish(commune, reports.bring_to(commune, main, "submit"))
    work()
    cases.perform(reports.bearer(), other.id, "reopen", {"reason": "Chỗ tôi vẫn hỏng"})
    assert (step(other), Report.objects.get(code=other.code).main) == ("assigning", None)
    assert queries.public_report(main.code) is not None


@pytest.mark.parametrize("wrong", ["PA-261102-9999", "own", "joined", "answered"])
def test_what_it_can_not_be_joined_to(commune: World, wrong: str) -> None:
    main, other = two(commune)
    third = reports.sent(commune.tham, "third")
    code = {"own": other.code, "joined": third.code, "answered": third.code}.get(wrong, wrong)
    if wrong == "joined":
        cases.perform(commune.tam, third.id, "join", {"main": main.code})
    if wrong == "answered":
        cases.perform(commune.tam, third.id, "reject", {"reason": "Không thuộc nơi công cộng."})
    with pytest.raises(Invalid):
        cases.perform(commune.tam, other.id, "join", {"main": code})
    assert step(other) == "filed"


def test_a_report_that_others_are_joined_to_is_not_joined_itself(commune: World) -> None:
    main, other = two(commune)
    third = reports.sent(commune.tham, "third")
    cases.perform(commune.tam, other.id, "join", {"main": main.code})
    with pytest.raises(Invalid):
        cases.perform(commune.tam, main.id, "join", {"main": third.code})
