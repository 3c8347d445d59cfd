"""What concerns me: my dossiers and forms, what I was told, who looked, my data; and a document anybody may check."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests import dossiers, world
from tinhso.kernel.cases import api as cases
from tinhso.kernel.files import api as files
from tinhso.kernel.files.types import Verdict
from tinhso.kernel.identity.types import Purpose
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.messages import api as notices


@pytest.fixture
def commune(open_commune):
    return open_commune


def _work() -> None:
    while ledger.work_once():
        pass


def test_what_waits_for_me_comes_first(commune):
    first, second = (dossiers.bring_to(commune, "handling", months=months) for months in (8, 9))
    cases.perform(commune.bao, first.id, "request_supplement", {"items": ["drawing_plan"], "note": "Vẽ lại."})
    draft = cases.save_draft(commune.tham, dossiers.TYPE, {}, "plot")
    page = commune.client("tham").get(reverse("citizen:dossiers"))
    assert [mine.row.ref.code for mine in page.context["mine"]] == [first.code, second.code]
    assert reverse("services:draft", args=[draft.id]) in page.content.decode()


def test_the_first_page_knows_who_is_there(commune):
    ref = dossiers.hand_in(commune)
    assert ref.code in commune.client("tham").get("/").content.decode()
    assert ref.code not in commune.client("dung").get("/").content.decode()
    assert ref.code not in Client().get("/").content.decode()


def test_notices_are_told_once_and_can_be_put_away(commune):
    ref = dossiers.bring_to(commune, "assigning")
    _work()
    tham = commune.client("tham")
    page = tham.get(reverse("citizen:notices"))
    assert reverse("services:own", args=[ref.code]) in page.content.decode()
    assert len(page.context["lines"]) == 2 and notices.unread_count(commune.tham) == 2
    assert tham.post(reverse("citizen:read_notices"))["Location"] == reverse("citizen:notices")
    assert notices.unread_count(commune.tham) == 0
    assert commune.client("dung").get(reverse("citizen:notices")).context["lines"] == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_who_looked_is_told_by_office(commune, language):
    ref = dossiers.hand_in(commune)
    cases.case_view(commune.tam, ref.code, Purpose.HANDLING)
    lines = commune.client("tham", language).get(reverse("citizen:who_looked")).context["lines"]
    assert commune.units["commune-psc"].name in {unit for _look, unit, _post in lines}
    assert commune.client("dung").get(reverse("citizen:who_looked")).context["lines"] == []


def test_my_data_are_shown_masked(commune):
    text = commune.client("tham").get(reverse("citizen:account")).content.decode()
    assert "Nguyễn Thị Hồng Thắm" in text
    assert "080100000000" not in text and "+84912345678" not in text and "0912345678" not in text
    assert commune.client("tam").get(reverse("citizen:account")).status_code == 200


def test_pages_about_a_citizen_are_not_for_officials(commune):
    tam = commune.client("tam")
    assert [tam.get(reverse(f"citizen:{name}")).status_code for name in ("dossiers", "who_looked")] == [403, 403]


def test_a_code_tells_the_status_and_no_name(commune):
    ref = dossiers.bring_to(commune, "assigning")
    page = Client().get(reverse("citizen:look_up"), {"code": ref.code.lower()})
    text = page.content.decode()
    assert page.context["found"].code == ref.code and "Thắm" not in text and "Khu phố" not in text
    assert Client().get(reverse("citizen:search"), {"q": ref.code})["Location"].endswith(f"?code={ref.code}")
    unknown = Client().get(reverse("citizen:look_up"), {"code": "H53.24-261102-9999"})
    assert unknown.status_code == 404 and unknown.context["problem"]


def _signed(commune) -> tuple[str, bytes]:
    """A signed receipt's code and bytes."""
    ref = dossiers.bring_to(commune, "assigning")
    [slip] = cases.case_view(commune.tham, ref.code, Purpose.OWN).documents
    return ref.code, files.open_bytes(commune.tham, slip.file.id)


def test_a_document_dropped_is_checked_and_not_kept(commune):
    _code, pdf = _signed(commune)
    page = Client().post(reverse("citizen:verify"), {"document": SimpleUploadedFile("phieu.pdf", pdf)})
    assert page.status_code == 200
    assert page.context["check"].report.verdict is Verdict.VALID
    changed = Client().post(
        reverse("citizen:verify"), {"document": SimpleUploadedFile("phieu.pdf", pdf[:400] + b"#" + pdf[401:])}
    )
    assert changed.context["check"].report.verdict is not Verdict.VALID


@pytest.mark.parametrize("content", [b"", None])
def test_what_is_no_document_is_told_so(commune, content):
    given = {} if content is None else {"document": SimpleUploadedFile("la.pdf", content)}
    page = Client().post(reverse("citizen:verify"), given)
    assert 400 <= page.status_code < 500 and page.context["problem"]


@pytest.mark.parametrize("code", ["ABC/DEF", "KHONGCO"])
def test_a_code_nobody_gave_out_is_not_found(commune, code):
    page = Client().get(reverse("citizen:verify"), {"code": code}, follow=True)
    assert page.status_code == 404 and page.context["problem"]


def test_where_one_lives_is_kept_in_a_cookie_of_ones_own(commune):
    client = Client()
    sent = client.post(reverse("citizen:choose_commune"), {"commune": world.KHANH_HAU})
    assert sent["Location"].endswith("#near")
    assert client.cookies["tinhso_commune"].value == world.KHANH_HAU
    assert client.get("/").status_code == 200
    bad = Client()
    bad.post(reverse("citizen:choose_commune"), {"commune": "<b>"})
    assert "tinhso_commune" not in bad.cookies
    assert settings.LANGUAGE_COOKIE_NAME not in bad.cookies
