"""Roles are declared by apps, given at units, for a time."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tinhso.kernel.identity import api
from tinhso.kernel.identity.models import Membership
from tinhso.kernel.identity.types import DetailsInvalid, Role, UnknownRole
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Grant
from tinhso.kernel.organisation.types import UnitUnknown
from tinhso.lib import clock
from tinhso.lib.problems import NotAllowed


def grants(account):
    return api.actor_for(api.account(account.id)).grants


def test_a_role_that_nobody_declared_is_refused(machinery, tam):
    with pytest.raises(UnknownRole):
        api.grant_role(machinery, tam.id, "test.emperor", "psc-1")


def test_a_unit_that_is_not_there_is_refused(machinery, tam):
    with pytest.raises(UnitUnknown):
        api.grant_role(machinery, tam.id, "test.intake", "psc-9")


def test_a_role_is_declared_one_way_only():
    known = Role("test.intake", "Tiếp nhận", "Intake")
    api.declare_roles(known)
    assert api.role("test.intake") == known
    assert "test.intake" in api.known_roles()
    with pytest.raises(ValueError, match="twice"):
        api.declare_roles(Role("test.intake", "Khác", "Other"))


def test_citizens_hold_no_roles(machinery, units, tham):
    with pytest.raises(NotAllowed):
        api.grant_role(machinery, tham.id, "test.intake", "psc-1")


def test_roles_are_given_by_administrators(intake, tam):
    with pytest.raises(NotAllowed):
        api.grant_role(intake, tam.id, "test.head", "eco-1")
    with pytest.raises(NotAllowed):
        api.end_role(intake, tam.id, "test.intake", "psc-1")


def test_a_role_given_twice_is_held_once(machinery, tam):
    for _ in range(2):
        api.grant_role(machinery, tam.id, "test.intake", "psc-1")
    assert grants(tam) == (Grant("test.intake", "psc-1"),)
    assert [e.kind for e in ledger.history(f"account:{tam.id}", ["identity.role.granted"])] == ["identity.role.granted"]


def test_a_role_ended_today_is_gone_at_once(machinery, tam):
    api.grant_role(machinery, tam.id, "test.intake", "psc-1")
    api.end_role(machinery, tam.id, "test.intake", "psc-1")
    assert grants(tam) == ()
    api.end_role(machinery, tam.id, "test.intake", "psc-1")
    assert len(ledger.history(f"account:{tam.id}", ["identity.role.ended"])) == 1
    api.grant_role(machinery, tam.id, "test.intake", "psc-1")
    assert grants(tam) == (Grant("test.intake", "psc-1"),)


def test_a_role_may_end_later(machinery, tam):
    api.grant_role(machinery, tam.id, "test.intake", "psc-1")
    api.end_role(machinery, tam.id, "test.intake", "psc-1", until=clock.today() + timedelta(days=3))
    assert grants(tam)
    with clock.at(clock.now() + timedelta(days=4)):
        assert grants(tam) == ()


def test_a_role_can_not_end_before_it_begins(machinery, tam):
    with pytest.raises(DetailsInvalid):
        api.grant_role(machinery, tam.id, "test.intake", "psc-1", until=clock.today())
    with pytest.raises(IntegrityError), transaction.atomic(), ledger.acting(machinery):
        Membership.objects.create(
            account_id=tam.id, role="r", unit="u", since=clock.today(), until=clock.today() - timedelta(days=1)
        )


def test_the_grant_tells_unit_and_dates_and_nothing_personal(machinery, tam):
    api.grant_role(machinery, tam.id, "test.intake", "psc-1")
    entry = ledger.history(f"account:{tam.id}")[-1]
    assert entry.data == {
        "account": tam.id,
        "role": "test.intake",
        "at_unit": "psc-1",
        "since": clock.today().isoformat(),
        "until": None,
    }
    assert entry.unit == "psc-1"
