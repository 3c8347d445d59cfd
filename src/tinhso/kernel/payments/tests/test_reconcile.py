"""A day compared with the bank's statement: what is missing, extra or different is found, line by line."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest

from tinhso.kernel.payments import api, ports
from tinhso.kernel.payments.adapters.sandbox import SandboxProvider
from tinhso.kernel.payments.types import ChargeView, StatementUnreadable

from .conftest import UNIT
from .test_callback import SECRET, call, said

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 23)
HEADER = "transaction,reference,amount,paid_at\n"
AT = "2026-11-23T09:29:00+07:00"


@pytest.fixture(autouse=True)
def _bank(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(ports, "_providers", {})
    api.connect(SandboxProvider("http://127.0.0.1:1", SECRET))
    yield


@pytest.fixture
def three(owed: Callable) -> list[ChargeView]:
    """Three charges paid online: FT1, FT2, FT3."""
    charges = [owed() for _ in range(3)]
    for number, charge in enumerate(charges, 1):
        call(said(charge, transaction=f"FT{number}"))
    return charges


def _line(transaction: str, reference: str, amount: int = 75_000, at: str = AT) -> str:
    return f"{transaction},{reference},{amount},{at}\n"


def test_a_day_that_agrees(three: list[ChargeView]) -> None:
    statement = HEADER + "".join(_line(f"FT{n}", c.reference) for n, c in enumerate(three, 1))
    report = api.reconcile_day("sandbox", DAY, statement.encode())
    assert report.balanced
    assert len(report.matched) == 3
    assert (report.our_total, report.their_total) == (225_000, 225_000)


def test_a_planted_missing_and_a_planted_extra_payment_are_found(three: list[ChargeView]) -> None:
    statement = (
        HEADER + _line("FT1", three[0].reference) + _line("FT3", three[2].reference) + _line("FT9", "TS261123ZZZZZZZZ", 50_000)
    )
    report = api.reconcile_day("sandbox", DAY, statement.encode("utf-8-sig"))
    assert not report.balanced
    assert [s.transaction for s in report.missing] == ["FT2"]
    assert report.missing[0].reference == three[1].reference
    assert [(e.transaction, e.amount) for e in report.extra] == [("FT9", 50_000)]
    assert [s.transaction for s in report.matched] == ["FT1", "FT3"]
    assert (report.our_total, report.their_total) == (225_000, 200_000)


def test_amounts_references_and_repetitions_are_compared(three: list[ChargeView]) -> None:
    statement = (
        HEADER
        + _line("FT1", three[0].reference, 74_000)
        + _line("FT2", "ANOTHER")
        + _line("FT3", three[2].reference)
        + _line("FT3", three[2].reference)
    )
    report = api.reconcile_day("sandbox", DAY, statement.encode())
    assert [(d.ours.transaction, d.theirs.amount, d.theirs.reference) for d in report.differing] == [
        ("FT1", 74_000, three[0].reference),
        ("FT2", 75_000, "ANOTHER"),
    ]
    assert [line.transaction for line in report.repeated] == ["FT3"]
    assert report.their_total == 299_000


def test_only_the_days_lines_and_only_the_units(three: list[ChargeView], owed: Callable) -> None:
    other = owed(unit="tan-an-psc")
    call(said(other, transaction="FT4"))
    statement = HEADER + "".join(_line(f"FT{n}", c.reference) for n, c in enumerate([*three, other], 1))
    statement += _line("FT0", "X", at="2026-11-22T23:59:59+07:00") + _line("FT8", "Y", at="2026-11-24T00:00:00+07:00")
    assert api.reconcile_day("sandbox", DAY, statement.encode()).balanced
    mine = api.reconcile_day("sandbox", DAY, statement.encode(), unit=UNIT)
    assert mine.balanced
    assert len(mine.matched) == 3
    assert mine.their_total == 225_000


@pytest.mark.parametrize(
    ("data", "line", "fault"),
    [
        (b"\xff\xfe", 1, "not_utf8"),
        (b"", 1, "no_column"),
        (b"transaction,reference,amount\n", 1, "no_column"),
        (HEADER.encode() + b",X,1," + AT.encode() + b"\n", 2, "no_transaction"),
        (HEADER.encode() + b"FT1\n", 2, "amount"),
        (HEADER.encode() + b"FT1,X,75.000," + AT.encode() + b"\n", 2, "amount"),
        (HEADER.encode() + b"FT1,X,1," + AT.encode() + b"\nFT2,X,1,today\n", 3, "paid_at"),
        (HEADER.encode() + b"FT1,X,1,2026-11-23T09:29:00\n", 2, "paid_at"),
        (HEADER.encode() + b"FT1," + b"x" * 200_000 + b",1,x\n", 2, "not_csv"),
    ],
)
def test_a_statement_we_can_not_read_says_where(data: bytes, line: int, fault: str) -> None:
    with pytest.raises(StatementUnreadable) as caught:
        api.reconcile_day("sandbox", DAY, data)
    assert (caught.value.params["line"], caught.value.params["fault"]) == (line, fault)
