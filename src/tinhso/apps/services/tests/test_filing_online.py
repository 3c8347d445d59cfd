"""Handing in from home, page by page: what is typed is kept, what is wrong is told, nothing is handed in half."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests import dossiers, world
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import NoSuchDraft

HOUSE = {
    "work_kind": "new",
    "storeys": "2",
    "ground_area": "58,8",
    "floor_area": "117,6",
    "height": "8,4",
    "setback_front": "2,4",
    "adjacent": "no",
}


@pytest.fixture
def tham(commune) -> Client:
    return commune.client("tham")


@pytest.fixture
def draft(commune):
    """Thắm's form with every question answered and no paper yet."""
    return cases.save_draft(commune.tham, dossiers.TYPE, dossiers.ANSWERS, "giay-to")


def _page(draft_id: str, page: str) -> str:
    return reverse("services:draft_page", args=[draft_id, page])


def _send(client: Client, address: str, given: dict):
    return client.post(address, given | {"shown": list(given)})


def _pdf(name: str = "ban-ve.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, world.PDF)


def _required() -> list[str]:
    return [rule.code for rule in cases.papers_asked(dossiers.TYPE, dossiers.ANSWERS) if rule.required]


def test_the_guide_tells_what_is_needed_before_one_begins(commune):
    shown = Client().get(reverse("services:guide", args=[dossiers.TYPE]))
    kind = cases.case_type(dossiers.TYPE)
    text = shown.content.decode()
    assert shown.status_code == 200
    assert all(part in text for part in (kind.title.vi, kind.duration.vi, kind.papers[1].title.vi, kind.legal_basis[0].vi))
    assert reverse("services:start", args=[dossiers.TYPE]) in text


def test_a_procedure_that_is_not_there_has_no_guide(commune):
    assert Client().get(reverse("services:guide", args=["no-such-procedure"])).status_code == 404


def test_who_has_not_signed_in_is_asked_to_and_comes_back_to_the_form(commune):
    address = reverse("services:start", args=[dossiers.TYPE])
    sent = Client().get(address)
    assert sent.status_code == 302
    assert sent["Location"].startswith("/account/sign-in/?next=%2Fthu-tuc%2F")


def test_beginning_fills_in_what_the_province_knows(commune, tham):
    begun = tham.get(reverse("services:start", args=[dossiers.TYPE]), follow=True)
    kept = cases.drafts(commune.tham)
    assert [d.data["applicant_name"] for d in kept] == ["Nguyễn Thị Hồng Thắm"]
    assert begun.redirect_chain[-1][0] == _page(kept[0].id, "applicant")
    assert "Nguyễn Thị Hồng Thắm" in begun.content.decode()


def test_a_begun_form_is_offered_on_the_guide(commune, tham, draft):
    text = tham.get(reverse("services:guide", args=[dossiers.TYPE])).content.decode()
    assert reverse("services:draft", args=[draft.id]) in text


def test_a_page_is_kept_as_data_and_leads_to_the_next(commune, tham, draft):
    sent = _send(tham, _page(draft.id, "house"), HOUSE)
    assert sent["Location"] == _page(draft.id, "commitments")
    kept = cases.draft(commune.tham, draft.id)
    assert (kept.data["floor_area"], kept.data["storeys"], kept.data["adjacent"]) == (117.6, 2, False)
    assert kept.page == "commitments"


def test_a_wrong_answer_is_told_beside_its_question_and_stays_as_it_was_typed(commune, tham, draft):
    sent = _send(tham, _page(draft.id, "house"), HOUSE | {"ground_area": "0", "height": "cao lắm"})
    wrong = {asked.name: asked for asked in sent.context["form"].fields if asked.fault}
    assert sent.status_code == 422
    assert set(wrong) == {"ground_area", "height"}
    assert (wrong["ground_area"].value, wrong["height"].value) == ("0", "cao lắm")
    kept = cases.draft(commune.tham, draft.id)
    assert kept.data["floor_area"] == 117.6, "the good answers of the page are kept all the same"
    assert kept.page == "house"


def test_an_answer_left_out_is_asked_for(tham, draft):
    sent = _send(
        tham,
        _page(draft.id, "plot"),
        {"plot_commune": world.KHANH_HAU, "plot_address": "", "plot_no": "214", "map_sheet": "37", "plot_area": "95,6"},
    )
    assert sent.status_code == 422
    assert {asked.name for asked in sent.context["form"].fields if asked.fault} == {"plot_address"}


def test_a_question_that_an_answer_brings_up_is_asked_before_it_is_judged(commune, tham, draft):
    sent = _send(tham, _page(draft.id, "house"), HOUSE | {"storeys": "3"})
    assert sent.status_code == 200 and sent.context["appeared"]
    assert "designer" in {asked.name for asked in sent.context["form"].fields}
    assert not [asked for asked in sent.context["form"].fields if asked.fault]
    again = _send(tham, _page(draft.id, "house"), HOUSE | {"storeys": "3", "designer": "Công ty Kiến trúc Vàm Cỏ"})
    assert again["Location"] == _page(draft.id, "commitments")
    assert cases.draft(commune.tham, draft.id).data["designer"] == "Công ty Kiến trúc Vàm Cỏ"


def test_saving_half_a_page_judges_nothing_and_goes_on_later(commune, tham, draft):
    kept = _send(tham, _page(draft.id, "house"), {"work_kind": "new", "storeys": "", "save": "1"})
    assert kept["Location"] == reverse("citizen:dossiers")
    assert cases.draft(commune.tham, draft.id).page == "house"
    back = tham.get(reverse("services:draft", args=[draft.id]))
    assert back["Location"] == _page(draft.id, "house")


def test_the_page_keeps_itself_while_one_types(commune, tham, draft):
    said = tham.post(_page(draft.id, "house"), {"storeys": "5"}, headers={"X-Requested-With": "fetch"})
    assert (said.status_code, said.content) == (204, b"")
    kept = cases.draft(commune.tham, draft.id)
    assert (kept.data["storeys"], kept.page) == (5, "house")


def test_a_form_goes_on_at_its_first_page_when_the_one_it_stood_at_is_gone(commune, tham):
    old = cases.save_draft(commune.tham, dossiers.TYPE, {}, "a-page-of-an-older-form")
    assert tham.get(reverse("services:draft", args=[old.id]))["Location"] == _page(old.id, "applicant")


@pytest.mark.parametrize("page", ["no-such-page", "nguoi-nop"])
def test_a_page_that_the_form_has_not_is_not_found(tham, draft, page):
    assert tham.get(_page(draft.id, page)).status_code == 404


def test_nobody_opens_the_form_of_somebody_else(commune, draft):
    for name in ("dung", "tam"):
        client = commune.client(name)
        for page in ("house", "giay-to", "xem-lai"):
            assert client.get(_page(draft.id, page)).status_code == 404
            assert client.post(_page(draft.id, page)).status_code == 404
        assert client.post(reverse("services:discard", args=[draft.id])).status_code == 404
    assert cases.draft(commune.tham, draft.id).data == dossiers.ANSWERS


def test_papers_are_asked_for_by_name_and_a_missing_one_is_told(tham, draft):
    assert tham.get(_page(draft.id, "giay-to")).status_code == 200
    sent = tham.post(_page(draft.id, "giay-to"), {})
    assert sent.status_code == 422
    assert set(sent.context["faults"]) == set(_required())


def test_papers_go_in_one_by_one_and_come_off_again(commune, tham, draft):
    first = _required()[0]
    sent = tham.post(_page(draft.id, "giay-to"), {f"paper-{first}": _pdf("so-do.pdf"), "add": "1"})
    assert sent["Location"] == _page(draft.id, "giay-to")
    [kept] = cases.draft(commune.tham, draft.id).papers[first]
    assert kept.name == "so-do.pdf"
    assert "so-do.pdf" in tham.get(_page(draft.id, "giay-to")).content.decode()
    off = tham.post(reverse("services:remove_paper", args=[draft.id]), {"paper": first, "file": kept.id})
    assert off["Location"] == _page(draft.id, "giay-to")
    assert not cases.draft(commune.tham, draft.id).papers.get(first)


def test_the_whole_way_to_the_code(commune, tham, draft):
    sent = tham.post(_page(draft.id, "giay-to"), {f"paper-{code}": _pdf(f"{code}.pdf") for code in _required()})
    assert sent["Location"] == _page(draft.id, "xem-lai")
    review = tham.get(_page(draft.id, "xem-lai"))
    text = review.content.decode()
    assert review.context["complete"]
    assert [
        said
        for said in ("117,6", "Khu phố 3, đường số 7", cases.case_type(dossiers.TYPE).papers[1].title.vi)
        if said not in text
    ] == []
    handed = tham.post(_page(draft.id, "xem-lai"), follow=True)
    [row] = cases.my_cases(commune.tham)
    assert handed.redirect_chain == [(reverse("services:done", args=[row.ref.code]), 302)]
    assert row.ref.code in handed.content.decode() and b"<svg" in handed.content
    with pytest.raises(NoSuchDraft):
        cases.draft(commune.tham, draft.id)


def test_a_form_with_something_missing_is_not_handed_in(commune, tham, draft):
    review = tham.get(_page(draft.id, "xem-lai"))
    assert not review.context["complete"] and "aria-disabled" in review.content.decode()
    sent = tham.post(_page(draft.id, "xem-lai"))
    assert sent.status_code == 422 and sent.context["told"]
    assert not cases.my_cases(commune.tham)
    assert cases.draft(commune.tham, draft.id).data == dossiers.ANSWERS


def test_a_wrong_page_is_shown_at_the_last_look(commune, tham):
    wrong = cases.save_draft(commune.tham, dossiers.TYPE, dossiers.ANSWERS | {"storeys": 40}, "xem-lai")
    pages = tham.get(_page(wrong.id, "xem-lai")).context["pages"]
    assert [page.id for page, _answers, bad in pages if bad] == ["house"]


def test_a_form_is_thrown_away_only_after_asking(commune, tham, draft):
    address = reverse("services:discard", args=[draft.id])
    assert tham.get(address).status_code == 200
    assert cases.drafts(commune.tham)
    assert tham.post(address)["Location"] == reverse("citizen:dossiers")
    assert not cases.drafts(commune.tham)


def test_the_form_is_asked_in_english_too(commune, draft):
    text = commune.client("tham", "en").get(_page(draft.id, "house")).content.decode()
    page = next(page for page in cases.case_type(dossiers.TYPE).pages if page.id == "house")
    assert page.title.en in text and all(f.label.en in text for f in page.fields if f.name in dossiers.ANSWERS)
