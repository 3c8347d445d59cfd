"""A whole case on one page: for the official, for the applicant, always the same number of statements."""

import pytest

from tests import request_type, world
from tests.world import World
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import NoSuchCase, Words
from tinhso.kernel.identity.types import Purpose
from tinhso.lib import clock


def test_an_official_sees_everything_with_names(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "receive")
    given = {"assignee": commune.bao.id, "note": "Làm sớm"}
    ref = cases.perform(commune.duc, ref.id, "assign", given, if_version=ref.version)
    view = cases.case_view(commune.bao, ref.code, Purpose.HANDLING)
    assert (view.ref, view.step.id, view.handler_name) == (ref, "handling", "Trần Quốc Bảo")
    assert view.receiving_unit_name == "Trung tâm Phục vụ hành chính công phường Khánh Hậu"
    assert view.holder_unit_name == "Phòng Kinh tế, Hạ tầng và Đô thị phường Khánh Hậu"
    assert view.applicant.name == "Nguyễn Thị Hồng Thắm"
    assert [charge.amount for charge in view.charges] == [75000]
    assert [doc.kind for doc in view.documents] == ["receive"]
    kinds = [item.kind for item in view.history]
    assert kinds[-1] == "cases.filed"
    assigned = next(item for item in view.history if item.kind == "cases.assigned")
    assert (assigned.actor_name, assigned.params["assignee_name"]) == ("Võ Minh Đức", "Trần Quốc Bảo")
    assert not assigned.public
    moved = view.history[kinds.index("cases.moved")]
    assert (str(moved.params["move_title"]), str(moved.params["step_title"])) == ("Giao", "Giải quyết")
    assert moved.params["notes"] == ((Words("Chỉ đạo", "Note"), "Làm sớm"),)
    assert {o.rule.id for o in view.moves if o.enabled} == {"consult", "visit", "request_supplement", "draft_result"}


def test_the_applicant_sees_offices_not_officials(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "receive")
    given = {"assignee": commune.bao.id, "note": "Chỉ đạo nội bộ"}
    cases.perform(commune.duc, ref.id, "assign", given, if_version=ref.version)
    view = cases.case_view(commune.tham, ref.id)
    assert view.handler_name == ""
    assert "cases.assigned" not in [item.kind for item in view.history]
    text = repr(view.history)
    for hidden in ("Võ Minh Đức", "Lê Minh Tâm", "Chỉ đạo nội bộ"):
        assert hidden not in text
    assert {item.unit_name for item in view.history if item.kind == "cases.received"} == {
        "Trung tâm Phục vụ hành chính công phường Khánh Hậu"
    }
    assert [o.rule.id for o in view.moves] == ["withdraw"]


def test_who_gets_the_work_is_offered_with_his_load(commune: World) -> None:
    for n in range(2):
        request_type.advanced(commune, request_type.filed(commune, key=f"k{n}"), "assign")
    ref = request_type.advanced(commune, request_type.filed(commune, key="k9"), "receive")
    option = next(o for o in cases.case_view(commune.duc, ref.id).moves if o.rule.id == "assign")
    assert [label for _, label in option.choices["assignee"]] == ["Nguyễn Đăng Khoa (0)", "Trần Quốc Bảo (2)"]


def test_a_second_request_has_its_price_told(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "assign")
    wanted = {"items": ["plan"], "note": "Thiếu"}
    ref = cases.perform(commune.bao, ref.id, "request_supplement", wanted, if_version=ref.version)
    ref = cases.attach(commune.tham, ref.id, "plan", world.stored(commune.tham).id)
    ref = cases.perform(commune.tham, ref.id, "answer_supplement", {}, if_version=ref.version)
    option = next(o for o in cases.case_view(commune.bao, ref.id).moves if o.rule.id == "request_supplement")
    assert option.enabled
    assert option.warning is not None
    assert option.warning.code == "cases.move.counts_late"
    assert [code for code, _ in option.choices["items"]] == ["plan", "proof"]


def test_what_is_wanted_is_said_in_words(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "assign")
    wanted = {"items": ["proof", "subject"], "note": "Thiếu"}
    cases.perform(commune.bao, ref.id, "request_supplement", wanted, if_version=ref.version)
    view = cases.case_view(commune.tham, ref.id)
    assert [str(item) for item in view.supplements[0].items] == ["Giấy tờ", "Việc"]
    assert [(paper.code, paper.state, paper.files) for paper in view.papers if paper.code == "proof"] == [
        ("proof", "wanting", ())
    ]
    asked = next(item for item in view.history if item.kind == "cases.supplement_requested")
    assert [str(title) for title in asked.params["item_titles"]] == ["Giấy tờ", "Việc"]
    assert [text for _, text in asked.params.get("notes", ())] == []
    moved = next(item for item in view.history if item.kind == "cases.moved")
    assert [text for _, text in moved.params["notes"]] == ["Thiếu"]


def test_an_extension_is_told_with_its_reason(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "assign")
    given = {"days": 5, "reason": "Chờ thẩm định thêm"}
    ref = cases.perform(commune.duc, ref.id, "extend", given, if_version=ref.version)
    assert "extended" in cases.case_row(commune.bao, ref.id).marks
    extended = next(item for item in cases.case_view(commune.tham, ref.id).history if item.kind == "cases.extended")
    assert [text for _, text in extended.params["notes"]] == ["5", "Chờ thẩm định thêm"]


def test_what_is_recorded_without_moving_is_in_the_history(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "assign")
    visit = {"visited_on": "2026-11-02", "findings": "Đúng hiện trạng", "file": world.stored(commune.bao).id}
    ref = cases.perform(commune.bao, ref.id, "visit", visit, if_version=ref.version)
    item = cases.case_view(commune.bao, ref.id).history[0]
    assert item.kind == "cases.noted"
    assert [text for _, text in item.params["notes"]] == ["2026-11-02", "Đúng hiện trạng"]
    assert "Đúng hiện trạng" not in repr(cases.case_view(commune.tham, ref.id))


def test_a_case_that_is_not_there(commune: World) -> None:
    for what in ("nonsense", "00000000-0000-0000-0000-000000000000", "H53.24.01-20261102-0000009"):
        with pytest.raises(NoSuchCase):
            cases.case_view(commune.tam, what)


def test_statements_are_as_many_however_much_is_in_it(commune: World) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost(ref: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            cases.case_view(actor, ref, Purpose.HANDLING)
        control = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
        return len([q for q in captured.captured_queries if not q["sql"].upper().startswith(control)])

    actor = commune.bao
    small = request_type.advanced(commune, request_type.filed(commune), "assign")
    large = request_type.advanced(commune, request_type.filed(commune, key="k2"), "assign")
    for n, unit in enumerate(("land-office", "utility", "commune-social")):
        question = {"unit": commune.units[unit].key, "question": f"Hỏi {n}"}
        large = cases.perform(actor, large.id, "consult", question, if_version=large.version)
    for _ in range(3):
        visit = {"visited_on": "2026-11-02", "findings": "Đúng", "file": world.stored(actor).id}
        large = cases.perform(actor, large.id, "visit", visit, if_version=large.version)
    for ref in (small, large):
        cases.case_view(actor, ref.id, Purpose.HANDLING)
    assert cost(large.id) == cost(small.id) <= 20


def test_a_clock_is_shown_as_of_now(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "assign")
    with clock.at(world.local("2026-11-25 08:00")):
        view = cases.case_view(commune.bao, ref.id).clock
    assert (view.state.value, view.total, view.unit) == ("late", 15, "day")
