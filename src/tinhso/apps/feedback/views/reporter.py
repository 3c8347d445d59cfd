"""Sending a report and following it: with an account, or with nothing but the secret link that one gets."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tinhso.apps.feedback import operations, queries
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import CaseType, NoSuchCase
from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.types import Purpose
from tinhso.kernel.ledger.types import Actor, ActorKind
from tinhso.lib.problems import Invalid, Problem
from tinhso.ui import forms, words
from tinhso.ui.access import Request, citizen, public
from tinhso.ui.uploads import accepted, take_papers

SECRET = range(20, 81)
"""Characters of a secret that we gave: shorter or longer was made up by somebody else."""


@public("whoever wants to report something reads first what may be reported")
@require_GET
def guide(request: Request, type_code: str) -> HttpResponse:
    """The way in from lists of services."""
    return redirect("feedback:report")


def _sender(request: Request, secret: str) -> Actor:
    """The citizen who has signed in and does not mind; else the bearer of a secret."""
    known = request.actor.kind is ActorKind.CITIZEN and request.actor.party is not None
    return request.actor if known and not request.POST.get("unknown") else identity.bearer(secret)


@public("nobody needs an account to report a danger", limit="report")
@require_http_methods(["GET", "POST"])
def report(request: Request) -> HttpResponse:
    """The form, and sending it. Photos that were good are kept when something else is wrong."""
    kind = cases.case_type(queries.TYPE)
    if request.method == "GET":
        return _form(request, kind, identity.new_secret(), {})
    given = request.POST.get("secret", "")
    secret = given if len(given) in SECRET else identity.new_secret()
    actor = _sender(request, secret)
    fields = kind.pages[0].fields
    data, typed, unreadable = forms.read(fields, request.POST)
    photos = request.POST.getlist("photo")[: kind.papers[0].max_files]
    faults = take_papers(request, kind.papers, f"upload:{actor.id}", lambda _code, file: photos.append(file), actor=actor)
    errors = forms.merge(unreadable, cases.validate_page(kind.code, kind.pages[0].id, data))
    told = list(faults.values())
    if not errors and not told:
        try:
            ref = operations.send(actor, data, photos, f"report:{secret}")
        except Invalid as fault:
            told = [words.field_fault(code, params) for _path, code, params in fault.errors]
        except Problem as problem:
            told = [" ".join(words.problem(problem.code, problem.params))]
        else:
            own = actor is request.actor
            return redirect(*(("feedback:own", ref.code) if own else ("feedback:follow", ref.code, secret)))
    return _form(request, kind, secret, data, typed=typed, errors=errors, told=told, photos=photos)


def _form(request: Request, kind: CaseType, secret: str, data: dict[str, Any], **said: Any) -> HttpResponse:
    told, photos = said.pop("told", []), said.pop("photos", [])
    page, paper = kind.pages[0], kind.papers[0]
    form = forms.draw(page.fields, data, **said)
    context = {
        "type": kind,
        "form": form,
        "point": [field for field in form.fields if field.name in ("latitude", "longitude")],
        "secret": secret,
        "paper": paper,
        "photos": photos,
        "accept": accepted(paper.formats),
        "told": told,
        "known": request.actor.kind is ActorKind.CITIZEN,
        "tab": "home",
    }
    return render(request, "feedback/report.html", context, status=422 if told or form.faults else 200)


@public("whoever has code and secret may follow his report", limit="look_up")
@require_http_methods(["GET", "POST"])
def find(request: Request) -> HttpResponse:
    """By the code and the secret that were written down."""
    code, secret = request.POST.get("code", "").strip().upper()[:60], request.POST.get("secret", "").strip()[:80]
    if request.method == "POST" and code and secret and "/" not in code + secret:
        try:
            cases.case_row(identity.bearer(secret), code)
        except NoSuchCase:
            context = {"code": code, "wrong": True, "tab": ""}
            return render(request, "feedback/find.html", context, status=404)
        return redirect("feedback:follow", code, secret)
    return render(request, "feedback/find.html", {"code": code, "wrong": request.method == "POST", "tab": ""})


def _page(request: Request, actor: Actor, code: str, address: Callable[[str], str], **more: Any) -> HttpResponse:
    view = cases.case_view(actor, code, Purpose.OWN)
    row = queries.report_of(view.ref.id)
    if row is None:
        raise Http404
    answer = row.main or row
    offered = {option.rule.id: option for option in view.moves}
    context = {
        "case": view,
        "report": row,
        "answer": answer if answer.answered_at and view.phase in ("done", "ended") else None,
        "steps": words.road(view),
        "facts": forms.answers(view.type.pages[0].fields, view.data),
        "history": [item for item in view.history if item.public],
        "moves": [
            (option, address(name)) for name, option in offered.items() if name in ("settle", "withdraw") and option.enabled
        ],
        "reopen": offered.get("reopen"),
        "reopen_form": forms.draw(offered["reopen"].rule.input, {}, **more) if "reopen" in offered else None,
        "reopen_at": address("reopen"),
        "tab": "dossiers",
    }
    return render(request, "feedback/own.html", context, status=422 if more else 200)


def _make(request: Request, actor: Actor, code: str, move_id: str, address: Callable[[str], str], back: str) -> HttpResponse:
    """A move of the reporter's own."""
    view = cases.case_view(actor, code, Purpose.OWN)
    option = next((option for option in view.moves if option.rule.id == move_id), None)
    if option is None:
        messages.info(request, gettext("This can't be done any more."))
        return redirect(back)
    data, typed, unreadable = forms.read(option.rule.input, request.POST)
    try:
        if unreadable:
            raise Invalid(unreadable)
        cases.perform(actor, view.ref.id, move_id, data, request_key=request.POST.get("key") or None)
    except Invalid as fault:
        return _page(request, actor, code, address, typed=typed, errors=fault.errors)
    except Problem as problem:
        messages.error(request, " ".join(words.problem(problem.code, problem.params)))
    else:
        messages.success(request, gettext("Done: %(move)s") % {"move": words.of(option.rule.title)})
    return redirect(back)


def _followed(code: str, secret: str) -> Callable[[str], str]:
    return lambda move: reverse("feedback:follow_move", args=[code, secret, move])


@public("whoever has the secret link may follow his report", limit="look_up")
@require_GET
def follow(request: Request, code: str, secret: str) -> HttpResponse:
    """The report of who has this link."""
    response = _page(request, identity.bearer(secret), code, _followed(code, secret))
    response["Cache-Control"] = "private, no-store"
    return response


@public("whoever has the secret link may answer for his report", limit="look_up")
@require_POST
def follow_move(request: Request, code: str, secret: str, move_id: str) -> HttpResponse:
    """Settle, withdraw, or have it looked at again."""
    back = reverse("feedback:follow", args=[code, secret])
    return _make(request, identity.bearer(secret), code, move_id, _followed(code, secret), back)


def _owned(code: str) -> Callable[[str], str]:
    return lambda move: reverse("feedback:own_move", args=[code, move])


@citizen
@require_GET
def own(request: Request, code: str) -> HttpResponse:
    """My report."""
    return _page(request, request.actor, code, _owned(code))


@citizen
@require_POST
def own_move(request: Request, code: str, move_id: str) -> HttpResponse:
    """Settle, withdraw, or have it looked at again."""
    return _make(request, request.actor, code, move_id, _owned(code), reverse("feedback:own", args=[code]))
