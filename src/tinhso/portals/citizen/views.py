"""The pages that belong to everybody: home, search, look-up, verification; and those about oneself."""

from urllib.parse import urlencode

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tinhso.kernel.cases import api as cases
from tinhso.kernel.files import api as files
from tinhso.kernel.files.types import NotPublished
from tinhso.kernel.identity import api as identity
from tinhso.kernel.messages import api as messages
from tinhso.kernel.messages.types import NoticeView
from tinhso.lib.problems import NotFound, Problem
from tinhso.portals.citizen import finding, home
from tinhso.ui import forms, site, words
from tinhso.ui.access import Request, citizen, public, signed_in

COMMUNE_COOKIE = "tinhso_commune"
COMMUNE_AGE = 365 * 24 * 3600


@public("the first page is for everybody")
@require_GET
def index(request: Request) -> HttpResponse:
    """The first page: one question, what needs me first, services, my dossiers, who helps nearby."""
    types = cases.case_types()
    own = home.is_citizen(request.actor)
    rows = home.mine(cases.my_cases(request.actor)) if own else []
    commune = request.COOKIES.get(COMMUNE_COOKIE, "")
    communes = forms.communes()
    known = commune if commune in dict(communes) else ""
    return render(
        request,
        "citizen/home.html",
        {
            "tab": "home",
            "services": home.services(types)[: home.MOST_USED],
            "more_services": len(types) > home.MOST_USED,
            "todo": [m for m in rows if home.waits_for_me(m.row)],
            "mine": rows[: home.MINE_SHOWN],
            "mine_total": len(rows),
            "drafts": home.unfinished(request.actor, types) if own else [],
            "own": own,
            "desk_url": resolve_url(settings.OFFICIAL_HOME_URL),
            "communes": communes,
            "commune": known,
            "commune_name": dict(communes).get(known, ""),
            "centre": home.centre(known) if known else None,
            "sign_ins": site.demo_sign_ins(request),
        },
    )


@public("where somebody lives is kept in a cookie of his own")
@require_POST
def choose_commune(request: Request) -> HttpResponse:
    """Remember the commune whose centre the first page shows."""
    response = HttpResponseRedirect(reverse("citizen:home") + "#near")
    code = request.POST.get("commune", "")
    if code.isascii() and code.isdigit() and len(code) <= 6:
        response.set_cookie(
            COMMUNE_COOKIE, code, max_age=COMMUNE_AGE, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
        )
    return response


@public("everybody may look for a service")
@require_GET
def search(request: Request) -> HttpResponse:
    """Services that fit what was typed; the code of a dossier leads to its look-up."""
    query = request.GET.get("q", "").strip()[:200]
    if _is_code(query):
        return redirect(f"{reverse('citizen:look_up')}?{urlencode({'code': query})}")
    found = home.services(finding.find(cases.case_types(), query))
    return render(request, "citizen/search.html", {"tab": "home", "query": query, "found": found})


def _is_code(text: str) -> bool:
    return len(text) > 12 and text[:1].isalnum() and " " not in text and text.count("-") >= 2 and text[-4:].isdigit()


@public("whoever has the code may know the status, nothing else", limit="look_up")
@require_GET
def look_up(request: Request) -> HttpResponse:
    """The status of a dossier by its code: no name, no paper."""
    code = request.GET.get("code", "").strip()[:60]
    found, problem = None, None
    if code:
        try:
            found = cases.public_status(code.upper())
        except NotFound as fault:
            problem = words.problem(fault.code, fault.params, fault.status)
    status = 404 if problem else 200
    return render(request, "citizen/look_up.html", {"tab": "", "code": code, "found": found, "problem": problem}, status=status)


@public("anybody may verify a document", limit="verify")
@require_http_methods(["GET", "POST"])
def verify(request: Request) -> HttpResponse:
    """Ask for a document's code, or drop the document itself; a QR code leads to the page with its code."""
    if request.method == "GET":
        code = request.GET.get("code", "").strip()[:60]
        if not code or "/" in code:  # what no address can carry is no code either: the other page would say so too
            return _verification(request, code=code, problem=_mistyped() if code else None, status=404 if code else 200)
        return redirect("citizen:verify_code", code=code)
    dropped = request.FILES.get("document")
    if not isinstance(dropped, UploadedFile):
        return _verification(request, problem=words.problem("files.empty", {"name": ""}), status=422)
    try:
        check = files.check_upload(dropped.read(files.MAX_BYTES + 1))
    except Problem as fault:
        told = words.problem(fault.code, {**fault.params, "name": dropped.name}, fault.status)
        return _verification(request, problem=told, status=fault.status)
    return _verification(request, check=check, name=dropped.name)


@public("anybody may verify a document", limit="verify")
@require_GET
def verify_code(request: Request, code: str) -> HttpResponse:
    """What everybody may know of the document with this code."""
    try:
        document = files.by_verify_code(code)
    except NotFound as fault:
        return _verification(request, problem=words.problem(fault.code, fault.params, fault.status), code=code, status=404)
    return _verification(request, document=document, code=code)


def _mistyped() -> tuple[str, str, str]:
    fault = NotPublished(typo=True)
    return words.problem(fault.code, fault.params, fault.status)


def _verification(request: HttpRequest, *, status: int = 200, **found: object) -> HttpResponse:
    context = {"tab": "", "code": "", "name": "", "document": None, "check": None, "problem": None, **found}
    return render(request, "citizen/verify.html", context, status=status)


# --- about oneself ----------------------------------------------------------------------------------------------------------


@citizen
@require_GET
def dossiers(request: Request) -> HttpResponse:
    """All my dossiers, those that wait for me first, and the forms I began."""
    types = cases.case_types()
    rows = home.mine(cases.my_cases(request.actor))
    rows.sort(key=lambda m: not home.waits_for_me(m.row))
    drafts = home.unfinished(request.actor, types)
    return render(request, "citizen/dossiers.html", {"tab": "dossiers", "mine": rows, "drafts": drafts})


@citizen
@require_GET
def papers(request: Request) -> HttpResponse:
    """My papers: every result the province has issued to me, to download and to show to others."""
    found = cases.my_results(request.actor)
    lines = [
        (own, reverse(entry.own_file, args=[own.code, own.result.file.id]) if entry.own_file else "")
        for own in found
        for entry in [cases.entry_points(own.family)]
    ]
    return render(request, "citizen/papers.html", {"tab": "dossiers", "lines": lines})


@signed_in
@require_GET
def notices(request: Request) -> HttpResponse:
    """What I was told, newest first."""
    page = messages.notices(request.actor, after=request.GET.get("after"))
    lines = [(notice, *words.notice(notice.kind, notice.params), _about(request, notice)) for notice in page.rows]
    return render(request, "citizen/notices.html", {"tab": "notices", "lines": lines, "after": page.after})


def _about(request: Request, notice: NoticeView) -> str:
    code = notice.params.get("code")
    types = {t.code: t.family for t in cases.case_types()} if code else {}
    family = types.get(str(notice.params.get("type_code", ""))) or next(iter(types.values()), None)
    return home.link(cases.entry_points(family).own, str(code)) if code and family and home.is_citizen(request.actor) else ""


@signed_in
@require_POST
def read_notices(request: Request) -> HttpResponse:
    """I have read them."""
    messages.mark_read(request.actor)
    return redirect("citizen:notices")


@citizen
@require_GET
def who_looked(request: Request) -> HttpResponse:
    """Who saw my data, when and why: the office and the post, as the record has it."""
    looks = identity.who_looked(request.actor.party) if request.actor.party else []
    english = translation.get_language() == "en"
    lines = [
        (
            look,
            (look.unit_name_en if english and look.unit_name_en else look.unit_name),
            (look.post_en if english and look.post_en else look.post),
        )
        for look in looks
    ]
    return render(request, "citizen/who_looked.html", {"tab": "account", "lines": lines})


@signed_in
@require_GET
def account(request: Request) -> HttpResponse:
    """My data as the province keeps them, masked, and what I can do about them."""
    party = identity.party_masked([request.actor.party]).get(request.actor.party) if request.actor.party else None
    return render(request, "citizen/account.html", {"tab": "account", "party": party})


@public("help is for everybody")
@require_GET
def help_page(request: Request) -> HttpResponse:
    """How to get help, how the pages can be used by everybody, what is done with personal data."""
    return render(request, "citizen/help.html", {"tab": ""})
