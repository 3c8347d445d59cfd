"""Where payment providers call us: a machine's door, guarded by the signature of what comes in."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tinhso.kernel.payments import api as payments
from tinhso.kernel.payments.types import MessageVerdict
from tinhso.ui.access import public

_REFUSED = {MessageVerdict.FORGED: 403, MessageVerdict.STALE: 403, MessageVerdict.UNREADABLE: 422}


@csrf_exempt
@require_POST
@public("signed by the provider")
def callback(request: HttpRequest, provider: str) -> JsonResponse:
    """A provider says that money moved. 2xx means "kept, don't send it again", even if a person must look at it."""
    outcome = payments.receive_callback(provider, request.headers, request.body)
    status = 200 if outcome.accepted else _REFUSED.get(outcome.verdict, 400)
    return JsonResponse({"verdict": outcome.verdict.value, "message": outcome.message}, status=status)
