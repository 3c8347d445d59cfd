"""The official's pages of a report: those of every case, with its neighbours beside it and what will be public made ready."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from tinhso.apps.feedback import queries
from tinhso.kernel.cases.types import CaseView, MoveRule
from tinhso.lib.masking import masked
from tinhso.ui import desk
from tinhso.ui.access import Request, official

MASKED = {"public_text": "description", "public_place": "place"}
"""What a move begins with, by the field of the form that it is made from."""


def _context(_request: HttpRequest, view: CaseView) -> Mapping[str, Any]:
    report = queries.report_of(view.ref.id)
    if report is None:
        return {}
    may_join = any(option.rule.id == "join" and option.enabled for option in view.moves)
    near = queries.neighbours(report) if may_join else []
    return {"report": report, "near": near, "joined": queries.joined_codes(report)}


def _begins(request: HttpRequest, view: CaseView, rule: MoveRule) -> Mapping[str, Any]:
    """Answers of the form that the move may put right; masked text for what becomes public; the answer that was submitted."""
    asked = {field.name for field in rule.input}
    known = {name: view.data[name] for name in asked if name in view.data}
    known |= {name: masked(str(view.data.get(source, ""))) for name, source in MASKED.items() if name in asked}
    if "answer" in asked and (report := queries.report_of(view.ref.id)) is not None:
        known["answer"] = masked(report.answer)
    if "main" in asked:
        known["main"] = request.GET.get("main", "")[:30]
    return known


def _choices(_request: HttpRequest, view: CaseView, rule: MoveRule) -> Mapping[str, Any]:
    if not any(field.name == "photos" for field in rule.input):
        return {}
    given = [file for paper in view.papers for file in paper.files]
    return {
        "photos": [(file.id, gettext("Photo %(n)d: %(name)s") % {"n": n, "name": file.name}) for n, file in enumerate(given, 1)]
    }


ROUTES = desk.Routes(
    case="feedback:desk_case",
    move="feedback:desk_move",
    file="feedback:desk_file",
    picture="feedback:desk_page",
    panel="feedback/desk_panel.html",
    form_title=_("The report"),
    context=_context,
    begins=_begins,
    choices=_choices,
)


@official()
@require_GET
def case_page(request: Request, code: str) -> HttpResponse:
    """The whole report on one page."""
    return desk.case_page(request, code, ROUTES)


@official()
@require_http_methods(["GET", "POST"])
def move(request: Request, code: str, move_id: str) -> HttpResponse:
    """The form of a move, and making it."""
    return desk.move_page(request, code, move_id, ROUTES)


@official()
@require_GET
def page_image(request: Request, code: str, file_id: str, page: int) -> HttpResponse:
    """A photo, drawn again: what people hand in never runs in an official's browser."""
    return desk.page_image(request, code, file_id, page)


@official()
@require_GET
def download(request: Request, code: str, file_id: str) -> HttpResponse:
    """The file itself, as a download."""
    return desk.download(request, code, file_id)
