"""Each look at a person's data is recorded once per half hour, and the person may see it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import QuerySet

from tinhso.kernel.identity import api
from tinhso.kernel.identity.models import Look
from tinhso.kernel.identity.types import MayNotLook, NoSuchParty, PartyKind, Purpose
from tinhso.kernel.ledger.models import Entry
from tinhso.kernel.organisation import api as organisation
from tinhso.lib import clock

NINE = datetime(2026, 11, 23, 2, 10, tzinfo=UTC)


def looks() -> int:
    entries = Entry.objects.filter(kind="identity.party.looked").count()
    assert Look.objects.count() == entries
    return entries


def test_a_look_shows_everything_and_is_recorded(intake, tham):
    seen = api.party(intake, tham.party, Purpose.HANDLING, "case:1")
    assert (seen.identifier, seen.phone, seen.email, seen.masked) == ("080196001234", "0912345678", "tham@example.vn", False)
    entry = Entry.objects.get(kind="identity.party.looked")
    assert (entry.actor, entry.unit, entry.data["about"], entry.data["purpose"]) == (intake.id, "psc-1", "case:1", "handling")


def test_one_entry_per_half_hour(intake, tham):
    for minutes, expected in ((0, 1), (5, 1), (19, 1), (20, 2), (49, 2), (50, 3)):
        with clock.at(NINE + timedelta(minutes=minutes)):
            api.party(intake, tham.party, Purpose.HANDLING, "case:1")
        assert looks() == expected, minutes


def test_two_windows_at_one_instant_make_one_look(intake, tham, monkeypatch):
    api.party(intake, tham.party, Purpose.HANDLING, "case:1")
    monkeypatch.setattr(QuerySet, "exists", lambda self: False)  # as the other window saw it a moment before
    assert api.party(intake, tham.party, Purpose.HANDLING, "case:1").identifier
    monkeypatch.undo()
    assert looks() == 1


def test_another_purpose_subject_or_person_is_another_look(machinery, intake, bao, tham):
    api.grant_role(machinery, bao.id, "test.handler", "eco-1")
    other = api.actor_for(api.account(bao.id))
    with clock.at(NINE):
        for actor, purpose, about in (
            (intake, Purpose.HANDLING, "case:1"),
            (intake, Purpose.SUPERVISION, "case:1"),
            (intake, Purpose.HANDLING, "case:2"),
            (other, Purpose.HANDLING, "case:1"),
        ):
            for _ in range(2):
                api.party(actor, tham.party, purpose, about)
    assert looks() == 4


def test_a_repeated_look_costs_two_statements(intake, tham, statements):
    api.party(intake, tham.party, Purpose.HANDLING, "case:1")
    with statements(2):
        api.party(intake, tham.party, Purpose.HANDLING, "case:1")


def test_looking_at_oneself_and_the_machinery_leave_none(machinery, tham, citizen):
    assert api.party(citizen, tham.party, Purpose.OWN).identifier == "080196001234"
    assert api.party(machinery, tham.party, Purpose.HANDLING).identifier == "080196001234"
    assert looks() == 0


def test_who_may_not_look(machinery, intake, bao, tham, citizen):
    with pytest.raises(NoSuchParty):
        api.party(api.anonymous(), tham.party, Purpose.HANDLING)
    other = api.register_party(intake, PartyKind.PERSON, "Phạm Thị Ngọc Hân", "")
    with pytest.raises(NoSuchParty):
        api.party(citizen, other, Purpose.OWN)
    with pytest.raises(MayNotLook):
        api.party(api.actor_for(api.account(bao.id)), tham.party, Purpose.HANDLING)
    with pytest.raises(MayNotLook):
        api.party(intake, tham.party, Purpose.OWN)
    with pytest.raises(NoSuchParty):
        api.party(intake, "nonsense", Purpose.HANDLING)
    assert looks() == 0


def test_the_person_sees_unit_and_post_newest_first_but_no_name(machinery, intake, tham, statements):
    organisation.appoint(machinery, intake.official, "psc-1", "intake", date(2026, 1, 1))
    for hours in (0, 1):
        with clock.at(NINE + timedelta(hours=hours)):
            api.party(intake, tham.party, Purpose.HANDLING, "case:1")
    with statements(4):
        seen = api.who_looked(tham.party)
    assert [look.at for look in seen] == [NINE.replace(hour=3, minute=0), NINE.replace(minute=0)]
    assert (seen[0].unit, seen[0].purpose, seen[0].about) == ("psc-1", Purpose.HANDLING, "case:1")
    assert (seen[0].unit_name, seen[0].unit_name_en) == ("Trung tâm psc-1", "Centre psc-1")
    assert (seen[0].post, seen[0].post_en) == ("Công chức tiếp nhận", "Intake officer")
    assert "Tâm" not in str(seen)
    assert api.who_looked("nonsense") == []
