"""Handing a case in: online, at the counter, from a draft; what is refused; what is written."""

import uuid

import pytest

from tests import request_type, world
from tests.world import World
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.models import Case, Draft, Paper, Participation
from tinhso.kernel.cases.types import Channel, MayNotFile, NoSuchDraft, NoSuchType, NoUnit
from tinhso.kernel.identity.types import PartyKind
from tinhso.kernel.ledger import api as ledger
from tinhso.lib.codes import parse_dossier_code
from tinhso.lib.problems import Invalid


def test_handing_in_online_makes_a_case_with_code_papers_and_one_entry(commune: World) -> None:
    ref = request_type.filed(commune)
    case = Case.objects.get(pk=ref.id)
    assert ref.code == case.code == "H53.24.01-20261102-0000001"
    assert (case.step, case.phase, case.status, case.desk) == ("filed", "filed", 1, "to_receive")
    assert case.holder_unit == case.receiving_unit == commune.units["commune-psc"].key
    assert (case.holder_role, case.holder, case.unread) == ("services.intake", "", True)
    assert case.applicant == "nguyen thi hong tham"
    assert Paper.objects.filter(case=case, code="plan", version=1).count() == 1
    entries = ledger.history(f"case:{ref.id}")
    assert [e.kind for e in entries] == ["cases.filed"]
    assert "Thắm" not in str(entries[0].data)


def test_codes_run_by_unit_and_day_and_are_never_given_twice(commune: World) -> None:
    refs = [request_type.filed(commune, key=f"k{n}") for n in range(3)]
    elsewhere = request_type.filed(commune, key="t", commune=world.TAN_AN)
    assert [parse_dossier_code(ref.code).number for ref in refs] == [1, 2, 3]
    assert elsewhere.code == "H53.25.01-20261102-0000001"


def test_the_older_shape_of_codes_is_a_setting(commune: World, settings) -> None:
    settings.CASE_CODE_FORMAT = "tt-01-2018"
    assert request_type.filed(commune).code == "000.01.24.H53-261102-0001"


def test_units_that_receive_answer_and_lead_take_part(commune: World) -> None:
    ref = request_type.filed(commune)
    units = set(Participation.objects.filter(case=ref.id).values_list("unit", flat=True))
    assert units == {commune.units[kind].key for kind in ("commune-psc", "commune-economic", "commune-pc")}


def test_the_one_stop_desk_files_for_somebody_at_the_counter(commune: World) -> None:
    from tinhso.kernel.identity import api as identity

    party = identity.register_party(commune.tam, PartyKind.PERSON, "Lê Văn Út", "080180001377", phone="+84911111111")
    papers = {"plan": [world.stored(commune.tam).id]}
    ref = cases.file_case(commune.tam, request_type.CODE, request_type.data(), papers, Channel.COUNTER, party, "counter-1")
    case = Case.objects.get(pk=ref.id)
    assert (str(case.party_id), case.filed_by, case.channel) == (party, commune.tam.id, "counter")


@pytest.mark.parametrize(
    ("who", "channel", "party"),
    [
        ("dung", Channel.ONLINE, "tham"),  # for somebody else
        ("bao", Channel.COUNTER, "tham"),  # not at the counter
        ("tam_tan_an", Channel.COUNTER, "tham"),  # at another commune's counter
        ("tam", Channel.ONLINE, "tham"),  # an official is no applicant
        ("tam", Channel.POSTAL, "tham"),  # a channel that the type does not take
    ],
)
def test_who_may_not_file(commune: World, who: str, channel: Channel, party: str) -> None:
    actor = commune.actor(who)
    papers = {"plan": [world.stored(actor).id]}
    owner = str(commune.accounts[party].party_id)
    with pytest.raises(MayNotFile):
        cases.file_case(actor, request_type.CODE, request_type.data(), papers, channel, owner, "k")
    assert not Case.objects.exists()


@pytest.mark.parametrize("party", ["nobody", str(uuid.UUID(int=7))])
def test_the_applicant_must_be_known(commune: World, party: str) -> None:
    papers = {"plan": [world.stored(commune.tam).id]}
    with pytest.raises(MayNotFile):
        cases.file_case(commune.tam, request_type.CODE, request_type.data(), papers, Channel.COUNTER, party, "k")


def test_every_fault_of_the_form_is_told_at_once(commune: World) -> None:
    with pytest.raises(Invalid) as refused:
        request_type.filed(commune, subject="x" * 101, urgent=True)
    assert {(path, code) for path, code, _ in refused.value.errors} == {("subject", "too_long"), ("why", "required")}


def test_answers_that_were_not_asked_for_are_dropped(commune: World) -> None:
    ref = request_type.filed(commune, urgent=False, why="không hỏi", stranger="?")
    assert Case.objects.get(pk=ref.id).data == {"commune": world.KHANH_HAU, "subject": "Nhà số 3", "urgent": False}


@pytest.mark.parametrize(
    ("papers", "faults"),
    [
        ({}, {("plan", "required")}),
        ({"plan": ["gone"]}, {("plan", "no_such_file")}),
        ({"plan": ["f", "f2", "f3"]}, {("plan", "too_many_files")}),
        ({"plan": ["f"], "other": ["f2"]}, {("other", "unknown_paper")}),
    ],
)
def test_faults_of_papers(commune: World, papers: dict[str, list[str]], faults: set[tuple[str, str]]) -> None:
    files = {name: world.stored(commune.tham).id for name in ("f", "f2", "f3")} | {"gone": str(uuid.uuid4())}
    given = {code: [files[name] for name in names] for code, names in papers.items()}
    with pytest.raises(Invalid) as refused:
        cases.file_case(commune.tham, request_type.CODE, request_type.data(), given, Channel.ONLINE, commune.party, "k")
    assert {(path, code) for path, code, _ in refused.value.errors} == faults


def test_a_type_or_an_area_that_is_not_there(commune: World) -> None:
    with pytest.raises(NoSuchType):
        cases.file_case(commune.tham, "no-such", {}, {}, Channel.ONLINE, commune.party, "k")
    with pytest.raises(NoUnit) as refused:
        request_type.filed(commune, commune="99999")
    assert refused.value.params["area"] == "99999"


def test_a_case_takes_over_the_id_of_its_draft(commune: World) -> None:
    draft = cases.save_draft(commune.tham, request_type.CODE, request_type.data(), "what")
    file = world.stored(commune.tham, f"case:{draft.id}").id
    cases.attach_to_draft(commune.tham, draft.id, "plan", file)

    def hand_in() -> str:
        return cases.file_case(
            commune.tham,
            request_type.CODE,
            request_type.data(),
            {"plan": [file]},
            Channel.ONLINE,
            commune.party,
            "k",
            draft_id=draft.id,
        ).id

    assert hand_in() == draft.id
    assert hand_in() == draft.id, "handed in twice, still one case"
    assert Case.objects.count() == 1
    assert cases.drafts(commune.tham) == []
    with pytest.raises(NoSuchDraft):
        cases.draft(commune.tham, draft.id)


@pytest.mark.parametrize("draft_id", ["nonsense", str(uuid.UUID(int=7))])
def test_a_draft_that_is_not_there(commune: World, draft_id: str) -> None:
    with pytest.raises(NoSuchDraft):
        cases.file_case(commune.tham, request_type.CODE, {}, {}, Channel.ONLINE, commune.party, "k", draft_id=draft_id)


def test_somebody_elses_draft_is_not_there(commune: World) -> None:
    draft = cases.save_draft(commune.tham, request_type.CODE, {}, "what")
    dung = commune.actor("dung")
    with pytest.raises(NoSuchDraft):
        cases.file_case(dung, request_type.CODE, {}, {}, Channel.ONLINE, dung.party or "", "k", draft_id=draft.id)


def test_a_form_refused_leaves_the_draft_as_it_was(commune: World) -> None:
    draft = cases.save_draft(commune.tham, request_type.CODE, {"subject": "Nhà"}, "what")
    with pytest.raises(Invalid):
        cases.file_case(commune.tham, request_type.CODE, {}, {}, Channel.ONLINE, commune.party, "k", draft_id=draft.id)
    assert Draft.objects.get(pk=draft.id).filed_at is None
    assert cases.draft(commune.tham, draft.id).data == {"subject": "Nhà"}


def test_handing_in_takes_at_most_twelve_statements(commune: World, statements) -> None:
    actor, file = commune.tham, world.stored(commune.tham).id
    draft = cases.save_draft(actor, request_type.CODE, request_type.data(), "what")
    request_type.filed(commune, key="warm")
    with statements(12):
        cases.file_case(
            actor,
            request_type.CODE,
            request_type.data(),
            {"plan": [file]},
            Channel.ONLINE,
            commune.party,
            "k",
            draft_id=draft.id,
        )
