"""A make-believe bank, a small program of its own: it reads a VietQR, "transfers", and tells us by a signed HTTP callback.

It behaves as banks do and worse: it tells everything twice, tries again when we do not answer, and may be asked to tell nothing
at all. It keeps its own store, knows nothing of our tables, and speaks to us only over HTTP. Never part of a real province.
"""

import csv
import io
import json
import logging
import re
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from tinhso.kernel.payments.adapters import sandbox_bank_pages as pages
from tinhso.kernel.payments.adapters import wire
from tinhso.kernel.payments.engine import signature, vietqr
from tinhso.kernel.payments.types import CallbackRefused, QrInvalid
from tinhso.lib import clock

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)

COPIES = 2
"""How often each transfer is told, on purpose, though the first was acknowledged."""
COPY_PAUSE = timedelta(seconds=2)
TRIES = 20
FORM_MAX = 16 * 1024
_AMOUNT = re.compile(r"0*[1-9][0-9]{0,12}")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS transfer (
  id TEXT PRIMARY KEY, form TEXT UNIQUE NOT NULL, bank TEXT NOT NULL, account TEXT NOT NULL, holder TEXT NOT NULL,
  reference TEXT NOT NULL, amount INTEGER NOT NULL CHECK (amount > 0), paid_at TEXT NOT NULL,
  copies INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0, next_at TEXT, told TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS transfer_waiting ON transfer (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS transfer_reference ON transfer (reference);
CREATE INDEX IF NOT EXISTS transfer_day ON transfer (paid_at);
"""
_COLUMNS = "id, bank, account, holder, reference, amount, paid_at, copies, tries, told"


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money that "moved". ``copies`` is how often it is still to be told; ``told`` the last answer."""

    id: str
    bank: str
    account: str
    holder: str
    reference: str
    amount: int
    paid_at: str
    copies: int
    tries: int
    told: str

    def message(self) -> dict[str, str | int]:
        """What the other side is told."""
        return {
            "transaction": self.id,
            "reference": self.reference,
            "amount": self.amount,
            "currency": "VND",
            "paid_at": self.paid_at,
        }


class Bank:
    """The bank's books and its voice."""

    def __init__(self, store: Path, secret: bytes, callback_url: str) -> None:
        store.parent.mkdir(parents=True, exist_ok=True)
        self._store = store
        self._callback_url = callback_url
        self.secret = secret
        self.wake = threading.Event()
        with self._books() as books:
            books.executescript(_SCHEMA)

    def pay(self, qr: vietqr.VietQr, amount: int, form: str, silent: bool = False) -> Transfer:
        """Transfer; once for each ``form``, however often its button is pressed. ``silent``: tell nobody."""
        now = clock.now()
        fresh = f"FT{now.astimezone(clock.TZ):%y%m%d}{secrets.token_hex(5).upper()}"
        with self._books() as books:
            books.execute(
                "INSERT INTO transfer (id, form, bank, account, holder, reference, amount, paid_at, copies, next_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (form) DO NOTHING",
                (
                    *(fresh, form, qr.bank, qr.account, qr.name, qr.reference, amount, now.isoformat()),
                    *((0, None) if silent else (COPIES, now.isoformat())),
                ),
            )
            made = self._read(books, "form = ?", form)[0]
        self.wake.set()
        return made

    def transfer(self, name: str) -> Transfer | None:
        """One transfer."""
        with self._books() as books:
            return next(iter(self._read(books, "id = ?", name)), None)

    def about(self, reference: str) -> list[Transfer]:
        """The transfers with this reference."""
        with self._books() as books:
            return self._read(books, "reference = ?", reference)

    def recent(self) -> list[Transfer]:
        """The last ten."""
        with self._books() as books:
            return self._read(books, "1 ORDER BY paid_at DESC LIMIT 10")

    def statement(self, day: date) -> str:
        """The day's transfers as CSV, as a bank gives them to its customer."""
        begin = datetime(day.year, day.month, day.day, tzinfo=clock.TZ)
        span = (begin.astimezone(UTC).isoformat(), (begin + timedelta(days=1)).astimezone(UTC).isoformat())
        with self._books() as books:
            found = self._read(books, "paid_at >= ? AND paid_at < ? ORDER BY paid_at", *span)
        out = io.StringIO(newline="")
        lines = csv.writer(out, lineterminator="\n")
        lines.writerow(["transaction", "reference", "amount", "paid_at"])
        lines.writerows([t.id, t.reference, t.amount, t.paid_at] for t in found)
        return out.getvalue()

    def tell_waiting(self) -> int:
        """Tell what waits to be told; returns how many calls were made."""
        with self._books() as books:
            waiting = self._read(books, "next_at <= ? ORDER BY next_at LIMIT 50", clock.now().isoformat())
        for transfer in waiting:
            self._tell(transfer)
        return len(waiting)

    def keep_telling(self, stop: threading.Event) -> None:
        """Until ``stop`` is set."""
        while not stop.is_set():
            self.wake.clear()
            try:
                self.tell_waiting()
            except sqlite3.Error:
                log.exception("sandbox bank: its books can't be read; trying again")
            self.wake.wait(0.5)

    def _tell(self, transfer: Transfer) -> None:
        """One call to the other side, and what it answered."""
        body = json.dumps(transfer.message(), sort_keys=True).encode()
        now = clock.now()
        headers = {"Content-Type": "application/json", signature.HEADER: signature.sign(self.secret, body, now)}
        try:
            answer = wire.call("POST", self._callback_url, headers, body)
            good, told = answer.good, str(answer.status)
        except wire.WireBroken as broken:
            good, told = False, str(broken)
        copies = transfer.copies - 1 if good else transfer.copies
        tries = transfer.tries + 1
        pause = COPY_PAUSE if good else min(timedelta(seconds=2 ** min(tries, 6)), timedelta(minutes=1))
        next_at = (now + pause).isoformat() if copies and tries < TRIES else None
        with self._books() as books:
            books.execute(
                "UPDATE transfer SET copies = ?, tries = ?, next_at = ?, told = ? WHERE id = ?",
                (copies, tries, next_at, told, transfer.id),
            )

    def _read(self, books: sqlite3.Connection, where: str, *values: str) -> list[Transfer]:
        rows = books.execute(f"SELECT {_COLUMNS} FROM transfer WHERE {where}", values)  # noqa: S608  our own constants only
        return [Transfer(*row) for row in rows]

    @contextmanager
    def _books(self) -> Iterator[sqlite3.Connection]:
        books = sqlite3.connect(self._store, timeout=10)
        try:
            with books:
                yield books
        finally:
            books.close()


@dataclass(frozen=True, slots=True)
class Page:
    """An answer of the bank's site."""

    body: bytes
    status: str = "200 OK"
    kind: str = "text/html; charset=utf-8"
    more: tuple[tuple[str, str], ...] = ()


class Site:
    """The bank's pages: a WSGI application."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        page = self._answer(environ)
        start_response(
            page.status,
            [
                ("Content-Type", page.kind),
                ("Content-Length", str(len(page.body))),
                ("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'"),
                ("X-Content-Type-Options", "nosniff"),
                ("Referrer-Policy", "no-referrer"),
                ("Cache-Control", "no-store"),
                *page.more,
            ],
        )
        return [page.body]

    def _answer(self, environ: "WSGIEnvironment") -> Page:
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "/")
        asked = _form(environ.get("QUERY_STRING", ""))
        lang = pages.language(asked.get("lang", ""), environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        routes: dict[tuple[str, str], Callable[[], Page]] = {
            ("GET", "/"): lambda: self._home(lang),
            ("GET", "/pay"): lambda: self._confirm(lang, asked),
            ("POST", "/pay"): lambda: self._pay(environ),
            ("GET", "/statement.csv"): lambda: self._statement(lang, asked),
            ("GET", "/api/transactions"): lambda: self._transactions(environ, asked.get("reference", "")),
            ("GET", "/bank.css"): lambda: Page(pages.CSS.encode(), kind="text/css; charset=utf-8"),
            ("GET", "/health"): lambda: Page(b"ok\n", kind="text/plain"),
        }
        if (method, path) in routes:
            return routes[method, path]()
        if method == "GET" and path.startswith("/paid/"):
            return self._paid(lang, path.removeprefix("/paid/"), asked)
        return _bad(lang, "missing", "404 Not Found")

    def _home(self, lang: str) -> Page:
        recent = [(t.id, t.reference, t.amount) for t in self._bank.recent()]
        return _html(pages.home(lang, f"/?lang={_other(lang)}", recent))

    def _confirm(self, lang: str, asked: dict[str, str]) -> Page:
        payload = asked.get("qr", "").strip()
        try:
            qr = vietqr.parse(payload)
        except QrInvalid:
            return _bad(lang, "bad_qr")
        facts = {"holder": qr.name, "account": qr.account, "bank_code": qr.bank, "reference": qr.reference}
        back, seal = asked.get("return", ""), asked.get("seal", "")
        hidden = {"qr": payload, "return": back, "seal": seal, "form": secrets.token_hex(16)}
        switch = "/pay?" + urlencode({"qr": payload, "return": back, "seal": seal, "lang": _other(lang)})
        return _html(pages.confirm(lang, switch, facts, qr.amount, hidden))

    def _pay(self, environ: "WSGIEnvironment") -> Page:
        length = environ.get("CONTENT_LENGTH") or "0"
        size = int(length) if length.isascii() and length.isdigit() and len(length) < 10 else FORM_MAX + 1
        if size > FORM_MAX:
            return _bad("vi", "too_large", "413 Content Too Large")
        given = _form(environ["wsgi.input"].read(size).decode("utf-8", "replace"))
        lang = pages.language(given.get("lang", ""), "")
        amount = given.get("amount", "")
        try:
            qr = vietqr.parse(given.get("qr", ""))
        except QrInvalid:
            return _bad(lang, "bad_qr")
        if not _AMOUNT.fullmatch(amount):
            return _bad(lang, "bad_amount")
        made = self._bank.pay(qr, int(amount), given.get("form") or secrets.token_hex(16), silent="silent" in given)
        back, seal = given.get("return", ""), given.get("seal", "")
        trusted = signature.sealed(self._bank.secret, seal, given.get("qr", ""), back)
        onward = {"lang": lang}
        if back and trusted:
            onward |= {"return": back, "seal": signature.seal(self._bank.secret, made.id, back)}
        return Page(b"", "303 See Other", more=(("Location", f"/paid/{made.id}?{urlencode(onward)}"),))

    def _paid(self, lang: str, name: str, asked: dict[str, str]) -> Page:
        made = self._bank.transfer(name)
        if made is None:
            return _bad(lang, "missing", "404 Not Found")
        back = asked.get("return", "")
        trusted = signature.sealed(self._bank.secret, asked.get("seal", ""), made.id, back)
        at = datetime.fromisoformat(made.paid_at).astimezone(clock.TZ)
        facts = {
            "transaction": made.id,
            "amount": pages.money(made.amount),
            "holder": made.holder,
            "reference": made.reference,
            "at": f"{at:%d/%m/%Y %H:%M:%S}",
            "told": made.told,
        }
        switch = f"/paid/{made.id}?" + urlencode({**asked, "lang": _other(lang)})
        return _html(pages.paid(lang, switch, facts, back if back and trusted else None))

    def _statement(self, lang: str, asked: dict[str, str]) -> Page:
        try:
            day = date.fromisoformat(asked.get("day", ""))
        except ValueError:
            day = clock.today()
        name = ("Content-Disposition", f'attachment; filename="statement-{day:%Y%m%d}.csv"')
        return Page(self._bank.statement(day).encode(), kind="text/csv; charset=utf-8", more=(name,))

    def _transactions(self, environ: "WSGIEnvironment", reference: str) -> Page:
        now = clock.now()
        try:
            signature.verify(self._bank.secret, environ.get("HTTP_X_TINHSO_SIGNATURE", ""), reference.encode(), now)
        except CallbackRefused:
            return Page(b"[]", "403 Forbidden", "application/json")
        body = json.dumps([t.message() for t in self._bank.about(reference)]).encode()
        signed = ((signature.HEADER, signature.sign(self._bank.secret, body, now)),)
        return Page(body, kind="application/json", more=signed)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is the base class's
        log.info(format, *args)


@contextmanager
def running(bank: Bank, host: str, port: int) -> Iterator[str]:
    """The bank's site and its voice, running in threads; gives its address. Port 0 takes a free one."""
    server = make_server(host, port, Site(bank), _Server, _Quiet)
    stop = threading.Event()
    voice = threading.Thread(target=bank.keep_telling, args=(stop,), daemon=True)
    site = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    voice.start()
    site.start()
    try:
        yield f"http://{host}:{server.server_port}"
    finally:
        stop.set()
        bank.wake.set()
        server.shutdown()
        server.server_close()
        site.join()
        voice.join()


def serve(store: Path, secret: bytes, callback_url: str, host: str, port: int, stop: threading.Event) -> None:
    """Be the bank until ``stop`` is set: what ``tinhso serve`` runs beside a demo."""
    with running(Bank(store, secret, callback_url), host, port):
        stop.wait()


def _form(text: str) -> dict[str, str]:
    """The fields of a form or query, the first of each name; none at all if somebody sends absurdly many."""
    try:
        return {key: values[0] for key, values in parse_qs(text, max_num_fields=20).items()}
    except ValueError:
        return {}


def _html(text: str) -> Page:
    return Page(text.encode())


def _bad(lang: str, fault: str, status: str = "400 Bad Request") -> Page:
    return Page(pages.bad(lang, fault).encode(), status)


def _other(lang: str) -> str:
    return "en" if lang == "vi" else "vi"
