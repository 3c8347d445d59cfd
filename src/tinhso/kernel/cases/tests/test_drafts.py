"""Forms that are begun: kept as they are, for their owner alone."""

import uuid
from datetime import timedelta

import pytest

from tests import request_type, world
from tests.world import World
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases import declarations
from tinhso.kernel.cases.queries.drafts import existing_drafts
from tinhso.kernel.cases.types import Channel, NoSuchDraft, NoSuchType
from tinhso.kernel.files import api as stored_files
from tinhso.kernel.files.tests import samples
from tinhso.kernel.identity import api as identity
from tinhso.lib import clock
from tinhso.lib.problems import Invalid, NotAllowed


def test_nothing_typed_is_lost_right_or_wrong(commune: World) -> None:
    kept = cases.save_draft(commune.tham, request_type.CODE, {"subject": "x" * 500, "nonsense": 1}, "what")
    again = cases.save_draft(commune.tham, request_type.CODE, {"subject": "Nhà"}, "review", draft_id=kept.id)
    assert again.id == kept.id
    assert (again.data, again.page) == ({"subject": "Nhà"}, "review")
    assert cases.draft(commune.tham, kept.id) == again


def test_the_newest_comes_first(commune: World) -> None:
    first = cases.save_draft(commune.tham, request_type.CODE, {})
    with clock.at(world.local("2026-11-03 09:00")):
        second = cases.save_draft(commune.tham, request_type.CODE, {})
    assert [d.id for d in cases.drafts(commune.tham)] == [second.id, first.id]
    assert cases.drafts(commune.tam) == []


def test_files_are_put_to_it_and_taken_off(commune: World) -> None:
    kept = cases.save_draft(commune.tham, request_type.CODE, {})
    files = [world.stored(commune.tham).id for _ in range(3)]
    for file in (files[0], files[0], files[1]):
        view = cases.attach_to_draft(commune.tham, kept.id, "plan", file)
    assert [ref.id for ref in view.papers["plan"]] == files[:2]
    with pytest.raises(Invalid) as many:
        cases.attach_to_draft(commune.tham, kept.id, "plan", files[2])
    assert many.value.errors == [("plan", "too_many_files", {"max": 2})]
    for code, file, fault in (("other", files[2], "unknown_paper"), ("proof", str(uuid.uuid4()), "no_such_file")):
        with pytest.raises(Invalid) as refused:
            cases.attach_to_draft(commune.tham, kept.id, code, file)
        assert refused.value.errors == [(code, fault, {})]
    view = cases.detach_from_draft(commune.tham, kept.id, "plan", files[0])
    assert [ref.id for ref in view.papers["plan"]] == files[1:2]
    view = cases.attach_to_draft(commune.tham, kept.id, "plan", files[2])
    assert [ref.id for ref in view.papers["plan"]] == files[1:]


def test_it_can_be_thrown_away(commune: World) -> None:
    kept = cases.save_draft(commune.tham, request_type.CODE, {})
    cases.attach_to_draft(commune.tham, kept.id, "plan", world.stored(commune.tham).id)
    cases.discard_draft(commune.tham, kept.id)
    with pytest.raises(NoSuchDraft):
        cases.discard_draft(commune.tham, kept.id)


def test_it_is_its_owners_alone(commune: World) -> None:
    kept = cases.save_draft(commune.tham, request_type.CODE, {"subject": "Riêng"})
    dung = commune.actor("dung")
    for attempt in (
        lambda: cases.draft(dung, kept.id),
        lambda: cases.save_draft(dung, request_type.CODE, {}, draft_id=kept.id),
        lambda: cases.attach_to_draft(dung, kept.id, "plan", str(uuid.uuid4())),
        lambda: cases.discard_draft(dung, kept.id),
        lambda: cases.draft(commune.tham, "nonsense"),
    ):
        with pytest.raises(NoSuchDraft):
            attempt()


def test_who_has_not_signed_in_keeps_nothing(commune: World) -> None:
    with pytest.raises(NotAllowed):
        cases.save_draft(identity.anonymous(), request_type.CODE, {})
    with pytest.raises(NoSuchType):
        cases.save_draft(commune.tham, "no-such", {})


def test_a_form_nobody_goes_on_with_is_thrown_away_and_its_files_are_swept(commune: World, settings) -> None:
    settings.CASES_KEEP_DRAFTS = 30
    old = cases.save_draft(commune.tham, request_type.CODE, {"subject": "Nhà"})
    file = stored_files.store(commune.tham, "a.pdf", samples.small_pdf(), f"draft:{old.id}").id
    cases.attach_to_draft(commune.tham, old.id, "plan", file)
    lost = stored_files.store(commune.tham, "b.pdf", samples.small_pdf(2), "upload:account:x").id
    with clock.at(clock.now() + timedelta(days=29)):
        fresh = cases.save_draft(commune.tham, request_type.CODE, {})
        declarations.drop_old_drafts()
        stored_files.sweep()
        assert set(stored_files.refs([file, lost])) == {file}
    with clock.at(clock.now() + timedelta(days=31)):
        declarations.drop_old_drafts()
        assert [d.id for d in cases.drafts(commune.tham)] == [fresh.id]
        stored_files.sweep()
        assert stored_files.refs([file]) == {}


def test_what_was_handed_in_from_a_form_is_kept_for_good(commune: World) -> None:
    kept = cases.save_draft(commune.tham, request_type.CODE, {})
    plans = [
        stored_files.store(commune.tham, "a.pdf", samples.small_pdf(), owner).id for owner in (f"draft:{kept.id}", "upload:x")
    ]
    party = commune.tham.party or ""
    papers = {"plan": plans}
    cases.file_case(commune.tham, request_type.CODE, request_type.data(), papers, Channel.ONLINE, party, "k", kept.id)
    with clock.at(clock.now() + timedelta(days=400)):
        declarations.drop_old_drafts()
        stored_files.sweep()
    assert len(stored_files.refs(plans)) == 2


def test_only_ids_of_forms_are_looked_for() -> None:
    assert existing_drafts(["no id"]) == set()
