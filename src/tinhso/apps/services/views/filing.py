"""Handing a dossier in, one decision a page: by the applicant at home, or by an official for him at the counter.

The same pages serve both. A draft is kept after each page, right or wrong, so nothing typed is ever lost; at the counter
the draft belongs to the official and names the applicant's party.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tinhso.apps.services.forms import APPLICANT_FIELDS
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import CaseType, Channel, DraftGiven, DraftView, FormPage, NoSuchCase, NoSuchDraft, PaperRule
from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.types import PartyKind, Purpose
from tinhso.kernel.ledger.types import ActorKind
from tinhso.lib.problems import Invalid, NotAllowed, NotFound
from tinhso.ui import forms, words
from tinhso.ui.access import Request, citizen, official, public, signed_in
from tinhso.ui.uploads import accepted, take_papers

FAMILY = "services.dossier"
PARTY = "@party"
"""Where a counter's draft keeps the applicant; never an answer, and dropped when the dossier is handed in."""
PAPERS, REVIEW, APPLICANT = "giay-to", "xem-lai", "nguoi-nop"
"""The pages that every form has: papers and a last look; at the counter, first, who the applicant is."""


@dataclass(frozen=True, slots=True)
class Place:
    """One page of a form within the whole way."""

    id: str
    title: str


@public("anybody may read what a procedure asks and gives")
@require_GET
def guide(request: Request, type_code: str) -> HttpResponse:
    """What a person should know before beginning."""
    kind = cases.case_type(type_code)
    due = cases.due_preview(type_code)
    own = (
        [d for d in cases.drafts(request.actor) if d.type_code == type_code] if request.actor.kind is ActorKind.CITIZEN else []
    )
    context = {"type": kind, "due": due, "drafts": own, "fees": cases.fee_preview(type_code, {}), "drawing": _drawing(kind)}
    return render(request, "services/guide.html", context)


def _drawing(kind: CaseType) -> str:
    """The process as a picture, its places by the names people know them by."""
    named = {
        "receiving": gettext("One-stop desk"),
        "responsible": gettext("Responsible office"),
        "applicant": gettext("Applicant"),
        "commune-pc": gettext("Leader"),
        "commune-office": gettext("Clerk"),
        "end": gettext("End"),
    }
    return cases.process_drawing(kind.code, translation.get_language() or "vi", named, kind.version)


@public("whoever wants to know whether he is eligible may ask, and nothing is kept")
@require_http_methods(["GET", "POST"])
def conditions(request: Request, type_code: str) -> HttpResponse:
    """Am I eligible? Each condition: yes, no, or not yet known, with its reason; before anything is handed in."""
    kind = cases.case_type(type_code)
    if not kind.conditions:
        raise NotFound
    every = [field for page in kind.pages for field in page.fields]
    data, typed, unreadable = forms.read(every, request.POST) if request.method == "POST" else ({}, {}, [])
    asked = cases.condition_fields(type_code, data)
    told = cases.assess_preview(type_code, data) if request.method == "POST" else None
    form = forms.draw(asked, data, errors=unreadable, typed=typed)
    return render(request, "services/conditions.html", {"type": kind, "form": form, "told": told, "tab": "home"})


@citizen
@require_http_methods(["GET", "POST"])
def start(request: Request, type_code: str) -> HttpResponse:
    """Begin a form; what the province knows of the applicant is filled in."""
    kind = cases.case_type(type_code)
    known = _known(request, kind, request.actor.party)
    # Coming back here (after signing in, by the back button) begins no second form while the first is untouched.
    untouched = [d for d in cases.drafts(request.actor) if d.type_code == type_code and d.data == known and not d.papers]
    draft = untouched[0] if untouched else cases.save_draft(request.actor, type_code, known, kind.pages[0].id)
    return redirect("services:draft_page", draft_id=draft.id, page=kind.pages[0].id)


@official("services.intake")
@require_GET
def intake(request: Request) -> HttpResponse:
    """At the counter: which procedure is it?"""
    return render(request, "services/intake.html", {"types": cases.case_types(FAMILY), "drafts": cases.drafts(request.actor)})


@official("services.intake")
@require_POST
def intake_start(request: Request, type_code: str) -> HttpResponse:
    """At the counter: begin a form for somebody who stands before me."""
    draft = cases.save_draft(request.actor, type_code, {}, APPLICANT)
    return redirect("services:draft_page", draft_id=draft.id, page=APPLICANT)


def _known(request: Request, kind: CaseType, party: str | None) -> dict[str, Any]:
    """Answers that the province knows already, for fields that say where from."""
    if party is None:
        return {}
    at_counter = request.actor.kind is ActorKind.OFFICIAL
    person = identity.party(request.actor, party, Purpose.HANDLING if at_counter else Purpose.OWN, "services.filing")
    facts = {f"party.{name}": getattr(person, name) for name in ("name", "identifier", "phone", "email", "address")}
    fields = [f for page in kind.pages for f in page.fields]
    return {f.name: facts[f.prefill] for f in fields if f.prefill and facts.get(f.prefill)}


def _at_counter(request: Request) -> bool:
    return request.actor.kind is ActorKind.OFFICIAL


def _pages(kind: CaseType, data: Mapping[str, Any]) -> list[FormPage]:
    """The pages on which something is asked, given the answers so far."""
    asked = {f.name for f in cases.visible_fields(kind.code, dict(data))}
    return [page for page in kind.pages if any(f.name in asked for f in page.fields)]


def _way(request: Request, kind: CaseType, data: Mapping[str, Any]) -> list[Place]:
    pages = [Place(p.id, words.of(p.title)) for p in _pages(kind, data)]
    first = [Place(APPLICANT, gettext("Who applies"))] if _at_counter(request) else []
    return [*first, *pages, Place(PAPERS, gettext("Papers")), Place(REVIEW, gettext("Check and hand in"))]


def _next(way: Sequence[Place], page: str) -> str:
    ids = [place.id for place in way]
    return ids[min(ids.index(page) + 1, len(ids) - 1)] if page in ids else ids[0]


def _context(request: Request, draft: DraftView, page: str) -> dict[str, Any]:
    kind = cases.case_type(draft.type_code)
    way = _way(request, kind, draft.data)
    ids = [place.id for place in way]
    if page not in ids:
        raise NotFound
    at = ids.index(page)
    return {
        "base": "services/counter_base.html" if _at_counter(request) else "ui/base_citizen.html",
        "draft": draft,
        "type": kind,
        "way": way,
        "titles": [place.title for place in way],
        "at": at + 1,
        "place": way[at],
        "back": ids[at - 1] if at else "",
        "tab": "dossiers",
    }


@signed_in
@require_GET
def draft(request: Request, draft_id: str) -> HttpResponse:
    """Go on where I stopped."""
    try:
        kept = cases.draft(request.actor, draft_id)
    except NoSuchDraft:
        return _handed_in_already(request, draft_id)
    way = _way(request, cases.case_type(kept.type_code), kept.data)
    page = kept.page if kept.page in {place.id for place in way} else way[0].id
    return redirect("services:draft_page", draft_id=draft_id, page=page)


@signed_in
@require_http_methods(["GET", "POST"])
def draft_page(request: Request, draft_id: str, page: str) -> HttpResponse:
    """One page of the form."""
    try:
        if page == REVIEW and request.method == "POST":
            return _hand_in(request, cases.draft_given(request.actor, draft_id))
        kept = cases.draft(request.actor, draft_id)
    except NoSuchDraft:
        return _handed_in_already(request, draft_id)
    if page == APPLICANT and _at_counter(request):
        return _applicant_page(request, kept)
    if page == PAPERS:
        return _papers_page(request, kept)
    if page == REVIEW:
        return render(request, "services/draft_review.html", _review(request, kept))
    return _questions_page(request, kept, page)


def _handed_in_already(request: Request, draft_id: str) -> HttpResponse:
    """Sent again, or come back to by the back button: the dossier that the form has become. Its id is the form's."""
    try:
        code = cases.case_row(request.actor, draft_id).ref.code
    except NoSuchCase as fault:
        raise NoSuchDraft from fault
    messages.info(request, gettext("This form was handed in already; this is the dossier. It was counted once."))
    return redirect("services:desk_case" if _at_counter(request) else "services:own", code=code)


def _questions_page(request: Request, kept: DraftView, page: str) -> HttpResponse:
    kind = cases.case_type(kept.type_code)
    rule = next((p for p in kind.pages if p.id == page), None)
    if rule is None:
        raise NotFound
    if request.method == "GET":
        asked = _asked(kind, rule, kept.data)
        context = _context(request, kept, page) | {"page": rule, "form": forms.draw(asked, kept.data)}
        return render(request, "services/draft_questions.html", context)
    data, typed, unreadable = forms.read(rule.fields, request.POST)
    own = {f.name for f in rule.fields}
    merged = {name: value for name, value in kept.data.items() if name not in own} | data
    asked = _asked(kind, rule, merged)
    names = {f.name for f in asked}
    if request.headers.get("X-Requested-With") == "fetch":  # the page keeps itself while somebody types
        cases.save_draft(request.actor, kind.code, merged, page, kept.id)
        return HttpResponse(status=204)
    # A question that appeared only because of an answer on this page was not on the screen: ask it before judging it.
    shown = set(request.POST.getlist("shown"))
    appeared = bool(names - shown) and not request.POST.get("save")
    judged = [] if appeared else cases.validate_page(kind.code, page, merged)
    errors = forms.merge([e for e in unreadable if e[0] in names], judged)
    way = _way(request, kind, merged)
    stay = bool(errors) or appeared or bool(request.POST.get("save"))
    kept = cases.save_draft(request.actor, kind.code, merged, page if stay else _next(way, page), kept.id)
    if request.POST.get("save"):
        messages.success(request, gettext("Saved. You can go on at any time from “My dossiers”."))
        return redirect("citizen:dossiers" if not _at_counter(request) else "services:intake")
    if errors or appeared:
        form = forms.draw(asked, merged, errors=errors, typed={k: v for k, v in typed.items() if k in names & shown} or None)
        context = _context(request, kept, page) | {"page": rule, "form": form, "appeared": appeared}
        return render(request, "services/draft_questions.html", context, status=422 if errors else 200)
    return redirect("services:draft_page", draft_id=kept.id, page=_next(way, page))


def _asked(kind: CaseType, page: FormPage, data: Mapping[str, Any]) -> list[Any]:
    visible = {f.name for f in cases.visible_fields(kind.code, dict(data))}
    return [f for f in page.fields if f.name in visible]


def _applicant_page(request: Request, kept: DraftView) -> HttpResponse:
    kind = cases.case_type(kept.type_code)
    context = _context(request, kept, APPLICANT)
    if request.method == "GET":
        known = (
            identity.party(request.actor, kept.data[PARTY], Purpose.HANDLING, "services.filing") if PARTY in kept.data else None
        )
        facts = {f.name: getattr(known, f.name) for f in APPLICANT_FIELDS} if known else {}
        return render(request, "services/draft_questions.html", context | {"form": forms.draw(APPLICANT_FIELDS, facts)})
    data, typed, errors = forms.read(APPLICANT_FIELDS, request.POST)
    errors = [*errors, *((f.name, "required", {}) for f in APPLICANT_FIELDS if f.required and f.name not in data)]
    if not errors:
        try:
            party = identity.register_party(
                request.actor,
                PartyKind.PERSON,
                data["name"],
                data["identifier"],
                data.get("phone", ""),
                data.get("email", ""),
                data.get("address", ""),
            )
        except Invalid as fault:
            errors = list(fault.errors)
    if errors:
        form = forms.draw(APPLICANT_FIELDS, data, errors=forms.merge(errors), typed=typed)
        return render(request, "services/draft_questions.html", context | {"form": form}, status=422)
    answers = {**_known(request, kind, party), **kept.data, PARTY: party}
    cases.save_draft(request.actor, kind.code, answers, kind.pages[0].id, kept.id)
    return redirect("services:draft_page", draft_id=kept.id, page=kind.pages[0].id)


# --- papers ------------------------------------------------------------------------------------------------------------


def _rules(kept: DraftView) -> tuple[PaperRule, ...]:
    return cases.papers_asked(kept.type_code, dict(kept.data))


def _papers_page(request: Request, kept: DraftView, faults: Mapping[str, str] | None = None) -> HttpResponse:
    if request.method == "POST" and faults is None:
        return _take_papers(request, kept)
    lines = [
        {
            "rule": rule,
            "files": kept.papers.get(rule.code, ()),
            "fault": (faults or {}).get(rule.code, ""),
            "room": len(kept.papers.get(rule.code, ())) < rule.max_files,
            "box": f"paper-{rule.code}",
            "accept": accepted(rule.formats),
            "described": " ".join(
                f"{what}-{rule.code}"
                for what, there in (("help", rule.help), ("fault", (faults or {}).get(rule.code)))
                if there
            ),
        }
        for rule in _rules(kept)
    ]
    context = _context(request, kept, PAPERS) | {"lines": lines, "faults": faults}
    return render(request, "services/draft_papers.html", context, status=422 if faults else 200)


def _take_papers(request: Request, kept: DraftView) -> HttpResponse:
    """Store what was chosen. One bad file does not lose the good ones: each is answered beside its own paper."""
    actor, draft_id = request.actor, kept.id
    faults = take_papers(
        request, _rules(kept), f"draft:{draft_id}", lambda code, file: cases.attach_to_draft(actor, draft_id, code, file)
    )
    kept = cases.draft(actor, draft_id)
    if not request.POST.get("add"):
        for rule in _rules(kept):
            if rule.required and not kept.papers.get(rule.code):
                faults.setdefault(rule.code, gettext("This paper is needed. Choose a file or take a photo."))
    if faults:
        return _papers_page(request, kept, faults)
    if request.POST.get("add"):
        return redirect(reverse("services:draft_page", args=[kept.id, PAPERS]))
    cases.save_draft(request.actor, kept.type_code, kept.data, REVIEW, kept.id)
    return redirect("services:draft_page", draft_id=kept.id, page=REVIEW)


@signed_in
@require_POST
def remove_paper(request: Request, draft_id: str) -> HttpResponse:
    """Take a file off the form again."""
    cases.detach_from_draft(request.actor, draft_id, request.POST.get("paper", ""), request.POST.get("file", ""))
    return redirect("services:draft_page", draft_id=draft_id, page=PAPERS)


@signed_in
@require_http_methods(["GET", "POST"])
def discard(request: Request, draft_id: str) -> HttpResponse:
    """Throw the form away, after asking."""
    kept = cases.draft(request.actor, draft_id)
    if request.method == "GET":
        base = "services/counter_base.html" if _at_counter(request) else "ui/base_citizen.html"
        return render(
            request, "services/draft_discard.html", {"draft": kept, "type": cases.case_type(kept.type_code), "base": base}
        )
    cases.discard_draft(request.actor, draft_id)
    messages.success(request, gettext("The form was thrown away."))
    return redirect("services:intake" if _at_counter(request) else "citizen:dossiers")


# --- the last look, and handing in ----------------------------------------------------------------------------------------


def _answers(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != PARTY}


def _review(request: Request, kept: DraftView) -> dict[str, Any]:
    kind = cases.case_type(kept.type_code)
    data = _answers(kept.data)
    pages = _pages(kind, data)
    wrong = {page.id for page in pages if cases.validate_page(kind.code, page.id, data)}
    given = [(rule, kept.papers.get(rule.code, ())) for rule in _rules(kept)]
    return _context(request, kept, REVIEW) | {
        "pages": [(page, forms.answers(_asked(kind, page, data), data), page.id in wrong) for page in pages],
        "papers": given,
        "complete": not wrong and all(found for rule, found in given if rule.required),
        "fees": cases.fee_preview(kind.code, data),
        "due": cases.due_preview(kind.code),
        "assessment": cases.assess_preview(kind.code, data),
    }


def _hand_in(request: Request, kept: DraftGiven) -> HttpResponse:
    counter = _at_counter(request)
    party = kept.data.get(PARTY) if counter else request.actor.party
    if party is None:
        raise NotAllowed
    channel = Channel.COUNTER if counter else Channel.ONLINE
    try:
        ref = cases.file_case(
            request.actor, kept.type_code, _answers(kept.data), kept.papers, channel, str(party), f"draft:{kept.id}", kept.id
        )
    except Invalid as fault:
        told = [words.field_fault(code, params) for _path, code, params in fault.errors]
        again = _review(request, cases.draft(request.actor, kept.id))
        return render(request, "services/draft_review.html", again | {"told": told}, status=422)
    if counter:
        return redirect("services:desk_case", code=ref.code)
    return redirect("services:done", code=ref.code)
