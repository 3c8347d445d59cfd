"""A day's settlements against a provider's statement: what is missing, what is extra, what differs.

The statement is CSV in UTF-8 with a header row naming at least ``transaction``, ``reference``, ``amount`` (whole đồng) and
``paid_at`` (ISO 8601 with an offset). Other columns are ignored. A bank that speaks otherwise gets an adapter that writes this.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from tinhso.kernel.payments.types import AmountDiffers, ReconcileReport, SettlementView, StatementLine, StatementUnreadable

COLUMNS = ("transaction", "reference", "amount", "paid_at")


def read_statement(data: bytes) -> list[StatementLine]:
    """The lines of a statement; raises :class:`StatementUnreadable` naming the line (the header is line 1) and the fault."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StatementUnreadable(line=1, fault="not_utf8") from error
    rows = csv.DictReader(io.StringIO(text, newline=""))
    try:
        missing = [c for c in COLUMNS if c not in (rows.fieldnames or [])]
        if missing:
            raise StatementUnreadable(line=1, fault="no_column", column=missing[0])
        return [_line(rows.line_num, row) for row in rows]
    except csv.Error as error:
        raise StatementUnreadable(line=rows.reader.line_num, fault="not_csv") from error


def compare(provider: str, day: date, ours: Sequence[SettlementView], theirs: Iterable[StatementLine]) -> ReconcileReport:
    """Match by the provider's transaction number."""
    known = {s.transaction: s for s in ours}
    lines: dict[str, StatementLine] = {}
    repeated: list[StatementLine] = []
    for line in theirs:
        if line.transaction in lines:
            repeated.append(line)
        else:
            lines[line.transaction] = line
    pairs = [(known[t], line) for t, line in lines.items() if t in known]
    same = [(s, line) for s, line in pairs if (s.amount, s.reference) == (line.amount, line.reference)]
    agreed = {s.transaction for s, _ in same}
    return ReconcileReport(
        provider=provider,
        day=day,
        matched=tuple(s for s, _ in same),
        missing=tuple(s for s in ours if s.transaction not in lines),
        extra=tuple(line for t, line in lines.items() if t not in known),
        differing=tuple(AmountDiffers(s, line) for s, line in pairs if s.transaction not in agreed),
        repeated=tuple(repeated),
        our_total=sum(s.amount for s in ours),
        their_total=sum(line.amount for line in lines.values()) + sum(line.amount for line in repeated),
    )


def _line(number: int, row: dict[str | None, str | None]) -> StatementLine:
    transaction, reference, amount, paid_at = ((row.get(c) or "").strip() for c in COLUMNS)
    if not transaction:
        raise StatementUnreadable(line=number, fault="no_transaction")
    if not (amount.isascii() and amount.isdigit()):
        raise StatementUnreadable(line=number, fault="amount")
    try:
        at = datetime.fromisoformat(paid_at)
    except ValueError as error:
        raise StatementUnreadable(line=number, fault="paid_at") from error
    if at.tzinfo is None:
        raise StatementUnreadable(line=number, fault="paid_at")
    return StatementLine(transaction=transaction, reference=reference, amount=int(amount), paid_at=at)
