"""Officials, the posts they hold, and what they lend each other."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor, ActorKind
from tinhso.kernel.organisation import api
from tinhso.kernel.organisation.types import (
    DatesInvalid,
    DelegationUnknown,
    OfficialUnknown,
    PostTaken,
    PostUnknown,
    UnitUnknown,
)
from tinhso.lib.problems import NotAllowed

START, LATER, TODAY = date(2025, 7, 1), date(2026, 6, 1), date(2026, 11, 22)
WARD = "commune-pc-27694"


@pytest.fixture
def hoa(commune, system):
    """Phạm Văn Hòa, chairman of the ward since its first day."""
    api.create_post(system, WARD, "chairman", "Chủ tịch", "Chairman", chief=True, valid_from=START)
    api.create_post(system, WARD, "specialist", "Chuyên viên", "Specialist", valid_from=START)
    person = api.create_official(system, "Phạm Văn Hòa")
    return api.appoint(system, person.id, WARD, "chairman", START)


@pytest.fixture
def duc(hoa, system):
    """Võ Minh Đức, specialist at the ward."""
    person = api.create_official(system, "Võ Minh Đức", official_id=str(uuid4()), at=WARD)
    return api.appoint(system, person.id, WARD, "specialist", START)


def test_an_official_is_known_with_his_post(hoa, duc):
    assert api.official(hoa.id, TODAY) == hoa
    assert (hoa.title, hoa.title_en, hoa.unit, hoa.chief) == ("Chủ tịch", "Chairman", WARD, True)
    assert api.chief_of(WARD, TODAY) == hoa
    assert api.officials_at(WARD, TODAY) == (hoa, duc)


def test_names_stay_out_of_the_ledger(hoa):
    entries = ledger.history(f"official:{hoa.id}")
    assert [e.kind for e in entries] == ["organisation.official_created", "organisation.appointed"]
    assert all("Hòa" not in str(e.data) for e in entries)


def test_many_officials_are_read_with_two_statements(hoa, duc, system, statements):
    new = api.create_official(system, "Đỗ Thị Lan")
    with statements(2):
        found = api.officials_by_id([hoa.id, duc.id, new.id, str(uuid4())], TODAY)
    assert found == {hoa.id: hoa, duc.id: duc, new.id: new}


def test_an_official_without_a_post_has_no_title(system, commune):
    lan = api.create_official(system, "Đỗ Thị Lan")
    assert api.official(lan.id, TODAY).unit is None


@pytest.mark.parametrize("unknown", ["nobody", str(UUID(int=7))])
def test_nobody_is_told_so(commune, unknown, system):
    with pytest.raises(OfficialUnknown):
        api.official(unknown)
    with pytest.raises((OfficialUnknown, PostUnknown)):
        api.relieve(system, unknown, WARD, "chairman", LATER)


def test_a_chief_post_has_one_holder_at_a_time(hoa, duc, system):
    with pytest.raises(PostTaken):
        api.appoint(system, duc.id, WARD, "chairman", LATER)


def test_a_chief_post_has_one_holder_even_between_two_dates(hoa, duc, system):
    api.relieve(system, hoa.id, WARD, "chairman", LATER)
    with pytest.raises(PostTaken):
        api.appoint(system, duc.id, WARD, "chairman", date(2026, 5, 1), date(2026, 7, 1))


def test_a_successor_takes_over_on_the_day_the_other_leaves(hoa, duc, system):
    api.relieve(system, hoa.id, WARD, "chairman", LATER)
    api.appoint(system, duc.id, WARD, "chairman", LATER)
    assert api.chief_of(WARD, date(2026, 5, 31)).id == hoa.id
    assert api.chief_of(WARD, LATER).id == duc.id
    assert api.official(duc.id, TODAY).chief, "the highest post comes first"


def test_other_posts_have_many_holders(hoa, duc, system):
    bao = api.create_official(system, "Trần Quốc Bảo")
    api.appoint(system, bao.id, WARD, "specialist", LATER)
    assert [o.name for o in api.officials_at(WARD, TODAY)] == ["Phạm Văn Hòa", "Trần Quốc Bảo", "Võ Minh Đức"]


def test_dates_are_in_order(hoa, system):
    with pytest.raises(DatesInvalid):
        api.appoint(system, hoa.id, WARD, "specialist", LATER, LATER)
    with pytest.raises(DatesInvalid):
        api.relieve(system, hoa.id, WARD, "chairman", START)


def test_what_is_not_held_is_not_left(hoa, duc, system):
    with pytest.raises(PostUnknown):
        api.relieve(system, duc.id, WARD, "chairman", LATER)
    api.relieve(system, hoa.id, WARD, "chairman", LATER)
    with pytest.raises(PostUnknown):
        api.relieve(system, hoa.id, WARD, "chairman", TODAY)


def test_a_post_must_exist_and_is_not_there_twice(hoa, system):
    with pytest.raises(PostUnknown):
        api.appoint(system, hoa.id, WARD, "king", LATER)
    with pytest.raises(PostTaken):
        api.create_post(system, WARD, "specialist", "Chuyên viên", "Specialist")
    with pytest.raises(PostTaken):
        api.create_post(system, WARD, "head", "Trưởng", "Head", chief=True)
    with pytest.raises(UnitUnknown):
        api.create_post(system, "nowhere", "head", "Trưởng", "Head")


# --- delegation ----------------------------------------------------------------------------------------------------------


def test_a_chairman_lends_his_roles_for_a_time(hoa, duc):
    himself = Actor("account:hoa", ActorKind.OFFICIAL, official=hoa.id)
    lent = api.delegate(himself, hoa.id, duc.id, WARD, LATER, date(2026, 7, 1), ("services.signer",), legal_basis="GUQ 12/2026")
    assert api.delegations_to(duc.id, date(2026, 6, 15)) == (lent,)
    assert api.delegations_to(duc.id, date(2026, 7, 1)) == ()
    assert api.delegations_to(duc.id, date(2026, 5, 31)) == ()
    assert ledger.history(f"official:{hoa.id}")[-1].data["roles"] == ["services.signer"]


def test_nobody_lends_what_is_another_s(hoa, duc):
    other = Actor("account:duc", ActorKind.OFFICIAL, official=duc.id)
    with pytest.raises(NotAllowed):
        api.delegate(other, hoa.id, duc.id, WARD, LATER, TODAY)


def test_a_delegation_ends_after_it_begins_and_goes_to_another(hoa, duc, system):
    with pytest.raises(DatesInvalid):
        api.delegate(system, hoa.id, duc.id, WARD, LATER, LATER)
    with pytest.raises(DatesInvalid):
        api.delegate(system, hoa.id, hoa.id, WARD, LATER, TODAY)


def test_a_delegation_is_taken_back_early(hoa, duc, system):
    lent = api.delegate(system, hoa.id, duc.id, WARD, START, TODAY)
    api.end_delegation(system, lent.id, LATER)
    assert api.delegations_to(duc.id, LATER) == ()
    assert api.delegations_to(duc.id, START)[0].valid_to == LATER
    with pytest.raises(DelegationUnknown):
        api.end_delegation(system, lent.id, LATER)


def test_a_delegation_not_begun_yet_is_removed(hoa, duc, system):
    lent = api.delegate(system, hoa.id, duc.id, WARD, LATER, TODAY)
    api.end_delegation(system, lent.id, START)
    assert api.delegations_to(duc.id, LATER) == ()
    with pytest.raises(DelegationUnknown):
        api.end_delegation(system, str(uuid4()), START)
