"""Who gets where: every role at every unit asks every route for another's things, and gets what the declarations say.

The matrix is made of what is declared: the routes with their policies (the url configuration), the roles (of all rooms), the
units of the world. What a person may see of the one dossier is said here a second time, plainly, from the units that take
part in it; so a view that forgets its predicate gives another answer than this list does. At the end faults are planted to
see that it would.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLPattern, URLResolver

from tests import dossiers, world
from tinhso.config import urls
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.models import Case
from tinhso.kernel.cases.queries import people as asked_by_people
from tinhso.kernel.cases.types import Channel
from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.models import Account
from tinhso.kernel.identity.types import AccountKind, Purpose
from tinhso.kernel.organisation import api as organisation
from tinhso.kernel.payments import api as payments
from tinhso.lib import clock
from tinhso.ui import access
from tinhso.ui.access import Policy, Who

SECRET = "Khu phố Chim Yến 77"
"""Stands in the dossier and in nothing else: whoever reads it has seen the dossier."""
TAKES_PART = {"commune-psc", "commune-economic", "commune-pc", "land-office"}
"""Units of the dossier: it receives, it answers, the one above both, the one asked for an opinion."""
SOME_UNITS = {"commune-psc", f"commune-psc@{world.TAN_AN}"}
"""Of the quick run: one that takes part, and its like elsewhere. The slow run takes all."""
BACKEND = "tinhso.kernel.identity.backend.Backend"


class Expected(StrEnum):
    """What a request should meet."""

    OPEN = "open"
    SIGN_IN = "sign in"
    SECOND_FACTOR = "second factor"
    REFUSED = "403"
    MISSING = "404"


@dataclass(frozen=True)
class Person:
    """Somebody who asks: what he is, and what of the dossier is his to see."""

    name: str
    key: str | None = None
    kind: str = "official"
    roles: frozenset[str] = frozenset()
    sees: bool = False
    owner: bool = False
    second_factor: bool = True


@dataclass(frozen=True)
class Route:
    """One address, with the names of what it asks for."""

    where: str
    policy: Policy
    names: frozenset[str]


@dataclass
class Scene:
    """The commune, its dossier, and everybody who might ask for it."""

    commune: world.World
    values: dict[str, str]
    people: list[Person]


def _routes(patterns, prefix: str = "/") -> Iterator[Route]:
    for url in patterns:
        text = str(url.pattern)
        if isinstance(url, URLResolver):
            yield from _routes(url.url_patterns, prefix + text)
        elif isinstance(url, URLPattern):
            text = text.replace(r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", "password/new/<uidb36>-<key>/")
            policy = access.policy_of(url.callback)
            assert policy is not None, prefix + text
            yield Route(prefix + text, policy, frozenset(re.findall(r"<(?:\w+:)?(\w+)>", text)))


ROUTES = list(_routes(urls.urlpatterns))
PRIVATE = {"code", "draft_id"}
"""Names of what belongs to somebody."""


def expected(person: Person, route: Route) -> Expected:
    """What the declarations say of this person at this route."""
    who, roles = route.policy.who, route.policy.roles
    if who is Who.PUBLIC:
        return Expected.OPEN
    if person.key is None:
        return Expected.SIGN_IN
    if not person.second_factor and not route.policy.before_second_factor:
        return Expected.SECOND_FACTOR
    wanted = {Who.CITIZEN: "citizen", Who.OFFICIAL: "official"}.get(who, person.kind)
    if person.kind != wanted or (roles and not person.roles & set(roles)):
        return Expected.REFUSED
    if "draft_id" in route.names:
        return Expected.OPEN if person.owner else Expected.MISSING
    if "code" in route.names:
        return Expected.OPEN if person.sees else Expected.MISSING
    return Expected.OPEN


def met(answer: HttpResponse) -> Expected:
    """What a request met."""
    place = answer.headers.get("Location", "").partition("?")[0]
    if answer.status_code == 401 or place in {resolve_url(settings.LOGIN_URL), resolve_url(settings.OFFICIAL_LOGIN_URL)}:
        return Expected.SIGN_IN
    body = b"" if answer.streaming else answer.content
    if place == resolve_url(settings.SECOND_FACTOR_URL) or b"second_factor_needed" in body:
        return Expected.SECOND_FACTOR
    return {403: Expected.REFUSED, 404: Expected.MISSING}.get(answer.status_code, Expected.OPEN)


def _account(commune: world.World, key: str, grants, since=world.SINCE, until=None) -> Account:
    official = organisation.create_official(world.SYSTEM, key)
    view = identity.create_account(
        world.SYSTEM, AccountKind.OFFICIAL, key, key, encoded_password=world.PASSWORD, official=official.id
    )
    for role, unit in grants:
        identity.grant_role(world.SYSTEM, view.id, role, unit, since, until)
    commune.accounts[key] = Account.objects.get(pk=view.id)
    return commune.accounts[key]


def _staff(commune: world.World, units: set[str] | None) -> Iterator[Person]:
    """One official for every declared role at every unit."""
    declared = sorted(code for code in identity.known_roles() if not code.startswith("test."))
    for number, role in enumerate(declared):
        for place, unit in enumerate(sorted(commune.units)):
            if units is None or unit in units:
                key = f"x{number}-{place}"
                _account(commune, key, [(role, commune.units[unit].key)])
                yield Person(f"{role} at {unit}", key, roles=frozenset({role}), sees=unit in TAKES_PART)


def _odd(commune: world.World) -> Iterator[Person]:
    """Those whose rights have ended, are lent, or want a proof."""
    today, psc = clock.today(), commune.units["commune-psc"].key
    role = frozenset({"services.intake"})
    yield Person("nobody signed in")
    yield Person("the applicant", "tham", "citizen", sees=True, owner=True)
    yield Person("another citizen", "dung", "citizen")
    _account(commune, "idle", [])
    yield Person("an official without any role", "idle")
    _account(commune, "former", [("services.intake", psc)], until=today)
    yield Person("an official whose role ended yesterday", "former")
    _account(commune, "coming", [("services.intake", psc)], since=today + timedelta(days=1))
    yield Person("an official whose role begins tomorrow", "coming")
    tam = str(commune.accounts["tam"].official_id)
    for key, start, end in (("lent", 0, 1), ("lapsed", -2, 0)):
        official = str(_account(commune, key, []).official_id)
        organisation.delegate(world.SYSTEM, tam, official, psc, today + timedelta(days=start), today + timedelta(days=end))
    yield Person("a stand-in of today", "lent", roles=role, sees=True)
    yield Person("a stand-in until yesterday", "lapsed")
    _account(commune, "half", [("services.intake", psc)])
    yield Person("an official with only his password", "half", roles=role, sees=True, second_factor=False)


@pytest.fixture
def units() -> set[str]:
    """The units of the quick run."""
    return SOME_UNITS


@pytest.fixture
def scene(db, settings, tmp_path, units) -> Iterator[Scene]:
    settings.HOME = tmp_path
    with clock.at(world.local("2026-11-02 09:00")):
        commune = dossiers.open_commune()
        ref = dossiers.bring_to(commune, "handling", plot_address=SECRET)
        land_office = commune.units["land-office"].key
        cases.perform(commune.bao, ref.id, "consult", {"unit": land_office, "question": SECRET})
        draft = cases.save_draft(commune.tham, dossiers.TYPE, {"plot_address": SECRET}, "giay-to")
        view = cases.case_view(commune.tam, ref.id)
        values = {
            "code": ref.code,
            "draft_id": draft.id,
            "file_id": view.papers[0].files[0].id,
            "charge_id": payments.charges(f"case:{ref.id}")[0].id,
            "type_code": dossiers.TYPE,
            "list_id": "unit_open",
            "move_id": "request_supplement",
            "move": "request_supplement",
            "provider": "sandbox",
            "account_id": str(commune.accounts["tam"].id),
            "what": "lop-hai",
            "delivery_id": "1",
            "message_id": "x",
            "name": "messages.notices",
            "uidb36": "1",
            "key": "x",
        }
        yield Scene(commune, values, [*_odd(commune), *_staff(commune, units)])


def _session(commune: world.World, person: Person) -> str:
    if person.key is None:
        return ""
    client = Client()
    client.force_login(commune.accounts[person.key], backend=BACKEND)
    session = client.session
    session[access.SECOND_FACTOR_KEY] = person.second_factor
    session.save()
    return str(session.session_key)


def _address(route: Route, values: dict[str, str]) -> str:
    number = {"page": "1" if "<int:page>" in route.where else "giay-to"}
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda m: (values | number).get(m[1], "1"), route.where)


def ask(session: str, method: str, address: str, **more) -> HttpResponse:
    """One request, with all that it changed taken back."""
    client = Client(raise_request_exception=False)
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    with transaction.atomic():
        answer = client.generic(method, address, **more)
        transaction.set_rollback(True)
    return answer


def wrong(scene: Scene, routes: list[Route]) -> list[str]:
    """Every pair of person and route that met something else than the declarations say."""
    found = []
    for person in scene.people:
        session = _session(scene.commune, person)
        for route in routes:
            should = expected(person, route)
            address = _address(route, scene.values)
            for method in ("GET", "POST"):
                form = {"content_type": "application/json", "data": "{}"} if address.startswith("/api/") else {}
                answer = ask(session, method, address, **form)
                found += _judged(f"{person.name}: {method} {route.where}", should, answer, bool(route.names & PRIVATE))
    return found


def _judged(what: str, should: Expected, answer: HttpResponse, private: bool) -> list[str]:
    if answer.status_code >= 500:
        return [f"{what}: {answer.status_code}"]
    body = b"" if answer.streaming else answer.content
    if should is not Expected.OPEN and SECRET.encode() in body:
        return [f"{what}: what belongs to others is in the answer"]
    if answer.status_code == 405:  # comes from the view, so the policy had let it through
        return [] if should in {Expected.OPEN, Expected.MISSING} else [f"{what}: should be {should}"]
    got = met(answer)
    if should is Expected.OPEN:
        # Past the door, a view may still say no: a move that isn't offered, an account that isn't a cashier's.
        fine = got not in {Expected.SIGN_IN, Expected.SECOND_FACTOR} if private else True
    elif should is Expected.MISSING:
        fine = got is Expected.MISSING or answer.status_code in {
            422,
            428,
        }  # no body, no version: refused before it is looked for
    else:
        fine = got is should
    return [] if fine else [f"{what}: {answer.status_code} ({got}), should be {should}"]


OF_SOMEBODY = [route for route in ROUTES if route.names & PRIVATE]


def test_the_routes_that_belong_to_somebody_are_found():
    assert len(OF_SOMEBODY) >= 18
    assert len(ROUTES) >= 60


def test_every_role_meets_at_every_route_what_is_declared(scene):
    others = [route for route in ROUTES if route not in OF_SOMEBODY]
    odd = [p for p in scene.people if p.key is None or not p.key.startswith("x")]
    one_of_each = {p.roles: p for p in scene.people if p not in odd}.values()
    assert wrong(Scene(scene.commune, scene.values, odd), others) == []
    offices = [route for route in others if route.policy.who is Who.OFFICIAL]
    assert wrong(Scene(scene.commune, scene.values, list(one_of_each)), offices) == []


def test_nobody_gets_at_anothers_dossier_draft_file_or_charge(scene):
    assert wrong(scene, OF_SOMEBODY) == []
    seers = [p for p in scene.people if p.sees and p.kind == "official" and p.second_factor]
    page = ask(_session(scene.commune, seers[0]), "GET", f"/lam-viec/ho-so/{scene.values['code']}/")
    assert SECRET in page.content.decode(), "the secret is one that those who may see do see"


@pytest.mark.slow
@pytest.mark.parametrize("units", [pytest.param(None, id="all units")])
def test_the_same_with_every_unit_of_the_world(scene):
    assert wrong(scene, OF_SOMEBODY) == []


def _plant(monkeypatch, *places) -> None:
    """Let a query give rows to whoever asks."""

    def careless(actor, id_or_code):
        return Case.objects.select_related("party").get(code=id_or_code.strip().upper())

    for place in places:
        monkeypatch.setattr(place, "visible_case", careless)


@pytest.mark.parametrize("units", [{"commune-social"}])
def test_a_view_without_its_predicate_is_found(scene, monkeypatch):
    few = [p for p in scene.people if p.name in {"another citizen", "an official whose role ended yesterday"}]
    one = Scene(scene.commune, scene.values, few)
    assert wrong(one, OF_SOMEBODY) == []
    _plant(monkeypatch, asked_by_people)
    found = wrong(one, OF_SOMEBODY)
    assert any("another citizen: GET /ho-so/<str:code>/tep/" in line for line in found), found
    assert any("ended yesterday: GET /lam-viec/ho-so/<str:code>/tep/" in line for line in found), found


@pytest.mark.parametrize("units", [{"commune-social"}])
def test_a_policy_that_lost_its_role_is_found(scene):
    strict = [Route(r.where, Policy(Who.OFFICIAL, ("services.signer",)), r.names) for r in ROUTES if r.where == "/lam-viec/"]
    assert any("should be 403" in line for line in wrong(scene, strict))


# --- one's own dossier is no key to another's -------------------------------------------------------------------------------


def test_a_file_or_charge_of_another_dossier_is_not_had_through_ones_own(scene):
    commune, values = scene.commune, scene.values
    own = {**dossiers.ANSWERS, "plot_address": "Khu phố 4"}
    papers = {r.code: [world.stored(commune.actor("dung")).id] for r in cases.papers_asked(dossiers.TYPE, own) if r.required}
    dung = commune.actor("dung")
    ref = cases.file_case(dung, dossiers.TYPE, own, papers, Channel.ONLINE, str(dung.party), "k")
    citizen = _session(commune, Person("", "dung", "citizen"))
    officer = _session(commune, Person("", "tam"))
    for session, address in (
        (citizen, f"/ho-so/{ref.code}/tep/{values['file_id']}/"),
        (officer, f"/lam-viec/ho-so/{ref.code}/tep/{values['file_id']}/"),
        (officer, f"/lam-viec/ho-so/{ref.code}/tep/{values['file_id']}/1.png"),
    ):
        assert ask(session, "GET", address).status_code == 404, address
    paid = ask(officer, "POST", f"/lam-viec/ho-so/{ref.code}/thu-phi/{values['charge_id']}/")
    assert paid.status_code == 404


# --- moves ------------------------------------------------------------------------------------------------------------------


def _answer(commune: world.World, field) -> object:
    """Something that fits a field of a move."""
    if field.choices:
        return [field.choices[0][0]] if field.widget == "choices" else field.choices[0][0]
    fitting = {"unit": commune.units["land-office"].key, "official": commune.bao.id, "papers": ["plan"], "number": 2}
    return fitting.get(field.widget, "Hồ sơ hợp lệ, đủ điều kiện.")


@pytest.mark.parametrize("units", [{"commune-economic"}, pytest.param(None, marks=pytest.mark.slow)], ids=["few", "all units"])
def test_a_move_is_made_only_by_who_holds_its_role_where_the_dossier_is(scene):
    """Every declared move, by everybody, in every straight step: what changed was changed by whom the pack names."""
    commune, code = scene.commune, scene.values["code"]
    row = Case.objects.get(code=code)
    declared = {m.id: m for m in cases.type_version(row.type_code, row.type_version).moves}
    at = dict(reversed(world.ROLES.values()))  # the permit's own places stand first
    made = set()
    for person in [*scene.people, *(Person(name, name) for name in ("bao", "khoa", "duc", "mai", "tam"))]:
        session = _session(commune, person)
        for move in declared.values():
            client = Client(raise_request_exception=False)
            client.cookies[settings.SESSION_COOKIE_NAME] = session
            given = {"task": "t1"} if move.id in {"answer_opinion", "cancel_opinion"} else {}
            given["input"] = {field.name: _answer(commune, field) for field in move.input if field.required}
            with transaction.atomic():
                headers = {"If-Match": f'"{row.version}"'}
                told = client.post(f"/api/v1/dossiers/{code}/moves/{move.id}", given, "application/json", headers=headers)
                changed = Case.objects.get(pk=row.pk).version != row.version
                transaction.set_rollback(True)
            assert told.status_code < 500, (person.name, move.id, told.content)
            assert changed == (told.status_code == 200), (person.name, move.id)
            if not changed:
                continue
            made.add((person.name, move.id))
            if person.key and person.key.startswith("x"):
                role, _, unit = person.name.partition(" at ")
                named = "services.intake" if move.by == "applicant" else move.by  # the counter writes for who stands there
                assert (role, unit) == (named, at[named]), f"{person.name} made {move.id}"
            else:
                assert person.sees or person.key in {"bao", "duc", "mai", "tam"}, f"{person.name} made {move.id}"
    assert made >= {("bao", "cancel_opinion"), ("duc", "reassign"), ("mai", "answer_opinion")}, "or it proves nothing"


# --- sessions ---------------------------------------------------------------------------------------------------------------


def test_a_revoked_session_or_closed_account_opens_nothing(scene):
    address = f"/lam-viec/ho-so/{scene.values['code']}/"
    ended = _session(scene.commune, Person("", "tam"))
    assert ask(ended, "GET", address).status_code == 200
    SessionStore(ended).delete()
    assert met(ask(ended, "GET", address)) is Expected.SIGN_IN
    closed = _session(scene.commune, Person("", "bao"))
    identity.close_account(world.SYSTEM, str(scene.commune.accounts["bao"].pk))
    assert met(ask(closed, "GET", address)) is Expected.SIGN_IN
    role_gone = _session(scene.commune, Person("", "tam"))
    for role in ("services.intake", "payments.cashier"):
        identity.end_role(world.SYSTEM, str(scene.commune.accounts["tam"].pk), role, scene.commune.units["commune-psc"].key)
    assert ask(role_gone, "GET", address).status_code == 404, "at once, in a session that is open"


# --- what lists and looks show ----------------------------------------------------------------------------------------------


def test_lists_are_masked_and_opening_is_on_record(scene):
    commune, party = scene.commune, scene.commune.party
    identifier = identity.party(world.SYSTEM, party, Purpose.HANDLING, "").identifier
    officer = _session(commune, Person("", "tam"))
    before = len(identity.who_looked(party, limit=500))
    for address in ("/lam-viec/ds/unit_open/", "/lam-viec/tim/?q=Th%E1%BA%AFm"):
        page = ask(officer, "GET", address).content.decode()
        assert scene.values["code"] in page
        for whole in (identifier, "912345678", "912 345 678", SECRET):
            assert whole not in page, (address, whole)
    assert len(identity.who_looked(party, limit=500)) == before, "a list is no look"
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = _session(commune, Person("", "hoa"))
    for _ in range(3):
        client.get(f"/lam-viec/ho-so/{scene.values['code']}/")
    looks = identity.who_looked(party, limit=500)
    assert len(looks) == before + 1, "one entry for each half hour, however often"
