"""Whose screens these are: the province's name, whether this is a demonstration, whom to call.

The facts come from the organisation and identity; ``config`` may put other providers here (the people of a demonstration).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from tinhso.kernel.identity import api as identity
from tinhso.kernel.messages import api as messages
from tinhso.kernel.organisation import api as organisation
from tinhso.ui import formats
from tinhso.ui.access import actor_of


@dataclass(frozen=True, slots=True)
class Site:
    """What every page shows of the installation."""

    province: str = ""
    """Short name: "Tây Ninh"."""
    province_en: str = ""
    title: str = ""
    """Full name: "Tỉnh Tây Ninh"."""
    title_en: str = ""
    demo: bool = False
    hotline: str = "1022"

    @property
    def name(self) -> str:
        """Short name in the reader's language."""
        return self.province if formats.is_vietnamese() or not self.province_en else self.province_en

    @property
    def full_name(self) -> str:
        """Full name in the reader's language."""
        return self.title if formats.is_vietnamese() or not self.title_en else self.title_en


@dataclass(frozen=True, slots=True)
class DemoSignIn:
    """A person of the demonstration whom a visitor may be with one press. ``action`` is where the form posts,
    ``value`` what it sends as ``who``; ``group`` is ``citizen`` or ``official``."""

    name: str
    job: str
    job_en: str
    action: str
    value: str
    group: str = "official"
    icon: str = "user"

    @property
    def work(self) -> str:
        """What the person does, in the reader's language."""
        return self.job if formats.is_vietnamese() or not self.job_en else self.job_en


SiteProvider = Callable[[], Site]
UnreadProvider = Callable[[HttpRequest], int]
SignInProvider = Callable[[HttpRequest], tuple[DemoSignIn, ...]]


def read() -> Site:
    """The installation's facts as the database has them: three statements."""
    code = organisation.home_province()
    area = organisation.areas_by_code([code]).get(code) if code else None
    demo = identity.is_demo()
    if area is None:
        return Site(demo=demo)
    return Site(area.name, area.name_en, area.title, area.title_en, demo)


def count_unread(request: HttpRequest) -> int:
    """How many notices the person behind a request has not read: nothing asked for those who have not signed in."""
    if not getattr(getattr(request, "user", None), "is_authenticated", False):
        return 0
    return messages.unread_count(actor_of(request))


class _Providers:
    site: SiteProvider = staticmethod(read)
    unread: UnreadProvider = staticmethod(count_unread)
    sign_ins: SignInProvider = staticmethod(lambda request: ())


def provide(
    *, site: SiteProvider | None = None, unread: UnreadProvider | None = None, sign_ins: SignInProvider | None = None
) -> None:
    """Sets who answers: ``site()``, ``unread(request)`` (notices not read yet), ``sign_ins(request)`` (demo only)."""
    if site is not None:
        _Providers.site = staticmethod(site)
    if unread is not None:
        _Providers.unread = staticmethod(unread)
    if sign_ins is not None:
        _Providers.sign_ins = staticmethod(sign_ins)


_kept: dict[str, tuple[float, Site]] = {}


def current() -> Site:
    """The installation's facts, asked again after ``SITE_SECONDS``: a page must not pay three statements for its head."""
    name, now = str(connection.settings_dict["NAME"]), time.monotonic()
    kept = _kept.get(name)
    if kept is None or kept[0] < now:
        kept = _kept[name] = now + settings.SITE_SECONDS, _Providers.site()
    return kept[1]


def unread(request: HttpRequest) -> int:
    """How many notices this person has not read."""
    return _Providers.unread(request)


def demo_sign_ins(request: HttpRequest) -> tuple[DemoSignIn, ...]:
    """The people of the demonstration; nothing unless the database is marked as one."""
    return _Providers.sign_ins(request) if current().demo else ()
