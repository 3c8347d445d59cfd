"""An official's day: the lists, one list, a look at a dossier beside it, moves for many at once."""

from collections.abc import Sequence
from functools import lru_cache

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import CaseRow, CaseType, ListFilter, MoveRule, NoSuchCase
from tinhso.kernel.ledger.types import Actor
from tinhso.lib.problems import Problem
from tinhso.lib.text import whole_number
from tinhso.portals.desk import worklists
from tinhso.ui import access, forms, words
from tinhso.ui.access import Request, official
from tinhso.ui.incoming import way_back

BULK_MAX = 100
"""So many dossiers at most in one go: a page of them is on the screen, and each is a transaction of its own."""


@lru_cache(maxsize=64)
def _type(code: str, version: str) -> CaseType:
    return cases.type_version(code, version)


def _entry(row: CaseRow) -> str:
    return reverse(cases.entry_points(row.family).desk, args=[row.ref.code])


def _bulk_moves(actor: Actor, row: CaseRow) -> list[MoveRule]:
    """Moves that need no words from the mover and can be undone: what may be done for many at once."""
    roles = {grant.role for grant in actor.grants}
    return [
        move
        for move in _type(row.type_code, row.type_version).moves
        if row.step in move.sources
        and move.by in roles
        and move.confirm is None
        and move.target is not None
        and not any(field.required for field in move.input)
    ]


def _filters(request: HttpRequest) -> ListFilter:
    get = request.GET.get
    return ListFilter(text=get("q", "").strip(), channel=get("kenh", ""), step=get("buoc", ""), type_code=get("thu-tuc", ""))


@official()
@require_GET
def inbox(request: Request, list_id: str = "") -> HttpResponse:
    """One work list; without a name, the first that asks for work."""
    counts = cases.work_lists(request.actor)
    if not counts and not list_id and access.opens(request, "console:overview"):
        return redirect("console:overview")
    current = list_id or worklists.first_worth_opening(counts)
    filters = _filters(request)
    page = cases.work_list(request.actor, current, filters, request.GET.get("after"))
    lines = [
        {"row": row, "href": _entry(row), "moves": " ".join(m.id for m in _bulk_moves(request.actor, row))} for row in page.rows
    ]
    bulk = {move.id: move for row in page.rows for move in _bulk_moves(request.actor, row)}
    return render(
        request,
        "desk/inbox.html",
        {
            "groups": worklists.groups(counts, current),
            "current": current,
            "title": worklists.title_of(current),
            "lines": lines,
            "bulk": list(bulk.values()),
            "after": page.after,
            "filters": filters,
            "steps": sorted({(r.step, words.of(r.step_title)) for r in page.rows}),
        },
    )


@official()
@require_GET
def search(request: Request) -> HttpResponse:
    """Everything I may see by code or applicant; a whole code opens the dossier at once."""
    text = request.GET.get("q", "").strip()
    if not text:
        return redirect("desk:inbox")
    rows = cases.find(request.actor, text)
    if len(rows) == 1 and rows[0].ref.code.lower() == text.lower():
        return redirect(_entry(rows[0]))
    context = {
        "groups": worklists.groups(cases.work_lists(request.actor), ""),
        "title": gettext("Found"),
        "lines": [{"row": row, "href": _entry(row), "moves": ""} for row in rows],
        "filters": ListFilter(text=text),
        "searching": True,
    }
    return render(request, "desk/inbox.html", context)


@official()
@require_GET
def preview(request: Request, code: str) -> HttpResponse:
    """What the right column shows of a dossier, as a fragment: masked like the list, so that looking along it is no look."""
    view = cases.glance(request.actor, code)
    href = reverse(cases.entry_points(view.type.family).desk, args=[code])
    shown = [f for page in view.type.pages for f in page.fields if f.name in view.data][4:10]
    facts = forms.answers(shown, view.data)
    return render(request, "desk/preview.html", {"case": view, "href": href, "facts": facts, "now": view.history[:4]})


@official()
@require_POST
def bulk(request: Request) -> HttpResponse:
    """One move for many dossiers. Each stands alone: what one refuses does not stop the others, and is told with its code."""
    chosen, move = request.POST.getlist("code")[:BULK_MAX], request.POST.get("move", "")
    done, refused = 0, []
    for line in chosen:
        code, _, version = line.rpartition("@")
        try:
            cases.perform(
                request.actor,
                code,
                move,
                {},
                if_version=whole_number(version) or 0,
                request_key=f"{move}:{code}:{version}",
            )
            done += 1
        except NoSuchCase:
            refused.append(gettext("%(code)s: not found") % {"code": code})
        except Problem as problem:
            refused.append(f"{code}: {words.problem(problem.code, problem.params)[0]}")
    _tell(request, done, refused)
    return redirect(way_back(request, "back", reverse("desk:inbox")))


def _tell(request: HttpRequest, done: int, refused: Sequence[str]) -> None:
    if done:
        messages.success(request, ngettext("%(count)d dossier done.", "%(count)d dossiers done.", done) % {"count": done})
    for line in refused:
        messages.error(request, line)
