"""The HTTP API: idempotent creates, changes that know what they change, problem+json."""

import json

import pytest
from django.test import Client

from tests import world
from tests.dossiers import ANSWERS, TYPE
from tinhso.kernel.cases import api as cases
from tinhso.ui.access import SECOND_FACTOR_KEY


@pytest.fixture
def as_(commune):
    """A signed-in client for one of the commune's people."""

    def client(name: str) -> Client:
        made = Client()
        made.force_login(commune.accounts[name])
        session = made.session
        session[SECOND_FACTOR_KEY] = True
        session.save()
        return made

    return client


def _body(client: Client) -> dict:
    papers = {}
    for rule in cases.papers_asked(TYPE, ANSWERS):
        if rule.required:
            data = {"file": _pdf(rule.code)}
            papers[rule.code] = [client.post("/api/v1/files", data).json()["id"]]
    return {"procedure": TYPE, "data": ANSWERS, "papers": papers}


def _pdf(name: str):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(f"{name}.pdf", world.PDF + name.encode())


def _create(client: Client, body: dict, key: str):
    return client.post("/api/v1/dossiers", json.dumps(body), "application/json", headers={"Idempotency-Key": key})


def test_a_create_repeated_makes_one_dossier(as_, commune):
    client = as_("tham")
    body = _body(client)
    first, again = _create(client, body, "k1"), _create(client, body, "k1")
    assert (first.status_code, again.status_code) == (201, 201), first.content
    assert first.json() == again.json()
    assert len(cases.my_cases(commune.tham)) == 1


def test_a_move_needs_to_know_what_it_moves(as_, commune):
    client = as_("tham")
    made = _create(client, _body(client), "k1")
    code, officer = made.json()["code"], as_("tam")
    path = f"/api/v1/dossiers/{code}/moves/receive"
    assert officer.post(path, "{}", "application/json").status_code == 428
    seen = officer.get(f"/api/v1/dossiers/{code}")
    assert "receive" in seen.json()["moves"]
    moved = officer.post(path, "{}", "application/json", headers={"If-Match": seen["ETag"]})
    assert moved.status_code == 200, moved.content
    late = officer.post(path, "{}", "application/json", headers={"If-Match": seen["ETag"]})
    assert (late.status_code, late["Content-Type"]) == (409, "application/problem+json")
    assert "Lê Minh Tâm" in late.json()["detail"] + json.dumps(late.json()["params"], ensure_ascii=False)


def test_faults_are_named_by_field(as_, commune):
    client = as_("tham")
    body = _body(client) | {"data": ANSWERS | {"months": 400, "plot_no": "abc"}}
    refused = _create(client, body, "k1")
    assert refused.status_code == 422
    assert {e["path"] for e in refused.json()["errors"]} == {"months", "plot_no"}


def test_a_stranger_sees_status_only(as_, commune):
    client = as_("tham")
    code = _create(client, _body(client), "k1").json()["code"]
    shown = Client().get(f"/api/v1/dossiers/{code}/status")
    assert shown.status_code == 200
    assert "Thắm" not in shown.content.decode()
    assert Client().get(f"/api/v1/dossiers/{code}").status_code in {302, 401}
    assert as_("dung").get(f"/api/v1/dossiers/{code}").status_code == 404


def test_somebody_elses_file_can_not_be_named(as_, commune):
    body = _body(as_("dung"))
    assert _create(as_("tham"), body, "k1").status_code == 422


def test_without_a_token_a_session_writes_nothing(as_, commune):
    client = as_("tham")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post("/api/v1/dossiers", "{}", "application/json", headers={"Idempotency-Key": "k"}).status_code == 403


def test_the_description_can_be_read(as_):
    described = Client().get("/api/v1/openapi.json")
    assert described.status_code == 200
    assert "/api/v1/dossiers" in described.json()["paths"]
