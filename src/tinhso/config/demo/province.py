"""Raises the model province: areas, agencies, people who work there, accounts, roles, certificates, packs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password

from tinhso.config.demo.cast import CAST, IT, PASSWORD, USERNAMES
from tinhso.config.procedures import procedure_files
from tinhso.kernel.cases import api as cases
from tinhso.kernel.files import api as files
from tinhso.kernel.files.types import KeyKind
from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.types import AccountKind, AccountView, Assurance
from tinhso.kernel.ledger.types import Actor
from tinhso.kernel.messages import api as messages
from tinhso.kernel.organisation import api as organisation
from tinhso.kernel.organisation.types import Area, AreaKind, Official, Unit
from tinhso.kernel.payments import api as payments
from tinhso.lib import clock
from tinhso.lib.text import slug

SYSTEM = identity.system("demo")
SINCE = date(2025, 7, 1)

STAFF = (
    # role, kind of unit, post (by its Vietnamese title), how many
    ("services.intake", "commune-psc", "Công chức tiếp nhận và trả kết quả", 2),
    ("services.head", "commune-economic", "Trưởng phòng", 1),
    ("services.handler", "commune-economic", "Chuyên viên", 3),
    ("services.signer", "commune-pc", "Chủ tịch", 1),
    ("services.clerk", "commune-office", "Văn thư", 1),
    ("feedback.intake", "commune-psc", "Công chức tiếp nhận và trả kết quả", 1),
    ("feedback.head", "commune-economic", "Trưởng phòng", 1),
    ("feedback.handler", "commune-economic", "Chuyên viên", 2),
)
PERMITS = tuple((role, kind, post, min(number, 2)) for role, kind, post, number in STAFF if role.startswith("services."))
CONSOLE = ("console.admin", identity.ADMINISTRATOR, organisation.ADMIN, messages.KEEPER, payments.CASHIER)
OTHERS = (
    # role, kind of unit, post, how a visitor of the seat signs in: who works on procedures that are no permits
    ("services.certifier", "commune-psc", "Giám đốc", "chungthuc"),
    ("services.head", "commune-social", "Trưởng phòng", "tpxahoi"),
    ("services.handler", "commune-social", "Chuyên viên", "xahoi"),
    ("services.payer", "commune-social", "Chuyên viên", "xahoi"),
    ("services.part", "commune-pc", "Phó Chủ tịch", "hotich"),
    ("services.part", "commune-police", "Trưởng phòng", "congan"),
    ("services.part", "social-insurance", "Giám đốc", "baohiem"),
)
CONSULTED = ("land-office", "utility", "commune-social")
SEALS = {
    "commune-pc": "commune-office",
    "commune-psc": "commune-psc",
    "commune-economic": "commune-economic",
    "commune-social": "commune-social",
    "commune-police": "commune-police",
    "social-insurance": "social-insurance",
}
"""Agencies that issue papers, and the unit that keeps the seal of each."""


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody with an account: its id, the official, the unit where he holds the role."""

    account: str
    official: str
    name: str
    unit: str

    @property
    def actor(self) -> Actor:
        """Him as a request would know him, with the roles in force at the clock's instant."""
        return identity.actor_for(identity.account(self.account), self.unit)


@dataclass
class Office:
    """A commune at work: its units by kind, and who holds each role, those of the cast first."""

    commune: Area
    units: dict[str, Unit] = field(default_factory=dict)
    staff: dict[str, list[Worker]] = field(default_factory=dict)
    certified: bool = False
    """All its agencies have people with accounts, who have keys to sign with; elsewhere only those who handle permits."""


@dataclass
class Model:
    """The model province as ``play`` needs it."""

    province: Area
    offices: list[Office]
    hashed: str
    """The one password of everybody, hashed once: hashing it again for each of hundreds of accounts would take a minute."""

    @property
    def seat(self) -> Office:
        """The commune where the people of the cast work."""
        return self.offices[0]


@dataclass
class Raising:
    """The model on its way up. ``accounts`` keeps whom we gave one already, by official."""

    seat: str
    hashed: str
    accounts: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=lambda: set(USERNAMES.values()))


Progress = Callable[[str], None]


CERTIFIED = 9
"""Communes whose people have keys to sign with: those where dossiers are played move by move."""


def raise_model(province: str, seed: int, communes: int, say: Progress) -> Model:
    """Everything but the dossiers; people with accounts in so many communes."""
    say("areas")
    organisation.load_areas(SYSTEM)
    organisation.load_calendar(SYSTEM)
    say("agencies")
    seat = organisation.raise_province(SYSTEM, province, seed=seed)
    say("procedures")
    cases.load_packs(SYSTEM, procedure_files())
    payments.load_accounts(SYSTEM, settings.PACKS / "demo" / "accounts.yaml")
    files.create_demo_ca(SYSTEM)
    raising = Raising(seat, make_password(PASSWORD))
    offices: list[Office] = []
    for commune in _chosen(province, seat, communes):
        say("people")
        offices.append(_office(raising, commune, certified=len(offices) < CERTIFIED))
    _keeper_of_the_system(province, raising.hashed)
    return Model(organisation.area(province), offices, raising.hashed)


def _keeper_of_the_system(province: str, hashed: str) -> None:
    """The IT person of the province: the console, and what each room asks of who uses it."""
    name = next(part.name for part in CAST if part.username == IT)
    unit = organisation.units(kind="province-pc", area=province)[0]
    official = organisation.create_official(SYSTEM, name, at=unit.key)
    account = _account(IT, official, hashed)
    for role in CONSOLE:
        identity.grant_role(SYSTEM, account.id, role, unit.key, SINCE)


def _chosen(province: str, seat: str, number: int) -> list[Area]:
    """The seat, then communes from all over the province."""
    every = organisation.areas(parent=province, kind=AreaKind.COMMUNE)
    others = [area for area in every if area.code != seat]
    spread = others[:: max(1, len(others) // max(1, min(number, CERTIFIED) - 1))][: min(number, CERTIFIED) - 1]
    rest = [area for area in others if area not in spread]
    return [*(area for area in every if area.code == seat), *spread, *rest][:number]


def _office(raising: Raising, commune: Area, certified: bool) -> Office:
    office = Office(commune, certified=certified)
    serving = organisation.units_serving({*(kind for _, kind, _, _ in (*STAFF, *OTHERS)), *SEALS, *CONSULTED}, commune.code)
    for role, kind, post, number in STAFF if certified else PERMITS:
        unit = office.units[kind] = serving[kind][0]
        holding = [person for person in organisation.officials_at(unit.key) if person.title == post]
        holding.sort(key=lambda person: person.name not in USERNAMES)
        office.staff[role] = [_employ(raising, office, person, role, unit) for person in holding[:number]]
    for role, kind, post, username in OTHERS if certified else ():
        unit = office.units[kind] = serving[kind][0]
        person = next(person for person in organisation.officials_at(unit.key) if person.title == post)
        office.staff[f"{role}@{kind}"] = [_employ(raising, office, person, role, unit, username)]
    for kind in CONSULTED:
        for unit in serving.get(kind, ())[:1]:
            person = organisation.officials_at(unit.key)[-1]
            office.staff.setdefault("services.consulted", []).append(
                _employ(raising, office, person, "services.consulted", unit)
            )
    if certified:
        _certify(office)
    return office


def _employ(raising: Raising, office: Office, official: Official, role: str, unit: Unit, username: str = "") -> Worker:
    account = raising.accounts.get(official.id)
    if account is None:
        wanted = username if office.commune.code == raising.seat and username not in raising.taken else ""
        raising.taken.add(wanted)
        account = _account(wanted or _username(raising, office, official, role), official, raising.hashed).id
        raising.accounts[official.id] = account
    identity.grant_role(SYSTEM, account, role, unit.key, SINCE)
    return Worker(account, official.id, official.name, unit.key)


def _username(raising: Raising, office: Office, official: Official, role: str) -> str:
    if office.commune.code == raising.seat and official.name in USERNAMES:
        return USERNAMES[official.name]
    if role == "services.consulted" and "ykien" not in raising.taken:
        raising.taken.add("ykien")
        return "ykien"
    name = slug(official.name).replace("-", ".")
    username, number = name, 2
    while username in raising.taken:
        username, number = f"{name}{number}", number + 1
    raising.taken.add(username)
    return username


def _account(username: str, official: Official, hashed: str) -> AccountView:
    return identity.create_account(
        SYSTEM,
        AccountKind.OFFICIAL,
        username,
        official.name,
        encoded_password=hashed,
        email=f"{username}@tinhso.example",
        official=official.id,
        assurance=Assurance.CHECKED,
    )


def _certify(office: Office) -> None:
    """A personal key for who signs, a seal for each agency that issues paper; valid from before the first dossier."""
    span = (clock.now() - timedelta(days=30), clock.now() + timedelta(days=900))
    agency = office.units["commune-pc"]
    for worker in office.staff["services.signer"]:
        who = organisation.official(worker.official)
        owner = f"official:{who.id}"
        files.issue_demo_certificate(
            SYSTEM, owner, KeyKind.PERSONAL, name=who.name, organisation=agency.name, title=who.title, span=span
        )
    for kind, keeper in SEALS.items():
        unit = office.units[kind]
        if files.signing_certificate(f"unit:{unit.key}") is not None:
            continue  # it serves several communes
        files.issue_demo_certificate(
            SYSTEM,
            f"unit:{unit.key}",
            KeyKind.AGENCY,
            name=unit.name,
            organisation=unit.name,
            region=organisation.area(office.commune.parent).title if office.commune.parent else "",
            keeper=office.units[keeper].key,
            span=span,
        )
