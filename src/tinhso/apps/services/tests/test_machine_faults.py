"""When the machine fails, the person is told in words and nothing acknowledged is lost: a full disk, a missing key, a database
that is away and comes back."""

import errno
import os
from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection

from tests import dossiers, world
from tinhso.kernel.cases import api as cases
from tinhso.kernel.identity.types import Purpose
from tinhso.kernel.ledger import api as ledger


def test_a_full_disk_keeps_the_form_and_says_what_to_do(commune, monkeypatch):
    draft = cases.save_draft(commune.tham, dossiers.TYPE, dossiers.ANSWERS, "giay-to")
    paper = cases.papers_asked(dossiers.TYPE, dossiers.ANSWERS)[0].code
    client, write = commune.client("tham"), os.write

    def full(handle: int, data: bytes) -> int:
        if bytes(data[:5]) == b"%PDF-":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(handle, data)

    def upload() -> object:
        return client.post(f"/don/{draft.id}/giay-to/", {f"paper-{paper}": SimpleUploadedFile("a.pdf", world.PDF), "add": "1"})

    monkeypatch.setattr(os, "write", full)
    told = upload()
    assert told.status_code >= 400
    assert "Hệ thống hết chỗ lưu" in told.content.decode()
    monkeypatch.undo()
    assert cases.draft(commune.tham, draft.id).data == dossiers.ANSWERS, "nothing typed is lost"
    upload()
    assert [file.name for file in cases.draft(commune.tham, draft.id).papers[paper]] == ["a.pdf"], "and it goes on"


def test_without_its_key_an_office_receives_nothing_and_the_dossier_stays(commune, settings):
    ref = dossiers.hand_in(commune)
    away = settings.HOME / "keys" / "signing"
    away.rename(settings.HOME / "away")
    client = commune.client("tam")
    told = client.post(f"/lam-viec/ho-so/{ref.code}/receive/", {"version": ref.version, "key": "once"})
    assert told.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    said = told.content.decode()
    assert "Traceback" not in said and "keys/signing" not in said
    assert cases.case_view(commune.tam, ref.id, Purpose.HANDLING).step.id == "filed"
    (settings.HOME / "away").rename(away)
    client.post(f"/lam-viec/ho-so/{ref.code}/receive/", {"version": ref.version, "key": "once"})
    assert cases.case_view(commune.tam, ref.id, Purpose.HANDLING).step.id == "assigning"


@pytest.mark.parametrize("path", ["/", "/ho-so-cua-toi/", "/api/v1/dossiers"])
def test_a_database_that_is_away_is_a_page_of_ours_and_it_comes_back(commune, path):
    client = commune.client("tham")
    client.raise_request_exception = False
    before = client.get(path).status_code

    def gone(*_: object) -> None:
        raise OperationalError("server closed the connection unexpectedly at 10.0.0.7")

    with connection.execute_wrapper(gone):
        told = client.get(path)
    assert told.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert told["Retry-After"]
    assert "10.0.0.7" not in told.content.decode()
    kind = "application/problem+json" if path.startswith("/api") else "text/html"
    assert told["Content-Type"].startswith(kind)
    assert client.get(path).status_code == before


def test_a_move_that_the_database_breaks_off_leaves_nothing(commune):
    ref = dossiers.hand_in(commune)
    size = len(ledger.history(f"case:{ref.id}"))
    client = commune.client("tam")

    def gone(execute, sql, params, many, context):
        if 'INSERT INTO "ledger_entry"' in sql:
            raise OperationalError("server closed the connection unexpectedly")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(gone):
        told = client.post(f"/lam-viec/ho-so/{ref.code}/receive/", {"version": ref.version, "key": "once"})
    assert told.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert len(ledger.history(f"case:{ref.id}")) == size
    assert cases.case_view(commune.tam, ref.id, Purpose.HANDLING).step.id == "filed"
