"""Histories written in bulk: the same entries and rows as the same acts one by one, and nothing that the rules refuse."""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import pytest

from tests import request_type, world
from tests.world import World
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.api import Act, History, Paid
from tinhso.kernel.cases.engine.state import CaseState
from tinhso.kernel.cases.models import Case, Note, Participation, Supplement, Task
from tinhso.kernel.cases.operations.projecting import PROJECTED
from tinhso.kernel.cases.types import Channel, MoveRefused
from tinhso.kernel.identity import api as identity
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import RequestRepeated
from tinhso.kernel.messages.models import Notice
from tinhso.kernel.payments import api as payments
from tinhso.kernel.payments.types import ChargeState, Method
from tinhso.lib import clock
from tinhso.lib.problems import Invalid, NotAllowed

SYSTEM = identity.system("import")
END = "2026-12-20 12:00"
FILES = {"cases.document_issued", "cases.result_recorded"}
"""Entries that only a file gives rise to."""


def at(text: str) -> datetime:
    return world.local(f"2026-{text}")


def history(commune: World, *acts: Act | Paid, key: str = "h") -> History:
    return History(
        request_type.CODE,
        request_type.data(),
        ("plan",),
        Channel.ONLINE,
        commune.party,
        commune.tham,
        at("11-02 09:00"),
        key,
        acts,
    )


def whole(commune: World) -> History:
    """Asked for an opinion and for more, extended, late, paid at the counter and collected."""
    tam, duc, bao = commune.tam, commune.duc, commune.bao
    ask = {"items": ["plan"], "note": "Thiếu móng"}
    opinion = {"unit": commune.units["land-office"].key, "question": "Có tranh chấp không?"}
    return history(
        commune,
        Act(at("11-02 10:00"), tam, "receive"),
        Act(at("11-02 11:00"), duc, "assign", {"assignee": bao.id, "note": "Làm sớm"}),
        Act(at("11-03 09:00"), bao, "consult", opinion),
        Act(at("11-16 09:00"), commune.actor("mai"), "answer_opinion", {"outcome": "agree", "answer": "Không"}, task="t1"),
        Act(at("11-16 10:00"), bao, "request_supplement", ask),
        Act(at("11-19 10:00"), commune.tham, "answer_supplement", {"note": "Đã sửa"}, papers=("plan",)),
        Act(at("11-20 10:00"), duc, "extend", {"days": 5, "reason": "Chờ"}),
        Act(at("12-08 10:00"), bao, "draft_result", result="draft"),
        Act(at("12-08 11:00"), duc, "approve"),
        Act(at("12-09 10:00"), commune.hoa, "sign", result="signed"),
        Act(at("12-09 11:00"), commune.lan, "number", result="numbered"),
        Paid(at("12-10 09:00"), tam, Method.CASH),
        Act(at("12-11 09:00"), commune.tham, "collect"),
    )


def refused(commune: World) -> History:
    return history(commune, Act(at("11-02 10:00"), commune.tam, "refuse", {"reason": "Không đúng nơi"}))


def withdrawn(commune: World) -> History:
    """Corrected before receipt, then taken back: nothing is owed any more."""
    return history(
        commune,
        Act(at("11-02 10:00"), commune.tam, "ask_correction", {"items": ["plan"], "note": "Mờ"}),
        Act(at("11-04 10:00"), commune.tham, "answer_correction", papers=("plan",)),
        Act(at("11-04 11:00"), commune.tam, "receive"),
        Act(at("11-05 11:00"), commune.tham, "withdraw", {"reason": "Đổi ý"}),
    )


def forgotten(commune: World) -> History:
    """Never assigned: time alone makes it late."""
    return history(commune, Act(at("11-02 10:00"), commune.tam, "receive"))


def one_by_one(commune: World, told: History) -> str:
    """The same history by single operations, each at its own instant, with the worker at every alarm; the case's id."""
    with clock.at(told.at):
        papers = {code: [world.stored(told.actor).id] for code in told.papers}
        ref = cases.file_case(
            told.actor, told.type_code, told.data, papers, told.channel, told.party, "one:" + told.request_key
        )
    for act in told.acts:
        _alarms(ref.id, act.at)
        with clock.at(act.at):
            if isinstance(act, Paid):
                for charge in payments.charges(f"case:{ref.id}"):
                    payments.settle_at_counter(act.actor, charge.id, act.method)
                while ledger.seal():
                    pass
                ledger.run_followers(once=False)
                continue
            for code in act.papers:
                cases.attach(act.actor, ref.id, code, world.stored(act.actor).id)
            cases.perform(act.actor, ref.id, act.move, act.input, task=act.task)
    _alarms(ref.id, world.local(END))
    return ref.id


def _alarms(case: str, until: datetime) -> None:
    while (due := Case.objects.values_list("alarm_at", flat=True).get(pk=case)) is not None and due <= until:
        with clock.at(due):
            assert cases.tick()


def in_bulk(*told: History) -> tuple[str, ...]:
    with clock.at(world.local(END)):
        return cases.write_histories(SYSTEM, told).cases


def entries(case: str) -> list[Any]:
    """What the ledger says of a case and its money, apart from ids and from what files gave rise to."""
    found = ledger.history(f"case:{case}")
    charges = payments.charges(f"case:{case}")
    for charge in charges:
        found += ledger.history(f"charge:{charge.id}")
    ids = {case: "case"} | {charge.id: "charge" for charge in charges}
    return [
        (entry.kind, entry.actor, entry.unit, entry.occurred_at, _without(ids, dict(entry.data)))
        for entry in found
        if entry.kind not in FILES
    ]


def _without(ids: dict[str, str], data: dict[str, Any]) -> dict[str, Any]:
    plain = {key: ids.get(value, value) if isinstance(value, str) else value for key, value in data.items()}
    plain["payable"] = str(plain.get("payable", "")).partition(":")[0]
    return {key: value for key, value in plain.items() if key not in ("sha256", "receipt_number")}


def rows(case: str) -> list[Any]:
    """The rows of a case, apart from ids."""
    row = Case.objects.get(pk=case)
    columns = {name: getattr(row, name) for name in PROJECTED if name not in ("version", "state")}
    state = asdict(replace(CaseState.from_json(row.state), case=""))
    return [
        columns,
        state,
        (row.channel, row.party_id, row.applicant, row.filed_by, row.filed_at, row.type_version),
        sorted(Participation.objects.filter(case=case).values_list("unit", "asked", "since")),
        list(Task.objects.filter(case=case).values_list("key", "unit", "question", "answer", "outcome", "closed_at", "due_at")),
        list(Supplement.objects.filter(case=case).values_list("number", "items", "note", "answer", "answered_at", "due")),
        sorted(Note.objects.filter(case=case).values_list("at", "field", "text", "by")),
        [(charge.amount, charge.state, charge.payer, charge.unit) for charge in payments.charges(f"case:{case}")],
    ]


@pytest.mark.parametrize("story", [whole, refused, withdrawn, forgotten])
def test_bulk_writes_what_single_operations_write(commune: World, story: Any) -> None:
    told = story(commune)
    single = one_by_one(commune, told)
    (bulk,) = in_bulk(told)
    assert entries(bulk) == entries(single)
    for written, wanted in zip(rows(bulk), rows(single), strict=True):
        assert written == wanted
    versions = [entry.version for entry in ledger.history(f"case:{bulk}")]
    assert versions == list(range(1, Case.objects.get(pk=bulk).version + 1))
    while ledger.seal():
        pass
    assert ledger.verify().ok


def test_what_the_engine_refuses_is_refused_and_nothing_is_left(commune: World) -> None:
    good, before = forgotten(commune), Case.objects.count()
    wrong_person = replace(
        good, request_key="b", acts=(*good.acts, Act(at("11-03 10:00"), commune.bao, "assign", {"assignee": commune.bao.id}))
    )
    with pytest.raises(MoveRefused) as fault:
        in_bulk(good, wrong_person)
    assert fault.value.__notes__ == ["act 2", "history 2"]
    unfit = replace(good, acts=(Act(at("11-02 10:00"), commune.tam, "refuse"),))
    unnamed = replace(good, acts=(*good.acts, Act(at("11-03 10:00"), commune.duc, "assign", {"assignee": commune.lan.id})))
    back_in_time = replace(good, acts=(Act(at("11-02 08:00"), commune.tam, "receive"),))
    for bad in (unfit, unnamed, back_in_time, replace(good, papers=()), replace(good, data={})):
        with pytest.raises(Invalid):
            in_bulk(bad)
    assert Case.objects.count() == before
    with pytest.raises(NotAllowed), clock.at(world.local(END)):
        cases.write_histories(commune.tam, [good])


def test_an_optional_act_that_is_refused_is_left_out(commune: World) -> None:
    good = forgotten(commune)
    late = Act(at("12-15 10:00"), commune.duc, "extend", {"days": 5, "reason": "Chờ"}, optional=True)
    with clock.at(world.local(END)):
        written = cases.write_histories(SYSTEM, [replace(good, acts=(*good.acts, late))])
    assert written.left_out == 1
    assert written.entries == sum(len(ledger.history(stream)) for stream in _streams(written.cases[0]))


def _streams(case: str) -> list[str]:
    return [f"case:{case}", *(f"charge:{charge.id}" for charge in payments.charges(f"case:{case}"))]


def test_a_history_is_written_once(commune: World) -> None:
    good = forgotten(commune)
    in_bulk(good)
    with pytest.raises(RequestRepeated):
        in_bulk(good)


def test_many_take_hardly_more_statements_than_few(commune: World, statements: Any) -> None:
    def many(number: int, name: str) -> list[History]:
        return [replace(whole(commune), request_key=f"{name}{index}") for index in range(number)]

    few, more = many(2, "few"), many(40, "more")
    in_bulk(replace(few[0], request_key="warm"))
    with clock.at(world.local(END)), statements(40):
        cases.write_histories(SYSTEM, few)
    with clock.at(world.local(END)), statements(40):
        cases.write_histories(SYSTEM, more)
    assert {charge.state for case in Case.objects.all() for charge in payments.charges(f"case:{case.id}")} == {ChargeState.PAID}
    assert len(set(Case.objects.values_list("code", flat=True))) == Case.objects.count() == 43
    assert not Notice.objects.exists()
