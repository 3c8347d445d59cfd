"""The official's pages of one dossier (those of every case, see ``ui.desk``), and taking its fee at the counter."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tinhso.kernel.cases import api as cases
from tinhso.kernel.identity.types import Purpose
from tinhso.kernel.payments import api as payments
from tinhso.kernel.payments.types import Method
from tinhso.lib.problems import NotFound
from tinhso.ui import desk
from tinhso.ui.access import Request, official

ROUTES = desk.Routes(
    case="services:desk_case",
    move="services:desk_move",
    file="services:desk_file",
    picture="services:desk_page",
    pay="services:desk_pay",
)


@official()
@require_GET
def case_page(request: Request, code: str) -> HttpResponse:
    """The whole dossier on one page."""
    return desk.case_page(request, code, ROUTES)


@official()
@require_http_methods(["GET", "POST"])
def move(request: Request, code: str, move_id: str) -> HttpResponse:
    """The form of a move, and making it."""
    return desk.move_page(request, code, move_id, ROUTES)


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
    """One page of a paper as a picture."""
    return desk.page_image(request, code, file_id, page)


@official()
@require_GET
def download(request: Request, code: str, file_id: str) -> HttpResponse:
    """The file itself, as a download."""
    return desk.download(request, code, file_id)
