"""E-mail by Django's mail backend: SMTP where the environment names a server, files under HOME otherwise."""

import smtplib
from collections.abc import Callable

from django.core.mail import EmailMessage

from tinhso.kernel.messages.types import Rendered, SendFailed

PERMANENT_FROM = 500
"""SMTP replies from here on mean: do not try again."""


class EmailChannel:
    """Plain-text mail. ``find_address`` knows where a recipient reads; ``domain`` names our messages."""

    code = "email"

    def __init__(self, find_address: Callable[[str], str | None], domain: str = "tinhso.local") -> None:
        self._find_address = find_address
        self._domain = domain

    def address(self, recipient: str) -> str | None:
        """The recipient's e-mail address."""
        return self._find_address(recipient)

    def send(self, delivery: str, address: str, message: Rendered) -> str:
        """Send one mail; the Message-ID is the same at every try, so that a mailbox shows a repetition once."""
        name = f"<delivery-{delivery}@{self._domain}>"
        subject = " ".join(message.subject.split())
        mail = EmailMessage(
            subject, message.text, to=[address], headers={"Message-ID": name, "Auto-Submitted": "auto-generated"}
        )
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _ in refused.recipients.values()]
            raise SendFailed("address_refused", permanent=min(codes, default=0) >= PERMANENT_FROM) from refused
        except smtplib.SMTPResponseException as answered:
            # a server that says 5xx to our sign-in may be put right by tomorrow; to a message it means never
            lasting = answered.smtp_code >= PERMANENT_FROM and not isinstance(answered, smtplib.SMTPAuthenticationError)
            raise SendFailed(f"smtp_{answered.smtp_code}", permanent=lasting) from answered
        except (smtplib.SMTPException, OSError) as broken:
            raise SendFailed("unreachable") from broken
        return name
