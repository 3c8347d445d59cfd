"""A small commune for tests: areas, units, the same named people everywhere, their accounts and roles.

``world(…)`` needs a database (the ``db`` fixture) and builds: province Tây Ninh with its land registration office, the ward
Khánh Hậu with its People's Committee, service centre, economic office and committee office, and a second ward, Tân An, so that
tests can show what somebody elsewhere does not see. People: the citizen Nguyễn Thị Hồng Thắm; Lê Minh Tâm (one-stop desk), Trần
Quốc Bảo (handler), Võ Minh Đức (head of the office), Phạm Văn Hòa (chairman), Đỗ Thị Lan (clerk). Others as they are needed.

Use it so::

    from tests import world

    @pytest.fixture
    def commune(db): return world.build()

    def test_it(commune): cases.perform(commune.tam, …)
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client

from tinhso.kernel.files import api as files
from tinhso.kernel.files.types import FileRef
from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.models import Account
from tinhso.kernel.identity.types import AccountKind, AccountView, PartyKind, Role
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor
from tinhso.kernel.organisation import api as organisation
from tinhso.kernel.organisation.models import Area
from tinhso.kernel.organisation.types import AreaKind, Unit
from tinhso.lib.clock import TZ
from tinhso.ui.access import SECOND_FACTOR_KEY

SINCE = date(2025, 7, 1)
SYSTEM = identity.system("test")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF"  # noqa: E501
PASSWORD = make_password("tinhso")
"""The password of everybody here, hashed once."""
PROVINCE, KHANH_HAU, TAN_AN = "80", "27715", "27694"
ROLES = {
    "intake": ("services.intake", "commune-psc"),
    "head": ("services.head", "commune-economic"),
    "handler": ("services.handler", "commune-economic"),
    "signer": ("services.signer", "commune-pc"),
    "clerk": ("services.clerk", "commune-office"),
    "consulted": ("services.consulted", "land-office"),
    "cashier": ("payments.cashier", "commune-psc"),
    "certifier": ("services.certifier", "commune-psc"),
    "social_head": ("services.head", "commune-social"),
    "social_handler": ("services.handler", "commune-social"),
    "payer": ("services.payer", "commune-social"),
    "registrar": ("services.part", "commune-pc"),
    "police": ("services.part", "commune-police"),
    "insurance": ("services.part", "social-insurance"),
}
"""Who does what: a role's code and the kind of unit where it is held."""

UNITS = (
    # kind, code within the commune, name, parent
    ("commune-pc", "", "Ủy ban nhân dân phường", None),
    ("commune-psc", ".01", "Trung tâm Phục vụ hành chính công phường", "commune-pc"),
    ("commune-economic", ".02", "Phòng Kinh tế, Hạ tầng và Đô thị phường", "commune-pc"),
    ("commune-office", ".03", "Văn phòng HĐND và UBND phường", "commune-pc"),
    ("commune-social", ".04", "Phòng Văn hóa – Xã hội phường", "commune-pc"),
    ("commune-police", ".05", "Công an phường", "commune-pc"),
)


def local(text: str) -> datetime:
    """``"2026-11-02 08:45"`` on the province's wall clock."""
    return datetime.fromisoformat(text).replace(tzinfo=TZ)


@dataclass
class World:
    """What was built. ``units`` are keyed by kind (Khánh Hậu) and ``kind@area`` (elsewhere)."""

    units: dict[str, Unit] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """The actor behind a person's account, as a request would read it now."""
        return identity.actor_for(self.accounts[name])

    def client(self, name: str, language: str = "vi") -> Client:
        """A browser in which this person has signed in, an official with his second factor."""
        made = Client()
        made.force_login(self.accounts[name], backend="tinhso.kernel.identity.backend.Backend")
        session = made.session
        session[SECOND_FACTOR_KEY] = True
        session.save()
        made.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return made

    @property
    def tham(self) -> Actor:
        """Nguyễn Thị Hồng Thắm, citizen."""
        return self.actor("tham")

    @property
    def tam(self) -> Actor:
        """Lê Minh Tâm, one-stop desk of Khánh Hậu."""
        return self.actor("tam")

    @property
    def bao(self) -> Actor:
        """Trần Quốc Bảo, handler."""
        return self.actor("bao")

    @property
    def duc(self) -> Actor:
        """Võ Minh Đức, head of the economic office."""
        return self.actor("duc")

    @property
    def hoa(self) -> Actor:
        """Phạm Văn Hòa, chairman."""
        return self.actor("hoa")

    @property
    def lan(self) -> Actor:
        """Đỗ Thị Lan, clerk."""
        return self.actor("lan")

    @property
    def party(self) -> str:
        """The party of Nguyễn Thị Hồng Thắm."""
        return str(self.accounts["tham"].party_id)


@ledger.operation
def _build(actor: Actor, roles: dict[str, tuple[str, str]]) -> World:
    made = World()
    Area.objects.bulk_create(
        [
            _area(PROVINCE, AreaKind.PROVINCE, "Tây Ninh", "Tỉnh Tây Ninh", ""),
            _area(KHANH_HAU, AreaKind.COMMUNE, "Khánh Hậu", "Phường Khánh Hậu", PROVINCE),
            _area(TAN_AN, AreaKind.COMMUNE, "Tân An", "Phường Tân An", PROVINCE),
        ]
    )
    _unit(made, "land-office", "land-office", "H53.10.05", "Văn phòng Đăng ký đất đai", None, PROVINCE)
    _unit(made, "utility", "utility", "H53.99", "Công ty Điện lực Tây Ninh", None, PROVINCE)
    _unit(made, "social-insurance", "social-insurance", "H53.98", "Bảo hiểm xã hội cơ sở Tân An", None, PROVINCE)
    for area, name, code in ((KHANH_HAU, "Khánh Hậu", "H53.24"), (TAN_AN, "Tân An", "H53.25")):
        suffix = "" if area == KHANH_HAU else f"@{area}"
        for kind, own, title, parent in UNITS:
            above = made.units[f"{parent}{suffix}"].key if parent else None
            _unit(made, f"{kind}{suffix}", kind, code + own, f"{title} {name}", above, area)
    known = identity.known_roles()
    identity.declare_roles(*(Role(code, code, code) for code, _ in roles.values() if code not in known))
    person(made, "tham", "Nguyễn Thị Hồng Thắm")
    person(made, "dung", "Huỳnh Văn Dũng")
    staff = {
        "tam": ("Lê Minh Tâm", ["intake", "cashier"]),
        "bao": ("Trần Quốc Bảo", ["handler"]),
        "khoa": ("Nguyễn Đăng Khoa", ["handler"]),
        "duc": ("Võ Minh Đức", ["head"]),
        "hoa": ("Phạm Văn Hòa", ["signer"]),
        "lan": ("Đỗ Thị Lan", ["clerk"]),
        "mai": ("Trương Thị Mai", ["consulted"]),
        "nga": ("Huỳnh Thị Nga", ["certifier"]),
        "phuc": ("Phan Văn Phúc", ["social_head"]),
        "yen": ("Dương Thị Yến", ["social_handler", "payer"]),
        "ha": ("Ngô Thị Hà", ["registrar"]),
        "son": ("Lưu Văn Sơn", ["police"]),
        "thu": ("Bùi Thị Thu", ["insurance"]),
    }
    for key, (name, held) in staff.items():
        official(made, key, name, [(roles[role][0], made.units[roles[role][1]].key) for role in held])
    official(made, "tam_tan_an", "Lý Thị Cúc", [(roles["intake"][0], made.units[f"commune-psc@{TAN_AN}"].key)])
    return made


def build(roles: dict[str, tuple[str, str]] | None = None) -> World:
    """Build the commune; ``roles`` replaces the codes of :data:`ROLES` (same keys)."""
    return _build(SYSTEM, {**ROLES, **(roles or {})})


def _area(code: str, kind: AreaKind, name: str, title: str, parent: str) -> Area:
    return Area(
        code=code, kind=kind.value, name=name, name_en=name, title=title, title_en=title, parent=parent, valid_from=SINCE
    )


def _unit(made: World, key: str, kind: str, code: str, name: str, parent: str | None, area: str) -> None:
    unit = Unit(key=f"u-{key}", code=code, kind=kind, name=name, name_en=name, short=name, parent=parent, area=area)
    made.units[key] = organisation.create_unit(SYSTEM, unit, SINCE)


def person(made: World, key: str, name: str) -> None:
    """One more citizen with an account."""
    number = f"0801{len(made.accounts):08d}"
    party = identity.register_party(SYSTEM, PartyKind.PERSON, name, number, phone="+84912345678", address="Khu phố 3")
    _account(made, key, name, AccountKind.CITIZEN, party=party)


def official(made: World, key: str, name: str, held: Iterable[tuple[str, str]], since: date = SINCE) -> None:
    """One more official, holding these (role, unit key) since a day."""
    someone = organisation.create_official(SYSTEM, name)
    account = _account(made, key, name, AccountKind.OFFICIAL, official=someone.id)
    for role, unit in held:
        identity.grant_role(SYSTEM, account.id, role, unit, since)


def _account(made: World, key: str, name: str, kind: AccountKind, **of: str) -> AccountView:
    view = identity.create_account(SYSTEM, kind, key, name, encoded_password=PASSWORD, **of)
    made.accounts[key] = Account.objects.get(pk=view.id)
    return view


def stored(actor: Actor, owner: str = "", name: str = "giay-to.pdf", content: bytes | None = None) -> FileRef:
    """A small PDF in the store, different each time."""
    body = content if content is not None else PDF + f"\n%{uuid.uuid4()}".encode()
    return files.store(actor, name, body, owner=owner or f"case:{uuid.uuid4()}")
