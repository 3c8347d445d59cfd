"""What is uploaded and not handed in: it has limits, and it is swept when nobody wants it any more."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tinhso.kernel.files import api as files
from tinhso.kernel.files import sweeping
from tinhso.kernel.files.models import StoredFile
from tinhso.kernel.files.tests import samples
from tinhso.kernel.files.tests.conftest import CLERK, NOON
from tinhso.kernel.files.types import DraftFull, TooMuchToday
from tinhso.lib import clock

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PAPER = samples.small_pdf()


@pytest.fixture(autouse=True)
def limits(settings) -> None:
    """Room for two papers in a form, for three a day."""
    settings.FILES = {"draft_bytes": 2 * len(PAPER), "day_bytes": 3 * len(PAPER)}


def put(actor, owner: str) -> str:
    """One paper more."""
    return files.store(actor, "a.pdf", PAPER, owner).id


def test_a_form_holds_so_much(actor):
    put(actor, "draft:1")
    second = put(actor, "draft:1")
    with pytest.raises(DraftFull) as full:
        put(actor, "draft:1")
    assert (full.value.status, full.value.params) == (413, {"max_bytes": 2 * len(PAPER)})
    files.discard(actor, second)
    put(actor, "draft:1")


def test_an_account_uploads_so_much_a_day(actor):
    with clock.at(NOON):
        for owner in ("draft:1", "upload:account:tham", "upload:account:tham"):
            put(actor, owner)
        with pytest.raises(TooMuchToday) as much:
            put(actor, "upload:account:tham")
        assert (much.value.status, much.value.params) == (429, {"max_bytes": 3 * len(PAPER)})
        put(replace(actor, id="account:other"), "upload:account:other")
    with clock.at(NOON + DAY + timedelta(seconds=1)):
        put(actor, "upload:account:tham")


def test_an_official_hands_in_for_everybody(actor):
    for number in range(5):
        put(CLERK, f"draft:{number}")
    put(CLERK, "draft:1")
    with pytest.raises(DraftFull):
        put(CLERK, "draft:1")


def test_what_belongs_to_a_case_is_not_counted(actor):
    for _ in range(5):
        put(actor, "case:1")


def test_asking_costs_one_statement(actor, statements):
    with statements(3):
        put(actor, "draft:1")
    with statements(2):
        put(actor, "case:1")


def test_without_settings_there_are_limits_too(actor, settings):
    del settings.FILES
    put(actor, "draft:1")


def test_the_sweep_goes_through_all_and_leaves_what_anything_points_to(actor, settings, monkeypatch):
    settings.FILES = {}
    monkeypatch.setattr(sweeping, "_BATCH", 2)
    monkeypatch.setattr(sweeping, "_owners", {"upload": lambda accounts: set(), "draft": lambda ids: {"kept"} & set(ids)})
    published, alone = put(actor, "upload:account:tham"), [put(actor, "upload:account:tham") for _ in range(4)]
    files.publish(actor, published, "x", "case:1")
    kept = [put(actor, "draft:kept") for _ in range(3)]
    with clock.at(clock.now() + 8 * DAY):
        assert files.sweep() == len(alone)
    assert {str(pk) for pk in StoredFile.objects.values_list("pk", flat=True)} == {published, *kept}
