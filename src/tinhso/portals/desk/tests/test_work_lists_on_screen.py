"""An official's day: lists of his own, a look beside, finding by code or name, one move for many."""

import pytest
from django.urls import reverse
from django.utils.translation import gettext

from tests import dossiers
from tinhso.kernel.cases import api as cases

TITLES = {
    "tam": "To be received",
    "duc": "To be assigned",
    "bao": "In my hands",
    "hoa": "To be signed",
    "lan": "To be numbered and sealed",
}
STEP = {"tam": "filed", "duc": "assigning", "bao": "handling", "hoa": "signing", "lan": "numbering"}


@pytest.fixture
def commune(open_commune):
    return open_commune


def _inbox(list_id: str = "") -> str:
    return reverse("desk:list", args=[list_id]) if list_id else reverse("desk:inbox")


@pytest.mark.parametrize("name", TITLES)
def test_the_day_begins_with_what_waits_for_me(commune, name):
    ref = dossiers.bring_to(commune, STEP[name])
    page = commune.client(name).get(_inbox())
    text = page.content.decode()
    assert ref.code in text and "Nguyễn Thị Hồng Thắm" in text
    assert gettext(TITLES[name]) in text


def test_a_list_with_nothing_in_it_says_so(commune):
    page = commune.client("tam").get(_inbox("to_receive"))
    assert page.status_code == 200 and page.context["lines"] == []


def test_a_list_that_there_is_not_is_not_found(commune):
    assert commune.client("tam").get(_inbox("no_such_list")).status_code == 404


def test_an_official_of_another_commune_sees_nothing_of_ours(commune):
    ref = dossiers.hand_in(commune)
    cuc = commune.client("tam_tan_an")
    assert ref.code not in cuc.get(_inbox("to_receive")).content.decode()
    assert cuc.get(reverse("desk:search"), {"q": ref.code}).context["lines"] == []
    assert cuc.get(reverse("desk:preview", args=[ref.code])).status_code == 404


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "hong tham"}, 2),
        ({"q": "không ai"}, 0),
        ({"kenh": "online"}, 2),
        ({"kenh": "counter"}, 0),
        ({"buoc": "filed"}, 2),
    ],
)
def test_a_list_is_narrowed(commune, asked, found):
    for months in (8, 9):
        dossiers.hand_in(commune, months=months)
    assert len(commune.client("tam").get(_inbox("to_receive"), asked).context["lines"]) == found


def test_a_long_list_goes_on_where_it_stopped(commune):
    refs = {dossiers.hand_in(commune, months=number).code for number in range(1, 24)}
    tam = commune.client("tam")
    first = tam.get(_inbox("to_receive"))
    second = tam.get(_inbox("to_receive"), {"after": first.context["after"]})
    seen = [line["row"].ref.code for page in (first, second) for line in page.context["lines"]]
    assert (len(seen), set(seen)) == (23, refs)
    assert second.context["after"] is None


def test_a_whole_code_opens_its_dossier_and_a_name_finds_a_list(commune):
    ref, _other = dossiers.hand_in(commune), dossiers.hand_in(commune, months=9)
    tam = commune.client("tam")
    assert tam.get(reverse("desk:search"), {"q": ref.code.lower()})["Location"] == reverse(
        "services:desk_case", args=[ref.code]
    )
    named = tam.get(reverse("desk:search"), {"q": "nguyen thi hong tham"})
    assert len(named.context["lines"]) == 2
    assert tam.get(reverse("desk:search"), {"q": "  "})["Location"] == _inbox()


def test_the_right_column_shows_enough_to_decide_what_to_open(commune):
    ref = dossiers.bring_to(commune, "handling")
    text = commune.client("bao").get(reverse("desk:preview", args=[ref.code])).content.decode()
    assert reverse("services:desk_case", args=[ref.code]) in text and "214" in text
    assert "<html" not in text, "a fragment of the page that asked"


def test_one_move_for_many_and_each_refusal_with_its_code(commune):
    refs = [dossiers.hand_in(commune, months=months) for months in (8, 9, 10)]
    cases.perform(commune.tam, refs[2].id, "receive", {})
    chosen = [f"{ref.code}@{ref.version}" for ref in refs] + ["H53.24-000000-0000@1"]
    tam = commune.client("tam")
    sent = tam.post(reverse("desk:bulk"), {"code": chosen, "move": "receive", "back": _inbox("to_receive")}, follow=True)
    assert sent.redirect_chain == [(_inbox("to_receive"), 302)]
    told = [str(message) for message in sent.context["messages"]]
    assert "2" in told[0] and len(told) == 3
    assert told[1].startswith(refs[2].code) and told[2].startswith("H53.24-000000-0000")
    assert [cases.case_row(commune.tam, ref.code).status for ref in refs] == [2, 2, 2]


def test_a_move_that_needs_words_is_not_offered_for_many(commune):
    dossiers.hand_in(commune)
    page = commune.client("tam").get(_inbox("to_receive"))
    assert [move.id for move in page.context["bulk"]] == ["receive"]


def test_going_back_leads_nowhere_else(commune):
    sent = commune.client("tam").post(reverse("desk:bulk"), {"move": "receive", "back": "https://example.com/"})
    assert sent["Location"] == _inbox()


def test_a_citizen_has_no_work_lists(commune):
    tham = commune.client("tham")
    assert [tham.get(reverse(f"desk:{name}")).status_code for name in ("inbox", "search")] == [403, 403]
    assert tham.post(reverse("desk:bulk"), {"move": "receive"}).status_code == 403


def test_the_desk_speaks_english(commune):
    dossiers.hand_in(commune)
    text = commune.client("tam", "en").get(_inbox()).content.decode()
    assert "To be received" in text and cases.case_type(dossiers.TYPE).title.en in text
