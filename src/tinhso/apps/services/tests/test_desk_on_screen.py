"""The desk's page of a dossier: the moves one may make, what is wrong with them, files, and taking the fee."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import gettext

from tests import dossiers, world
from tinhso.kernel.cases import api as cases
from tinhso.kernel.identity.types import Purpose
from tinhso.kernel.payments import api as payments
from tinhso.kernel.payments.types import ChargeState
from tinhso.lib import clock


def _case(ref) -> str:
    return reverse("services:desk_case", args=[ref.code])


def _move(ref, move: str) -> str:
    return reverse("services:desk_move", args=[ref.code, move])


def _given(commune, ref):
    """The first file that the applicant handed in."""
    return next(p for p in cases.case_view(commune.tham, ref.code, Purpose.OWN).papers if p.files).files[0]


def _row(commune, ref):
    return cases.case_row(commune.tham, ref.code)


def test_the_page_shows_form_papers_and_the_moves_of_the_one_who_looks(commune, filed):
    ref = filed()
    text = commune.client("tam").get(_case(ref)).content.decode()
    assert ref.code in text and "Nguyễn Thị Hồng Thắm" in text and "117,6" in text
    assert _move(ref, "receive") in text and _move(ref, "assign") not in text


def test_looking_is_written_down_for_the_applicant_to_see(commune, filed):
    ref = filed()
    commune.client("tam").get(_case(ref))
    text = commune.client("tham").get(reverse("citizen:who_looked")).content.decode()
    assert commune.units["commune-psc"].name in text


@pytest.mark.parametrize("name", ["tam_tan_an", "mai"])
def test_an_official_of_elsewhere_finds_nothing(commune, filed, name):
    ref = filed()
    client, file = commune.client(name), _given(commune, ref)
    assert client.get(_case(ref)).status_code == 404
    assert client.get(_move(ref, "receive")).status_code == 404
    assert client.post(_move(ref, "receive"), {"version": ref.version}).status_code == 404
    assert client.get(reverse("services:desk_file", args=[ref.code, file.id])).status_code == 404
    assert client.get(reverse("services:desk_page", args=[ref.code, file.id, 1])).status_code == 404
    assert _row(commune, ref).ref.version == ref.version


def test_a_citizen_has_no_desk(commune, filed):
    ref = filed()
    assert commune.client("tham").get(_case(ref)).status_code == 403
    assert commune.client("tham").post(_move(ref, "receive"), {"version": ref.version}).status_code == 403


def test_receiving_says_so_and_issues_the_slip(commune, filed):
    ref = filed()
    tam = commune.client("tam")
    assert tam.get(_move(ref, "receive")).status_code == 200
    done = tam.post(_move(ref, "receive"), {"version": ref.version, "key": "k1"}, follow=True)
    title = next(m.title.vi for m in cases.case_type(dossiers.TYPE).moves if m.id == "receive")
    assert gettext("Done: %(move)s") % {"move": title} in done.content.decode()
    assert _row(commune, ref).status == 2
    again = tam.post(_move(ref, "receive"), {"version": ref.version, "key": "k1"})
    assert again.status_code == 302 and _row(commune, ref).status == 2, "pressed twice, made once"


def test_a_choice_of_people_is_offered_and_the_one_chosen_gets_it(commune):
    ref = dossiers.bring_to(commune, "assigning")
    duc = commune.client("duc")
    assert "Trần Quốc Bảo" in duc.get(_move(ref, "assign")).content.decode()
    sent = duc.post(
        _move(ref, "assign"), {"version": ref.version, "key": "k1", "assignee": commune.bao.id, "next": "/lam-viec/"}
    )
    assert sent["Location"] == "/lam-viec/"
    assert cases.case_view(commune.bao, ref.code, Purpose.HANDLING).handler == commune.bao.id


def test_what_is_missing_is_told_and_what_was_typed_stays(commune):
    ref = dossiers.bring_to(commune, "handling")
    bao = commune.client("bao")
    sent = bao.post(_move(ref, "request_supplement"), {"version": ref.version, "key": "k1", "note": "Vẽ lại mặt bằng."})
    faults = {asked.name for asked in sent.context["form"].fields if asked.fault}
    assert (sent.status_code, faults) == (422, {"items"})
    assert "Vẽ lại mặt bằng." in sent.content.decode()
    assert _row(commune, ref).ref.version == ref.version


VISIT = {
    "visited_on-day": "1",
    "visited_on-month": "11",
    "visited_on-year": "2026",
    "present": "Ông Dũng",
    "findings": "Đúng hiện trạng.",
    "key": "k1",
}


def _visit(commune, ref, **other):
    return commune.client("bao").post(_move(ref, "record_visit"), VISIT | {"version": ref.version} | other)


def test_a_day_that_is_none_is_told_and_the_rest_stays(commune):
    ref = dossiers.bring_to(commune, "handling")
    sent = _visit(commune, ref, **{"visited_on-day": "31", "visited_on-month": "2"})
    assert sent.status_code == 422
    assert {asked.name for asked in sent.context["form"].fields if asked.fault} == {"visited_on"}
    assert "Ông Dũng" in sent.content.decode()
    assert _row(commune, ref).ref.version == ref.version


def test_the_minutes_of_a_visit_are_kept_with_the_dossier(commune):
    ref = dossiers.bring_to(commune, "handling")
    sent = _visit(commune, ref, file=SimpleUploadedFile("bien-ban.pdf", world.PDF))
    assert sent["Location"] == _case(ref)
    assert _row(commune, ref).ref.version > ref.version
    assert "Đúng hiện trạng." in commune.client("bao").get(_case(ref)).content.decode()


def test_why_a_draft_was_sent_back_is_read_by_the_handler_and_not_by_the_applicant(commune):
    ref = dossiers.bring_to(commune, "review")
    duc, given = commune.client("duc"), {"version": ref.version, "key": "k1", "note": "Ghi rõ cốt nền."}
    with clock.at(world.local("2026-11-02 09:30")):
        assert duc.post(_move(ref, "send_back"), given).status_code == 302
    assert "Ghi rõ cốt nền." in commune.client("bao").get(_case(ref)).content.decode()
    own = commune.client("tham").get(reverse("services:own", args=[ref.code])).content.decode()
    assert "Ghi rõ cốt nền." not in own


def test_minutes_that_are_no_document_are_refused(commune):
    ref = dossiers.bring_to(commune, "handling")
    sent = _visit(commune, ref, file=SimpleUploadedFile("bien-ban.pdf", b"#!/bin/sh"))
    assert 400 <= sent.status_code < 500 and "Ông Dũng" in sent.content.decode()
    assert _row(commune, ref).ref.version == ref.version


def test_who_comes_second_sees_what_the_first_did_and_loses_nothing(commune):
    ref = dossiers.bring_to(commune, "review")
    cases.perform(commune.duc, ref.id, "send_back", {"note": "Xem lại lộ giới."})
    sent = commune.client("duc").post(_move(ref, "send_back"), {"version": ref.version, "key": "k2", "note": "Ghi rõ cốt nền."})
    assert sent.status_code == 409
    assert sent.context["problem"]


def test_a_move_that_there_is_not_is_not_found(commune, filed):
    ref = filed()
    tam = commune.client("tam")
    assert tam.get(_move(ref, "no-such-move")).status_code == 404
    assert tam.get(_move(ref, "sign"))["Location"] == _case(ref), "known, but not to be made now"
    assert tam.post(_move(ref, "no-such-move"), {"version": ref.version}).status_code == 404
    assert tam.post(_move(ref, "sign"), {"version": ref.version, "key": "k"}).status_code in {403, 409}
    assert _row(commune, ref).ref.version == ref.version


def test_another_agency_is_asked_and_answers_on_its_own_desk(commune):
    ref = dossiers.bring_to(commune, "handling")
    asked = {"unit": commune.units["land-office"].key, "question": "Thửa đất có tranh chấp không?", "key": "k1"}
    assert commune.client("bao").post(_move(ref, "consult"), asked | {"version": ref.version}).status_code == 302
    [task] = cases.opinions_of(ref.id)
    mai = commune.client("mai")
    assert "Thửa đất có tranh chấp không?" in mai.get(_move(ref, "answer_opinion"), {"task": task.id}).content.decode()
    answer = {"outcome": "agree", "answer": "Không tranh chấp.", "task": task.id, "key": "k2"}
    sent = mai.post(_move(ref, "answer_opinion"), answer | {"version": _row(commune, ref).ref.version})
    assert sent.status_code == 302
    assert [o.answer for o in cases.opinions_of(ref.id)] == ["Không tranh chấp."]


def test_a_paper_is_looked_at_as_a_picture_and_taken_as_a_file(commune, filed):
    ref = filed()
    tam, file = commune.client("tam"), _given(commune, ref)
    picture = tam.get(reverse("services:desk_page", args=[ref.code, file.id, 1]))
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/png")
    assert picture.content.startswith(b"\x89PNG")
    assert tam.get(reverse("services:desk_page", args=[ref.code, file.id, 99])).status_code == 404
    taken = tam.get(reverse("services:desk_file", args=[ref.code, file.id]))
    assert taken.content.startswith(b"%PDF") and taken["Content-Disposition"].startswith("attachment")
    shown = tam.get(_case(ref), {"tep": file.id, "trang": "99"})
    assert (shown.context["shown"][1].id, shown.context["shown_page"]) == (file.id, 1)


@pytest.mark.parametrize("method", ["cash", "transfer"])
def test_the_fee_is_taken_at_the_counter_once(commune, method):
    ref = dossiers.bring_to(commune, "payment")
    [charge] = payments.charges(f"case:{ref.id}")
    tam, address = commune.client("tam"), reverse("services:desk_pay", args=[ref.code, charge.id])
    assert address in tam.get(_case(ref)).content.decode()
    paid = tam.post(address, {"method": method}, follow=True)
    assert gettext("The payment is recorded.") in paid.content.decode()
    [charge] = payments.charges(f"case:{ref.id}")
    assert charge.state is ChargeState.PAID
    assert 400 <= tam.post(address, {"method": method}).status_code < 500
    assert len(payments.charges(f"case:{ref.id}")) == 1


def test_the_fee_is_taken_only_by_a_cashier_and_only_of_this_dossier(commune):
    ref, other = (dossiers.bring_to(commune, step, months=n) for n, step in ((8, "payment"), (9, "assigning")))
    [charge] = payments.charges(f"case:{ref.id}")
    assert commune.client("lan").post(reverse("services:desk_pay", args=[ref.code, charge.id])).status_code == 403
    assert commune.client("tam").post(reverse("services:desk_pay", args=[other.code, charge.id])).status_code == 404
    assert payments.charges(f"case:{ref.id}")[0].state is ChargeState.DUE
