"""The e-mail channel: what goes out, and what each answer of a server means."""

import smtplib

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from tinhso.kernel.messages.adapters.email import EmailChannel
from tinhso.kernel.messages.types import Rendered, SendFailed

CHANNEL = EmailChannel({"party:tham": "tham@example.vn"}.get, domain="tayninh.example.vn")
WORDS = Rendered("Hồ sơ của bạn\nđã được tiếp nhận", "Kính gửi bà Thắm")


def test_a_mail_goes_out_under_a_lasting_name() -> None:
    assert CHANNEL.address("party:tham") == "tham@example.vn"
    assert CHANNEL.address("party:khac") is None
    assert CHANNEL.send("17", "tham@example.vn", WORDS) == "<delivery-17@tayninh.example.vn>"
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["tham@example.vn"], "Hồ sơ của bạn đã được tiếp nhận", "Kính gửi bà Thắm")
    message = sent.message()
    assert (message["Message-ID"], message["Auto-Submitted"]) == ("<delivery-17@tayninh.example.vn>", "auto-generated")


@pytest.mark.parametrize(
    ("error", "code", "permanent"),
    [
        (smtplib.SMTPRecipientsRefused({"tham@example.vn": (550, b"no such user")}), "address_refused", True),
        (smtplib.SMTPRecipientsRefused({"tham@example.vn": (450, b"busy")}), "address_refused", False),
        (smtplib.SMTPDataError(554, b"spam"), "smtp_554", True),
        (smtplib.SMTPDataError(451, b"later"), "smtp_451", False),
        (smtplib.SMTPAuthenticationError(535, b"no"), "smtp_535", False),
        (smtplib.SMTPServerDisconnected(), "unreachable", False),
        (ConnectionRefusedError(), "unreachable", False),
        (TimeoutError(), "unreachable", False),
    ],
)
def test_what_an_answer_means(monkeypatch: pytest.MonkeyPatch, error: Exception, code: str, permanent: bool) -> None:
    def send(self: EmailMessage) -> int:
        raise error

    monkeypatch.setattr(EmailMessage, "send", send)
    with pytest.raises(SendFailed) as caught:
        CHANNEL.send("17", "tham@example.vn", WORDS)
    assert (caught.value.code, caught.value.permanent) == (code, permanent)
