"""A live site with a commune behind it and a make-believe bank: the product as it runs, on a copy of a prepared database."""

import shutil
import threading
import wsgiref.simple_server
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any, TypeVar

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.cache import cache
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections
from django.test import override_settings

from tests import databases, dossiers, world
from tinhso.config.wiring import SANDBOX_KEY
from tinhso.kernel.cases.types import CaseRef
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.payments import api as payments
from tinhso.kernel.payments import ports
from tinhso.kernel.payments.adapters.sandbox import SandboxProvider, secret_at
from tinhso.kernel.payments.adapters.sandbox_bank import Bank, running
from tinhso.lib import clock

ROOT = Path(__file__).resolve().parents[2]
Found = TypeVar("Found")


class _Server(ThreadingMixIn, wsgiref.simple_server.WSGIServer):
    daemon_threads = True
    request_queue_size = 50


class _Quiet(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing."""


@dataclass
class Site:
    """The running site and what is behind it."""

    made: world.World
    url: str = ""
    moment: datetime | None = None
    """What time it is for everybody here; None: what it really is."""
    _backstage: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))

    def do(self, what: Callable[..., Found], *args: Any, **kwargs: Any) -> Found:
        """Do something behind the pages, at the site's own time. (A thread of its own: the browser's loop runs in ours.)"""
        return self._backstage.submit(self._do, what, args, kwargs).result()

    def _do(self, what: Callable[..., Found], args: Any, kwargs: Any) -> Found:
        try:
            with self.time():
                return what(*args, **kwargs)
        finally:
            connections.close_all()

    def time(self) -> Any:
        """The site's time, as a context."""
        return clock.at(self.moment) if self.moment else nullcontext()

    def bring_to(self, step: str, **answers: Any) -> CaseRef:
        """A dossier of Thắm's as far as ``step`` (:func:`tests.dossiers.bring_to`)."""
        return self.do(dossiers.bring_to, self.made, step, **answers)

    def work(self) -> None:
        """What the worker does meanwhile: seals, followers, mail, timers."""

        def until_done() -> None:
            while ledger.work_once():
                pass

        self.do(until_done)

    def application(self) -> Any:
        """The product as a WSGI application, at the site's time."""
        inner = StaticFilesHandler(get_wsgi_application())

        def application(environ: Any, start_response: Any) -> Any:
            try:
                with self.time():
                    return inner(environ, start_response)
            finally:
                connections.close_all()  # each request has a thread of its own here

        return application


@dataclass(frozen=True)
class Prepared:
    """A commune ready to be copied: who is there, its files and keys, its database."""

    made: world.World
    home: Path
    database: str


@contextmanager
def opened(folder: Path) -> Iterator[Prepared]:
    """The commune of :mod:`tests.dossiers`, built once in ``folder``; in use only where it is copied."""
    home = folder / "home"
    home.mkdir()
    database = databases.made_from(str(connection.settings_dict["NAME"]), folder)
    try:
        with override_settings(HOME=home), databases.used(database):
            made = dossiers.open_commune()
        yield Prepared(made, home, database)
    finally:
        databases.drop(database)


@contextmanager
def running_site(prepared: Prepared, folder: Path) -> Iterator[Site]:
    """A server of threads on a copy of what was prepared; the bank calls it back over HTTP."""
    home = folder / "home"
    shutil.copytree(prepared.home, home)
    site = Site(prepared.made)
    with ExitStack() as stack:
        static = [ROOT / "build" / "static"]
        stack.enter_context(override_settings(HOME=home, STATICFILES_DIRS=static, DEBUG=False))
        stack.enter_context(databases.copied(folder, prepared.database))
        cache.clear()
        server = wsgiref.simple_server.make_server("127.0.0.1", 0, site.application(), _Server, _Quiet)
        stack.callback(server.server_close)
        site.url = f"http://127.0.0.1:{server.server_port}"
        secret = secret_at(home / "keys" / SANDBOX_KEY)
        bank = Bank(folder / "bank.sqlite3", secret, f"{site.url}/payments/callback/sandbox/")
        providers = dict(ports._providers)
        ports._providers.clear()
        stack.callback(ports._providers.update, providers)
        stack.callback(ports._providers.clear)
        payments.connect(SandboxProvider(stack.enter_context(running(bank, "127.0.0.1", 0)), secret))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        stack.callback(thread.join)
        stack.callback(server.shutdown)
        stack.callback(site._backstage.shutdown)
        yield site
