"""What anybody may see: answered reports, by commune and category, on a plain map of communes."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tinhso.apps.feedback import queries
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import NoSuchType
from tinhso.kernel.files import api as files
from tinhso.kernel.organisation import api as organisation
from tinhso.kernel.organisation.types import AreaKind
from tinhso.lib.text import whole_number
from tinhso.ui import forms, words
from tinhso.ui.access import Request, public

WIDTH, HEIGHT, EDGE = 720, 480, 24
WHY = "what was answered in public is for everybody"


@dataclass(frozen=True, slots=True)
class Mark:
    """A commune on the map: where, how large, how many reports."""

    code: str
    name: str
    x: int
    y: int
    radius: int
    number: int


def _categories() -> list[tuple[str, str]]:
    try:
        pages = cases.case_type(queries.TYPE).pages
    except NoSuchType:
        return []
    field = next(field for page in pages for field in page.fields if field.name == "category")
    return [(value, words.of(label)) for value, label in field.choices]


def _marks(numbers: dict[str, int], names: dict[str, str]) -> list[Mark]:
    """The communes of the province where they lie, north on top; those that have no place on record are left out."""
    areas = organisation.areas(parent=organisation.home_province(), kind=AreaKind.COMMUNE)
    known = [(a, a.latitude, a.longitude) for a in areas if a.latitude is not None and a.longitude is not None]
    if not known:
        return []
    south, north = min(lat for _, lat, _ in known), max(lat for _, lat, _ in known)
    west, east = min(lon for _, _, lon in known), max(lon for _, _, lon in known)
    wide, high = (east - west) or 1, (north - south) or 1
    return [
        Mark(
            code=area.code,
            name=names.get(area.code, area.title),
            x=EDGE + round((lon - west) / wide * (WIDTH - 2 * EDGE)),
            y=EDGE + round((north - lat) / high * (HEIGHT - 2 * EDGE)),
            radius=min(22, 5 + 3 * numbers.get(area.code, 0)),
            number=numbers.get(area.code, 0),
        )
        for area, lat, lon in known
    ]


@public(WHY, limit="look_up")
@require_GET
def board(request: Request) -> HttpResponse:
    """Answered reports: a list and a plain map."""
    communes, categories = forms.communes(), _categories()
    names = dict(communes)
    commune, category = request.GET.get("xa", ""), request.GET.get("loai", "")
    commune = commune if commune in names else ""
    category = category if category in dict(categories) else ""
    shown, after = queries.published(commune, category, whole_number(request.GET.get("after", "")))
    lines = [
        (report, dict(categories).get(report.category, report.category), names.get(report.commune, "")) for report in shown
    ]
    context = {
        "lines": lines,
        "after": after,
        "communes": communes,
        "categories": categories,
        "commune": commune,
        "category": category,
        "marks": _marks(queries.counted(category), names),
        "box": f"0 0 {WIDTH} {HEIGHT}",
        "tab": "",
    }
    return render(request, "feedback/board.html", context)


def _public(code: str) -> queries.Shown:
    found = queries.public_report(code.strip().upper())
    if found is None:
        raise Http404
    return found


@public(WHY, limit="look_up")
@require_GET
def one(request: Request, code: str) -> HttpResponse:
    """One answered report."""
    report = _public(code)
    names = {
        "category": dict(_categories()).get(report.category, ""),
        "commune": dict(forms.communes()).get(report.commune, ""),
    }
    return render(request, "feedback/public.html", {"report": report, "names": names, "tab": ""})


@public(WHY)
@require_GET
def photo(request: Request, code: str, number: int) -> HttpResponse:
    """A photo that an official has chosen, drawn again: without what the camera wrote into it."""
    chosen = _public(code).photos
    if not 1 <= number <= len(chosen):
        raise Http404
    picture = files.page_image(chosen[number - 1], 1, width=1200)
    return HttpResponse(picture, content_type="image/png", headers={"Cache-Control": "public, max-age=300"})
