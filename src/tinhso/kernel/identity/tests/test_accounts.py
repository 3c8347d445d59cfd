"""Accounts: made, changed, closed; each write in the ledger, without personal data."""

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.db import IntegrityError, transaction

from tinhso.kernel.identity import api
from tinhso.kernel.identity.models import Account
from tinhso.kernel.identity.types import AccountKind, AccountTaken, Assurance, DetailsInvalid, NoSuchAccount, NotDemo, PartyKind
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.organisation import api as organisation
from tinhso.kernel.organisation.types import OfficialUnknown
from tinhso.lib import clock
from tinhso.lib.problems import NotAllowed


def kinds_of(stream: str) -> list[str]:
    return [entry.kind for entry in ledger.history(stream)]


def test_signing_up_makes_account_and_party(tham):
    assert (tham.kind, tham.assurance, tham.active) == (AccountKind.CITIZEN, Assurance.DECLARED, True)
    assert (tham.phone, tham.email) == ("0912345678", "tham@example.vn")
    assert kinds_of(f"account:{tham.id}") == ["identity.account.created"]
    assert kinds_of(f"party:{tham.party}") == ["identity.party.registered"]
    assert not api.party_masked([tham.party])[tham.party].checked


def test_a_business_signs_up_by_its_code(db):
    made = api.sign_up(
        api.anonymous(), PartyKind.BUSINESS, "Công ty TNHH Vàm Cỏ", "1101234567-001", password="x", email="vc@example.vn"
    )
    assert made.kind is AccountKind.BUSINESS
    assert api.actor_for(api.account(made.id)).party == made.party


def test_signing_up_needs_a_way_to_reach_the_person(db):
    with pytest.raises(DetailsInvalid) as caught:
        api.sign_up(api.anonymous(), PartyKind.PERSON, "A", "080196001234", password="x")
    assert caught.value.errors == [("phone", "phone_or_email", {})]


def test_who_has_signed_in_does_not_sign_up_again(citizen):
    with pytest.raises(NotAllowed):
        api.sign_up(citizen, PartyKind.PERSON, "A", "080196001234", password="x", phone="0912000111")


@pytest.mark.parametrize(("field", "other"), [("phone", {"phone": "+84 912.345.678"}), ("email", {"email": "THAM@example.vn"})])
def test_phone_and_email_sign_in_one_account_only(tham, field, other):
    with pytest.raises(AccountTaken) as caught:
        api.sign_up(api.anonymous(), PartyKind.PERSON, "Người khác", "", password="x", **other)
    assert caught.value.params == {"field": field}


def test_usernames_are_unique_whatever_their_case(machinery, tam):
    with pytest.raises(AccountTaken):
        api.create_account(machinery, AccountKind.CITIZEN, "TAM", "Khác")
    with pytest.raises(IntegrityError), transaction.atomic(), ledger.acting(machinery):
        Account.objects.create(kind="citizen", username="Tam", created_at=clock.now())


def test_one_official_has_one_account(machinery, tam):
    with pytest.raises(AccountTaken) as caught:
        api.create_account(machinery, AccountKind.OFFICIAL, "tam2", "Lê Minh Tâm", official=tam.official)
    assert caught.value.params == {"field": "official"}


def test_only_administrators_make_accounts(machinery, tam, intake, citizen):
    other = organisation.create_official(machinery, "Đỗ Thị Lan")
    for actor in (intake, citizen, api.anonymous()):
        with pytest.raises(NotAllowed):
            api.create_account(actor, AccountKind.OFFICIAL, "x", "X", official=other.id)
    api.grant_role(machinery, tam.id, api.ADMINISTRATOR, "psc-1")
    administrator = api.actor_for(api.account(tam.id))
    assert api.create_account(administrator, AccountKind.OFFICIAL, "x", "X", official=other.id).username == "x"


def test_an_official_that_nobody_employs_has_no_account(machinery):
    with pytest.raises(OfficialUnknown):
        api.create_account(machinery, AccountKind.OFFICIAL, "x", "X", official="4a4670aa-d61b-4adf-896a-2643358e9fce")


def test_a_finished_hash_is_taken_as_it_is(machinery):
    encoded = make_password("tinhso")
    made = api.create_account(machinery, AccountKind.CITIZEN, "hoa", "Phạm Văn Hòa", encoded_password=encoded)
    assert api.account(made.id).password == encoded
    with pytest.raises(ValueError, match="algorithm"):
        api.create_account(machinery, AccountKind.CITIZEN, "y", "Y", encoded_password="plain")


def test_without_a_password_nobody_signs_in(bao):
    assert not api.account(bao.id).has_usable_password()


def test_a_new_password_is_recorded_but_not_told(machinery, tam):
    api.set_password(machinery, tam.id, "một câu dài khác")
    account = api.account(tam.id)
    assert account.check_password("một câu dài khác")
    assert kinds_of(f"account:{tam.id}")[-1] == "identity.password.changed"
    assert "khác" not in str([entry.data for entry in ledger.history(f"account:{tam.id}")])


def test_the_product_hashes_with_argon2(settings, machinery, tam):
    from tinhso.config import settings as product

    settings.PASSWORD_HASHERS = product.PASSWORD_HASHERS
    api.set_password(machinery, tam.id, "một câu dài khác")
    assert identify_hasher(api.account(tam.id).password).algorithm == "argon2"


def test_contact_is_changed_by_its_owner(tham, citizen, intake, statements):
    changed = api.change_contact(citizen, tham.id, phone="0987 654 321", email="tham@example.vn")
    assert changed.phone == "0987654321"
    assert ledger.history(f"account:{tham.id}")[-1].data == {"account": tham.id, "fields": ["phone"]}
    assert api.party_masked([tham.party])[tham.party].phone.endswith("321")
    assert api.change_contact(citizen, tham.id, phone="0987654321", email="tham@example.vn") == changed
    with pytest.raises(NotAllowed):
        api.change_contact(intake, tham.id, phone="", email="")


def test_an_account_nobody_has(machinery):
    for wrong in ("nonsense", "4a4670aa-d61b-4adf-896a-2643358e9fce"):
        with pytest.raises(NoSuchAccount):
            api.account(wrong)
        with pytest.raises(NoSuchAccount):
            api.close_account(machinery, wrong)


def test_sign_ins_and_second_factors_are_recorded(tam):
    me = api.actor_for(api.account(tam.id))
    api.second_factor_changed(me, tam.id, "totp", True)
    api.signed_in(me, tam.id, ("password", "mfa"))
    entries = ledger.history(f"account:{tam.id}")[-2:]
    assert [entry.kind for entry in entries] == ["identity.second_factor.changed", "identity.signed_in"]
    assert entries[1].data["methods"] == ["password", "mfa"]
    assert api.account(tam.id).last_login is not None


def test_closing_twice_is_recorded_once(machinery, tam):
    for close in (api.close_account, api.close_account, api.reopen_account, api.reopen_account):
        close(machinery, tam.id)
    assert kinds_of(f"account:{tam.id}")[1:] == ["identity.account.closed", "identity.account.reopened"]


def test_only_an_empty_database_becomes_a_demo(machinery, intake):
    with pytest.raises(NotDemo):
        api.mark_as_demo(machinery)
    with pytest.raises(NotAllowed):
        api.mark_as_demo(intake)
    assert not api.is_demo()


def test_a_demo_is_marked_once(machinery):
    api.mark_as_demo(machinery)
    api.mark_as_demo(machinery)
    assert api.is_demo()
    assert kinds_of("identity:demo") == ["identity.database.marked_demo"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "official", "username": "a"},
        {"kind": "robot", "username": "a"},
        {"kind": "citizen", "username": "a", "assurance": 9},
    ],
)
def test_the_database_refuses_nonsense(machinery, wrong):
    with pytest.raises(IntegrityError), transaction.atomic(), ledger.acting(machinery):
        Account.objects.create(**wrong, created_at=clock.now())


def test_an_account_without_party_changes_its_contact(machinery, tam):
    assert api.change_contact(machinery, tam.id, phone="0912000111", email="").phone == "0912000111"
    assert api.account_by_phone("0912 000 111").id == api.account(tam.id).id
    assert api.account_by_phone("no number") is None
    assert api.account_by_phone("") is None
