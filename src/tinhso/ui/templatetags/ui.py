"""The tags and filters of our templates: words from ``ui.words``, figures from ``ui.formats``, drawings from ``ui.icons``."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Any

import segno
from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext

from tinhso.kernel.cases.types import CaseType, ClockView, HistoryItem, PartRule, TaskView, TimeLeft, Words
from tinhso.kernel.organisation.types import DayCount, Reason
from tinhso.lib import clock as wall
from tinhso.ui import access, formats, icons, words

register = template.Library()


# --- drawings -------------------------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """``{% icon "house" %}``: decoration; with a label it is an image of its own."""
    return icons.draw(name, label, css)


@lru_cache(maxsize=256)
def _qr(text: str, label: str) -> str:
    drawing = segno.make(text, error="m", micro=False).svg_inline(border=2, omitsize=True, svgclass=None, lineclass=None)
    return drawing.replace("<svg", f'<svg role="img" aria-label="{escape(label)}"', 1)


@register.simple_tag
def qr(text: str, label: str) -> SafeString:
    """A QR code as inline SVG; ``label`` says what it holds."""
    return mark_safe(_qr(str(text), str(label)))  # noqa: S308  drawn by segno; the label is escaped


@register.simple_tag
def clock(view: ClockView) -> SafeString:
    """The bar of a case's clock: what is used, pauses hatched, what ran over."""
    left, shapes = 0.0, []
    for kind, share in view.segments:
        width = max(min(share, 1 - left), 0)
        if width > 0 and kind != "left":
            paint = ' fill="url(#hatch)"' if kind == "pause" else ""
            shapes.append(f'<rect class="{escape(kind)}" x="{left:.2%}" width="{width:.2%}" height="100%"{paint}/>')
        left += share
    tone = view.state.value if view.state in (TimeLeft.SOON, TimeLeft.TODAY) else ""
    return format_html(
        '<svg class="clock {}" role="img" aria-label="{}">{}</svg>',
        tone,
        _clock_words(view),
        mark_safe("".join(shapes)),  # noqa: S308  numbers, and kinds escaped above
    )


def _clock_words(view: ClockView) -> str:
    facts = {"used": formats.number(round(view.used, 1)), "total": formats.number(round(view.total, 1))}
    if view.unit == "hour":
        spent = gettext("%(used)s of %(total)s office hours used") % facts
    else:
        spent = gettext("%(used)s of %(total)s days used") % facts
    return f"{spent}, {words.time_left(view).text}"


# --- figures and dates ----------------------------------------------------------------------------------------------------


@register.filter
def w(text: Words | None) -> str:
    """Text of a pack in the reader's language."""
    return words.of(text)


@register.filter
def num(value: Any) -> str:
    """1.234.567."""
    return "" if value is None or value == "" else formats.number(value)


@register.filter
def money(value: int | None) -> str:
    """75.000 đ."""
    return "" if value is None else formats.money(value)


@register.filter
def size(value: int | None) -> str:
    """2,4 MB."""
    return "" if value is None else formats.size(value)


@register.filter
def masked(value: str | None) -> str:
    """0801••••••42."""
    return formats.masked(value or "")


@register.filter
def dmy(value: date | datetime | None) -> str:
    """27/11/2026."""
    return "" if value is None else formats.dmy(value)


@register.filter
def dm(value: date | datetime | None) -> str:
    """27/11."""
    return "" if value is None else formats.dm(value)


@register.filter
def dmyhm(value: datetime | None) -> str:
    """14:20 27/11/2026."""
    return "" if value is None else formats.dmyhm(value)


@register.filter
def hm(value: datetime | None) -> str:
    """14:20."""
    return "" if value is None else formats.hm(value)


@register.filter
def longday(value: date | datetime | None) -> str:
    """Thứ Sáu 27/11/2026."""
    return "" if value is None else formats.longday(value)


@register.filter
def month(value: date | datetime | None) -> str:
    """11/2026."""
    return "" if value is None else f"{formats.dmy(value)[3:]}"


@register.filter
def part_limit(part: PartRule) -> str:
    """How long a part of a case takes, as a sentence."""
    amount, _space, unit = part.limit.partition(" ")
    return words.reason(Reason("cases.clock.limit", ((unit, amount),)))


@register.filter
def ago(value: datetime | None) -> str:
    """How long ago, with the exact instant on hover and for programs."""
    if value is None:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', formats.local(value).isoformat(), formats.dmyhm(value), formats.ago(value)
    )


@register.filter
def exact(value: datetime | None) -> str:
    """The exact instant, marked up for programs."""
    if value is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', formats.local(value).isoformat(), formats.dmyhm(value))


# --- states ---------------------------------------------------------------------------------------------------------------


@register.simple_tag
def tag(state: words.Standing) -> SafeString:
    """A state as a small label: icon and word."""
    return format_html('<span class="tag {}">{}{}</span>', state.tone, icons.draw(state.icon), state.text)


@register.simple_tag
def dot(state: words.Standing) -> SafeString:
    """A state's icon in a coloured disc; its words must stand beside it."""
    return format_html('<span class="dot {}">{}</span>', state.tone, icons.draw(state.icon))


@register.simple_tag
def status_tag(code: int) -> SafeString:
    """A national status as a label."""
    return tag(words.status(code))


@register.simple_tag
def mark_tag(code: str) -> SafeString:
    """A small fact beside a dossier as a label."""
    return tag(words.mark(code))


@register.simple_tag
def mark_line(code: str) -> SafeString:
    """A small fact beside a dossier as a short coloured line: for tables, where labels in boxes would be loud."""
    state = words.mark(code)
    return format_html('<span class="mk {}">{}{}</span>', state.tone, icons.draw(state.icon), state.text)


@register.simple_tag
def say(state: words.Standing) -> SafeString:
    """A state as a sentence with its icon."""
    return format_html('<p class="say {}">{}<span>{}</span></p>', state.tone, icons.draw(state.icon), state.text)


@register.simple_tag
def time_left(view: ClockView) -> SafeString:
    """What is left on a clock in two or three words."""
    state = words.time_left(view)
    css = {"bad": "text-bad", "warn": "text-warn", "good": "text-good"}.get(
        state.tone, "muted" if state.icon != "clock" else ""
    )
    return format_html('<span class="num {}">{}</span>', css, state.text)


@register.filter
def time_left_word(view: ClockView) -> str:
    """What is left on a clock, as plain words."""
    return words.time_left(view).text


@register.filter
def due_sentence(view: ClockView) -> str:
    """When the result is due, as a sentence."""
    return words.due_sentence(view)


@register.simple_tag(name="standing")
def standing_of(row: Any) -> words.Standing:
    """Where a dossier stands, for its owner: ``{% standing row as state %}``."""
    return words.standing(row)


@register.filter
def signature(verdict: Any) -> words.Standing:
    """What a check of a signature found."""
    return words.signature_verdict(verdict)


@register.filter
def charge(state: Any) -> words.Standing:
    """Where a fee stands."""
    return words.charge_state(state)


@register.filter
def purpose(code: str) -> str:
    """Why somebody looked at personal data."""
    return words.purpose(code)


@register.filter
def fact_name(key: str) -> str:
    """What a fact of a published document is called."""
    return words.fact_name(key)


@register.filter
def fact(value: Any) -> str:
    """A fact of a published document in words: dates and pack texts in the reader's way."""
    return words.fact(value)


@register.filter
def short_code(code: str) -> str:
    """The part of a dossier code by which people at a desk tell dossiers apart: day, month and number (``27/11·0418``)."""
    day, _, number = code.rpartition("-")
    if len(day) >= 8 and day[-8:].isdigit() and number.isdigit():
        return f"{day[-2:]}/{day[-4:-2]}·{number[-4:]}"
    return code[-9:]


@register.simple_tag(takes_context=True)
def may_open(context: template.Context, name: str) -> bool:
    """Whether the reader may open a route: ``{% may_open "services:intake" as intake %}``."""
    return access.opens(context["request"], name)


@register.filter
def grouped(code: str) -> str:
    """A verify code as people read it: ``XXXX-XXXX-XXXX``."""
    plain = code.replace("-", "")
    return "-".join(plain[n : n + 4] for n in range(0, len(plain), 4))


@register.filter
def reason(link: Reason | None) -> str:
    """One link of an explanation."""
    return "" if link is None else words.reason(link)


# --- the deadline's calendar -------------------------------------------------------------------------------------------------

_SHOWN = {"counted": "counted", "makeup": "counted", "paused": "paused", "holiday": "holiday", "due": "due"}


def _cell(day: DayCount, today: date) -> dict[str, Any]:
    css = _SHOWN.get(day.kind, "")
    if css == "counted" and day.counted is None:
        css = ""
    if css == "counted" and day.day > today:
        css = "ahead"
    small, note = "", day.note if formats.is_vietnamese() else (day.note_en or day.note)
    if day.counted is not None:
        small = str(day.counted)
        said = gettext("day %(number)s") % {"number": day.counted}
    elif day.kind == "start":
        small, said = pgettext("in a calendar cell, at most 4 letters", "recv"), gettext("received, not counted")
    elif day.kind == "holiday":
        small, said = pgettext("in a calendar cell, at most 4 letters", "off"), note or gettext("holiday")
    elif day.kind == "paused":
        said = gettext("the clock stands still")
    else:
        said = gettext("not counted")
    if day.kind == "due":
        said = gettext("due")
    classes = f"{css} now" if day.day == today else css
    return {"day": day.day, "css": classes.strip(), "small": small, "title": f"{formats.dmy(day.day)}: {said}", "in": True}


def _weeks(days: Sequence[DayCount], today: date) -> list[list[dict[str, Any]]]:
    known = {day.day: day for day in days}
    first = days[0].day - timedelta(days=days[0].day.weekday())
    last = days[-1].day + timedelta(days=6 - days[-1].day.weekday())
    cells = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        cells.append(
            _cell(known[day], today) if day in known else {"day": day, "css": "out", "small": "", "title": "", "in": False}
        )
    return [cells[i : i + 7] for i in range(0, len(cells), 7)]


@register.inclusion_tag("ui/parts/calendar.html")
def deadline_calendar(days: Sequence[DayCount]) -> dict[str, Any]:
    """The month grid of a deadline: which days counted, which did not, and why."""
    today = wall.today()
    if not days:
        return {"weeks": [], "legend": [], "caption": ""}
    weeks = _weeks(days, today)
    present = {css for week in weeks for cell in week for css in cell["css"].split()}
    legend = [
        (css, text)
        for css, text in (
            ("counted", gettext("Counted")),
            ("paused", gettext("Clock stood still")),
            ("ahead", gettext("Still to come")),
            ("holiday", gettext("Holiday")),
            ("due", gettext("Due")),
        )
        if css in present
    ]
    first, last = formats.dmy(days[0].day), formats.dmy(days[-1].day)
    caption = gettext("From %(first)s to %(last)s: the days that count") % {"first": first, "last": last}
    return {"weeks": weeks, "legend": legend, "caption": caption}


@register.inclusion_tag("ui/parts/reasons.html")
def reasons(links: Iterable[Reason]) -> dict[str, Any]:
    """An explanation as a list of sentences, each with its legal basis; runs of the same sentence appear once."""
    said = [(words.reason(link), link.legal_basis) for link in links]
    return {"links": [key for key, _ in groupby(said)]}


SAYS_IT_BETTER = {
    "cases.received",
    "cases.assigned",
    "cases.task_opened",
    "cases.task_closed",
    "cases.supplement_requested",
    "cases.supplement_answered",
    "cases.extended",
}
"""Facts that tell more than the name of the move that made them."""


def _told_once(items: list[HistoryItem]) -> list[HistoryItem]:
    """Without the moves beside which, in the same instant, a fact says the same and more; what was typed goes to that fact."""
    better = {item.at for item in items if item.kind in SAYS_IT_BETTER}
    dropped = [item for item in items if item.kind in {"cases.moved", "cases.noted"} and item.at in better]
    typed = {item.at: item.params["notes"] for item in dropped if item.params.get("notes")}
    left = []
    for item in items:
        if item in dropped:
            continue
        if item.kind in SAYS_IT_BETTER and item.at in typed:
            item = replace(item, params={**item.params, "notes": typed.pop(item.at)})
        left.append(item)
    return left


def _typed(item: HistoryItem) -> list[tuple[str, str]]:
    """What was written with a move, beside its question; one answer speaks for itself. Opinions have a place of their own."""
    if item.kind in {"cases.task_opened", "cases.task_closed"}:
        return []
    notes = [(words.of(label), _as_read(text)) for label, text in item.params.get("notes", ()) if text.strip()]
    return notes if len(notes) > 1 else [("", text) for _, text in notes]


def _as_read(text: str) -> str:
    """A date as people write it; all else as it was typed."""
    try:
        return formats.dmy(date.fromisoformat(text))
    except ValueError:
        return text


@register.inclusion_tag("ui/parts/timeline.html")
def timeline(items: Iterable[HistoryItem], case_type: CaseType | None = None) -> dict[str, Any]:
    """What happened, newest first, with what was written."""
    ordered = sorted(_told_once(list(items)), key=lambda item: item.at, reverse=True)
    return {"lines": [(item, words.history(item, case_type), _typed(item)) for item in ordered]}


@register.simple_tag
def outcome(case_type: CaseType, task: TaskView) -> str:
    """What came of a question to another agency, as the pack says it; its withdrawal in our own words."""
    if task.outcome == "cancelled":
        return gettext("Called off")
    known = {code: text for move in case_type.moves for f in move.input if f.name == "outcome" for code, text in f.choices}
    return words.of(known[task.outcome]) if task.outcome in known else (task.outcome or "")


@register.inclusion_tag("ui/parts/pages.html", takes_context=True)
def pages(context: template.Context, after: str | None, shown: int) -> dict[str, Any]:
    """The foot of a keyset list: how many are shown, back to the start, on to the next page."""
    query = context["request"].GET.copy()
    began = query.pop("after", None)
    first = query.urlencode()
    if after:
        query["after"] = after
    return {"shown": shown, "first": f"?{first}" if began else "", "next": f"?{query.urlencode()}" if after else ""}


@register.simple_tag
def key(letter: str | None) -> SafeString:
    """A key of the keyboard, shown beside what it does."""
    return format_html('<kbd class="hide-narrow" aria-hidden="true">{}</kbd>', letter) if letter else SafeString("")


@register.simple_tag
def attributes(pairs: dict[str, Any]) -> SafeString:
    """HTML attributes from a dict: None and False are left out, True stands alone."""
    given = [(name, value) for name, value in pairs.items() if value is not None and value is not False]
    return format_html_join("", ' {}="{}"', ((name, "" if value is True else value) for name, value in given))
