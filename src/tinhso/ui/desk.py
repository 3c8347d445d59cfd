"""The official's pages of a case of any kind: clock, moves, form, papers, opinions, history; and the form of a move.

An app keeps its routes and says in :class:`Routes` what is its own; its views are one line each::

    ROUTES = desk.Routes(case="services:desk_case", move="services:desk_move", ...)

    @official()
    @require_GET
    def case_page(request, code):
        return desk.case_page(request, code, ROUTES)
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext

from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import CaseView, MoveOption, MoveRule, PaperView
from tinhso.kernel.files import api as files
from tinhso.kernel.files.types import FileRef
from tinhso.kernel.identity.types import Purpose
from tinhso.kernel.organisation.types import Reason
from tinhso.lib.problems import Invalid, NotFound, Problem
from tinhso.lib.text import whole_number
from tinhso.ui import formats, forms, words
from tinhso.ui.access import Request
from tinhso.ui.incoming import way_back

ATTACHMENT_KINDS = ("pdf", "jpg", "png", "docx")
"""What an official may put to a move (an opinion, minutes of a visit)."""


def _nothing(_request: HttpRequest, _view: CaseView) -> Mapping[str, Any]:
    return {}


def _blank(_request: HttpRequest, _view: CaseView, _rule: MoveRule) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Routes:
    """What is an app's own in these pages: the names of its routes, a panel above the form, what a move's form begins with.

    ``case`` takes a code, ``move`` code and move id, ``file`` code and file id, ``picture`` code, file id and page, ``pay``
    code and charge id. ``panel`` is a template, ``context`` what it needs besides. ``begins`` gives answers that a move's form
    shows before anybody has typed, ``choices`` those of fields whose choices the kernel does not know.
    """

    case: str
    move: str
    file: str
    picture: str
    pay: str = ""
    panel: str = ""
    form_title: str | Promise = ""
    context: Callable[[HttpRequest, CaseView], Mapping[str, Any]] = _nothing
    begins: Callable[[HttpRequest, CaseView, MoveRule], Mapping[str, Any]] = _blank
    choices: Callable[[HttpRequest, CaseView, MoveRule], Mapping[str, Any]] = _blank


def _held_here(family: str, routes: Routes) -> None:
    """A case is opened at its own app's address only: another's page does not know what it shows. Raises NotFound."""
    if cases.entry_points(family).desk != routes.case:
        raise NotFound


def case_page(request: Request, code: str, routes: Routes) -> HttpResponse:
    """The whole case on one page."""
    view = cases.case_view(request.actor, code, Purpose.HANDLING)
    _held_here(view.type.family, routes)
    return render(request, "ui/case/page.html", _context(request, view, routes))


def _context(request: HttpRequest, view: CaseView, routes: Routes) -> dict[str, Any]:
    shown = _shown_file(view, request.GET.get("tep", ""))
    return {
        "case": view,
        "routes": routes,
        "idle": not any(option.rule.style != "danger" for option in view.moves),
        "pages": [(page, forms.answers(page.fields, view.data)) for page in view.type.pages],
        "shown": shown,
        "shown_page": _page_number(request, shown[1] if shown else None),
        "key": uuid.uuid4().hex,
        **routes.context(request, view),
    }


def _shown_file(view: CaseView, wanted: str) -> tuple[PaperView, FileRef] | None:
    """The paper in the viewer: the one asked for, else the first there is."""
    given = [(paper, file) for paper in view.papers for file in paper.files]
    return next((pair for pair in given if pair[1].id == wanted), given[0] if given else None)


def _page_number(request: HttpRequest, file: FileRef | None) -> int:
    last = (file.pages or 1) if file else 1
    return min(max(whole_number(request.GET.get("trang", "")) or 1, 1), last)


def _form(request: HttpRequest, view: CaseView, option: MoveOption, routes: Routes, **said: Any) -> forms.Drawn:
    """The form of a move, with the choices that depend on the case in the reader's language."""
    known = {
        name: [(value, label if isinstance(label, str) else words.of(label)) for value, label in pairs]
        for name, pairs in option.choices.items()
    }
    rule = option.rule
    choices = known | dict(routes.choices(request, view, rule))
    return forms.draw(rule.input, routes.begins(request, view, rule), choices=choices, **said)


def move_page(request: Request, code: str, move_id: str, routes: Routes) -> HttpResponse:
    """The form of a move, and making it. What was typed stays when something is wrong or somebody was faster."""
    task = request.POST.get("task") or request.GET.get("task", "")
    if request.method == "POST":
        return _make(request, code, move_id, task, routes)
    view = cases.case_view(request.actor, code, Purpose.HANDLING)
    _held_here(view.type.family, routes)
    option = _option(view, move_id, task)
    if option is None:
        return _not_now(request, view, move_id, routes)
    context = {"option": option, "form": _form(request, view, option, routes)}
    return render(request, "ui/case/move.html", _context(request, view, routes) | context)


def _not_now(request: Request, view: CaseView, move_id: str, routes: Routes) -> HttpResponse:
    """An old link to a move that is not to be made any more, or not by this person: to the case, which says how it stands."""
    rule = next((m for m in view.type.moves if m.id == move_id), None)
    if rule is None:
        raise NotFound
    facts = {"move": words.of(rule.title), "step": words.of(view.step.title)}
    messages.info(request, gettext("“%(move)s” is not possible here any more. The case is now at “%(step)s”.") % facts)
    return redirect(routes.case, view.ref.code)


def _option(view: CaseView, move_id: str, task: str) -> MoveOption | None:
    return next((o for o in view.moves if o.rule.id == move_id and (not task or o.task == task)), None)


def _make(request: Request, code: str, move_id: str, task: str, routes: Routes) -> HttpResponse:
    row = cases.case_key(request.actor, code)  # not the whole page: it is drawn again only when something is wrong
    kind = cases.type_version(row.type_code, row.type_version)
    _held_here(kind.family, routes)
    rule = next((m for m in kind.moves if m.id == move_id), None)
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
        return _again(request, code, move_id, task, routes, typed=typed, errors=fault.errors)
    except Problem as fault:
        return _again(request, code, move_id, task, routes, typed=typed, fault=fault)
    messages.success(request, gettext("Done: %(move)s") % {"move": words.of(rule.title)})
    return redirect(way_back(request, "next", reverse(routes.case, args=[row.ref.code])))


MOST_FILES = 20
"""Put to one question of a move."""


def _attached(request: Request, case_id: str, rule: MoveRule) -> dict[str, str | list[str]]:
    """Files put to the fields in which the move asks for one or for several, stored as the case's own."""
    owner, found = f"case:{case_id}", dict[str, str | list[str]]()
    for field in rule.input:
        if field.widget not in ("file", "files"):
            continue
        kept = [
            files.store(
                request.actor, upload.name or field.name, upload.read(files.MAX_BYTES + 1), owner, allowed=ATTACHMENT_KINDS
            ).id
            for upload in request.FILES.getlist(field.name)[: 1 if field.widget == "file" else MOST_FILES]
        ]
        if kept:
            found[field.name] = kept[0] if field.widget == "file" else kept
    return found


def _told(fault: Problem, view: CaseView, option: MoveOption | None) -> tuple[str, str, str]:
    """What was refused, in words; of who was faster: who it was, what he did and when, and what to do now."""
    title, why, now = words.problem(fault.code, fault.params)
    link = fault.params.get("reason")
    if not isinstance(link, Reason) or link.code != "cases.move.changed_meanwhile":
        return title, why, now
    said = dict(link.params)
    line = next((i for i in view.history if i.kind == said.get("kind") and i.at.isoformat() == said.get("at")), None)
    if line is not None:
        facts = {
            "who": said.get("by") or gettext("Applicant or system"),
            "what": words.history(line, view.type).title,
            "when": formats.dmyhm(line.at),
            "step": words.of(view.step.title),
        }
        why = gettext("%(who)s: “%(what)s”, %(when)s. The case is now at “%(step)s”.") % facts
    if option is not None and option.enabled:
        now = gettext("Nothing of yours was done, and what you typed is kept: look again, and send it if it is still right.")
    else:
        now = gettext("Nothing of yours was done. What is still to be done here, the buttons above say.")
    return gettext("Somebody was faster"), why, now


def _typed_in_vain(view: CaseView, move_id: str, typed: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Words that somebody wrote for a move that he can't make any more: shown, so that he can use them elsewhere."""
    rule = next((m for m in view.type.moves if m.id == move_id), None)
    fields = [f for f in rule.input if f.widget in {"text", "textarea"}] if rule else []
    return [(words.of(f.label), str(typed[f.name])) for f in fields if typed.get(f.name)]


def _again(
    request: Request,
    code: str,
    move_id: str,
    task: str,
    routes: Routes,
    *,
    typed: Any,
    errors: Any = (),
    fault: Problem | None = None,
) -> HttpResponse:
    fresh = cases.case_view(request.actor, code, Purpose.HANDLING)
    option = _option(fresh, move_id, task)
    context = _context(request, fresh, routes) | {"problem": _told(fault, fresh, option) if fault else None}
    status = fault.status if fault else 422
    if option is None or not option.enabled:
        context["typed"] = _typed_in_vain(fresh, move_id, typed)
    if option is None:
        return render(request, "ui/case/page.html", context, status=status)
    form = _form(request, fresh, option, routes, errors=errors, typed=typed)
    return render(request, "ui/case/move.html", context | {"option": option, "form": form}, status=status)


def page_image(request: Request, code: str, file_id: str, page: int) -> HttpResponse:
    """One page of a paper as a picture: what people hand in never runs in an official's browser."""
    cases.file_of_case(request.actor, code, file_id)
    picture = files.page_image(file_id, page, width=1400)
    return HttpResponse(picture, content_type="image/png", headers={"Cache-Control": "private, max-age=3600"})


def download(request: Request, code: str, file_id: str) -> HttpResponse:
    """The file itself, as a download."""
    ref = cases.file_of_case(request.actor, code, file_id)
    return HttpResponse(files.open_bytes(request.actor, file_id), headers=files.download_headers(ref))
