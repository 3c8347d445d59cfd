"""The API does what its description says: whatever is sent, no failure of ours and no answer that is not described.

Schemathesis draws requests from ``/api/v1/openapi.json``, good and bad, and holds each answer against it. The quick run is
small; ``bin/test --all`` draws more.
"""

import os

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import checks

from tests import dossiers
from tinhso.ui.access import SECOND_FACTOR_KEY

MANY = int(os.environ.get("TINHSO_EXAMPLES", "12"))
"""Requests for each operation; ``bin/test --all`` says more."""
CSRF = "f" * 32
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
KEPT = settings(
    max_examples=MANY,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def described(db, open_commune, client, settings):
    """The description, and a session of the desk's and one of a citizen's."""
    settings.LIMITS = dict.fromkeys(settings.LIMITS, (10**9, 60))
    sessions = []
    for who in ("tam", "tham"):
        client.force_login(open_commune.accounts[who], backend="tinhso.kernel.identity.backend.Backend")
        session = client.session
        session[SECOND_FACTOR_KEY] = True
        session.save()
        sessions.append(str(session.session_key))
        client.cookies.clear()
    ref = dossiers.hand_in(open_commune)
    for signal in (request_started, request_finished):  # as Django's own test client does: the transaction stays open
        signal.disconnect(close_old_connections)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    yield schema, sessions, ref.code
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def _try(operation, session: str, code: str) -> int:
    """Ask one operation many times as one person; how often."""
    asked = 0

    @KEPT
    @given(case=operation.as_strategy())
    def one(case):
        nonlocal asked
        asked += 1
        if "code" in case.path_parameters and asked % 3:
            case.path_parameters["code"] = code
        answer = case.call(cookies={"sessionid": session, "csrftoken": CSRF}, headers={"X-CSRFToken": CSRF})
        case.validate_response(answer, checks=CHECKS)

    one()
    return asked


def test_no_failure_of_ours_and_no_answer_that_is_not_described(described):
    schema, sessions, code = described
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) >= 6
    assert sum(_try(operation, session, code) for operation in operations for session in (*sessions, "")) >= 6 * MANY


def test_the_description_names_its_headers_and_failures(described):
    described_, _, _ = described
    move = described_.raw_schema["paths"]["/api/v1/dossiers/{code}/moves/{move}"]["post"]
    assert {p["name"] for p in move["parameters"]} == {"code", "move", "If-Match", "Idempotency-Key"}
    assert {"200", "400", "401", "403", "404", "409", "422", "428"} <= {str(status) for status in move["responses"]}
    looked = described_.raw_schema["paths"]["/api/v1/dossiers/{code}/status"]["get"]
    assert 429 in {int(status) for status in looked["responses"]}
    assert 401 not in {int(status) for status in looked["responses"]}
