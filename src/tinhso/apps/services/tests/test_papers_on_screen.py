"""Papers put to a form: each bad file is answered beside its own paper, and loses none of the good ones."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import dossiers, world
from tinhso.kernel.cases import api as cases
from tinhso.kernel.identity import api as identity


def test_a_bad_file_is_told_and_the_good_one_is_kept(commune):
    draft = cases.save_draft(commune.tham, dossiers.TYPE, dossiers.ANSWERS, "giay-to")
    first, second = [rule.code for rule in cases.papers_asked(dossiers.TYPE, dossiers.ANSWERS)][:2]
    client = Client()
    client.force_login(identity.account(commune.tham.id.removeprefix("account:")))
    chosen = {
        f"paper-{first}": SimpleUploadedFile("ban-ve.pdf", world.PDF),
        f"paper-{second}": SimpleUploadedFile("ban-ve.pdf", b"#!/bin/sh"),
        "add": "1",
    }
    told = client.post(f"/don/{draft.id}/giay-to/", chosen)
    kept = cases.draft(commune.tham, draft.id)
    assert told.status_code == 422
    assert set(told.context["faults"]) == {second} and told.context["faults"][second]
    assert [file.name for file in kept.papers[first]] == ["ban-ve.pdf"]
    assert not kept.papers.get(second)
