"""The parts are put together: mail with words in the reader's language, the sandbox bank only where it is named."""

from pathlib import Path

import pytest
from pytest_django import Settings

from tinhso.config import processes, wiring
from tinhso.config.commands import serve
from tinhso.kernel.identity import api as identity
from tinhso.kernel.ledger.types import Actor, ActorKind
from tinhso.kernel.messages import api as messages
from tinhso.kernel.payments import api as payments
from tinhso.kernel.payments.types import UnknownProvider


def test_mail_is_connected() -> None:
    assert messages.channels() == ["email"]


def test_no_bank_unless_named(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tinhso.kernel.payments.ports._providers", {})
    wiring.connect()
    with pytest.raises(UnknownProvider):
        payments.provider("sandbox")
    settings.HOME, settings.SANDBOX_BANK = tmp_path, "http://127.0.0.1:8001"
    wiring.connect()
    assert payments.provider("sandbox").code == "sandbox"
    assert (tmp_path / "keys" / wiring.SANDBOX_KEY).exists()


def test_a_mail_speaks_the_readers_language(settings: Settings) -> None:
    settings.SITE_URL = "https://dichvucong.example.vn"
    english = wiring.in_words("case.received", {"code": "H80.1", "due": "27/11/2026"}, "case:1", "en")
    vietnamese = wiring.in_words("case.received", {"code": "H80.1", "due": "27/11/2026"}, "case:1", "vi")
    assert english.subject == "Dossier H80.1 is received"
    assert vietnamese.subject != english.subject or "H80.1" in vietnamese.subject
    assert english.text.endswith("\n\nhttps://dichvucong.example.vn\n")
    settings.SITE_URL = ""
    assert "http" not in wiring.in_words("case.received", {"code": "H80.1", "due": ""}, "case:1", "en").text


def test_a_demo_runs_its_bank_beside_it() -> None:
    names = {child.name: list(child.command) for child in processes.children("127.0.0.1", 8000, 1, 4, bank=True)}
    assert names["bank"][-4:] == ["--port", "8001", "--callback", "http://127.0.0.1:8000/payments/callback/sandbox/"]
    assert set(names) == {"web", "worker", "bank"}
    assert [child.name for child in processes.children("127.0.0.1", 8000, 1, 4)] == ["web", "worker"]


@pytest.mark.django_db
def test_only_a_demo_is_a_demo() -> None:
    assert not serve.in_demo()
    identity.mark_as_demo(Actor("system:demo", ActorKind.SYSTEM))
    assert serve.in_demo()
