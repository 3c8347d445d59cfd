"""Three procedures unlike a permit, from their packs alone: certified at the counter, paid every month, three agencies."""

from datetime import timedelta

import pytest

from tests import dossiers, world
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import Channel, Holds, MoveRefused, PartState, Phase
from tinhso.kernel.files import api as files
from tinhso.kernel.identity.types import Purpose
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.payments import api as payments
from tinhso.kernel.payments.types import Method
from tinhso.lib import clock

MONDAY = world.local("2026-11-02 09:00")
COPY = {
    "commune": world.KHANH_HAU,
    "paper_kind": "diploma",
    "paper_name": "Bằng tốt nghiệp đại học",
    "paper_issuer": "Trường Đại học Cần Thơ",
    "pages": 4,
    "copies": 3,
}
ALLOWANCE = {
    "full_name": "Nguyễn Thị Hồng Thắm",
    "birth_date": "1990-05-01",
    "commune": world.KHANH_HAU,
    "address": "Khu phố 3",
    "lives_here": True,
    "ground": "disability",
    "disability_level": "unknown",
    "in_care": False,
    "pay_by": "home",
    "commit_truth": True,
}
BIRTH = {
    "declarant_name": "Nguyễn Thị Hồng Thắm",
    "declarant_phone": "0901234567",
    "relation": "mother",
    "child_name": "Trần Bảo An",
    "born_on": "2026-10-20",
    "sex": "female",
    "birth_place": "Bệnh viện Đa khoa Long An",
    "born_at_home": False,
    "mother_name": "Nguyễn Thị Hồng Thắm",
    "mother_identifier": "080190001234",
    "father_known": False,
    "commune": world.KHANH_HAU,
    "home_address": "Khu phố 3",
    "with_whom": "mother",
    "clinic": "Trạm Y tế phường Khánh Hậu",
}


@pytest.fixture
def commune(db, settings, tmp_path):
    settings.HOME = tmp_path
    with clock.at(MONDAY):
        yield dossiers.open_wide()


def work():
    while ledger.work_once():
        pass


def act(commune, who, ref, move, task=None, **given):
    return cases.perform(commune.actor(who), ref.id, move, given, task=task)


def view(commune, who, ref, purpose=Purpose.HANDLING):
    return cases.case_view(commune.actor(who), ref.id, purpose)


# --- the certified copy ------------------------------------------------------------------------------------------------


def hand_in_copy(commune, **changes):
    scan = {"original": [world.stored(commune.tam).id]}
    return cases.file_case(commune.tam, "certified-copy", COPY | changes, scan, Channel.COUNTER, commune.party, f"c{changes}")


def test_a_copy_is_certified_in_two_moves_and_lands_in_the_store(commune):
    ref = act(commune, "tam", hand_in_copy(commune), "receive")
    (charge,) = payments.charges(f"case:{ref.id}")
    assert charge.amount == 3 * (2 * 2000 + 2 * 1000)
    with pytest.raises(MoveRefused):
        act(commune, "nga", ref, "certify")
    payments.settle_at_counter(commune.tam, charge.id, Method.CASH)
    work()
    with clock.at(MONDAY + timedelta(minutes=20)):
        act(commune, "nga", ref, "certify")
    shown = view(commune, "tam", ref)
    assert (shown.phase, shown.status, shown.clock.verdict) == (Phase.ENDED, 10, "on_time")
    (own,) = cases.my_results(commune.tham)
    assert own.result.number == "01/SCT/BS"
    document = files.by_verify_code(own.result.verify_code)
    assert document is not None
    assert files.verify_pdf(files.open_bytes(commune.tham, own.result.file.id)).signatures
    assert own.result.file.pages == 2, "the attestation and the page that was scanned"
    assert not cases.my_results(commune.actor("dung"))


@pytest.mark.parametrize(
    ("pages", "copies", "fee"), [(1, 1, 2000), (2, 1, 4000), (3, 1, 5000), (198, 1, 200_000), (300, 2, 400_000)]
)
def test_the_fee_goes_by_page_with_its_ceiling(commune, pages, copies, fee):
    (line,) = cases.fee_preview("certified-copy", COPY | {"pages": pages, "copies": copies})
    assert line.amount == fee


def test_after_three_it_is_due_the_next_day(commune):
    assert cases.due_preview("certified-copy", MONDAY).due == world.local("2026-11-02 17:00")
    assert cases.due_preview("certified-copy", world.local("2026-11-02 15:01")).due == world.local("2026-11-03 17:00")


# --- the allowance -----------------------------------------------------------------------------------------------------


def hand_in_allowance(commune, **changes):
    return cases.file_case(
        commune.tham, "social-allowance", ALLOWANCE | changes, {}, Channel.ONLINE, commune.party, f"a{changes}"
    )


def handled(commune, **changes):
    ref = act(commune, "tam", hand_in_allowance(commune, **changes), "receive")
    return act(commune, "phuc", ref, "assign", assignee=commune.actor("yen").id)


def test_what_is_not_known_is_found_out_and_decides(commune):
    ref = handled(commune)
    before = view(commune, "yen", ref).assessment
    assert before.holds is Holds.UNKNOWN
    with pytest.raises(MoveRefused):
        act(commune, "yen", ref, "draft_result", appraisal="Đủ.")
    with pytest.raises(MoveRefused):
        act(commune, "yen", ref, "deny", reason="Chưa rõ mức độ khuyết tật.")
    yen = commune.actor("yen")
    photos = [world.stored(yen, f"case:{ref.id}", f"anh{n}.pdf").id for n in range(2)]
    minutes = world.stored(yen, f"case:{ref.id}", "bien-ban.pdf").id
    visit = {"visited_on": "2026-11-03", "present": "Thắm, Yến", "findings": "Liệt hai chân.", "minutes": minutes}
    act(commune, "yen", ref, "record_visit", **visit, photos=photos, disability_level="severe")
    seen = view(commune, "yen", ref)
    assert seen.assessment.holds is Holds.YES
    assert seen.assessment.monthly == 750_000
    assert seen.found == {"disability_level": "severe"}
    assert len([d for d in seen.documents if d.kind == "record_visit"]) == 3
    assert "Liệt" not in str([e.data for e in ledger.history(f"case:{ref.id}")])


def test_a_refusal_tells_each_condition(commune):
    ref = handled(commune, disability_level="light", in_care=True)
    act(commune, "yen", ref, "deny", reason="Không đủ điều kiện hưởng.")
    own = view(commune, "tham", ref, Purpose.OWN)
    assert own.phase is Phase.ENDED
    unmet = [c.rule.code for c in own.assessment.conditions if c.holds is Holds.NO]
    assert unmet == ["not_in_care", "disability"]
    assert [d.kind for d in own.documents if d.kind == "stop"]


def test_after_the_decision_it_is_paid_every_month_until_it_ends(commune):
    ref = handled(commune, disability_level="severe")
    act(commune, "yen", ref, "draft_result", appraisal="Đủ điều kiện.")
    for who, move in (("phuc", "approve"), ("hoa", "sign"), ("lan", "number")):
        act(commune, who, ref, move)
    assert view(commune, "yen", ref).clock.verdict == "early"
    (decision,) = cases.my_results(commune.tham)
    assert decision.result.number == "01/QĐ-UBND"
    with clock.at(world.local("2026-12-02 08:00")):
        cases.tick()
        lists = {one.id: one.count for one in cases.work_lists(commune.actor("yen"))}
        assert (lists["asked"], lists["standing"]) == (1, 1)
        (task,) = view(commune, "yen", ref).tasks
        act(commune, "yen", ref, "record_payment", task=task.id, outcome="paid")
        paid = ledger.history(f"case:{ref.id}")[-1]
        assert (paid.data["period"], paid.data["amount"]) == ("2026-12", 750_000)
        act(commune, "yen", ref, "end_moved", reason="Chuyển đến phường Tân An.")
    assert view(commune, "yen", ref).phase is Phase.ENDED
    with clock.at(world.local("2027-03-02 08:00")):
        cases.tick()
        assert len(view(commune, "yen", ref).tasks) == 1


# --- three agencies ----------------------------------------------------------------------------------------------------


def hand_in_birth(commune):
    papers = {"birth_notice": [world.stored(commune.tham).id]}
    return cases.file_case(commune.tham, "birth-linked", BIRTH, papers, Channel.ONLINE, commune.party, "b")


def side(shown, kind):
    return next(part for part in shown.parts if part.kind == kind)


def test_one_form_three_agencies_one_answer(commune):
    ref = act(commune, "tam", hand_in_birth(commune), "receive")
    own = view(commune, "tham", ref, Purpose.OWN)
    assert [part.state for part in own.parts] == [PartState.RUNNING, PartState.WAITING, PartState.WAITING]
    assert all(part.due for part in own.parts), "each line has its date"
    act(commune, "ha", ref, "finish_birth", task=side(own, "birth").task, outcome="done")
    police = view(commune, "son", ref)
    residence = side(police, "residence").task
    asked = {"items": ["consent"], "note": "Bổ sung ý kiến của chủ hộ."}
    act(commune, "son", ref, "return_residence", task=residence, **asked)
    insurance = side(view(commune, "thu", ref), "insurance").task
    act(commune, "thu", ref, "finish_insurance", task=insurance, outcome="done")
    own = view(commune, "tham", ref, Purpose.OWN)
    assert [part.state for part in own.parts] == [PartState.DONE, PartState.RETURNED, PartState.DONE]
    assert [s.task for s in own.supplements] == [residence]
    with clock.at(MONDAY + timedelta(days=2)):
        cases.attach(commune.tham, ref.id, "consent", world.stored(commune.tham, f"case:{ref.id}").id)
        act(commune, "tham", ref, "answer_residence", task=residence)
        act(commune, "son", ref, "finish_residence", task=residence, outcome="done")
    own = view(commune, "tham", ref, Purpose.OWN)
    assert (own.phase, own.status) == (Phase.ENDED, 10)
    numbers = {one.result.code: one.result.number for one in cases.my_results(commune.tham)}
    assert numbers == {"birth-certificate": "01/KS", "residence-notice": "01/TB-CT07", "insurance-card": "01/BHYT"}
    assert {part.result.code for part in own.parts} == set(numbers)


def test_a_part_that_fails_gives_no_paper(commune):
    ref = act(commune, "tam", hand_in_birth(commune), "receive")
    birth = side(view(commune, "ha", ref), "birth").task
    act(commune, "ha", ref, "finish_birth", task=birth, outcome="refused", note="Giấy chứng sinh không hợp lệ.")
    assert view(commune, "tham", ref, Purpose.OWN).step.id == "not_registered"
    assert not cases.my_results(commune.tham)


def test_agencies_see_the_case_and_strangers_do_not(commune):
    ref = act(commune, "tam", hand_in_birth(commune), "receive")
    birth = side(view(commune, "ha", ref), "birth").task
    assert not cases.work_list(commune.actor("son"), "asked").rows
    act(commune, "ha", ref, "finish_birth", task=birth, outcome="done")
    assert [row.ref.id for row in cases.work_list(commune.actor("son"), "asked").rows] == [ref.id]
    assert not cases.work_list(commune.actor("mai"), "asked").rows
