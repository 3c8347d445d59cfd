"""The sandbox bank over real HTTP: pay by a QR, be told twice and on failure again, ask, get the statement."""

import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.db import connections

from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.payments import api, models, ports
from tinhso.kernel.payments.adapters import sandbox_bank, wire
from tinhso.kernel.payments.adapters.sandbox import SandboxProvider, secret_at
from tinhso.kernel.payments.adapters.sandbox_bank import Bank, running
from tinhso.kernel.payments.engine import vietqr
from tinhso.kernel.payments.types import ChargeState, MessageVerdict, Method, ProviderUnreachable
from tinhso.lib import clock

from .conftest import ACCOUNTS, LOADER

SECRET = b"between us and the bank"
QR = vietqr.VietQr("970436", "9990000000001", amount=75_000, reference="TS2611237K7M4QX3", name="Kho bac")
PAYLOAD = vietqr.build(QR)


@pytest.fixture(autouse=True)
def _real_time() -> Iterator[None]:
    with clock.at(clock.now()):  # the bank's threads read the real clock; so must we
        clock._fixed.set(None)
        yield


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def listening(answer: Callable[[dict[str, str], bytes], int]) -> Iterator[str]:
    """Our side's callback address, answered by ``answer(headers, body)`` with an HTTP status."""

    def app(environ, start_response):
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        headers = {k[5:].replace("_", "-"): v for k, v in environ.items() if k.startswith("HTTP_")}
        status = answer(headers, body)
        start_response(f"{status} X", [("Content-Length", "0")])
        return [b""]

    server = make_server("127.0.0.1", 0, app, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/payments/callback/sandbox/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    """A bank that nobody listens to."""
    return Bank(tmp_path / "bank" / "bank.sqlite3", SECRET, "http://127.0.0.1:1/")


@pytest.fixture
def site(bank: Bank) -> Iterator[str]:
    """Its address."""
    with running(bank, "127.0.0.1", 0) as url:
        yield url


def get(url: str, **headers: str) -> tuple[int, str]:
    answer = wire.call("GET", url, headers)
    return answer.status, answer.body.decode()


def fields(page: str) -> dict[str, str]:
    """The hidden fields of a form."""
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))


def press(url: str, form: dict[str, str]) -> wire.Answer:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return wire.call("POST", f"{url}/pay", kind, urlencode(form).encode())


# --- pages -------------------------------------------------------------------------------------------------------------


def test_the_page_shows_what_the_qr_says(site: str, bank: Bank) -> None:
    status, page = get(f"{site}/pay?{urlencode({'qr': PAYLOAD})}")
    assert status == 200
    assert all(
        text in page for text in ("Xác nhận chuyển khoản", "9990000000001", "TS2611237K7M4QX3", 'value="75000"', "Kho bac")
    )
    assert '<html lang="vi">' in page
    assert "Confirm the transfer" in get(f"{site}/pay?{urlencode({'qr': PAYLOAD, 'lang': 'en'})}")[1]
    assert "Confirm the transfer" in get(f"{site}/pay?{urlencode({'qr': PAYLOAD})}", **{"Accept-Language": "en-GB"})[1]
    answer = wire.call("GET", f"{site}/", {})
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "style=" not in page
    assert "<script" not in page


def test_paying_shows_a_receipt_and_the_way_back(site: str, bank: Bank) -> None:
    charge_page = SandboxProvider(site, SECRET).start(None, PAYLOAD, "https://tinhso.example.vn/ho-so/1")
    page = get(charge_page.url)[1]
    answer = press(site, {k: v.replace("&amp;", "&") for k, v in fields(page).items()} | {"amount": "75000"})
    assert answer.status == 303
    status, receipt = get(site + answer.headers["location"])
    assert status == 200
    assert "75.000 đ" in receipt
    assert 'href="https://tinhso.example.vn/ho-so/1"' in receipt
    (made,) = bank.recent()
    assert (made.reference, made.amount, made.account) == ("TS2611237K7M4QX3", 75_000, "9990000000001")
    assert made.id in get(f"{site}/?lang=en")[1]


def test_nobody_is_sent_back_elsewhere(site: str) -> None:
    form = {"qr": PAYLOAD, "amount": "75000", "form": "f1", "return": "https://evil.example/", "seal": "0" * 64}
    location = press(site, form).headers["location"]
    assert "return" not in parse_qs(urlsplit(location).query)
    assert 'href="https://evil' not in get(f"{site}{location}&return=https://evil.example/&seal={'0' * 64}")[1]


def test_pressing_twice_pays_once(site: str, bank: Bank) -> None:
    form = {"qr": PAYLOAD, "amount": "75000", "form": "f1"}
    assert press(site, form).headers["location"] == press(site, form).headers["location"]
    assert len(bank.recent()) == 1


@pytest.mark.parametrize("amount", ["", "0", "-1", "1.5", "x", "9" * 14, "٣"])
def test_a_wrong_amount_is_refused(site: str, bank: Bank, amount: str) -> None:
    assert press(site, {"qr": PAYLOAD, "amount": amount, "lang": "en"}).status == 400
    assert bank.recent() == []


def test_a_wrong_qr_is_refused(site: str) -> None:
    assert get(f"{site}/pay?qr=hello")[0] == 400
    assert get(f"{site}/pay")[0] == 400
    assert press(site, {"qr": PAYLOAD[:-1], "amount": "1"}).status == 400
    assert "Mã QR này không hợp lệ" in get(f"{site}/pay?qr=%3Cscript%3E")[1]


def test_what_is_not_there_or_too_much(site: str) -> None:
    assert get(f"{site}/paid/FT0")[0] == 404
    assert get(f"{site}/nothing")[0] == 404
    assert wire.call("POST", f"{site}/pay", {}, b"x" * 20_000).status == 413
    assert wire.call("POST", f"{site}/pay", {}, b"&".join(b"a=1" for _ in range(50))).status == 400
    assert get(f"{site}/health") == (200, "ok\n")
    assert get(f"{site}/bank.css")[0] == 200
    assert "Chưa có giao dịch nào." in get(f"{site}/")[1]


# --- telling -----------------------------------------------------------------------------------------------------------


def _pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox_bank, "COPY_PAUSE", sandbox_bank.timedelta(0))


def test_everything_is_told_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _pace(monkeypatch)
    heard: list[bytes] = []
    with listening(lambda headers, body: heard.append(body) or 200) as ours:
        bank = Bank(tmp_path / "bank.sqlite3", SECRET, ours)
        made = bank.pay(QR, 75_000, "f1")
        assert [bank.tell_waiting() for _ in range(3)] == [1, 1, 0]
    assert len(heard) == 2
    assert heard[0] == heard[1]
    assert bank.transfer(made.id).told == "200"


def test_what_is_not_acknowledged_is_told_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _pace(monkeypatch)
    answers = iter([500, 403, 200, 200])
    with listening(lambda headers, body: next(answers)) as ours:
        bank = Bank(tmp_path / "bank.sqlite3", SECRET, ours)
        made = bank.pay(QR, 75_000, "f1")
        at = clock.now()
        assert bank.tell_waiting() == 1
        assert bank.tell_waiting() == 0  # not at once
        for seconds in (3, 10, 11):
            with clock.at(at + sandbox_bank.timedelta(seconds=seconds)):
                assert bank.tell_waiting() == 1
    assert (bank.transfer(made.id).tries, bank.transfer(made.id).copies) == (4, 0)


def test_it_gives_up_in_the_end(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox_bank, "TRIES", 2)
    made = bank.pay(QR, 75_000, "f1")
    for hours in range(1, 4):
        with clock.at(clock.now() + sandbox_bank.timedelta(hours=hours)):
            bank.tell_waiting()
    assert bank.transfer(made.id).tries == 2
    assert bank.transfer(made.id).told == "ConnectionRefusedError"


def test_it_can_keep_silent(bank: Bank) -> None:
    bank.pay(QR, 75_000, "f1", silent=True)
    assert bank.tell_waiting() == 0


def test_books_that_can_not_be_read_are_tried_again(
    bank: Bank, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop = threading.Event()

    def broken() -> int:
        stop.set()
        bank.wake.set()
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(bank, "tell_waiting", broken)
    bank.keep_telling(stop)
    assert "trying again" in caplog.text


def test_it_is_a_program_that_can_be_stopped(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    sandbox_bank.serve(tmp_path / "bank.sqlite3", SECRET, "http://127.0.0.1:1/", "127.0.0.1", 0, stop)
    assert (tmp_path / "bank.sqlite3").exists()


# --- both sides --------------------------------------------------------------------------------------------------------


@pytest.fixture
def both(tmp_path: Path, django_db_blocker: object, fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The bank and we, speaking over HTTP; gives the bank's address."""
    monkeypatch.setattr(ports, "_providers", {})
    monkeypatch.setattr(sandbox_bank, "COPY_PAUSE", sandbox_bank.timedelta(0))

    def ours(headers: dict[str, str], body: bytes) -> int:
        try:
            return 200 if api.receive_callback("sandbox", headers, body).accepted else 403
        finally:
            connections.close_all()

    (tmp_path / "accounts.yaml").write_text(ACCOUNTS, encoding="utf-8")
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        api.load_accounts(LOADER, tmp_path / "accounts.yaml")
        with listening(ours) as callback, running(Bank(tmp_path / "bank.sqlite3", SECRET, callback), "127.0.0.1", 0) as url:
            api.connect(SandboxProvider(url, SECRET))
            yield url


def _until(true: Callable[[], bool]) -> None:
    waited = threading.Event()
    for _ in range(200):
        if true():
            return
        waited.wait(0.05)
    raise AssertionError("it did not happen within 10 s")


def test_a_citizen_pays_by_qr_and_the_charge_is_settled_once(both: str, owed: Callable) -> None:
    charge = owed("case:1")
    page = get(api.pay_place(charge, "sandbox", "https://tinhso.example.vn/").url)[1]
    press(both, {k: v.replace("&amp;", "&") for k, v in fields(page).items()} | {"amount": "75000"})

    def told_twice() -> bool:
        with ledger.acting(LOADER):
            return sum(models.ProviderMessage.objects.values_list("times", flat=True)) == 2

    _until(told_twice)
    paid = api.charge(charge.id)
    assert (paid.state, paid.method) == (ChargeState.PAID, Method.ONLINE)
    assert [e.kind for e in ledger.history(f"charge:{charge.id}")] == ["payments.charged", "payments.settled"]
    day = clock.today()
    statement = wire.call("GET", f"{both}/statement.csv?day={day.isoformat()}", {}).body
    assert api.reconcile_day("sandbox", day, statement).balanced


def test_a_lost_callback_is_made_good_by_asking(both: str, owed: Callable) -> None:
    charge = owed()
    assert api.ask_provider("sandbox", charge.reference) == []
    page = get(api.pay_place(charge, "sandbox", "").url)[1]
    press(both, {k: v.replace("&amp;", "&") for k, v in fields(page).items()} | {"amount": "75000", "silent": "1"})
    statement = wire.call("GET", f"{both}/statement.csv", {}).body
    assert [line.reference for line in api.reconcile_day("sandbox", clock.today(), statement).extra] == [charge.reference]
    assert [o.verdict for o in api.ask_provider("sandbox", charge.reference)] == [MessageVerdict.SETTLED]
    api.ask_provider("sandbox", charge.reference)
    assert api.charge(charge.id).state is ChargeState.PAID


def test_the_bank_answers_only_who_knows_the_secret(both: str) -> None:
    assert get(f"{both}/api/transactions?reference=X")[0] == 403
    with pytest.raises(ProviderUnreachable):
        SandboxProvider(both, b"guessed").query("X")


def test_a_bank_that_is_away_or_talks_nonsense_is_said_to_be_unreachable() -> None:
    with pytest.raises(ProviderUnreachable):
        SandboxProvider("http://127.0.0.1:1", SECRET).query("X")
    with listening(lambda headers, body: 200) as url, pytest.raises(ProviderUnreachable):
        SandboxProvider(url.rsplit("/payments", 1)[0], SECRET).query("X")


# --- the shared secret -------------------------------------------------------------------------------------------------


def test_the_secret_is_made_once_and_kept_close(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "sandbox-bank"
    made = secret_at(path)
    assert len(made) == 64
    assert secret_at(path) == made
    assert path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["sandbox-bank"]


def test_both_sides_may_start_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sandbox-bank"
    real = Path.exists

    def too_late(self: Path) -> bool:
        found = real(self)
        if self == path and not found:
            path.write_bytes(b"the other side's")
        return found

    monkeypatch.setattr(Path, "exists", too_late)
    assert secret_at(path) == b"the other side's"
