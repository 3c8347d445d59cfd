"""What nobody types but somebody sends: a clear refusal in the house's own words, never a failure of ours."""

import base64
import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import world
from tests.dossiers import ANSWERS, TYPE
from tinhso.kernel.cases import api as cases
from tinhso.ui import incoming
from tinhso.ui.access import SECOND_FACTOR_KEY


@pytest.fixture
def as_(commune):
    """A signed-in client for one of the commune's people; what fails is answered as it would be in service."""

    def client(name: str) -> Client:
        made = Client(raise_request_exception=False)
        made.force_login(commune.accounts[name])
        session = made.session
        session[SECOND_FACTOR_KEY] = True
        session.save()
        return made

    return client


def _upload(client: Client, name: str = "a.pdf", content: bytes = world.PDF):
    return client.post("/api/v1/files", {"file": SimpleUploadedFile(name, content + uuid.uuid4().bytes)})


def _body(client: Client, replaced: str) -> str:
    """A good dossier as JSON with one answer written as ``"name": text`` says, whatever JSON has to say to it."""
    rules = [rule.code for rule in cases.papers_asked(TYPE, ANSWERS) if rule.required]
    papers = {code: [_upload(client).json()["id"]] for code in rules}
    name = replaced.split('"')[1]
    data = json.dumps({key: value for key, value in ANSWERS.items() if key != name})
    return f'{{"procedure": "{TYPE}", "papers": {json.dumps(papers)}, "data": {data[:-1]}, {replaced}}}}}'


def _create(client: Client, body: str, key: str = "k"):
    return client.post("/api/v1/dossiers", body, "application/json", headers={"Idempotency-Key": key})


@pytest.mark.parametrize(
    "answer",
    [
        '"plot_area": NaN',
        '"plot_area": -Infinity',
        '"plot_area": 1e999',
        '"storeys": 1' + "0" * 5000,
        '"plot_address": "a\\u0000b"',
        '"plot_address": "a\\\\\\u0000b"',
        '"plot_address": "a\\ud800b"',
        '"plot_address": ' + "[" * 100_000 + "]" * 100_000,
    ],
    ids=["nan", "infinity", "beyond a float", "5000 figures", "nul", "nul behind a backslash", "half a letter", "deep"],
)
def test_answers_that_no_database_keeps_are_refused(as_, answer):
    client = as_("tham")
    refused = _create(client, _body(client, answer))
    assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json")
    assert refused.json()["code"] == "bad_request"


def test_text_about_nul_is_text(as_):
    client = as_("tham")
    assert _create(client, _body(client, '"plot_address": "lô \\\\u0000"')).status_code == 201


def test_a_very_long_key_still_makes_one_dossier(as_, commune):
    client = as_("tham")
    body = _body(client, '"storeys": 2')
    first, again = _create(client, body, "k" * 5000), _create(client, body, "k" * 5000)
    assert (first.status_code, first.json()) == (201, again.json())
    assert len(cases.my_cases(commune.tham)) == 1


@pytest.mark.parametrize("version", ["²", "9" * 5000, "1e3", "-1", "١"])
def test_a_version_that_is_no_number_is_none(as_, filed, version):
    officer, code = as_("tam"), filed().code
    moved = officer.post(f"/api/v1/dossiers/{code}/moves/receive", "{}", "application/json", headers={"If-Match": version})
    assert moved.status_code == 428
    page = officer.get(f"/lam-viec/ho-so/{code}/", {"trang": version})
    assert page.status_code == 200
    many = officer.post("/lam-viec/nhieu/", {"code": f"{code}@{version}", "move": "receive"})
    assert many.status_code == 302
    assert officer.get(f"/api/v1/dossiers/{code}").json()["step"] == "filed"


def _cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        _cursor(f'["0001-01-01T00:00:00+07:00", "{uuid.uuid4().hex}"]'),
        _cursor(f'["9999-12-31T23:59:59-07:00", "{uuid.uuid4().hex}"]'),
        _cursor("[" * 50_000),
    ],
    ids=["before time", "after time", "deep"],
)
def test_a_forged_cursor_is_refused(as_, cursor):
    assert as_("tam").get("/lam-viec/", {"after": cursor}).status_code == 422


@pytest.mark.parametrize(
    "address",
    [
        "/tra-cuu/?code=%00",
        "/kiem-tra/%00/",
        "/ho-so/%00/",
        "/don/%00/",
        "/thong-bao/?%00=1",
        "/api/v1/dossiers/%00",
        "/api/v1/dossiers/%00/status",
    ],
)
def test_nul_in_an_address_is_refused_everywhere(as_, address):
    assert as_("tham").get(address).status_code == 400


def test_nul_in_a_form_is_refused(as_, filed):
    code = filed().code
    sent = as_("tam").post(f"/lam-viec/ho-so/{code}/receive/", {"key": "a\x00b"})
    assert sent.status_code == 400


def test_an_official_is_sent_nowhere_else(as_, filed):
    officer, ref = as_("tam"), filed()
    made = officer.post(f"/lam-viec/ho-so/{ref.code}/receive/", {"version": ref.version, "next": "https://evil.example/"})
    assert made["Location"] == f"/lam-viec/ho-so/{ref.code}/"
    many = officer.post("/lam-viec/nhieu/", {"code": "x@1", "move": "receive", "back": "//evil.example/"})
    assert many["Location"] == "/lam-viec/"
    inside = officer.post("/lam-viec/nhieu/", {"code": "x@1", "move": "receive", "back": "/lam-viec/ds/mine/"})
    assert inside["Location"] == "/lam-viec/ds/mine/"


def test_a_file_that_is_no_id_comes_off_without_a_trace(as_):
    client = as_("tham")
    draft = client.post(f"/thu-tuc/{TYPE}/nop/")["Location"].split("/")[2]
    taken = client.post(f"/don/{draft}/bo-giay-to/", {"paper": "plan", "file": "../../etc/passwd"})
    assert taken.status_code == 302


@pytest.mark.parametrize(("field", "text"), [("name", "x" * 251), ("address", "x" * 501)])
def test_an_applicant_at_the_counter_fits_the_register(as_, field, text):
    officer = as_("tam")
    draft = officer.post(f"/lam-viec/tiep-nhan/{TYPE}/")["Location"].split("/")[2]
    facts = {"name": "A", "identifier": "080190001234", "phone": "0912345678", "address": "B"}
    answered = officer.post(f"/don/{draft}/nguoi-nop/", facts | {field: text})
    assert answered.status_code == 422
    assert "lỗi của chúng tôi" not in answered.content.decode()


def test_a_request_too_large_is_refused_before_it_is_kept(as_, monkeypatch):
    monkeypatch.setattr(incoming, "LARGEST_REQUEST", 500)
    refused = _upload(as_("tham"), content=world.PDF * 3)
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
    page = Client().post("/kiem-tra/", {"document": SimpleUploadedFile("a.pdf", world.PDF * 3)})
    assert page.status_code == 413
