"""The commune, opened once in a run and copied for each journey; a browser for each person."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from .people import PHONE, Person, open_browser
from .site import Prepared, Site, opened, running_site

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
FIRST = "test_whole_path.py"
"""The longest begins first, so that two processes end at about the same time."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser; without one it says so instead of failing halfway."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not shutil.which("chromium"):
                item.add_marker(pytest.mark.skip(reason="no chromium on this machine"))
    items.sort(key=lambda item: item.path.name != FIRST)


@pytest.fixture(scope="session")
def commune_opened(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Prepared]:
    """The commune and its home, once in a run of each process."""
    with django_db_blocker.unblock(), opened(tmp_path_factory.mktemp("commune")) as found:
        yield found


@pytest.fixture
def site(commune_opened: Prepared, tmp_path: Path) -> Iterator[Site]:
    """The commune behind a server, as if nothing had happened there yet."""
    with running_site(commune_opened, tmp_path) as running:
        yield running


@pytest.fixture(scope="session")
def chromium(commune_opened: Prepared) -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as tools:
        found = tools.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        yield found
        found.close()


@pytest.fixture(scope="session")
def looked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all processes of a run note which pages have been looked at."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    (shared / "looked").mkdir(exist_ok=True)
    return shared / "looked"


@pytest.fixture
def somebody(site: Site, chromium: Browser, looked: Path) -> Iterator[Any]:
    """``somebody(PHONE)`` opens a browser; at the end nothing may have gone wrong in any of them."""
    people: list[Person] = []

    def opens(size: tuple[int, int] = PHONE, who: str = "", **options: Any) -> Person:
        person = open_browser(chromium, site, looked, size, **options)
        people.append(person)
        return person.session(who) if who else person

    yield opens
    for person in people:
        person.context.close()
    troubles = [trouble for person in people for trouble in person.troubles]
    assert not troubles, "\n".join(troubles)
