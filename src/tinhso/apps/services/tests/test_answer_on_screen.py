"""Answering what the office asked for: new papers, then one button; half an answer is told and nothing is lost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext

from tests import dossiers, world
from tinhso.kernel.cases import api as cases
from tinhso.kernel.identity.types import Purpose

NOTE = "Ghi khoảng cách đến ranh đất phía đông."


@pytest.fixture
def tham(commune) -> Client:
    return commune.client("tham")


@pytest.fixture
def asked(commune):
    """A dossier for which the handler wants the plan drawn anew."""
    ref = dossiers.bring_to(commune, "handling")
    wanted = {"items": ["drawing_plan"], "note": NOTE}
    return cases.perform(commune.bao, ref.id, "request_supplement", wanted)


def _address(ref) -> str:
    return reverse("services:answer", args=[ref.code])


def _drawing(content: bytes = world.PDF) -> dict:
    return {"paper-drawing_plan": SimpleUploadedFile("mat-bang-moi.pdf", content)}


def _status(commune, ref) -> int:
    return cases.case_row(commune.tham, ref.code).status


def test_what_is_asked_stands_on_the_dossier_and_on_its_own_page(commune, tham, asked):
    own = tham.get(reverse("services:own", args=[asked.code])).content.decode()
    assert NOTE in own and _address(asked) in own
    page = tham.get(_address(asked))
    assert NOTE in page.content.decode()
    assert [rule.code for rule, _paper in page.context["wanted"]] == ["drawing_plan"]


def test_the_new_paper_goes_in_and_the_clock_goes_on(commune, tham, asked):
    sent = tham.post(_address(asked), _drawing() | {"note": "Tôi đã vẽ lại.", "key": "k1"}, follow=True)
    assert gettext("Sent. The clock goes on.") in sent.content.decode()
    view = cases.case_view(commune.tham, asked.code, Purpose.OWN)
    assert view.status == 4
    assert [s.answered_at is not None for s in view.supplements] == [True]
    newest = [paper for paper in view.papers if paper.code == "drawing_plan"][-1]
    assert "mat-bang-moi.pdf" in {file.name for paper in view.papers for file in paper.files}, newest


def test_without_the_paper_it_is_not_sent_and_why_is_told(commune, tham, asked):
    sent = tham.post(_address(asked), {"note": "Tôi gửi sau.", "key": "k1"})
    assert 400 <= sent.status_code < 500 and sent.context["told"]
    assert _status(commune, asked) == 5


def test_a_bad_file_is_told_by_the_name_of_its_paper(commune, tham, asked):
    sent = tham.post(_address(asked), _drawing(b"#!/bin/sh") | {"key": "k1"})
    title = next(p.title.vi for p in cases.case_type(dossiers.TYPE).papers if p.code == "drawing_plan")
    assert sent.status_code == 422
    assert [told for told in sent.context["told"] if told.startswith(title)]
    assert _status(commune, asked) == 5


def test_when_nothing_is_asked_one_is_told_so(commune, filed, tham):
    ref = filed()
    for sent in (tham.get(_address(ref), follow=True), tham.post(_address(ref), _drawing(), follow=True)):
        assert gettext("Nothing is asked of you for this dossier now.") in sent.content.decode()
    assert cases.case_row(commune.tham, ref.code).ref.version == ref.version


def test_an_answer_in_the_form_can_be_corrected_before_receipt(commune, filed, tham):
    ref = filed()
    asked = cases.perform(commune.tam, ref.id, "ask_correction", {"items": ["plot_no"], "note": "Số thửa không khớp."})
    page = tham.get(_address(asked))
    if not page.context["form"].fields:
        pytest.skip("the permit asks for papers only")
    sent = tham.post(_address(asked), {"plot_no": "không biết", "key": "k1"})
    assert sent.status_code == 422
    tham.post(_address(asked), {"plot_no": "215", "key": "k2"})
    assert cases.case_view(commune.tham, ref.code, Purpose.OWN).data["plot_no"] == "215"
