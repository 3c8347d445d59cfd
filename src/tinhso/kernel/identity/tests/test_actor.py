"""Who acts, and with which roles."""

import pytest

from tinhso.kernel.identity import api
from tinhso.kernel.ledger.types import ActorKind

pytestmark = pytest.mark.django_db


def test_nobody_and_the_machinery():
    assert api.anonymous().kind is ActorKind.ANONYMOUS
    assert api.system("worker").id == "system:worker"
