"""How figures, dates, money and identifiers are written and read, in the reader's language.

Vietnamese writes 1.234.567,5 and English 1,234,567.5; both write dates dd/mm/yyyy here, because every paper does.
Instants are shown on the province's wall clock.
"""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from django.utils.translation import get_language, gettext, ngettext

from tinhso.lib import clock

LONGEST_NUMBER = 30
"""Characters: longer is no number that a person means."""


class Unreadable(ValueError):
    """What was typed can't be understood; ``code`` is a field error of :mod:`tinhso.ui.words`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def is_vietnamese() -> bool:
    """Whether the reader's language is Vietnamese."""
    return (get_language() or "vi").startswith("vi")


# --- numbers and money ----------------------------------------------------------------------------------------------------


def number(value: int | float | Decimal, decimals: int | None = None) -> str:
    """1.234.567,5 (or 1,234,567.5): grouped by thousands; as many decimals as the value has, at most 6, unless told."""
    if decimals is None:
        exact = Decimal(str(value)).normalize()
        exponent = exact.as_tuple().exponent
        decimals = min(max(-exponent, 0), 6) if isinstance(exponent, int) else 0
    english = f"{value:,.{decimals}f}"
    return english.translate(str.maketrans(",.", ".,")) if is_vietnamese() else english


def money(amount: int) -> str:
    """75.000 đ, with a space that does not break."""
    return f"{number(amount, 0)}\u00a0đ"


_GROUPED = {
    mark: re.compile(rf"[+-]?\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+(?:{re.escape(other)}\d*)?$")
    for mark, other in ((".", ","), (",", "."))
}


def parse_number(text: str) -> Decimal:
    """The number a person typed, forgiving of spaces and of the other language's comma. Raises Unreadable.

    The active language decides what is doubtful: "1.234" is one thousand in Vietnamese; "96.5" can only be a decimal, and
    is read so, because many phones offer no comma.
    """
    raw = re.sub(r"[\s\u00a0\u202f_]", "", text)
    if not raw or len(raw) > LONGEST_NUMBER:
        raise Unreadable("not_a_number")
    group, point = (".", ",") if is_vietnamese() else (",", ".")
    if _GROUPED[group].match(raw):
        raw = raw.replace(group, "").replace(point, ".")
    elif _GROUPED[point].match(raw) and (raw.count(point) > 1 or group in raw):
        raw = raw.replace(point, "").replace(group, ".")
    else:
        raw = raw.replace(",", ".")
    if not re.fullmatch(r"[+-]?(?:\d+\.?\d*|\.\d+)", raw, re.ASCII):
        raise Unreadable("not_a_number")
    try:
        return Decimal(raw)
    except InvalidOperation:
        raise Unreadable("not_a_number") from None


def parse_money(text: str) -> int:
    """Whole đồng from what a person typed ("75.000 đ"). Raises Unreadable."""
    raw = re.sub(r"(?i)\s*(đồng|đ|vnđ|vnd)\.?\s*$", "", text.strip())
    amount = parse_number(raw)
    if amount != amount.to_integral_value():
        raise Unreadable("not_whole")
    return int(amount)


# --- dates ----------------------------------------------------------------------------------------------------------------


def local(instant: datetime) -> datetime:
    """An instant on the province's wall clock."""
    return instant.astimezone(clock.TZ)


def _day(value: date | datetime) -> date:
    return local(value).date() if isinstance(value, datetime) else value


def dmy(value: date | datetime) -> str:
    """27/11/2026."""
    return _day(value).strftime("%d/%m/%Y")


def dm(value: date | datetime) -> str:
    """27/11, for places where the year is plain."""
    return _day(value).strftime("%d/%m")


def hm(value: datetime) -> str:
    """14:20."""
    return local(value).strftime("%H:%M")


def dmyhm(value: datetime) -> str:
    """14:20 27/11/2026 (Vietnamese order) or 27/11/2026 14:20."""
    return f"{hm(value)} {dmy(value)}" if is_vietnamese() else f"{dmy(value)} {hm(value)}"


def weekday(value: date | datetime) -> str:
    """Thứ Sáu."""
    return (
        gettext("Monday"),
        gettext("Tuesday"),
        gettext("Wednesday"),
        gettext("Thursday"),
        gettext("Friday"),
        gettext("Saturday"),
        gettext("Sunday"),
    )[_day(value).weekday()]


def longday(value: date | datetime) -> str:
    """Thứ Sáu 27/11/2026, its parts kept together."""
    return f"{weekday(value)} {dmy(value)}".replace(" ", "\u00a0")


def ago(value: datetime) -> str:
    """How long since (or until), in words: "20 phút trước", "hôm qua 14:20"; beyond a week the date itself."""
    now = clock.now()
    gap = now - value
    if gap < timedelta(0):
        return _ahead(value)
    if gap < timedelta(minutes=1):
        return gettext("just now")
    if gap < timedelta(hours=1):
        minutes = int(gap.total_seconds() // 60)
        return ngettext("%(count)d minute ago", "%(count)d minutes ago", minutes) % {"count": minutes}
    days = (_day(now) - _day(value)).days
    if days == 0:
        hours = int(gap.total_seconds() // 3600)
        return ngettext("%(count)d hour ago", "%(count)d hours ago", hours) % {"count": hours}
    if days == 1:
        return gettext("yesterday %(time)s") % {"time": hm(value)}
    if days < 7:
        return ngettext("%(count)d day ago", "%(count)d days ago", days) % {"count": days}
    return dmy(value)


def _ahead(value: datetime) -> str:
    days = (_day(value) - clock.today()).days
    if days == 0:
        return gettext("today %(time)s") % {"time": hm(value)}
    if days == 1:
        return gettext("tomorrow %(time)s") % {"time": hm(value)}
    if days < 7:
        return ngettext("in %(count)d day", "in %(count)d days", days) % {"count": days}
    return dmy(value)


_DATE = re.compile(r"(\d{1,2})[/.\-\s](\d{1,2})[/.\-\s](\d{4})$", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})$", re.ASCII)


def parse_date(text: str) -> date:
    """The date a person typed (27/11/2026, 27.11.2026) or a browser sent (2026-11-27). Raises Unreadable."""
    raw = text.strip()
    if found := _ISO.match(raw):
        year, month, day = found.groups()
    elif found := _DATE.match(raw):
        day, month, year = found.groups()
    else:
        raise Unreadable("not_a_date")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise Unreadable("no_such_date") from None


# --- other ----------------------------------------------------------------------------------------------------------------


def masked(identifier: str) -> str:
    """0801••••••42: enough to recognise one's own, too little to use."""
    kept = identifier.strip()
    if "•" in kept or not kept:
        return kept
    if len(kept) <= 6:
        return "•" * len(kept)
    return kept[:4] + "•" * (len(kept) - 6) + kept[-2:]


def size(octets: int) -> str:
    """2,4 MB."""
    if octets < 1000:
        return f"{octets} B"
    if octets < 1_000_000:
        return f"{number(round(octets / 1000))} kB"
    return f"{number(round(octets / 1_000_000, 1))} MB"
