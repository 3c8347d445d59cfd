"""The official's page of one dossier: clock, moves, form, papers, opinions, history; and the form of each move."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import CaseView, MoveOption, MoveRefused, MoveRule, PaperView
from tinhso.kernel.files import api as files
from tinhso.kernel.files.types import FileRef
from tinhso.kernel.identity.types import Purpose
from tinhso.kernel.payments import api as payments
from tinhso.kernel.payments.types import Method
from tinhso.lib.problems import Invalid, NotFound, Problem
from tinhso.lib.text import whole_number
from tinhso.ui import forms, words
from tinhso.ui.access import Request, official
from tinhso.ui.incoming import way_back

ATTACHMENT_KINDS = ("pdf", "jpg", "png", "docx")
"""What an official may put to a move (an opinion, minutes of a visit)."""


@official()
@require_GET
def case_page(request: Request, code: str) -> HttpResponse:
    """The whole dossier on one page."""
    view = cases.case_view(request.actor, code, Purpose.HANDLING)
    return render(request, "services/desk_case.html", _context(request, view))


def _context(request: HttpRequest, view: CaseView) -> dict[str, Any]:
    shown = _shown_file(view, request.GET.get("tep", ""))
    return {
        "case": view,
        "pages": [(page, forms.answers(page.fields, view.data)) for page in view.type.pages],
        "shown": shown,
        "shown_page": _page_number(request, shown[1] if shown else None),
        "unpaid": [charge for charge in view.charges if charge.state == "due"],
        "key": uuid.uuid4().hex,
    }


def _shown_file(view: CaseView, wanted: str) -> tuple[PaperView, FileRef] | None:
    """The paper in the viewer: the one asked for, else the first there is."""
    given = [(paper, file) for paper in view.papers for file in paper.files]
    return next((pair for pair in given if pair[1].id == wanted), given[0] if given else None)


def _page_number(request: HttpRequest, file: FileRef | None) -> int:
    last = (file.pages or 1) if file else 1
    return min(max(whole_number(request.GET.get("trang", "")) or 1, 1), last)


def _labels(option: MoveOption) -> dict[str, list[tuple[str, str]]]:
    """Choices that depend on the case, in the reader's language."""
    return {
        name: [(value, label if isinstance(label, str) else words.of(label)) for value, label in pairs]
        for name, pairs in option.choices.items()
    }


def _option(view: CaseView, move_id: str, task: str) -> MoveOption:
    found = [o for o in view.moves if o.rule.id == move_id and (not task or o.task == task)]
    if not found:
        raise NotFound
    return found[0]


@official()
@require_http_methods(["GET", "POST"])
def move(request: Request, code: str, move_id: str) -> HttpResponse:
    """The form of a move, and making it. What was typed stays when something is wrong or somebody was faster."""
    task = request.POST.get("task") or request.GET.get("task", "")
    if request.method == "POST":
        return _make(request, code, move_id, task)
    view = cases.case_view(request.actor, code, Purpose.HANDLING)
    option = _option(view, move_id, task)
    form = forms.draw(option.rule.input, {}, choices=_labels(option))
    return render(request, "services/desk_move.html", _context(request, view) | {"option": option, "form": form})


def _make(request: Request, code: str, move_id: str, task: str) -> HttpResponse:
    row = cases.case_row(request.actor, code)  # not the whole page: it is drawn again only when something is wrong
    rule = next((m for m in cases.type_version(row.type_code, row.type_version).moves if m.id == move_id), None)
    if rule is None:
        raise NotFound
    data, typed, unreadable = forms.read(rule.input, request.POST)
    try:
        if unreadable:
            raise Invalid(unreadable)
        attached = _attached(request, row.ref.id, rule)
        cases.perform(
            request.actor,
            row.ref.id,
            move_id,
            data | attached,
            if_version=whole_number(request.POST.get("version", "")),
            request_key=request.POST.get("key") or None,
            task=task or None,
        )
    except Invalid as fault:
        return _again(request, code, move_id, task, typed, forms.merge(unreadable, fault.errors), None)
    except (MoveRefused, Problem) as fault:
        return _again(request, code, move_id, task, typed, [], fault)
    messages.success(request, gettext("Done: %(move)s") % {"move": words.of(rule.title)})
    return redirect(way_back(request, "next", reverse("services:desk_case", args=[row.ref.code])))


def _attached(request: Request, case_id: str, rule: MoveRule) -> dict[str, str]:
    """Files put to the fields in which the move asks for one, stored as the case's own."""
    owner = f"case:{case_id}"
    return {
        name: files.store(
            request.actor, upload.name or name, upload.read(files.MAX_BYTES + 1), owner, allowed=ATTACHMENT_KINDS
        ).id
        for name in (field.name for field in rule.input if field.widget == "file")
        for upload in request.FILES.getlist(name)[:1]
    }


def _again(
    request: Request, code: str, move_id: str, task: str, typed: Any, errors: Any, fault: Problem | None
) -> HttpResponse:
    fresh = cases.case_view(request.actor, code, Purpose.HANDLING)
    option = next((o for o in fresh.moves if o.rule.id == move_id and (not task or o.task == task)), None)
    context = _context(request, fresh) | {"problem": words.problem(fault.code, fault.params) if fault else None}
    status = fault.status if fault else 422
    if option is None:
        return render(request, "services/desk_case.html", context, status=status)
    form = forms.draw(option.rule.input, {}, errors=errors, typed=typed, choices=_labels(option))
    return render(request, "services/desk_move.html", context | {"option": option, "form": form}, status=status)


@official()
@require_POST
def take_payment(request: Request, code: str, charge_id: str) -> HttpResponse:
    """The fee was paid at the counter."""
    view = cases.case_view(request.actor, code, Purpose.HANDLING)
    if charge_id not in {charge.id for charge in view.charges}:
        raise NotFound
    method = Method.TRANSFER if request.POST.get("method") == Method.TRANSFER else Method.CASH
    payments.settle_at_counter(request.actor, charge_id, method)
    messages.success(request, gettext("The payment is recorded."))
    return redirect("services:desk_case", code=code)


@official()
@require_GET
def page_image(request: Request, code: str, file_id: str, page: int) -> HttpResponse:
    """One page of a paper as a picture: what people hand in never runs in an official's browser."""
    cases.file_of_case(request.actor, code, file_id)
    picture = files.page_image(file_id, page, width=1400)
    return HttpResponse(picture, content_type="image/png", headers={"Cache-Control": "private, max-age=3600"})


@official()
@require_GET
def download(request: Request, code: str, file_id: str) -> HttpResponse:
    """The file itself, as a download."""
    ref = cases.file_of_case(request.actor, code, file_id)
    return HttpResponse(files.open_bytes(request.actor, file_id), headers=files.download_headers(ref))
