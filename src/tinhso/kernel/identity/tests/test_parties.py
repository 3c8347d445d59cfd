"""Parties: found by identifier, masked in lists, claimed by nobody else, erased for good."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from tinhso.kernel.identity import api, sealing
from tinhso.kernel.identity.models import Account, DemoMark, Look, Membership, Party
from tinhso.kernel.identity.types import (
    AccountTaken,
    Assurance,
    DetailsInvalid,
    IdentifierTaken,
    KeyMissing,
    NoSuchParty,
    PartyErasedAlready,
    PartyKind,
    PastPerson,
    Purpose,
)
from tinhso.kernel.ledger import api as ledger
from tinhso.lib import clock
from tinhso.lib.problems import NotAllowed

NUMBER = "080196001234"


def at_counter(actor, **other):
    details = {"name": "Nguyễn Thị Hồng Thắm", "identifier": NUMBER, "phone": "0912345678"} | other
    return api.register_party(actor, PartyKind.PERSON, **details)


def test_the_counter_registers_a_person_once(intake):
    first = at_counter(intake)
    assert at_counter(intake, identifier="080.196.001.234") == first
    found = api.find_party(intake, PartyKind.PERSON, NUMBER)
    assert (found.id, found.checked, found.masked) == (first, True, True)


def test_nobody_claims_a_record_by_typing_its_number(intake, tham):
    checked = at_counter(intake)
    assert tham.party != checked, "who signs up with the same number gets a record of his own, unchecked"
    assert api.find_party(intake, PartyKind.PERSON, NUMBER).id == checked


def test_only_officials_look_parties_up(citizen, machinery):
    for actor in (citizen, api.anonymous()):
        with pytest.raises(NoSuchParty):
            api.find_party(actor, PartyKind.PERSON, NUMBER)
    assert api.find_party(machinery, PartyKind.PERSON, NUMBER) is None
    assert api.find_party(machinery, PartyKind.PERSON, "") is None


def test_the_identifier_is_not_readable_in_the_table(intake):
    party = Party.objects.get(id=at_counter(intake))
    assert NUMBER not in json.dumps([party.identifier_digest, party.identifier_sealed])
    assert party.identifier_tail == "1234"


def test_lists_are_masked_in_one_query(intake, tham, statements):
    other = at_counter(intake, email="a@b.vn")
    with statements(1):
        seen = api.party_masked([other, tham.party, "nonsense"])
    assert seen[other].name == "Nguyễn Thị Hồng Thắm"
    assert (seen[other].identifier, seen[other].phone) == ("••••••234", "••••••678")
    assert seen[other].email == "a•••@b.vn"
    assert seen[tham.party].address == ""
    assert len(seen) == 2
    with statements(0):
        assert api.party_masked([]) == {}


@pytest.mark.parametrize(
    ("field", "value"), [("identifier", "12345"), ("phone", "12"), ("email", "no address"), ("name", "  ")]
)
def test_details_of_the_wrong_shape_are_named(intake, field, value):
    with pytest.raises(DetailsInvalid) as caught:
        at_counter(intake, **{field: value})
    assert [error[0] for error in caught.value.errors] == [field]


def test_a_household_and_a_person_without_papers(intake):
    assert at_counter(intake, identifier="") != at_counter(intake, identifier="")
    assert not Party.objects.filter(checked=True).exists()


def test_the_machinery_hands_a_party_to_an_account(machinery, tham, bao, intake, citizen):
    with pytest.raises(NotAllowed):
        api.register_party(citizen, PartyKind.PERSON, "A", "", account=bao.id)
    with pytest.raises(NotAllowed):
        api.register_party(api.anonymous(), PartyKind.PERSON, "A", "")
    mine = api.register_party(citizen, PartyKind.HOUSEHOLD, "Hộ bà Thắm", "", account=tham.id)
    assert api.account(tham.id).party_id != mine, "the party an account has stays"
    theirs = at_counter(machinery, account=bao.id)
    assert str(api.account(bao.id).party_id) == theirs


def test_checking_the_papers_raises_assurance(intake, tham, citizen):
    with pytest.raises(NotAllowed):
        api.check_party(citizen, tham.party)
    api.check_party(intake, tham.party)
    assert api.account_view(api.account(tham.id)).assurance is Assurance.CHECKED
    assert api.party_masked([tham.party])[tham.party].checked


def test_one_number_one_checked_record(intake, tham):
    at_counter(intake)
    with pytest.raises(IdentifierTaken):
        api.check_party(intake, tham.party)
    with pytest.raises(IntegrityError), transaction.atomic(), ledger.acting(intake):
        Party.objects.filter(id=tham.party).update(checked=True)


def test_without_a_number_there_is_nothing_to_check(intake):
    with pytest.raises(DetailsInvalid):
        api.check_party(intake, at_counter(intake, identifier=""))


def test_an_owner_corrects_his_data_and_an_official_his_name(intake, tham, citizen):
    api.change_party(citizen, tham.party, address="  34   Lê Lợi ", name="Nguyễn Thị Thắm")
    assert ledger.history(f"party:{tham.party}")[-1].data == {"party": tham.party, "fields": ["name", "address"]}
    api.check_party(intake, tham.party)
    with pytest.raises(NotAllowed):
        api.change_party(citizen, tham.party, name="Người khác")
    assert api.change_party(intake, tham.party, name="Nguyễn Thị Hồng Thắm").name == "Nguyễn Thị Hồng Thắm"
    with pytest.raises(NoSuchParty):
        api.change_party(citizen, at_counter(intake, identifier=""), address="x")
    with pytest.raises(NoSuchParty):
        api.change_party(intake, "nonsense", address="x")


def test_erasing_blanks_the_person_and_leaves_the_ledger(machinery, intake, tham):
    api.party(intake, tham.party, Purpose.HANDLING, "case:1")
    before = [entry.data for entry in ledger.history(f"party:{tham.party}")]
    with pytest.raises(NotAllowed):
        api.erase_party(intake, tham.party)
    EmailAddress.objects.create(user_id=tham.id, email="tham@example.vn")
    ledger.seal(1000)
    head = ledger.head()
    api.erase_party(machinery, tham.party)
    api.erase_party(machinery, tham.party)
    ledger.seal(1000)
    assert ledger.verify(against=head).ok, "nothing in the ledger had to change"
    assert not EmailAddress.objects.filter(user_id=tham.id).exists()
    view = api.party(machinery, tham.party, Purpose.HANDLING)
    assert (view.name, view.identifier, view.phone, view.email, view.address, view.erased) == ("", "", "", "", "", True)
    account = Account.objects.get(id=tham.id)
    assert (account.name, account.phone, account.email, account.is_active) == ("", "", "", False)
    assert not account.has_usable_password()
    history = ledger.history(f"party:{tham.party}")
    assert [entry.data for entry in history][:-1] == before
    assert history[-1].kind == "identity.party.erased"
    with pytest.raises(PartyErasedAlready):
        api.change_party(machinery, tham.party, address="x")
    with pytest.raises(IntegrityError), transaction.atomic(), ledger.acting(machinery):
        Party.objects.filter(id=tham.party).update(name="again")


def test_no_entry_holds_personal_data(machinery, intake, tham, citizen):
    at_counter(intake, phone="0909123123")
    api.party(intake, tham.party, Purpose.HANDLING, "case:1")
    api.erase_party(machinery, tham.party)
    from tinhso.kernel.ledger.models import Entry

    written = json.dumps(list(Entry.objects.values_list("data", "stream", "actor")), ensure_ascii=False)
    for personal in ("Thắm", NUMBER, "1234", "912345678", "909123123", "tham@", "Nguyễn Huệ"):
        assert personal not in written.replace(tham.id, "").replace(tham.party, "") or personal == "1234"


def test_a_lost_key_is_said_and_not_replaced_in_silence(intake, settings, tmp_path):
    party = at_counter(intake)
    settings.HOME = tmp_path
    with pytest.raises(KeyMissing):
        api.find_party(intake, PartyKind.PERSON, NUMBER)
    assert not (tmp_path / "keys").exists()
    sealing.box(lambda: False)  # somebody made a new one by hand
    with pytest.raises(KeyMissing):
        api.party(intake, party, Purpose.HANDLING)


def test_an_unchanged_correction_leaves_no_entry(citizen, tham):
    before = len(ledger.history(f"party:{tham.party}"))
    api.change_party(citizen, tham.party, phone="0912345678")
    assert len(ledger.history(f"party:{tham.party}")) == before


def test_rows_name_themselves_without_personal_data(machinery, intake, tham):
    api.party(intake, tham.party, Purpose.HANDLING)
    account, look = Account.objects.get(id=tham.id), Look.objects.get()
    with ledger.acting(machinery):
        mark = DemoMark.objects.create(since=clock.now())
    shown = [str(row) for row in (account, account.party, look, mark, Membership.objects.get())]
    assert "Thắm" not in " ".join(shown)
    assert shown[0] == f"account:{tham.id}"
    assert Account.objects.get_by_natural_key(account.username.upper()) == account


def test_people_of_a_history_are_registered_at_once_each_at_his_time(intake):
    then = clock.now() - timedelta(days=40)
    people = [
        PastPerson(then, "Trần Thị Xuân", "000190000001", "0911000001", "Khu phố 1", "xuan", make_password("x")),
        PastPerson(then, "Lê Văn Thu", "000190000002", "0911000002", "Khu phố 2"),
    ]
    (xuan, account), (thu, none) = api.register_past(api.system("import"), people)
    assert none is None and Party.objects.get(pk=thu).checked
    assert api.account(account).party_id == Party.objects.get(pk=xuan).id
    assert [entry.occurred_at for entry in ledger.history(f"party:{xuan}") + ledger.history(f"account:{account}")] == [
        then,
        then,
    ]
    assert api.find_party(intake, PartyKind.PERSON, "000190000002").id == thu
    with pytest.raises(NotAllowed):
        api.register_past(intake, people)
    with pytest.raises(AccountTaken):
        api.register_past(
            api.system("import"), [replace(people[1], identifier="000190000003", phone="0911000001", username="x")]
        )
