"""What a page and a write cost in SQL statements, over HTTP, session and person included: fixed numbers, on both databases.

Transaction control is not counted. A move that issues a signed slip also stores, publishes and records a document: told apart.
"""

import json
from datetime import timedelta

import pytest
from django.test import Client

from tests import dossiers, world
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.queries import lists, packs
from tinhso.kernel.organisation import api as organisation
from tinhso.kernel.organisation import queries as organisation_queries
from tinhso.lib import clock
from tinhso.ui import site
from tinhso.ui.access import SECOND_FACTOR_KEY


@pytest.fixture
def commune(open_commune, settings):
    """The commune of the tests, with one dossier handed in; what a process learns once (types, calendar) is learned."""
    settings.SITE_SECONDS = settings.EDITION_SECONDS = 60
    dossiers.hand_in(open_commune)
    return open_commune


def _client(commune: world.World, name: str) -> Client:
    client = Client()
    client.force_login(commune.accounts[name])
    session = client.session
    session[SECOND_FACTOR_KEY] = True
    session.save()
    client.get("/lam-viec/" if name != "tham" else "/ho-so-cua-toi/")
    return client


def _move(client: Client, code: str, version: int, move: str, given: dict | None = None):
    body = json.dumps({"input": given or {}})
    headers = {"If-Match": f'"{version}"', "Idempotency-Key": f"{move}:{version}"}
    return client.post(f"/api/v1/dossiers/{code}/moves/{move}", body, "application/json", headers=headers)


def test_handing_in(commune, statements):
    client = _client(commune, "tham")
    owner = f"upload:{commune.tham.id}"
    rules = [rule for rule in cases.papers_asked(dossiers.TYPE, dossiers.ANSWERS) if rule.required]
    papers = {rule.code: [world.stored(commune.tham, owner).id] for rule in rules}
    body = json.dumps({"procedure": dossiers.TYPE, "data": dossiers.ANSWERS, "papers": papers})
    with statements(15):
        made = client.post("/api/v1/dossiers", body, "application/json", headers={"Idempotency-Key": "k"})
    assert made.status_code == 201, made.content


def test_a_move(commune, statements):
    row = cases.my_cases(commune.tham)[0]
    assert _move(_client(commune, "tam"), row.ref.code, row.ref.version, "receive").status_code == 200
    row = cases.my_cases(commune.tham)[0]
    client, assignee = _client(commune, "duc"), commune.bao.id
    with statements(12):
        moved = _move(client, row.ref.code, row.ref.version, "assign", {"assignee": assignee})
    assert moved.status_code == 200, moved.content


def test_a_move_that_issues_a_signed_slip(commune, statements):
    row = cases.my_cases(commune.tham)[0]
    client = _client(commune, "tam")
    with statements(36):
        moved = _move(client, row.ref.code, row.ref.version, "receive")
    assert moved.status_code == 200, moved.content


def _lend(commune: world.World, giver: str, to: str) -> None:
    """``giver``'s roles at his first unit are lent to another official for the month."""
    lender, borrower = getattr(commune, giver), getattr(commune, to)
    today = clock.today()
    organisation.delegate(
        world.SYSTEM, lender.official, borrower.official, lender.grants[0].unit, today, today + timedelta(days=30)
    )


def test_a_move_of_somebody_to_whom_roles_are_lent(commune, statements):
    row = cases.my_cases(commune.tham)[0]
    assert _move(_client(commune, "tam"), row.ref.code, row.ref.version, "receive").status_code == 200
    _lend(commune, "duc", "bao")
    row, client, assignee = cases.my_cases(commune.tham)[0], _client(commune, "bao"), commune.bao.id
    with statements(12):
        moved = _move(client, row.ref.code, row.ref.version, "assign", {"assignee": assignee})
    assert moved.status_code == 200, moved.content


def test_a_list_of_somebody_to_whom_roles_are_lent(commune, statements):
    _lend(commune, "duc", "tam")
    client = _client(commune, "tam")
    with statements(8):
        assert client.get("/lam-viec/ds/to_receive/").content.count(b"data-preview=") == 1


def _forget() -> None:
    """As a process that has just begun: no type compiled, no calendar built, no name known."""
    packs._compiled.clear()
    lists._counting.cache_clear()
    organisation_queries._kept.clear()
    organisation_queries._calendar.cache_clear()
    organisation_queries.forget_names()
    site._kept.clear()


def test_a_new_process_asks_once_more_and_no_more(commune, statements):
    """What a process learns once is counted here: the type's text, the calendar's edition with its four tables, the site."""
    row = cases.my_cases(commune.tham)[0]
    assert _move(_client(commune, "tam"), row.ref.code, row.ref.version, "receive").status_code == 200
    row, client, assignee = cases.my_cases(commune.tham)[0], _client(commune, "duc"), commune.bao.id
    _forget()
    with statements(12):
        moved = _move(client, row.ref.code, row.ref.version, "assign", {"assignee": assignee})
    assert moved.status_code == 200, moved.content
    client = _client(commune, "bao")
    _forget()
    with statements(17):
        assert client.get("/lam-viec/ds/mine/").status_code == 200


@pytest.mark.parametrize("more", [0, 12])
def test_a_list_costs_the_same_however_long(commune, statements, more):
    for number in range(more):
        dossiers.hand_in(commune, plot_no=str(100 + number))
    client = _client(commune, "tam")
    with statements(8):
        page = client.get("/lam-viec/ds/to_receive/")
    assert page.status_code == 200
    assert page.content.count(b"data-preview=") == 1 + more
