"""Officials' accounts: list, a new one, one account with its roles, and what can be done to it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.types import MembershipView
from tinhso.kernel.organisation import api as organisation
from tinhso.lib import clock
from tinhso.lib.problems import Invalid, NotFound, Problem
from tinhso.portals.console import operations
from tinhso.portals.console.declarations import ADMIN
from tinhso.portals.console.fields import PERSON, ROLE, choices, day
from tinhso.ui import formats, forms, words
from tinhso.ui.access import Request, official


def _role(code: str) -> str:
    known = identity.known_roles().get(code)
    return code if known is None else known.vi if formats.is_vietnamese() else known.en


@official(ADMIN)
@require_GET
def staff(request: Request) -> HttpResponse:
    """Who has an account, which role he holds today, and whether he has a second factor."""
    text = request.GET.get("q", "").strip()
    page = identity.staff(request.actor, text, request.GET.get("after", ""))
    units = organisation.units_by_key({unit for row in page.rows for _, unit in row.roles})
    lines = [
        (row, [(_role(role), units[unit].short or units[unit].name if unit in units else unit) for role, unit in row.roles])
        for row in page.rows
    ]
    return render(request, "console/staff.html", {"lines": lines, "after": page.after, "text": text, "here": "staff"})


def _faults(problem: Problem) -> list[forms.FieldError]:
    if isinstance(problem, Invalid):
        return list(problem.errors)
    return []


def _told(problem: Problem) -> str:
    title, why, now = words.problem(problem.code, problem.params, problem.status)
    return f"{title}. {why} {now}"


@official(ADMIN)
@require_http_methods(["GET", "POST"])
def employ(request: Request) -> HttpResponse:
    """A new official with account and first role; the first password is shown once."""
    fields, told = (*PERSON, *ROLE), ""
    data: dict[str, Any] = {"since": clock.today().isoformat()}
    typed: dict[str, Any] | None = None
    errors: list[forms.FieldError] = []
    if request.method == "POST":
        data, typed, errors = forms.read(fields, request.POST)
        errors = forms.merge(errors, [(f.name, "required", {}) for f in fields if f.required and f.name not in data])
        if not errors:
            who = operations.Newcomer(
                name=data["name"],
                username=data["username"],
                email=data["email"],
                phone=data.get("phone", ""),
                role=data["role"],
                unit=data["unit"],
                since=day(data["since"]) or clock.today(),
                until=day(data.get("until")),
            )
            try:
                account, password = operations.employ(request.actor, who)
            except Problem as problem:
                errors, told = _faults(problem), _told(problem)
            else:
                context = {"who": account, "password": password, "here": "staff"}
                return render(request, "console/password.html", context)
    form = forms.draw(fields, data, errors=errors, typed=typed, choices=choices())
    context = {"form": form, "told": "" if form.faults else told, "here": "staff"}
    return render(request, "console/employ.html", context, status=422 if errors or told else 200)


def _state(held: MembershipView) -> str:
    today = clock.today()
    if held.until is not None and held.until <= today:
        return "over"
    return "ahead" if held.since > today else "now"


@official(ADMIN)
@require_GET
def member(request: Request, account_id: str) -> HttpResponse:
    """One account with all its roles, and what can be done to it."""
    return _member(request, account_id, forms.draw(ROLE, {"since": clock.today().isoformat()}, choices=choices()))


def _member(request: Request, account_id: str, form: forms.Drawn, status: int = 200, told: str = "") -> HttpResponse:
    view = identity.staff_member(request.actor, account_id)
    units = organisation.units_by_key({held.unit for held in view.memberships})
    roles = [
        (held, _role(held.role), units[held.unit].name if held.unit in units else held.unit, _state(held))
        for held in view.memberships
    ]
    context = {"view": view, "roles": roles, "form": form, "told": told, "here": "staff"}
    return render(request, "console/member.html", context, status=status)


@official(ADMIN)
@require_POST
def grant(request: Request, account_id: str) -> HttpResponse:
    """A role at a unit, with dates."""
    data, typed, errors = forms.read(ROLE, request.POST)
    errors = forms.merge(errors, [(f.name, "required", {}) for f in ROLE if f.required and f.name not in data])
    told = ""
    if not errors:
        try:
            since, until = day(data["since"]), day(data.get("until"))
            identity.grant_role(request.actor, account_id, data["role"], data["unit"], since, until)
        except Problem as problem:
            errors, told = _faults(problem), _told(problem)
        else:
            messages.success(request, gettext("The role is given."))
            return redirect("console:member", account_id=account_id)
    form = forms.draw(ROLE, data, errors=errors, typed=typed, choices=choices())
    return _member(request, account_id, form, 422, "" if form.faults else told)


@official(ADMIN)
@require_POST
def end(request: Request, account_id: str) -> HttpResponse:
    """A role ends today."""
    identity.end_role(request.actor, account_id, request.POST.get("role", ""), request.POST.get("unit", ""))
    messages.success(request, gettext("The role has ended."))
    return redirect("console:member", account_id=account_id)


@official(ADMIN)
@require_POST
def change(request: Request, account_id: str, what: str) -> HttpResponse:
    """Lock, unlock, take the second factor away, or give a new password."""
    actor = request.actor
    if what == "mat-khau":
        password = identity.give_password(actor, account_id)
        context = {"who": identity.staff_member(actor, account_id).account, "password": password, "here": "staff"}
        return render(request, "console/password.html", context)
    deeds: dict[str, tuple[Callable[[], object], str]] = {
        "khoa": (lambda: identity.close_account(actor, account_id), gettext("The account is locked.")),
        "mo-khoa": (lambda: identity.reopen_account(actor, account_id), gettext("The account is open again.")),
        "lop-hai": (
            lambda: identity.reset_second_factor(actor, account_id),
            gettext("The second factor is taken away; a new one is set up at the next sign-in."),
        ),
    }
    if what not in deeds:
        raise NotFound
    do, said = deeds[what]
    do()
    messages.success(request, said)
    return redirect("console:member", account_id=account_id)
