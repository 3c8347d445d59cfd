"""A recipient's e-mail address is found by the machinery alone, and leaves no look behind."""

import uuid

import pytest

from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.types import PartyKind
from tinhso.kernel.messages.adapters.addresses import email_of

pytestmark = pytest.mark.django_db
SYSTEM = identity.system("test")


def test_a_partys_address() -> None:
    party = identity.register_party(
        SYSTEM, PartyKind.PERSON, "Nguyễn Thị Hồng Thắm", "079190000013", "0901234567", "tham@example.vn", ""
    )
    assert email_of(f"party:{party}") == "tham@example.vn"
    assert identity.who_looked(party) == []
    silent = identity.register_party(SYSTEM, PartyKind.PERSON, "Trần Thị B", "079190000014", "0901234568", "", "")
    assert email_of(f"party:{silent}") is None


def test_nobodys_address() -> None:
    assert email_of(f"party:{uuid.uuid4()}") is None
    assert email_of(f"account:{uuid.uuid4()}") is None
    assert email_of("account:nonsense") is None
