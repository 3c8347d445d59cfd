"""How often the same account or network may ask the same thing; beyond it, 429 and when to come back.

Only what answers without an account is limited here, so that nobody collects the province's dossiers by trying codes or
keeps it busy judging documents. Signing in, signing up and forgotten passwords are limited by the account pages. What a
person signed in asks is counted by his account, so that an office behind one address isn't one person.
"""

import ipaddress

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tinhso.kernel.identity import api as identity
from tinhso.ui import problems
from tinhso.ui.access import Policy

IPV6_NETWORK = 64
"""Bits that a household's addresses share: it has all those below."""


def address(request: HttpRequest) -> str:
    """The network that a request comes from: the caller's address, or what the proxies of ours say that it is."""
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    said = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")] if proxies else []
    found = said[-proxies] if len(said) >= proxies > 0 else request.META.get("REMOTE_ADDR", "")
    try:
        known = ipaddress.ip_address(found)
    except ValueError:
        return "unknown"
    if isinstance(known, ipaddress.IPv6Address) and known.ipv4_mapped is None:
        return str(ipaddress.ip_network((known, IPV6_NETWORK), strict=False))
    return str(getattr(known, "ipv4_mapped", None) or known)


def refused(request: HttpRequest, policy: Policy) -> HttpResponse | None:
    """The answer to a request too many; None when it may go on."""
    if not policy.limit:
        return None
    number, seconds = settings.LIMITS[policy.limit]
    who = f"account:{request.user.pk}" if request.user.is_authenticated else address(request)
    count, left = identity.count_attempt(identity.anonymous(), policy.limit, who, seconds)
    if count <= number:
        return None
    response = problems.respond(request, "too_many", 429)
    response["Retry-After"] = str(left)
    return response
