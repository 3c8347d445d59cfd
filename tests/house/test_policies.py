"""Every route of the product has a policy, and a public one says why."""

from tinhso.config import urls
from tinhso.ui import access


def test_every_route_of_the_product_has_a_policy():
    missing = [where for where, policy in access.routes(urls.urlpatterns) if policy is None]
    assert not missing, f"no policy: {missing}; use @public(why), @signed_in, @citizen or @official(*roles)"


def test_every_public_route_says_why():
    silent = [w for w, p in access.routes(urls.urlpatterns) if p and p.who is access.Who.PUBLIC and not p.why.strip()]
    assert not silent
