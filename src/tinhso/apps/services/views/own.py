"""The applicant's page of one dossier: where it is, when it is due and why, what is asked, what to pay, the result."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tinhso.apps.services.operations.letterhead import look_up_address
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import CaseView, MoveOption, PaperView, SupplementView
from tinhso.kernel.files import api as files
from tinhso.kernel.identity.types import Purpose
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.payments import api as payments
from tinhso.kernel.payments.types import ChargeState, ChargeView
from tinhso.lib.problems import Invalid, NotFound, Problem
from tinhso.ui import forms, words
from tinhso.ui.access import Request, citizen
from tinhso.ui.uploads import take_papers


def _view(request: Request, code: str) -> CaseView:
    return cases.case_view(request.actor, code, Purpose.OWN)


@citizen
@require_GET
def done(request: Request, code: str) -> HttpResponse:
    """Handed in: the code, its QR, and what happens next."""
    view = _view(request, code)
    context = {"case": view, "qr_text": look_up_address(code), "head": ledger.head(), "tab": "dossiers"}
    return render(request, "services/done.html", context)


@citizen
@require_GET
def own(request: Request, code: str) -> HttpResponse:
    """The dossier's page."""
    view = _view(request, code)
    open_ones = _open_requests(view)
    asked, answer = next((pair for pair in open_ones if pair[0].task is None), (None, None))
    options = {option.rule.id: option for option in view.moves}
    return render(
        request,
        "services/own.html",
        {
            "case": view,
            "asked": asked,
            "answer": answer,
            "requests": [pair for pair in open_ones if pair[0].task is not None],
            "charges": [(charge, _pay_links(request, view, charge)) for charge in view.charges],
            "result": next((r for r in view.results if r.final), None)
            if view.phase in {"done", "ended"} and not view.parts
            else None,
            "withdraw": options.get("withdraw"),
            "history": [item for item in view.history if item.public],
            "given": [paper for paper in view.papers if paper.files],
            "steps": words.road(view),
            "waits_for": view.type.waits_for(view.step.id),
            "tab": "dossiers",
        },
    )


ANSWERS = frozenset({"answer_supplement", "resume_task"})
"""What a move does that gives what was asked for."""


def _open_requests(view: CaseView) -> list[tuple[SupplementView, MoveOption]]:
    """What is asked of the applicant now, for the case or for a part of it, with the move that answers it."""
    answers = {option.task: option for option in view.moves if option.rule.does in ANSWERS}
    return [(s, answers[s.task]) for s in view.supplements if s.answered_at is None and s.task in answers]


def _pay_links(request: Request, view: CaseView, charge: ChargeView) -> dict[str, Any] | None:
    if charge.state is not ChargeState.DUE:
        return None
    back = request.build_absolute_uri(reverse("services:own", args=[view.ref.code]))
    places = [(name, payments.pay_place(charge, name, back)) for name in payments.providers()]
    return {"qr": payments.qr_svg(charge), "places": places}


@citizen
@require_http_methods(["GET", "POST"])
def answer(request: Request, code: str) -> HttpResponse:
    """Give what was asked for: new files and corrected answers, then send."""
    view = _view(request, code)
    part = request.GET.get("viec") or None
    asked, option = next((pair for pair in _open_requests(view) if pair[0].task == part), (None, None))
    if asked is None or option is None:
        messages.info(request, gettext("Nothing is asked of you for this dossier now."))
        return redirect("services:own", code=code)
    wanted = [paper for paper in view.type.papers if paper.code in asked.codes]
    fields = [f for page in view.type.pages for f in page.fields if f.name in asked.codes]
    context = {"case": view, "asked": asked, "wanted": [(p, _newest(view, p.code)) for p in wanted], "tab": "dossiers"}
    if request.method == "GET":
        return render(
            request, "services/answer.html", context | {"form": forms.draw(fields, view.data), "key": uuid.uuid4().hex}
        )
    return _send_answer(request, view, option, wanted, fields, context)


def _newest(view: CaseView, code: str) -> PaperView | None:
    return next((paper for paper in view.papers if paper.code == code), None)


def _send_answer(request: Request, view: CaseView, option: MoveOption, wanted: Any, fields: Any, context: Any) -> HttpResponse:
    data, typed, errors = forms.read(fields, request.POST)
    actor, case_id = request.actor, view.ref.id
    faults = take_papers(request, wanted, f"case:{case_id}", lambda code, file: cases.attach(actor, case_id, code, file))
    told = [f"{words.of(rule.title)}: {faults[rule.code]}" for rule in wanted if rule.code in faults]
    if not errors and not told:
        try:
            if data:
                cases.correct(request.actor, view.ref.id, data)
            note = {"note": request.POST["note"]} if request.POST.get("note") else {}
            cases.perform(
                request.actor, view.ref.id, option.rule.id, note, request_key=request.POST.get("key") or None, task=option.task
            )
        except Invalid as fault:
            errors = list(fault.errors)
        except Problem as problem:
            told.append(" ".join(words.problem(problem.code, problem.params)))
        else:
            messages.success(request, gettext("Sent. The clock goes on."))
            return redirect("services:own", code=view.ref.code)
    fresh = _view(request, view.ref.code)
    form = forms.draw(fields, fresh.data, errors=errors, typed=typed)
    wanted_now = [(p, _newest(fresh, p.code)) for p in wanted]
    context = context | {"case": fresh, "wanted": wanted_now, "form": form, "told": told, "key": uuid.uuid4().hex}
    return render(request, "services/answer.html", context, status=422)


@citizen
@require_http_methods(["GET", "POST"])
def withdraw(request: Request, code: str) -> HttpResponse:
    """Take the dossier back, after asking."""
    view = _view(request, code)
    option = next((o for o in view.moves if o.rule.id == "withdraw"), None)
    if option is None:
        messages.info(request, gettext("This dossier can't be withdrawn any more."))
        return redirect("services:own", code=code)
    if request.method == "GET":
        form = forms.draw(option.rule.input, {})
        return render(request, "services/withdraw.html", {"case": view, "option": option, "form": form, "tab": "dossiers"})
    data, _typed, _unreadable = forms.read(option.rule.input, request.POST)
    cases.perform(request.actor, view.ref.id, "withdraw", data, if_version=view.ref.version)
    messages.success(request, gettext("The dossier is withdrawn."))
    return redirect("services:own", code=code)


@citizen
@require_GET
def file(request: Request, code: str, file_id: str) -> HttpResponse:
    """One of my papers, slips or my result, as a download."""
    ref = cases.file_of_case(request.actor, code, file_id)
    return HttpResponse(files.open_bytes(request.actor, file_id), headers=files.download_headers(ref))


@citizen
@require_POST
def collect(request: Request, code: str) -> HttpResponse:
    """I have my result: hands it over and gives the file."""
    view = _view(request, code)
    final = next((r for r in view.results if r.final), None)
    if final is None:
        raise NotFound
    if any(o.rule.id == "collect" and o.enabled for o in view.moves):
        cases.perform(request.actor, view.ref.id, "collect", {}, if_version=view.ref.version)
    return redirect("services:own_file", code=code, file_id=final.file.id)
