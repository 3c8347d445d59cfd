"""A dossier from hand-in to a signed permit that anybody can check."""

import pytest
from django.test import Client

from tests import world
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import MoveRefused, Phase
from tinhso.kernel.files import api as files
from tinhso.kernel.files.types import Verdict
from tinhso.kernel.identity.types import Purpose
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.messages import api as messages
from tinhso.kernel.payments import api as payments
from tinhso.kernel.payments.types import Method
from tinhso.lib import clock
from tinhso.lib.problems import Invalid


def _work() -> None:
    while ledger.work_once():
        pass


def _assignee(commune: world.World) -> str:
    return commune.bao.id


def _view(commune, ref):
    return cases.case_view(commune.tham, ref.code, Purpose.OWN)


def _to_draft(commune, ref) -> None:
    cases.perform(commune.tam, ref.id, "receive", {})
    cases.perform(commune.duc, ref.id, "assign", {"assignee": _assignee(commune)})


def test_the_whole_way(commune, filed):
    ref = filed()
    _to_draft(commune, ref)
    asked = {"unit": commune.units["land-office"].key, "question": "Thửa đất có tranh chấp không?"}
    cases.perform(commune.bao, ref.id, "consult", asked)
    task = cases.opinions_of(ref.id)[0].id
    cases.perform(
        commune.actor("mai"), ref.id, "answer_opinion", {"outcome": "agree", "answer": "Không tranh chấp."}, task=task
    )
    wanted = {"items": ["drawing_plan"], "note": "Ghi khoảng cách đến ranh đất phía đông."}
    cases.perform(commune.bao, ref.id, "request_supplement", wanted)
    cases.attach(commune.tham, ref.id, "drawing_plan", world.stored(commune.tham, f"case:{ref.id}").id)
    cases.perform(commune.tham, ref.id, "answer_supplement", {})
    cases.perform(commune.bao, ref.id, "draft_result", {"appraisal": "Đủ điều kiện."})
    cases.perform(commune.duc, ref.id, "approve", {})
    cases.perform(commune.hoa, ref.id, "sign", {})
    cases.perform(commune.lan, ref.id, "number", {})
    assert _view(commune, ref).status == 6, "the fee is not paid yet"
    assert not _view(commune, ref).results, "nobody gets what he has not paid"
    charge = payments.charges(f"case:{ref.id}")[0]
    payments.settle_at_counter(commune.tam, charge.id, Method.CASH)
    _work()
    view = _view(commune, ref)
    assert (view.status, view.phase) == (9, Phase.DONE)
    result = view.results[0]
    report = files.verify_pdf(files.open_bytes(commune.tham, result.file.id))
    assert (report.verdict, [s.field for s in report.signatures]) == (Verdict.VALID, ["leader", "agency"])
    assert result.number == "01/GPXD"
    assert files.by_verify_code(result.verify_code).facts["number"] == "01/GPXD"
    cases.perform(commune.tham, ref.id, "collect", {})
    assert _view(commune, ref).status == 10
    assert [d.kind for d in _view(commune, ref).documents] == ["receipt", "supplement"]


def test_people_are_told(commune, filed):
    ref = filed()
    _to_draft(commune, ref)
    _work()
    assert [n.kind for n in messages.notices(commune.tham).rows] == ["case.received", "case.filed"]
    assert "case.assigned" in [n.kind for n in messages.notices(commune.bao).rows]


def test_the_receipt_says_when_and_why_and_is_sealed(commune, filed, tmp_path):
    ref = filed()
    cases.perform(commune.tam, ref.id, "receive", {})
    slip = _view(commune, ref).documents[0]
    data = files.open_bytes(commune.tham, slip.file.id)
    assert files.verify_pdf(data).verdict is Verdict.VALID
    assert clock.today().strftime("%d/%m/%Y") in _text(data, tmp_path)
    assert "23/11/2026" in _text(data, tmp_path), "fifteen working days from 2 November"


def _text(pdf: bytes, folder) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


@pytest.mark.parametrize(
    ("move", "who", "given", "document"),
    [
        ("refuse", "tam", {"reason": "Đất quy hoạch giao thông đã công bố."}, "refusal"),
        ("ask_correction", "tam", {"items": ["land_right"], "note": "Ảnh mờ."}, "supplement"),
    ],
)
def test_before_receipt(commune, filed, move, who, given, document):
    ref = filed()
    cases.perform(commune.actor(who), ref.id, move, given)
    assert [d.kind for d in _view(commune, ref).documents] == [document]


@pytest.mark.parametrize(
    ("move", "given", "document"),
    [
        ("extend", {"days": 5, "reason": "Cần đo lại ranh giới thửa đất."}, "apology"),
        ("stop", {"reason": "Chủ đầu tư đề nghị dừng giải quyết."}, "stop"),
    ],
)
def test_while_it_is_handled(commune, filed, move, given, document):
    ref = filed()
    _to_draft(commune, ref)
    cases.perform(commune.duc, ref.id, move, given)
    assert [d.kind for d in _view(commune, ref).documents] == ["receipt", document]


def test_without_a_certificate_nobody_signs_and_the_case_stays(commune, filed):
    ref = filed()
    _to_draft(commune, ref)
    cases.perform(commune.bao, ref.id, "draft_result", {"appraisal": "Đủ điều kiện."})
    cases.perform(commune.duc, ref.id, "approve", {})
    for certificate in files.certificates_of(f"official:{commune.hoa.official}"):
        files.revoke_certificate(world.SYSTEM, certificate.id)
    with pytest.raises(Exception) as refused:
        cases.perform(commune.hoa, ref.id, "sign", {})
    assert refused.value.code.startswith("files.")
    assert cases.case_row(commune.hoa, ref.code).step == "signing"


def test_only_who_holds_it_moves_it(commune, filed):
    ref = filed()
    with pytest.raises(MoveRefused):
        cases.perform(commune.tham, ref.id, "receive", {})


def test_nobody_hangs_a_file_of_somebody_elses_on_a_case(commune, filed):
    ref = filed()
    _to_draft(commune, ref)
    asked = {"unit": commune.units["land-office"].key, "question": "Thửa đất có tranh chấp không?"}
    cases.perform(commune.bao, ref.id, "consult", asked)
    task = cases.case_view(commune.bao, ref.code, Purpose.HANDLING).tasks[0].id
    answer = {"outcome": "agree", "answer": "Không tranh chấp."}
    mai = commune.actor("mai")
    foreign = world.stored(commune.actor("dung")).id
    for given in (foreign, "no-id-at-all"):
        with pytest.raises(Invalid):
            cases.perform(mai, ref.id, "answer_opinion", answer | {"file": given}, task=task)
    cases.perform(mai, ref.id, "answer_opinion", answer | {"file": world.stored(mai).id}, task=task)


def test_beginning_twice_keeps_one_form(commune):
    client = Client()
    client.force_login(commune.accounts["tham"])
    first, again = (client.get("/thu-tuc/construction-permit-house/nop/")["Location"] for _ in range(2))
    assert first == again
