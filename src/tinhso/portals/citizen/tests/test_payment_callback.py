"""The provider's door: what it answers to each sort of call."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client

from tinhso.kernel.ledger.types import Actor, ActorKind
from tinhso.kernel.payments import api
from tinhso.kernel.payments.adapters.sandbox import SandboxProvider
from tinhso.kernel.payments.engine import signature
from tinhso.kernel.payments.types import ChargeLine, ChargeState
from tinhso.lib import clock

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tinhso.portals.citizen.urls_payments")]

SECRET = b"between us and the bank"
APP = Actor("system:services", ActorKind.SYSTEM)
FEE = ChargeLine("permit-fee", "Lệ phí", "Fee", 75_000, "Nghị quyết 25/2024/NQ-HĐND", rule_from=date(2025, 7, 1))


@pytest.fixture(autouse=True)
def _bank(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("tinhso.kernel.payments.ports._providers", {})
    api.connect(SandboxProvider("http://127.0.0.1:1", SECRET))
    yield


def _post(body: bytes, value: str | None = None, provider: str = "sandbox") -> tuple[int, dict[str, str]]:
    value = signature.sign(SECRET, body, clock.now()) if value is None else value
    client = Client(enforce_csrf_checks=True)
    response = client.post(
        f"/callback/{provider}/", body, content_type="application/json", headers={"X-TinhSo-Signature": value}
    )
    return response.status_code, response.json()


def test_a_signed_call_settles_and_is_acknowledged_each_time() -> None:
    charge = api.create_charge(APP, "case:1", [FEE], None, unit="khanh-hau-psc")
    body = (
        f'{{"transaction": "FT1", "reference": "{charge.reference}", "amount": 75000, "currency": "VND",'
        f' "paid_at": "{clock.now().isoformat()}"}}'
    ).encode()
    first, second = _post(body), _post(body)
    assert first == second
    assert (first[0], first[1]["verdict"]) == (200, "settled")
    assert api.charge(charge.id).state is ChargeState.PAID


def test_what_a_person_must_look_at_is_acknowledged_too() -> None:
    body = b'{"transaction": "FT1", "reference": "X", "amount": 1, "currency": "VND", "paid_at": "2026-11-23T09:29:00+07:00"}'
    status, answer = _post(body)
    assert (status, answer["verdict"]) == (200, "unknown_reference")


def test_what_should_not_have_been_sent_is_refused() -> None:
    assert _post(b"{}", value="")[0] == 403
    assert _post(b"{}", value="t=1,v1=" + "0" * 64)[0] == 403
    status, answer = _post(b"{}")
    assert (status, answer["verdict"]) == (422, "unreadable")


def test_failures_are_problems() -> None:
    status, problem = _post(b"{}", provider="nobody")
    assert (status, problem["code"]) == (404, "payments.unknown_provider")
    assert _post(b"x" * 70_000)[0] == 413


def test_only_post() -> None:
    assert Client().get("/callback/sandbox/").status_code == 405
