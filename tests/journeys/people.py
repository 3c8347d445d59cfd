"""People with browsers: a phone or a desk; and how a page is looked at."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tinhso.ui import access

from .site import ROOT, Site

SHOTS = ROOT / "artefacts"
AXE = (ROOT / "build" / "dev" / "axe.min.js").read_text("utf-8")
QUICK = bool(os.environ.get("TINHSO_JOURNEYS_QUICK"))
"""Set while writing a journey: no pictures, no axe."""
PHONE, TABLET, DESK = (390, 844), (768, 1024), (1440, 900)
AT_REST = """() => new Promise((done) => {
  const moving = () => document.getAnimations().some((a) => a.playState === 'running');
  const rest = () => !document.querySelector('[aria-busy=true]') && !moving();
  const look = () => (rest() ? done() : setTimeout(look, 50));
  look();
})"""
"""Nothing is being fetched or faded in: what is half there has half its contrast."""
expect.set_options(timeout=8_000)


@dataclass
class Person:
    """Somebody with a browser: a phone or a desk."""

    site: Site
    context: BrowserContext
    page: Page
    size: tuple[int, int]
    looked: Path
    """Where it is noted which pages were looked at in this run: each once, whichever journey and process gets there first."""
    troubles: list[str] = field(default_factory=list)
    forgiven: set[int] = field(default_factory=set)
    """Statuses that this person provokes on purpose."""

    def go(self, path: str) -> Page:
        """Open an address of the site."""
        self.page.goto(self.site.url + path if path.startswith("/") else path)
        return self.page

    def session(self, key: str) -> "Person":
        """Signed in as somebody of the world, without the sign-in pages."""
        account = self.site.made.accounts[key]
        store = SessionStore()
        store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(account.pk), settings.AUTHENTICATION_BACKENDS[0]
        store[HASH_SESSION_KEY], store[access.SECOND_FACTOR_KEY] = account.get_session_auth_hash(), True
        self.site.do(store.save)
        self.cookie(settings.SESSION_COOKIE_NAME, str(store.session_key))
        return self

    def cookie(self, name: str, value: str) -> None:
        """Put a cookie of the site into this browser."""
        self.context.add_cookies([{"name": name, "value": value, "url": self.site.url}])

    def speaks(self, language: str) -> "Person":
        """Reads the pages in this language."""
        self.cookie(settings.LANGUAGE_COOKIE_NAME, language)
        return self

    def press(self, name: str, role: str = "button") -> None:
        """Press the button or link with this name."""
        self.follow(self.page.get_by_role(role, name=name, exact=True).first)  # type: ignore[arg-type]

    def follow(self, what: Locator) -> Page:
        """Press a button or link, and wait until the page that it leads to is there."""
        with self.page.expect_navigation():
            what.click()
        return self.page

    def download(self, name: str, folder: Path, role: str = "link") -> Path:
        """Press what downloads, and keep the file."""
        with self.page.expect_download() as waiting:
            self.page.get_by_role(role, name=re.compile(name)).first.click()  # type: ignore[arg-type]
        kept = folder / waiting.value.suggested_filename
        waiting.value.save_as(kept)
        return kept

    def seen(self, name: str, *, key: bool = False, english: bool = True) -> None:
        """Look at the page as it stands: a picture on a phone and on a desk, axe in either language, nothing too wide.

        Each name once in a run. ``key``: a page that many people meet, with a picture in English and one as wide as a tablet.
        Without ``english`` it is not opened again: what answers a form can't be.
        """
        if QUICK or not self._first(name):
            return
        SHOTS.mkdir(exist_ok=True)
        other = DESK if self.size == PHONE else PHONE
        self._axe(self.page, f"{name} vi {self.size[0]}")
        try:
            for size in (other, *([TABLET] if key else []), self.size):
                self._picture(self.page, name, "vi", size)
        finally:
            self._resize(self.page, self.size)
        if english:
            self._look_in_english(name, other, key)

    def _look_in_english(self, name: str, size: tuple[int, int], key: bool) -> None:
        self.speaks("en")
        look = self.context.new_page()
        try:
            self._resize(look, size)
            look.goto(self.page.url)
            self._axe(look, f"{name} en {size[0]}")
            if key:
                self._picture(look, name, "en", self.size)
        finally:
            self.speaks("vi")
            look.close()

    def _first(self, name: str) -> bool:
        try:
            (self.looked / name).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def _picture(self, page: Page, name: str, language: str, size: tuple[int, int]) -> None:
        self._resize(page, size)
        page.screenshot(path=SHOTS / f"{name}-{language}-{size[0]}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 1:
            self.troubles.append(f"{name} {language} {size[0]}: the page is {wide} px too wide")

    def _resize(self, page: Page, size: tuple[int, int]) -> None:
        if page.viewport_size != {"width": size[0], "height": size[1]}:
            page.set_viewport_size({"width": size[0], "height": size[1]})

    def _axe(self, page: Page, where: str) -> None:
        page.evaluate(AT_REST)
        page.evaluate(AXE)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        for fault in found["violations"]:
            if fault["impact"] in {"serious", "critical"}:
                nodes = "; ".join(f"{node['html'][:160]} ({node['failureSummary'][:200]})" for node in fault["nodes"][:3])
                self.troubles.append(f"{where}: {fault['id']}: {nodes}")


def open_browser(chromium: Browser, site: Site, looked: Path, size: tuple[int, int], **options: Any) -> Person:
    """A browser of its own, that notes whatever goes wrong in it."""
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        accept_downloads=True,
        **options,
    )
    context.set_default_timeout(8_000)
    person = Person(site, context, context.new_page(), size, looked)
    context.on("weberror", lambda error: person.troubles.append(f"script: {error.error}"))
    context.on("console", lambda said: _listen(person, said))
    context.on("response", lambda got: _note(person, got))
    return person


def _note(person: Person, got: Any) -> None:
    if got.status >= 500 and got.status not in person.forgiven:
        person.troubles.append(f"{got.status} {got.url}")


def _listen(person: Person, said: Any) -> None:
    forgiven = "status of 4" in said.text or any(f"status of {status}" in said.text for status in person.forgiven)
    if said.type == "error" and not forgiven:
        person.troubles.append(f"console: {said.text}")
