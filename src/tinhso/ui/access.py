"""Who may open a route: every view carries a policy, and the middleware refuses any that does not.

``@public("why")``, ``@signed_in``, ``@citizen`` and ``@official(*roles)`` mark function views and class views;
:func:`guard_urls` marks what others wrote (an included url list, a whole django-ninja API). A policy opens the door of a
screen; what a person may do inside is decided again by the operation, by role at the unit concerned.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, resolve, reverse
from django.utils.functional import SimpleLazyObject

from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.types import AccountKind
from tinhso.kernel.ledger.types import Actor

Marked = TypeVar("Marked", bound=Callable[..., Any])
Urls = Sequence[URLPattern | URLResolver]

UNIT_KEY = "acting_unit"
"""Session: the unit that an official of several units acts for."""
SECOND_FACTOR_KEY = "second_factor"
"""Session: the second factor was given (or isn't asked for: a demo). Officials get nowhere without."""


class Request(HttpRequest):
    """What views get: Django's request, and the actor behind it (read from the database when first used)."""

    actor: Actor


class Who(StrEnum):
    """The sort of person a route is for."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    CITIZEN = "citizen"
    OFFICIAL = "official"


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may open a route.

    ``roles``: an official needs one of them at some unit (none: any official). ``why`` says why a route is public.
    ``before_second_factor`` is for the few pages an official needs in order to set his second factor up, and to leave.
    ``limit`` names how often somebody may ask (a key of the setting ``LIMITS``); empty: as often as he likes.
    """

    who: Who
    roles: tuple[str, ...] = ()
    why: str = ""
    before_second_factor: bool = False
    limit: str = ""


class Verdict(StrEnum):
    """What a policy says of a request."""

    ALLOWED = "allowed"
    SIGN_IN = "sign_in"
    SECOND_FACTOR = "second_factor"
    REFUSED = "refused"


def _mark(policy: Policy) -> Callable[[Marked], Marked]:
    def marked(view: Marked) -> Marked:
        view.policy = policy  # type: ignore[attr-defined]
        return view

    return marked


def public(why: str, *, limit: str = "") -> Callable[[Marked], Marked]:
    """Open to everybody, and ``why`` it may be; ``limit`` says how often (:class:`Policy`)."""
    if not isinstance(why, str) or not why.strip():
        raise TypeError('@public needs the reason: @public("anybody may verify a result")')
    return _mark(Policy(Who.PUBLIC, why=why, limit=limit))


def signed_in(view: Marked) -> Marked:
    """For anybody who has signed in, citizen or official."""
    return _mark(Policy(Who.SIGNED_IN))(view)


def citizen(view: Marked) -> Marked:
    """For a signed-in citizen, or somebody acting for a business."""
    return _mark(Policy(Who.CITIZEN))(view)


def official(*roles: str) -> Callable[[Marked], Marked]:
    """For a signed-in official who holds one of ``roles`` at some unit; without roles, for any official."""
    if any(not isinstance(role, str) for role in roles):
        raise TypeError("write @official() with its brackets, or @official('services.intake')")
    return _mark(Policy(Who.OFFICIAL, roles=roles))


def policy_of(view: Callable[..., Any]) -> Policy | None:
    """The policy of a view: its own, or its class's."""
    found = getattr(view, "policy", None)
    if not isinstance(found, Policy):
        found = getattr(getattr(view, "view_class", None), "policy", None)
    return found if isinstance(found, Policy) else None


def _guarded(view: Callable[..., Any], policy: Policy) -> Callable[..., Any]:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs)

    guarded.policy = policy  # type: ignore[attr-defined]
    return guarded


def _guard(urls: Iterable[URLPattern | URLResolver], policy: Policy, by_name: Mapping[str, Policy]) -> list[Any]:
    guarded: list[Any] = []
    for url in urls:
        if isinstance(url, URLResolver):
            inner = _guard(url.url_patterns, policy, by_name)
            guarded.append(URLResolver(url.pattern, inner, url.default_kwargs, url.app_name, url.namespace))
        else:
            own = by_name.get(url.name or "", policy)
            guarded.append(URLPattern(url.pattern, _guarded(url.callback, own), url.default_args, url.name))
    return guarded


def guard_urls(included: Any, policy: Policy | Callable[[Any], Any], by_name: Mapping[str, Policy] | None = None) -> Any:
    """Give every view of an included url list a policy, and ``by_name`` a different one to single routes.

    ``included`` is what ``include(…)`` or ``NinjaAPI().urls`` returns, or a list of patterns; the result takes its place
    in ``path("prefix/", …)``. ``policy`` may be written as the decorator: ``guard_urls(include(x), public("why"))``.
    """
    if not isinstance(policy, Policy):
        probe = policy(lambda: None)
        policy = cast(Policy, probe.policy)
    if isinstance(included, tuple):
        module, app_name, namespace = included
        patterns: Any = getattr(module, "urlpatterns", module)
        return _guard(patterns, policy, by_name or {}), app_name, namespace
    return _guard(list(included), policy, by_name or {})


def before_second_factor(policy: Policy) -> Policy:
    """The same policy, open to officials who have yet to give their second factor."""
    return replace(policy, before_second_factor=True)


def second_factor_missing(request: HttpRequest) -> bool:
    """Whether this is an official who has given only his password."""
    user = request.user
    official_account = user.is_authenticated and user.kind == AccountKind.OFFICIAL
    return official_account and not request.session.get(SECOND_FACTOR_KEY)


def actor_of(request: HttpRequest) -> Actor:
    """The actor behind a request: read once, at most one query more than the user's own."""
    known = getattr(request, "_actor", None)
    if isinstance(known, Actor):
        return known
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or second_factor_missing(request):
        actor = identity.anonymous()
    else:
        actor = identity.actor_for(user, unit=request.session.get(UNIT_KEY))
    request._actor = actor  # type: ignore[attr-defined]
    return actor


def lazy_actor(request: HttpRequest) -> Actor:
    """An actor that is read when first used."""
    return cast(Actor, SimpleLazyObject(lambda: actor_of(request)))


def choose_unit(request: HttpRequest, unit: str) -> bool:
    """Act for another of one's units from now on; False if the actor holds nothing there."""
    if unit not in {grant.unit for grant in actor_of(request).grants}:
        return False
    request.session[UNIT_KEY] = unit
    request._actor = None  # type: ignore[attr-defined]
    return True


def judge(policy: Policy, request: HttpRequest) -> Verdict:
    """What ``policy`` says of this request."""
    if policy.who is Who.PUBLIC:
        return Verdict.ALLOWED
    user = request.user
    if not user.is_authenticated:
        return Verdict.SIGN_IN
    if second_factor_missing(request) and not policy.before_second_factor:
        return Verdict.SECOND_FACTOR
    if policy.who is Who.SIGNED_IN:
        return Verdict.ALLOWED
    if policy.who is Who.CITIZEN:
        fits = user.kind in {AccountKind.CITIZEN, AccountKind.BUSINESS}
    else:
        held = {grant.role for grant in actor_of(request).grants} if policy.roles else set()
        fits = user.kind == AccountKind.OFFICIAL and (not policy.roles or bool(held.intersection(policy.roles)))
    return Verdict.ALLOWED if fits else Verdict.REFUSED


def opens(request: HttpRequest, name: str) -> bool:
    """Whether this person may open the route of that name: a link to a closed door is not shown."""
    policy = policy_of(resolve(reverse(name)).func)
    return policy is not None and judge(policy, request) is Verdict.ALLOWED


def routes(urls: Iterable[URLPattern | URLResolver], prefix: str = "") -> Iterable[tuple[str, Policy | None]]:
    """Every route of a url list with its policy: for the test that proves there is none without."""
    for url in urls:
        where = prefix + str(url.pattern)
        if isinstance(url, URLResolver):
            yield from routes(url.url_patterns, where)
        else:
            yield where, policy_of(url.callback)


__all__ = [
    "Policy",
    "Request",
    "Verdict",
    "Who",
    "actor_of",
    "before_second_factor",
    "choose_unit",
    "citizen",
    "guard_urls",
    "judge",
    "official",
    "opens",
    "policy_of",
    "public",
    "routes",
    "second_factor_missing",
    "signed_in",
]
