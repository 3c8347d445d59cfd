"""A live site with a commune behind it, a make-believe bank, and people with browsers."""

import os
import shutil
import threading
import wsgiref.simple_server
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any

import pytest
from django.conf import settings as live_settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.cache import cache
from django.core.wsgi import get_wsgi_application
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests import dossiers, world
from tinhso.config.wiring import SANDBOX_KEY
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.payments import api as payments
from tinhso.kernel.payments import ports
from tinhso.kernel.payments.adapters.sandbox import SandboxProvider, secret_at
from tinhso.kernel.payments.adapters.sandbox_bank import Bank, running
from tinhso.ui import access

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "artefacts"
AXE = ROOT / "build" / "dev" / "axe.min.js"
QUICK = bool(os.environ.get("TINHSO_JOURNEYS_QUICK"))
"""Set while writing a journey: no pictures, no axe."""
PHONE, TABLET, DESK = (390, 844), (768, 1024), (1440, 900)
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright's own loop runs in this thread; our calls are plain ones beside it
expect.set_options(timeout=8_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser; without one it says so instead of failing halfway."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not shutil.which("chromium"):
                item.add_marker(pytest.mark.skip(reason="no chromium on this machine"))


class _Server(ThreadingMixIn, wsgiref.simple_server.WSGIServer):
    daemon_threads = True
    request_queue_size = 50


class _Quiet(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing."""


def _application() -> Any:
    inner = StaticFilesHandler(get_wsgi_application())

    def application(environ: Any, start_response: Any) -> Any:
        try:
            return inner(environ, start_response)
        finally:
            connections.close_all()  # each request has a thread of its own here

    return application


@dataclass
class Site:
    """The running site and what is behind it."""

    url: str
    made: world.World
    people: list["Person"] = field(default_factory=list)

    def work(self) -> None:
        """What the worker does meanwhile: seals, followers, mail, timers."""
        while ledger.work_once():
            pass


@pytest.fixture
def site(fresh_database: str, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The commune of :mod:`tests.dossiers` behind a server of threads; the bank calls it back over HTTP."""
    settings.HOME = tmp_path
    settings.STATICFILES_DIRS = [ROOT / "build" / "static"]
    settings.DEBUG = False
    monkeypatch.setattr(ports, "_providers", {})
    cache.clear()
    made = dossiers.open_commune()
    server = wsgiref.simple_server.make_server("127.0.0.1", 0, _application(), _Server, _Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    url = f"http://127.0.0.1:{server.server_port}"
    secret = secret_at(tmp_path / "keys" / SANDBOX_KEY)
    with ExitStack() as stack:
        bank = Bank(tmp_path / "bank.sqlite3", secret, f"{url}/payments/callback/sandbox/")
        payments.connect(SandboxProvider(stack.enter_context(running(bank, "127.0.0.1", 0)), secret))
        thread.start()
        try:
            yield Site(url, made)
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


@pytest.fixture(scope="session")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as tools:
        found = tools.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        yield found
        found.close()


_checked: set[str] = set()
"""Pages that have been looked at in this run: each once, however many journeys cross it."""


@dataclass
class Person:
    """Somebody with a browser: a phone or a desk."""

    site: Site
    context: BrowserContext
    page: Page
    size: tuple[int, int]
    troubles: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open an address of the site."""
        self.page.goto(self.site.url + path if path.startswith("/") else path)
        return self.page

    def session(self, key: str) -> "Person":
        """Signed in as somebody of the world, without the sign-in pages."""
        account = self.site.made.accounts[key]
        store = SessionStore()
        store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(account.pk), live_settings.AUTHENTICATION_BACKENDS[0]
        store[HASH_SESSION_KEY], store[access.SECOND_FACTOR_KEY] = account.get_session_auth_hash(), True
        store.save()
        self.context.add_cookies(
            [{"name": live_settings.SESSION_COOKIE_NAME, "value": str(store.session_key), "url": self.site.url}]
        )
        return self

    def press(self, name: str, role: str = "button") -> None:
        """Press the button or link with this name."""
        self.page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]

    def seen(self, name: str, english: bool = True) -> None:
        """Look at the page: pictures at three widths, axe in both languages on phone and desktop. Each name once in a run."""
        if name in _checked or QUICK:
            return
        _checked.add(name)
        SHOTS.mkdir(exist_ok=True)
        look = self.context.new_page()
        try:
            for language in ("vi", "en") if english else ("vi",):
                self._in(language)
                for size in (PHONE, TABLET, DESK):
                    look.set_viewport_size({"width": size[0], "height": size[1]})
                    if size == PHONE:
                        look.goto(self.page.url)
                    if size != TABLET:
                        self._axe(look, f"{name} {language} {size[0]}")
                    if language == "vi" or size == self.size:
                        look.screenshot(path=SHOTS / f"{name}-{language}-{size[0]}.png", full_page=True)
        finally:
            self._in("vi")
            look.close()

    def picture(self, name: str) -> None:
        """A picture of the page as it stands (an answer to a form can't be opened again), and axe."""
        SHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}-vi-{self.size[0]}.png", full_page=True)
        self._axe(self.page, name)

    def _in(self, language: str) -> None:
        self.context.add_cookies([{"name": live_settings.LANGUAGE_COOKIE_NAME, "value": language, "url": self.site.url}])

    def _axe(self, page: Page, where: str) -> None:
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        for fault in found["violations"]:
            if fault["impact"] in {"serious", "critical"}:
                nodes = "; ".join(f"{node['html'][:160]} ({node['failureSummary'][:200]})" for node in fault["nodes"][:3])
                self.troubles.append(f"{where}: {fault['id']}: {nodes}")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 1:
            self.troubles.append(f"{where}: the page is {wide} px too wide")


@pytest.fixture
def somebody(site: Site, chromium: Browser) -> Iterator[Any]:
    """``somebody(PHONE)`` opens a browser; at the end nothing may have gone wrong in any of them."""
    opened: list[Person] = []

    def open_browser(size: tuple[int, int] = PHONE, who: str = "", **options: Any) -> Person:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            accept_downloads=True,
            **options,
        )
        context.set_default_timeout(8_000)
        person = Person(site, context, context.new_page(), size)
        context.on("weberror", lambda error: person.troubles.append(f"script: {error.error}"))
        context.on("console", lambda said: _listen(person, said))
        context.on("response", lambda got: got.status >= 500 and person.troubles.append(f"{got.status} {got.url}"))
        opened.append(person)
        return person.session(who) if who else person

    yield open_browser
    for person in opened:
        person.context.close()
    troubles = [trouble for person in opened for trouble in person.troubles]
    assert not troubles, "\n".join(troubles)


def _listen(person: Person, said: Any) -> None:
    if said.type == "error" and "status of 4" not in said.text:
        person.troubles.append(f"console: {said.text}")
