"""Who acts, and with which roles."""

from datetime import UTC, date, datetime, timedelta

from tinhso.kernel.identity import api
from tinhso.kernel.ledger.types import ActorKind, Grant
from tinhso.kernel.organisation import api as organisation
from tinhso.lib import clock


def test_nobody_and_the_machinery():
    assert api.anonymous().kind is ActorKind.ANONYMOUS
    assert api.system("worker").id == "system:worker"


def test_a_citizen_acts_for_his_own_party(tham, statements):
    account = api.account(tham.id)
    with statements(0):
        actor = api.actor_for(account)
    assert (actor.kind, actor.party, actor.grants) == (ActorKind.CITIZEN, tham.party, ())
    assert actor.id == tham.actor == f"account:{tham.id}"


def test_an_official_acts_with_the_roles_of_the_day(machinery, tam, statements):
    today = clock.today()
    api.grant_role(machinery, tam.id, "test.intake", "psc-1")
    api.grant_role(machinery, tam.id, "test.head", "eco-1", since=today + timedelta(days=1))
    api.grant_role(machinery, tam.id, "test.handler", "eco-1", since=today - timedelta(days=9), until=today)
    with statements(1):
        account = api.account(tam.id)
    actor = api.actor_for(account)
    assert actor.grants == (Grant("test.intake", "psc-1"),)
    assert (actor.kind, actor.unit, actor.official) == (ActorKind.OFFICIAL, "psc-1", tam.official)
    with clock.at(datetime.now(UTC) + timedelta(days=2)):
        assert Grant("test.head", "eco-1") in api.actor_for(account).grants


def test_an_official_of_several_units_chooses_one(machinery, tam):
    for unit in ("psc-1", "psc-2"):
        api.grant_role(machinery, tam.id, "test.intake", unit)
    account = api.account(tam.id)
    assert api.actor_for(account).unit == "psc-1"
    assert api.actor_for(account, unit="psc-2").unit == "psc-2"
    assert api.actor_for(account, unit="elsewhere").unit == "psc-1"


def test_an_official_without_roles_is_still_an_official(tam):
    actor = api.actor_for(api.account(tam.id))
    assert (actor.kind, actor.unit, actor.grants) == (ActorKind.OFFICIAL, None, ())


def test_a_closed_account_is_nobody(machinery, tam):
    api.grant_role(machinery, tam.id, "test.intake", "psc-1")
    api.close_account(machinery, tam.id)
    assert api.actor_for(api.account(tam.id)) == api.anonymous()
    api.reopen_account(machinery, tam.id)
    assert api.actor_for(api.account(tam.id)).grants


def test_names_behind_actors_come_in_one_query(tam, bao, statements):
    with statements(1):
        names = api.actor_names([tam.actor, bao.actor, "system:worker", "account:nonsense", tam.actor])
    assert names == {tam.actor: "Lê Minh Tâm", bao.actor: "Trần Quốc Bảo"}
    with statements(0):
        assert api.actor_names(["system:worker"]) == {}


def test_holders_of_a_role(machinery, tam, bao):
    for who in (tam, bao):
        api.grant_role(machinery, who.id, "test.handler", "eco-1", since=date(2026, 1, 1))
    api.close_account(machinery, tam.id)
    assert api.holders("test.handler", "eco-1") == [(bao.actor, bao.official, "Trần Quốc Bảo")]
    assert api.holders("test.handler", "eco-2") == []


def test_lent_roles_count_while_they_are_lent(machinery, tam, bao, statements):
    today = clock.today()
    api.grant_role(machinery, tam.id, "test.intake", "psc-1")
    api.grant_role(machinery, tam.id, "test.head", "psc-1")
    api.grant_role(machinery, tam.id, "test.head", "psc-2")
    organisation.delegate(
        machinery, tam.official, bao.official, "psc-1", today, today + timedelta(days=3), roles=("test.head",)
    )
    account = api.account(bao.id)
    with statements(2):
        actor = api.actor_for(account)
    assert actor.grants == (Grant("test.head", "psc-1"),)
    assert (actor.unit, actor.on_behalf) == ("psc-1", tam.actor)
    api.grant_role(machinery, bao.id, "test.handler", "eco-1")
    account = api.account(bao.id)
    assert (api.actor_for(account).unit, api.actor_for(account).on_behalf) == ("eco-1", None)
    assert api.actor_for(account, unit="psc-1").on_behalf == tam.actor
    with clock.at(datetime.now(UTC) + timedelta(days=4)):
        assert api.actor_for(account).grants == (Grant("test.handler", "eco-1"),)


def test_who_was_lent_a_role_does_not_lend_it_on(machinery, tam, bao, employ):
    duc, today = employ("duc", "Võ Minh Đức"), clock.today()
    api.grant_role(machinery, tam.id, "test.head", "psc-1")
    for giver, receiver in ((tam, bao), (bao, duc)):
        organisation.delegate(machinery, giver.official, receiver.official, "psc-1", today, today + timedelta(days=3))
    assert api.actor_for(api.account(bao.id)).grants
    assert api.actor_for(api.account(duc.id)).grants == ()


def test_roles_are_read_with_the_account_and_again_on_another_day(machinery, tam, statements):
    api.grant_role(machinery, tam.id, "test.intake", "psc-1", until=clock.today() + timedelta(days=1))
    account = api.account(tam.id)
    with statements(1):
        assert api.actor_for(account).grants
    with clock.at(datetime.now(UTC) + timedelta(days=1)):
        assert api.actor_for(account).grants == ()
