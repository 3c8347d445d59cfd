"""What every paper of the one-stop desk says at its head and foot: who issues it, to whom, when, and how to check it."""

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import segno
from django.conf import settings

from tinhso.kernel.cases.types import Moment
from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.types import PartyView, Purpose
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.organisation import api as organisation
from tinhso.kernel.organisation.types import Unit
from tinhso.lib.clock import TZ

TEMPLATES = Path(__file__).resolve().parents[1] / "typst"


def qr_svg(text: str) -> str:
    """A QR code as an SVG document, for a template to place."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", scale=3, border=1, xmldecl=False)
    return out.getvalue().decode()


def look_up_address(code: str) -> str:
    """Where anybody who has the code sees how far the dossier is."""
    return f"{settings.SITE_URL}/tra-cuu/?code={code}"


def verify_address(verify_code: str) -> str:
    """Where anybody can check a signed document."""
    return f"{settings.SITE_URL}/kiem-tra/{verify_code}/"


def day_words(instant: datetime) -> str:
    """``ngày 02 tháng 11 năm 2026``, as NĐ 30/2020 writes it: days below 10 and months 1 and 2 with a 0."""
    local = instant.astimezone(TZ)
    month = f"{local.month:02}" if local.month < 3 else str(local.month)
    return f"ngày {local.day:02} tháng {month} năm {local.year}"


def instant_words(instant: datetime) -> str:
    """``08 giờ 45 phút, ngày 02/11/2026``."""
    local = instant.astimezone(TZ)
    return f"{local:%H} giờ {local:%M} phút, ngày {local:%d/%m/%Y}"


def place_of(unit: Unit) -> str:
    """The place that stands before the date: the name of the unit's area."""
    return organisation.area(unit.area).name if unit.area else ""


def applicant(at: Moment) -> PartyView:
    """The applicant's data in full, for a paper addressed to him; the look is on record."""
    return identity.party(at.actor, at.party or "", Purpose.HANDLING, f"case:{at.case}")


def head(at: Moment, unit: Unit, number: str) -> dict[str, Any]:
    """What ``slip.typ`` needs."""
    person = applicant(at)
    parent = organisation.unit(unit.parent) if unit.parent else unit
    sealed = ledger.head()
    return {
        "parent": parent.name,
        "agency": unit.name,
        "number": number,
        "code": at.code,
        "site": settings.SITE_URL.partition("://")[2],
        "head": {"size": sealed.size if sealed else 0, "root": sealed.root if sealed else ""},
        "place_date": f"{place_of(unit)}, {day_words(at.at)}",
        "qr": qr_svg(look_up_address(at.code)),
        "applicant": {"name": person.name, "address": person.address, "phone": person.phone, "email": person.email},
        "title": at.type.title.vi,
        "officer": identity.actor_names([at.actor.id]).get(at.actor.id, ""),
    }
