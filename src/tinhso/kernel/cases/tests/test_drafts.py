"""Forms that are begun: kept as they are, for their owner alone."""

import uuid

import pytest

from tests import request_type, world
from tests.world import World
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import NoSuchDraft, NoSuchType
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
