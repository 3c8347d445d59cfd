"""A home of its own for each test, the person who hands in, an office that signs."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tinhso.kernel.files import api as files
from tinhso.kernel.files.adapters import authority
from tinhso.kernel.files.types import CertificateView, KeyKind
from tinhso.kernel.ledger.types import Actor, ActorKind, Grant
from tinhso.lib import clock

NOON = datetime(2026, 11, 22, 7, 5, 33, tzinfo=UTC)
TEMPLATE = Path(__file__).parent / "permit.typ"


@pytest.fixture(autouse=True)
def home(settings, tmp_path: Path) -> Path:
    """HOME of this test alone."""
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()
    return settings.HOME


@pytest.fixture
def actor() -> Actor:
    """Nguyễn Thị Hồng Thắm, who files."""
    return Actor(id="account:tham", kind=ActorKind.CITIZEN, party="party:tham")


INSTALLATION = Actor(id="system:setup", kind=ActorKind.SYSTEM)
CHAIRMAN = Actor(id="account:hoa", kind=ActorKind.OFFICIAL, unit="pc", grants=(Grant("services.signer", "pc"),), official="hoa")
CLERK = Actor(
    id="account:lan", kind=ActorKind.OFFICIAL, unit="office", grants=(Grant("services.clerk", "office"),), official="lan"
)


@pytest.fixture(scope="session")
def made_authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One demonstration authority for all tests (its keys take half a second)."""
    folder = tmp_path_factory.mktemp("authority") / "demo-ca"
    authority.create(folder, datetime(2026, 11, 1, tzinfo=UTC))
    return folder


@dataclass
class Office:
    """A commune's office with its authority, a chairman and a seal."""

    folder: Path
    system: Actor
    chairman: Actor
    clerk: Actor
    leader: CertificateView
    seal: CertificateView

    def permit(self, name: str = "Nguyễn Thị Hồng Thắm") -> bytes:
        """A permit nobody has signed yet."""
        return files.render_pdf(TEMPLATE, {"name": name}, title="Giấy phép", date=date(2026, 11, 22))

    def signed(self) -> bytes:
        """Signed by the chairman."""
        return files.sign(self.chairman, self.permit(), "official:hoa", "leader")

    def issued(self) -> bytes:
        """Numbered and sealed by the clerk as well."""
        fills = {"number": "12/GPXD-UBND", "date": "ngày 22 tháng 11 năm 2026"}
        return files.sign(self.clerk, self.signed(), "unit:pc", "agency", fills=fills)


@pytest.fixture
def office(db, home: Path, made_authority: Path) -> Iterator[Office]:
    """On 22/11/2026 at 14:05:33, Việt Nam's time."""
    shutil.copytree(made_authority, home / "keys" / "demo-ca")
    with clock.at(NOON):
        leader = files.issue_demo_certificate(
            INSTALLATION, "official:hoa", KeyKind.PERSONAL, name="Phạm Văn Hòa", organisation="UBND phường Khánh Hậu"
        )
        seal = files.issue_demo_certificate(
            INSTALLATION,
            "unit:pc",
            KeyKind.AGENCY,
            name="UBND phường Khánh Hậu",
            organisation="UBND phường Khánh Hậu",
            region="Tỉnh Tây Ninh",
            keeper="office",
        )
        yield Office(home / "keys" / "demo-ca", INSTALLATION, CHAIRMAN, CLERK, leader, seal)
