"""At the counter an official fills in the form with the person who stands there; the dossier is that person's."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests import dossiers, world
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import Channel
from tinhso.kernel.identity.types import Purpose

PERSON = {
    "name": "Lê Thị Bé Năm",
    "identifier": "080170004321",
    "phone": "0907 123 456",
    "address": "Khu phố 2, phường Khánh Hậu",
}


@pytest.fixture
def tam(commune) -> Client:
    return commune.client("tam")


@pytest.fixture
def begun(commune, tam) -> str:
    """The id of a form begun at the counter."""
    sent = tam.post(reverse("services:intake_start", args=[dossiers.TYPE]))
    [draft] = cases.drafts(commune.tam)
    assert sent["Location"] == _page(draft.id, "nguoi-nop")
    return draft.id


def _page(draft_id: str, page: str) -> str:
    return reverse("services:draft_page", args=[draft_id, page])


def test_the_counter_offers_every_procedure_and_what_was_begun(commune, tam, begun):
    text = tam.get(reverse("services:intake")).content.decode()
    assert cases.case_type(dossiers.TYPE).title.vi in text
    assert reverse("services:draft", args=[begun]) in text


@pytest.mark.parametrize("name", ["tham", "duc", "bao", "hoa", "lan"])
def test_only_the_one_stop_desk_takes_in(commune, name):
    client = commune.client(name)
    assert client.get(reverse("services:intake")).status_code == 403
    assert client.post(reverse("services:intake_start", args=[dossiers.TYPE])).status_code == 403
    assert not cases.drafts(commune.actor(name))


def test_who_applies_is_asked_first_and_fills_the_form(commune, tam, begun):
    assert tam.get(_page(begun, "nguoi-nop")).status_code == 200
    assert tam.post(_page(begun, "nguoi-nop"), PERSON)["Location"] == _page(begun, "applicant")
    kept = cases.draft(commune.tam, begun).data
    assert (kept["applicant_name"], kept["applicant_identifier"]) == (PERSON["name"], PERSON["identifier"])
    again = tam.get(_page(begun, "nguoi-nop"))
    assert PERSON["name"] in again.content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"name": ""}, "name"), ({"identifier": "12"}, "identifier"), ({"phone": "bốn số"}, "phone"), ({"email": "@"}, "email")],
)
def test_a_person_who_can_not_be_is_told_and_what_was_typed_stays(commune, tam, begun, wrong, field):
    said = tam.post(_page(begun, "nguoi-nop"), PERSON | wrong)
    assert said.status_code == 422
    faults = {asked.name: asked for asked in said.context["form"].fields if asked.fault}
    assert set(faults) == {field}
    assert faults[field].value == wrong[field]
    assert cases.draft(commune.tam, begun).data == {}


def test_a_form_without_an_applicant_is_not_handed_in(commune, tam):
    draft = cases.save_draft(commune.tam, dossiers.TYPE, dossiers.ANSWERS, "xem-lai")
    assert tam.post(_page(draft.id, "xem-lai")).status_code == 403
    assert cases.drafts(commune.tam)


def test_it_is_handed_in_for_that_person_and_opens_at_the_desk(commune, tam, begun):
    tam.post(_page(begun, "nguoi-nop"), PERSON)
    known = cases.draft(commune.tam, begun)
    cases.save_draft(commune.tam, dossiers.TYPE, dict(known.data) | _rest(), "giay-to", begun)
    rules = [rule for rule in cases.papers_asked(dossiers.TYPE, dossiers.ANSWERS) if rule.required]
    papers = {f"paper-{rule.code}": SimpleUploadedFile("giay.pdf", world.PDF) for rule in rules}
    assert tam.post(_page(begun, "giay-to"), papers)["Location"] == _page(begun, "xem-lai")
    sent = tam.post(_page(begun, "xem-lai"))
    code = sent["Location"].rstrip("/").rsplit("/", 1)[-1]
    view = cases.case_view(commune.tam, code, Purpose.HANDLING)
    assert sent["Location"] == reverse("services:desk_case", args=[code])
    assert (view.applicant.name, view.channel) == (PERSON["name"], Channel.COUNTER)
    assert "@party" not in view.data
    assert not cases.my_cases(commune.tham)


def _rest() -> dict:
    return {name: value for name, value in dossiers.ANSWERS.items() if not name.startswith("applicant_")}


def test_saving_and_throwing_away_lead_back_to_the_counter(commune, tam, begun):
    tam.post(_page(begun, "nguoi-nop"), PERSON)
    kept = tam.post(_page(begun, "plot"), {"plot_no": "214", "shown": ["plot_no"], "save": "1"})
    assert kept["Location"] == reverse("services:intake")
    assert cases.draft(commune.tam, begun).data["plot_no"] == "214"
    address = reverse("services:discard", args=[begun])
    assert tam.get(address).status_code == 200
    assert tam.post(address)["Location"] == reverse("services:intake")
    assert not cases.drafts(commune.tam)
