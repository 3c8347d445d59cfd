"""How the installation stands: deliveries, messages of payment providers, jobs and followers, the head of the record."""

from datetime import timedelta
from typing import Any

from django.contrib import messages as flashes
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor
from tinhso.kernel.messages import api as messages
from tinhso.kernel.messages.types import DeliveryState
from tinhso.kernel.payments import api as payments
from tinhso.kernel.payments.types import Resolution
from tinhso.lib import clock
from tinhso.lib.problems import NotFound
from tinhso.portals.console import wording
from tinhso.portals.console.declarations import ADMIN
from tinhso.ui.access import Request, official
from tinhso.ui.words import Standing

WORKER_AWAY = timedelta(minutes=5)
"""After so long without any job the worker counts as gone."""
BEHIND = 1000
"""A follower so many entries behind is worth a look."""


def _worker() -> tuple[Standing, str]:
    ran = [job.finished_at for job in ledger.periodic_states() if job.finished_at]
    last = max(ran, default=None)
    if last is None or clock.now() - last > WORKER_AWAY:
        return Standing(gettext("not running"), "triangle-alert", "bad"), gettext("Start it: tinhso worker")
    return Standing(gettext("running"), "circle-check", "good"), ""


def _followers() -> tuple[Standing, str]:
    states = ledger.follower_states()
    stuck = [s.name for s in states if s.error]
    if stuck:
        return Standing(gettext("held up"), "triangle-alert", "bad"), ", ".join(stuck)
    late = [s.name for s in states if s.behind > BEHIND]
    if late:
        return Standing(gettext("behind"), "clock", "warn"), ", ".join(late)
    return Standing(gettext("up to date"), "circle-check", "good"), ""


def _jobs() -> tuple[Standing, str]:
    failing = [job.name for job in ledger.periodic_states() if job.error]
    if failing:
        return Standing(gettext("failing"), "triangle-alert", "bad"), ", ".join(failing)
    return Standing(gettext("all run"), "circle-check", "good"), ""


def _deliveries() -> tuple[Standing, str]:
    counts = dict.fromkeys(DeliveryState, 0)
    for line in messages.delivery_states():
        counts[line.state] += line.count
    said = gettext("%(waiting)d waiting, %(failed)d failed") % {
        "waiting": counts[DeliveryState.WAITING],
        "failed": counts[DeliveryState.FAILED],
    }
    if counts[DeliveryState.FAILED]:
        return Standing(gettext("some failed"), "triangle-alert", "warn"), said
    return Standing(gettext("sent"), "circle-check", "good"), said


def _payments(actor: Actor) -> tuple[Standing, str]:
    waiting = len(payments.messages_waiting(actor))
    if waiting:
        return Standing(gettext("to be looked at"), "clock", "warn"), str(waiting)
    return Standing(gettext("nothing waits"), "circle-check", "good"), ""


@official(ADMIN)
@require_GET
def overview(request: Request) -> HttpResponse:
    """What is well, what needs somebody, and the newest signed head."""
    looks = [
        (gettext("Worker"), "jobs", *_worker()),
        (gettext("Followers"), "jobs", *_followers()),
        (gettext("Jobs"), "jobs", *_jobs()),
        (gettext("Deliveries"), "deliveries", *_deliveries()),
        (gettext("Messages of payment providers"), "payments", *_payments(request.actor)),
    ]
    return render(request, "console/overview.html", {"looks": looks, "head": ledger.head(), "here": "overview"})


@official(ADMIN)
@require_GET
def deliveries(request: Request) -> HttpResponse:
    """What waits, what went out in the last day, what failed."""
    counts = [(line, wording.delivery(line.state)) for line in messages.delivery_states()]
    failed = [(line, wording.carrier(line.error_code)) for line in messages.failed_deliveries()]
    return render(request, "console/deliveries.html", {"counts": counts, "failed": failed, "here": "deliveries"})


@official(ADMIN)
@require_POST
def retry(request: Request, delivery_id: str) -> HttpResponse:
    """Try a failed delivery again."""
    messages.retry_delivery(request.actor, delivery_id)
    flashes.success(request, gettext("It will be tried again within a minute."))
    return redirect("console:deliveries")


@official(ADMIN)
@require_GET
def payments_page(request: Request) -> HttpResponse:
    """What providers told us and a person must look at."""
    lines: list[tuple[Any, Standing]] = [(m, wording.verdict(m.verdict)) for m in payments.messages_waiting(request.actor)]
    return render(request, "console/payments.html", {"lines": lines, "here": "payments"})


@official(ADMIN)
@require_POST
def resolve(request: Request, message_id: str) -> HttpResponse:
    """A message was dealt with."""
    try:
        resolution = Resolution(request.POST.get("resolution", ""))
    except ValueError:
        raise NotFound from None
    payments.resolve_message(request.actor, message_id, resolution)
    flashes.success(request, gettext("Noted, with your name and the time."))
    return redirect("console:payments")


@official(ADMIN)
@require_GET
def jobs(request: Request) -> HttpResponse:
    """Followers of the record and periodic jobs."""
    context = {"followers": ledger.follower_states(), "jobs": ledger.periodic_states(), "here": "jobs"}
    return render(request, "console/jobs.html", context)


@official(ADMIN)
@require_POST
def wake(request: Request, name: str) -> HttpResponse:
    """Let a follower that is held up try again at once."""
    if ledger.retry_follower(request.actor, name):
        flashes.success(request, gettext("It tries again at once."))
    return redirect("console:jobs")
