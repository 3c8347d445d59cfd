"""Puts the parts together: which payment providers and which channels this installation has, and who finds the words."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import translation

from tinhso.config.demo.cast import sign_ins
from tinhso.config.demo.events import DemoCompleted
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.messages import api as messages
from tinhso.kernel.messages.adapters.addresses import email_of
from tinhso.kernel.messages.adapters.email import EmailChannel
from tinhso.kernel.messages.types import Rendered
from tinhso.kernel.payments import api as payments
from tinhso.kernel.payments.adapters.sandbox import SandboxProvider, secret_at
from tinhso.ui import site, words

SANDBOX_KEY = "sandbox-bank"
"""File under HOME/keys."""


def connect() -> None:
    """Connect what the settings name; called once in each process."""
    ledger.declare(DemoCompleted)
    site.provide(sign_ins=sign_ins)
    messages.set_renderer(in_words)
    messages.connect(EmailChannel(email_of, domain=settings.EMAIL_DOMAIN))
    if settings.SANDBOX_BANK:
        payments.connect(SandboxProvider(settings.SANDBOX_BANK, secret_at(settings.HOME / "keys" / SANDBOX_KEY)))


def in_words(kind: str, params: Mapping[str, Any], about: str, language: str) -> Rendered:
    """A notice as an e-mail says it: title and sentence, and where to read more."""
    with translation.override(language):
        title, text = words.notice(kind, params)
    return Rendered(title, f"{text}\n\n{settings.SITE_URL}\n" if settings.SITE_URL else f"{text}\n")
