"""From a photo to a public answer: routed, assigned, worked on, answered, looked at again, closed."""

from collections.abc import Iterator

import pytest

from tests import reports, world
from tests.world import World, local
from tinhso.apps.feedback import queries
from tinhso.apps.feedback.models import Report
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import MoveRefused, NoSuchCase
from tinhso.kernel.identity.types import Purpose
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.messages import api as messages
from tinhso.lib import clock
from tinhso.lib.problems import Invalid


@pytest.fixture
def commune(db: None, settings, tmp_path) -> Iterator[World]:
    settings.HOME = tmp_path
    with clock.at(local("2026-11-02 08:45")):
        yield reports.open_commune()


def test_the_whole_way_of_an_anonymous_report(commune: World) -> None:
    ref = reports.sent(reports.bearer())
    assert ref.code == "PA-261102-0001"
    view = cases.case_view(reports.bearer(), ref.code, Purpose.OWN)
    assert (view.step.id, view.applicant.name, len(view.papers[0].files)) == ("filed", "", 1)
    ref = reports.bring_to(commune, ref, "submit")
    photo = view.papers[0].files[0].id
    reports.publish(commune, ref, photos=[photo])
    shown = queries.public_report(ref.code)
    assert shown is not None
    assert (shown.text, shown.photos, shown.reporters) == ("Ổ gà sâu trên đường.", (photo,), 1)
    assert shown.point == (10.533, 106.402)
    view = cases.case_view(reports.bearer(), ref.code, Purpose.OWN)
    assert (view.step.id, view.clock.verdict) == ("answered", "early")
    kinds = [entry.kind for entry in ledger.history(f"case:{ref.id}")]
    assert kinds[0] == "cases.filed" and "feedback.answered" in kinds
    assert "0901234567" not in str([entry.data for entry in ledger.history(f"case:{ref.id}")])


def test_nothing_is_public_before_an_official_says_so(commune: World) -> None:
    ref = reports.bring_to(commune, reports.sent(commune.tham), "submit")
    assert queries.published() == ([], None)
    assert queries.public_report(ref.code) is None
    cases.perform(commune.duc, ref.id, "answer_only", {"answer": "Việc đã xử lý xong."})
    assert queries.published() == ([], None)
    row = Report.objects.get(code=ref.code)
    assert (row.answer, row.published_at) == ("Việc đã xử lý xong.", None)


def test_only_photos_of_the_report_can_be_made_public(commune: World) -> None:
    other = reports.sent(commune.tham, "other")
    stranger = cases.case_view(commune.tham, other.code).papers[0].files[0].id
    ref = reports.bring_to(commune, reports.sent(commune.tham), "submit")
    with pytest.raises(Invalid):
        reports.publish(commune, ref, photos=[stranger])


def test_the_category_leads_to_the_office_and_can_be_put_right(commune: World) -> None:
    ref = reports.sent(commune.tham, category="noise")
    view = cases.case_view(commune.tam, ref.code)
    assert view.data["category"] == "noise"
    ref = cases.perform(commune.tam, ref.id, "accept", {"category": "rubbish", "commune": world.KHANH_HAU})
    view = cases.case_view(commune.duc, ref.code)
    assert (view.holder_unit, view.clock.due) == (commune.units["commune-economic"].key, local("2026-11-04 17:00"))
    assert Report.objects.get(code=ref.code).category == "rubbish"
    ref = cases.perform(
        commune.duc, ref.id, "reroute", {"category": "noise", "commune": world.KHANH_HAU, "reason": "Loa kẹo kéo"}
    )
    view = cases.case_view(commune.tam, ref.code)
    assert (view.holder_unit, view.clock.due) == (commune.units["commune-social"].key, local("2026-11-09 17:00"))


def test_it_is_looked_at_again_once_and_not_public_meanwhile(commune: World) -> None:
    ref = reports.publish(commune, reports.bring_to(commune, reports.sent(reports.bearer()), "submit"))
    with clock.at(local("2026-11-05 09:00")):
        cases.perform(reports.bearer(), ref.id, "reopen", {"reason": "Mưa xong lại hỏng"})
        assert queries.public_report(ref.code) is None
        view = cases.case_view(commune.duc, ref.code)
        assert (view.step.id, view.clock.due) == ("assigning", local("2026-11-12 17:00"))
        for who, move, given in reports.WAY[1:]:
            cases.perform(commune.actor(who), ref.id, move, given | ({"assignee": commune.bao.id} if move == "assign" else {}))
        reports.publish(commune, ref)
        with pytest.raises(MoveRefused):
            cases.perform(reports.bearer(), ref.id, "reopen", {"reason": "Vẫn hỏng lần nữa"})
    assert queries.public_report(ref.code) is not None


def test_too_late_to_look_again_and_closed_by_time(commune: World) -> None:
    ref = reports.publish(commune, reports.bring_to(commune, reports.sent(reports.bearer()), "submit"))
    with clock.at(local("2026-11-13 09:00")):
        cases.tick()
        view = cases.case_view(reports.bearer(), ref.code)
        assert (view.step.id, view.moves) == ("closed", ())


def test_a_refusal_gives_its_reason_to_the_reporter(commune: World) -> None:
    ref = reports.sent(commune.tham)
    cases.perform(commune.tam, ref.id, "reject", {"reason": "Việc riêng của hai nhà, không ở nơi công cộng."})
    view = cases.case_view(commune.tham, ref.code)
    notes = [item.params.get("notes") for item in view.history if item.kind == "cases.moved"]
    assert notes and notes[0][0][1].startswith("Việc riêng")


def test_officials_elsewhere_and_other_citizens_see_nothing(commune: World) -> None:
    ref = reports.sent(commune.tham)
    for stranger in (commune.actor("tam_tan_an"), commune.actor("dung"), reports.bearer()):
        with pytest.raises(NoSuchCase):
            cases.case_view(stranger, ref.code)


def test_it_lies_in_the_same_lists_as_every_case(commune: World) -> None:
    ref = reports.sent(reports.bearer())
    counts = {item.id: item.count for item in cases.work_lists(commune.tam)}
    assert (counts["to_receive"], counts["new"]) == (1, 1)
    row = cases.work_list(commune.tam, "to_receive").rows[0]
    assert (row.ref.code, row.applicant, row.family) == (ref.code, "", "feedback.report")
    reports.bring_to(commune, ref, "accept")
    assert cases.work_list(commune.duc, "to_assign").rows[0].ref.code == ref.code


def test_a_reporter_with_an_account_is_told(commune: World) -> None:
    reports.publish(commune, reports.bring_to(commune, reports.sent(commune.tham), "submit"))
    while ledger.seal():
        pass
    ledger.run_followers()
    told = [notice.kind for notice in messages.notices(commune.tham).rows]
    assert {"feedback.accepted", "feedback.answered"} <= set(told)


def test_sent_twice_is_sent_once(commune: World) -> None:
    assert reports.sent(reports.bearer()).id == reports.sent(reports.bearer()).id
    assert Report.objects.count() == 1
