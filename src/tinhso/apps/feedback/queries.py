"""Reads of reports: what is public, what lies near, what a reporter gets to know."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from tinhso.apps.feedback.models import Report

TYPE = "street-report"
PAGE = 20
NEAR_DAYS = 30
NEAR_MOST = 8
NEAR_METRES = 300
"""Farther away it is another matter; a report without a place may be the same one."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A public report: all that anybody may know of it."""

    code: str
    category: str
    commune: str
    text: str
    place: str
    answer: str
    photos: tuple[str, ...]
    answered_at: datetime | None
    filed_at: datetime
    reporters: int
    point: tuple[float, float] | None
    """Latitude and longitude to about 100 m."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A report that may be about the same thing."""

    code: str
    filed_at: datetime
    metres: int | None
    joined: int


def _shown(row: Report) -> Shown:
    known = row.latitude is not None and row.longitude is not None
    return Shown(
        code=row.code,
        category=row.category,
        commune=row.commune,
        text=row.public_text,
        place=row.public_place,
        answer=row.answer,
        photos=tuple(row.photos),
        answered_at=row.answered_at,
        filed_at=row.filed_at,
        reporters=1 + int(getattr(row, "others", 0)),
        point=(round(row.latitude or 0, 3), round(row.longitude or 0, 3)) if known else None,
    )


def _public(commune: str = "", category: str = "") -> Q:
    wanted = Q(published_at__isnull=False)
    if commune:
        wanted &= Q(commune=commune)
    return wanted & Q(category=category) if category else wanted


def published(commune: str = "", category: str = "", before: int | None = None) -> tuple[list[Shown], int | None]:
    """A page of public reports, the newest answer first, and what to ask for the next page (None at the end)."""
    rows = Report.objects.filter(_public(commune, category)).annotate(others=Count("joined"))
    last = Report.objects.filter(pk=before, published_at__isnull=False).first() if before else None
    if last is not None:
        rows = rows.filter(Q(published_at__lt=last.published_at) | Q(published_at=last.published_at, pk__lt=last.pk))
    found = list(rows.order_by("-published_at", "-pk")[: PAGE + 1])
    return [_shown(row) for row in found[:PAGE]], found[PAGE - 1].pk if len(found) > PAGE else None


def counted(category: str = "") -> dict[str, int]:
    """How many public reports each commune has."""
    rows = Report.objects.filter(_public(category=category)).order_by().values_list("commune").annotate(number=Count("pk"))
    return dict(rows)


def public_report(code: str) -> Shown | None:
    """One public report; None when there is none of this code, or it is not public."""
    row = Report.objects.filter(_public(), code=code).annotate(others=Count("joined")).first()
    return _shown(row) if row else None


def report_of(case_id: str) -> Report | None:
    """The report of a case with the one it was joined to."""
    return Report.objects.select_related("main").filter(case_id=case_id).first()


def neighbours(report: Report) -> list[Neighbour]:
    """Reports of the same category and commune that are not answered and may be the same matter, the nearest first."""
    rows = Report.objects.filter(
        ~Q(pk=report.pk),
        ~Q(case__phase__in=["done", "ended"]),
        commune=report.commune,
        category=report.category,
        main__isnull=True,
        filed_at__gte=report.filed_at - timedelta(days=NEAR_DAYS),
    ).annotate(others=Count("joined"))
    found = [Neighbour(row.code, row.filed_at, _metres(report, row), 1 + row.others) for row in rows.order_by("-filed_at")[:50]]
    found = [near for near in found if near.metres is None or near.metres <= NEAR_METRES]
    return sorted(found, key=lambda near: (near.metres is None, near.metres or 0))[:NEAR_MOST]


def _metres(one: Report, other: Report) -> int | None:
    """Roughly: 1 degree is 111 km north to south and 108 km east to west here."""
    if None in (one.latitude, one.longitude, other.latitude, other.longitude):
        return None
    north = ((one.latitude or 0) - (other.latitude or 0)) * 111_000
    east = ((one.longitude or 0) - (other.longitude or 0)) * 108_000
    return round(math.hypot(north, east))


def joined_codes(report: Report) -> Sequence[str]:
    """The codes of the reports joined to this one."""
    return list(Report.objects.filter(main=report).order_by("filed_at").values_list("code", flat=True))
