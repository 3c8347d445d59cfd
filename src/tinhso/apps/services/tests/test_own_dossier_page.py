"""The applicant's page of a dossier: where it stands, what is asked, what to pay, what to take away; nobody else's business."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext

from tests import dossiers
from tinhso.kernel.cases import api as cases
from tinhso.kernel.files import api as files
from tinhso.kernel.files.types import Verdict
from tinhso.kernel.identity.types import Purpose
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.payments import api as payments
from tinhso.kernel.payments.types import Method


@pytest.fixture
def tham(commune) -> Client:
    return commune.client("tham")


def _own(code: str) -> str:
    return reverse("services:own", args=[code])


def _work() -> None:
    while ledger.work_once():
        pass


def _ready(commune):
    """A dossier whose fee is paid and whose permit lies ready."""
    ref = dossiers.bring_to(commune, "payment")
    [charge] = payments.charges(f"case:{ref.id}")
    payments.settle_at_counter(commune.tam, charge.id, Method.CASH)
    _work()
    return cases.case_row(commune.tham, ref.code).ref


def test_it_shows_the_code_the_papers_and_where_it_stands(filed, tham):
    ref = filed()
    text = tham.get(_own(ref.code)).content.decode()
    assert ref.code in text and "Nguyễn Thị Hồng Thắm" in text
    assert gettext("Withdraw the dossier") in text
    assert text.count(f"/ho-so/{ref.code}/tep/") >= 4, "each paper handed in can be had back"


def test_it_says_when_it_is_due_once_it_is_received(commune, tham):
    ref = dossiers.bring_to(commune, "assigning")
    shown = tham.get(_own(ref.code))
    assert "23/11/2026" in shown.content.decode()
    assert [document.kind for document in shown.context["case"].documents] == ["receipt"]


def test_it_speaks_english(commune, filed):
    ref = filed()
    text = commune.client("tham", "en").get(_own(ref.code)).content.decode()
    assert cases.case_type(dossiers.TYPE).title.en in text and "What has happened" in text


def test_it_is_nobody_elses(commune, filed):
    ref = filed()
    given = next(p for p in cases.case_view(commune.tham, ref.code, Purpose.OWN).papers if p.files).files[0]
    stranger = commune.client("dung")
    for name in ("own", "done", "answer", "withdraw"):
        assert stranger.get(reverse(f"services:{name}", args=[ref.code])).status_code == 404
    assert stranger.get(reverse("services:own_file", args=[ref.code, given.id])).status_code == 404
    assert stranger.post(reverse("services:withdraw", args=[ref.code])).status_code == 404
    assert stranger.post(reverse("services:collect", args=[ref.code])).status_code == 404
    assert commune.client("tam").get(_own(ref.code)).status_code == 403, "officials have the desk"
    assert cases.case_row(commune.tham, ref.code).ref.version == ref.version


def test_a_paper_comes_back_as_a_download_of_the_same_bytes(commune, filed, tham):
    ref = filed()
    given = next(p for p in cases.case_view(commune.tham, ref.code, Purpose.OWN).papers if p.files).files[0]
    sent = tham.get(reverse("services:own_file", args=[ref.code, given.id]))
    assert sent.content == files.open_bytes(commune.tham, given.id)
    assert sent["Content-Disposition"].startswith("attachment") and sent["X-Content-Type-Options"] == "nosniff"


def test_a_file_of_another_dossier_is_not_found_under_this_code(commune, filed, tham):
    first, second = filed(), filed(months=9)
    other = next(p for p in cases.case_view(commune.tham, second.code, Purpose.OWN).papers if p.files).files[0]
    assert tham.get(reverse("services:own_file", args=[first.code, other.id])).status_code == 404


def test_withdrawing_asks_first_and_keeps_the_reason(commune, filed, tham):
    ref = filed()
    address = reverse("services:withdraw", args=[ref.code])
    assert gettext("Withdraw the dossier?") in tham.get(address).content.decode()
    assert cases.case_row(commune.tham, ref.code).status == 1
    sent = tham.post(address, {"reason": "Tôi đổi thiết kế."}, follow=True)
    assert gettext("The dossier is withdrawn.") in sent.content.decode()
    assert cases.case_row(commune.tham, ref.code).status == 7
    again = tham.get(address, follow=True)
    assert gettext("This dossier can't be withdrawn any more.") in again.content.decode()


def test_the_fee_is_shown_with_its_code_and_is_gone_when_paid(commune, tham):
    ref = dossiers.bring_to(commune, "payment")
    due = tham.get(_own(ref.code))
    [(charge, pay)] = due.context["charges"]
    assert charge.amount == 75_000 and "75.000" in due.content.decode()
    assert pay["qr"] in due.content.decode()
    payments.settle_at_counter(commune.tam, charge.id, Method.CASH)
    [(charge, pay)] = tham.get(_own(ref.code)).context["charges"]
    assert pay is None and charge.receipt_number


def test_nothing_is_handed_over_before_it_is_ready(commune, tham):
    ref = dossiers.bring_to(commune, "payment")
    assert tham.get(_own(ref.code)).context["result"] is None
    assert tham.post(reverse("services:collect", args=[ref.code])).status_code == 404
    assert cases.case_row(commune.tham, ref.code).status == 6


def test_the_result_is_collected_once_and_stays_to_be_had(commune, tham):
    ref = _ready(commune)
    assert gettext("Your result") in tham.get(_own(ref.code)).content.decode()
    address = reverse("services:collect", args=[ref.code])
    sent = tham.post(address, follow=True)
    assert files.verify_pdf(sent.content).verdict is Verdict.VALID
    row = cases.case_row(commune.tham, ref.code)
    assert row.status == 10
    assert tham.post(address, follow=True).content == sent.content
    assert cases.case_row(commune.tham, ref.code).ref.version == row.ref.version, "the second time changes nothing"
    assert gettext("Your result") in tham.get(_own(ref.code)).content.decode()
