"""What the screens of a move and of handing in ask of the database, session, user and draft included.

``test_statements.py`` holds the same of the API; the form asks one statement more, since it reads its files itself.
"""

import pytest
from django.test import Client

from tests import dossiers, world
from tinhso.kernel.cases import api as cases
from tinhso.ui import access


@pytest.fixture
def commune(open_commune, settings):
    settings.SITE_SECONDS = settings.EDITION_SECONDS = 60
    return open_commune


def _signed_in(commune, key):
    client = Client()
    client.force_login(commune.accounts[key], backend="tinhso.kernel.identity.backend.Backend")
    session = client.session
    session[access.SECOND_FACTOR_KEY] = True
    session.save()
    client.get("/lam-viec/" if key != "tham" else "/")  # the first request of a session writes when it began
    return client


def _move(client, ref, move, key, **given):
    address = f"/lam-viec/ho-so/{ref.code}/{move}/"
    return client.post(address, {"version": ref.version, "key": key, **given})


def test_a_move(commune, statements):
    warm, ref = (dossiers.bring_to(commune, "assigning", months=n) for n in (8, 9))
    client, handler = _signed_in(commune, "duc"), commune.bao.id
    assert _move(client, warm, "assign", "k1", assignee=handler).status_code == 302
    with statements(12):
        assert _move(client, ref, "assign", "k2", assignee=handler).status_code == 302


def _draft(commune, months):
    data = dossiers.ANSWERS | {"months": months}
    draft = cases.save_draft(commune.tham, dossiers.TYPE, data, "xem-lai")
    for rule in cases.papers_asked(dossiers.TYPE, data):
        if rule.required:
            owner = f"draft:{draft.id}"
            cases.attach_to_draft(commune.tham, draft.id, rule.code, world.stored(commune.tham, owner).id)
    return f"/don/{draft.id}/xem-lai/"


def test_a_create(commune, statements):
    warm, address = _draft(commune, 8), _draft(commune, 9)
    client = _signed_in(commune, "tham")
    assert client.post(warm).status_code == 302
    with statements(15):
        assert client.post(address).status_code == 302
