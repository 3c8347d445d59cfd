"""Work lists: what each sees, counts that equal their rows, pages, filters, clocks."""

import base64

import pytest

from tests import request_type, world
from tests.world import World
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import ListFilter, NoSuchList, TimeLeft
from tinhso.kernel.ledger.types import Actor
from tinhso.lib import clock
from tinhso.lib.problems import Invalid

NAIVE = base64.urlsafe_b64encode(b'["2026-11-02T08:00:00", "00000000000000000000000000000000"]').decode()
"""A cursor whose instant names no time zone."""


def counts(actor: Actor) -> dict[str, int]:
    """The lists that are not empty."""
    return {entry.id: entry.count for entry in cases.work_lists(actor) if entry.count}


def codes(actor: Actor, list_id: str, **filters: str) -> list[str]:
    """The codes in a list."""
    return [row.ref.code for row in cases.work_list(actor, list_id, ListFilter(**filters)).rows]


def test_each_sees_the_lists_of_what_he_does(commune: World) -> None:
    shown = {name: [entry.id for entry in cases.work_lists(commune.actor(name))] for name in ("tam", "bao", "hoa", "mai")}
    assert {"to_receive", "to_return"} <= set(shown["tam"])
    assert {"mine", "waiting_opinion"} <= set(shown["bao"])
    assert {"to_receive", "to_sign", "asked"}.isdisjoint(shown["bao"])
    assert "to_sign" in shown["hoa"]
    assert "mine" not in shown["hoa"]
    assert shown["mai"] == ["asked"]
    assert cases.work_lists(commune.tham) == []
    groups = [entry.group for entry in cases.work_lists(commune.tam)]
    assert groups == sorted(groups, key=["urgent", "mine", "waiting", "unit"].index)


def test_a_case_wanders_through_the_lists(commune: World) -> None:
    ref = request_type.filed(commune)
    assert counts(commune.tam) == {"new": 1, "to_receive": 1, "unit_open": 1}
    assert counts(commune.bao) == {"unit_open": 1}
    ref = request_type.advanced(commune, ref, "receive")
    assert counts(commune.duc) == {"new": 1, "to_assign": 1, "unit_open": 1}
    given = {"assignee": commune.bao.id}
    ref = cases.perform(commune.duc, ref.id, "assign", given, if_version=ref.version)
    assert counts(commune.bao) == {"new": 1, "mine": 1, "unit_open": 1}
    assert counts(commune.actor("khoa")) == {"unit_open": 1}
    ref = cases.perform(commune.bao, ref.id, "draft_result", {}, if_version=ref.version)
    assert counts(commune.duc) == {"new": 1, "to_review": 1, "unit_open": 1}
    ref = cases.perform(commune.duc, ref.id, "approve", {}, if_version=ref.version)
    assert counts(commune.hoa) == {"new": 1, "to_sign": 1, "unit_open": 1}
    assert counts(commune.bao) == {"waiting_signature": 1, "unit_open": 1}
    ref = cases.perform(commune.hoa, ref.id, "sign", {}, if_version=ref.version)
    assert counts(commune.lan) == {"new": 1, "to_number": 1, "unit_open": 1}
    ref = cases.perform(commune.lan, ref.id, "number", {}, if_version=ref.version)
    assert counts(commune.tam) == {"waiting_payment": 1, "unit_open": 1}
    assert counts(commune.lan) == {"unit_open": 1}, "a unit that has held it still sees it"


def test_asked_and_waiting_for_opinions(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "assign")
    question = {"unit": commune.units["land-office"].key, "question": "Ranh đất?"}
    ref = cases.perform(commune.bao, ref.id, "consult", question, if_version=ref.version)
    assert counts(commune.actor("mai")) == {"asked": 1}
    row = cases.work_list(commune.actor("mai"), "asked").rows[0]
    assert set(row.marks) == {"consulting", "unpaid", "asked"}
    assert counts(commune.bao)["waiting_opinion"] == 1
    cases.perform(commune.actor("mai"), ref.id, "answer_opinion", {"outcome": "agree", "answer": "Không"}, task="t1")
    assert counts(commune.actor("mai")) == {}


def test_what_the_applicant_sent_is_news(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "assign")
    wanted = {"items": ["plan"], "note": "Thiếu móng"}
    ref = cases.perform(commune.bao, ref.id, "request_supplement", wanted, if_version=ref.version)
    assert counts(commune.bao) == {"waiting_citizen": 1, "unit_open": 1}
    assert cases.work_list(commune.bao, "waiting_citizen").rows[0].clock.state is TimeLeft.PAUSED
    ref = cases.attach(commune.tham, ref.id, "plan", world.stored(commune.tham).id)
    ref = cases.perform(commune.tham, ref.id, "answer_supplement", {}, if_version=ref.version)
    assert counts(commune.bao) == {"new": 1, "supplemented": 1, "mine": 1, "unit_open": 1}
    cases.perform(commune.bao, ref.id, "draft_result", {}, if_version=ref.version)
    assert counts(commune.bao) == {"unit_open": 1}


def test_due_today_and_overdue_are_of_the_running_clock(commune: World) -> None:
    request_type.advanced(commune, request_type.filed(commune), "assign")
    with clock.at(world.local("2026-11-23 08:00")):
        assert counts(commune.bao)["due_today"] == 1
        assert cases.work_list(commune.bao, "due_today").rows[0].clock.state is TimeLeft.TODAY
        assert counts(commune.duc)["due_today"] == 1
    with clock.at(world.local("2026-11-24 08:00")):
        assert counts(commune.bao)["overdue"] == 1
        assert "due_today" not in counts(commune.bao)
        assert cases.work_list(commune.bao, "overdue").rows[0].clock.state is TimeLeft.LATE
        assert "overdue" not in counts(commune.lan)


def test_opening_a_case_makes_it_read(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "assign")
    assert cases.case_row(commune.bao, ref.id).unread
    cases.case_view(commune.actor("khoa"), ref.id)
    cases.case_view(commune.tam, ref.id)
    assert cases.case_row(commune.bao, ref.id).unread, "only he for whom it waits makes it read"
    cases.case_view(commune.bao, ref.id)
    assert not cases.case_row(commune.bao, ref.id).unread


def test_pages_follow_each_other_without_gap_or_repeat(commune: World) -> None:
    for n in range(7):
        ref = request_type.filed(commune, key=f"k{n}")
        if n % 3 == 0:
            with clock.at(world.local(f"2026-11-0{2 + n % 2} 09:00")):
                request_type.advanced(commune, ref, "receive")
    whole = codes(commune.hoa, "unit_open")
    seen, after = [], None
    for _ in range(9):
        page = cases.work_list(commune.hoa, "unit_open", after=after, size=2)
        seen += [row.ref.code for row in page.rows]
        after = page.after
        if after is None:
            break
    assert seen == whole
    assert len(set(whole)) == 7
    dues = [row.due for row in cases.work_list(commune.hoa, "unit_open").rows]
    assert dues == sorted([d for d in dues if d]) + [None] * dues.count(None)


@pytest.mark.parametrize("after", ["nonsense", "e30", "WzEsMl0", "WyIyMDI2LTExLTAyIiwgImEiXQ", NAIVE])
def test_a_cursor_of_nobodys_making_is_refused(commune: World, after: str) -> None:
    with pytest.raises(Invalid):
        cases.work_list(commune.tam, "new", after=after)


def test_filters_narrow(commune: World) -> None:
    ref = request_type.advanced(commune, request_type.filed(commune), "assign")
    other = request_type.filed(commune, commune.actor("dung"), key="k2")
    tam = commune.tam
    assert codes(tam, "unit_open", text="hong tham") == [ref.code]
    assert codes(tam, "unit_open", text="Hồng THẮM") == [ref.code]
    assert codes(tam, "unit_open", text=other.code[-4:]) == [other.code]
    assert codes(tam, "unit_open", step="filed") == [other.code]
    assert codes(tam, "unit_open", handler=commune.bao.id) == [ref.code]
    assert codes(tam, "unit_open", type_code="other") == []
    assert set(codes(tam, "unit_open", channel="online")) == {ref.code, other.code}


def test_a_list_that_is_not_mine_is_not_there(commune: World) -> None:
    for actor, list_id in ((commune.bao, "to_sign"), (commune.bao, "no_such"), (commune.tham, "mine")):
        with pytest.raises(NoSuchList):
            cases.work_list(actor, list_id)


def test_counts_equal_rows_in_every_list(commune: World) -> None:
    for n, until in enumerate(("receive", "assign", "draft_result", "approve", "sign", "number")):
        request_type.advanced(commune, request_type.filed(commune, key=f"k{n}"), until)
    request_type.filed(commune, key="last")
    for name in ("tam", "bao", "duc", "hoa", "lan", "mai", "tam_tan_an"):
        actor = commune.actor(name)
        for entry in cases.work_lists(actor):
            assert len(cases.work_list(actor, entry.id, size=100).rows) == entry.count, (name, entry.id)


def test_statements_do_not_grow_with_the_rows(commune: World, statements) -> None:
    for n in range(6):
        request_type.advanced(commune, request_type.filed(commune, key=f"k{n}"), "assign")
    actor = commune.bao
    cases.work_list(actor, "mine")
    with statements(5):
        assert len(cases.work_list(actor, "mine").rows) == 6
    with statements(1):
        cases.work_lists(actor)


def test_a_full_list_counts_to_a_hundred(commune: World, monkeypatch) -> None:
    from tinhso.kernel.cases.queries import lists

    monkeypatch.setattr(lists, "COUNTED", 2)
    lists._counting.cache_clear()
    for n in range(3):
        request_type.filed(commune, key=f"k{n}")
    assert counts(commune.tam)["to_receive"] == 2
    lists._counting.cache_clear()
