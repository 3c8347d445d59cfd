"""An indicator is computed from summed measures; zero, nothing and no answer are three things."""

from datetime import date
from decimal import Decimal

import pytest

from tinhso.kernel.indicators import api
from tinhso.kernel.indicators.types import Figure, Span


@pytest.fixture
def rate(declared):
    declared()
    return api.indicator("fishing.big_rate")


@pytest.mark.parametrize(
    ("top", "bottom", "figure"),
    [
        (1, 3, Figure(Decimal("33.3"), 1, 3)),
        (2, 3, Figure(Decimal("66.7"), 2, 3)),
        (1, 8, Figure(Decimal("12.5"), 1, 8)),
        (1, 2000, Figure(Decimal("0.1"), 1, 2000)),  # 0.05: half is rounded up
        (0, 3, Figure(Decimal("0.0"), 0, 3)),
        (0, 0, Figure(None, 0, 0)),
    ],
)
def test_a_rate(rate, top, bottom, figure):
    assert rate.of({"fishing.landed_big": top, "fishing.landed": bottom}) == figure


def test_a_measure_without_a_sum_is_zero(rate):
    assert rate.of({"fishing.landed": 2}).value == 0
    assert rate.of({}).value is None


def test_a_mean_is_no_percentage(declared):
    declared()
    assert api.indicator("fishing.mean_kilos").of({"fishing.kilos": 10, "fishing.landed": 4}).value == Decimal("2.50")


def test_a_parents_rate_is_not_the_mean_of_its_parts(rate):
    units = [{"fishing.landed_big": 1, "fishing.landed": 1}, {"fishing.landed_big": 0, "fishing.landed": 9}]
    both = {code: sum(unit[code] for unit in units) for code in units[0]}
    assert rate.of(both).value == Decimal("10.0")


def test_a_number(declared):
    from dataclasses import replace

    declared()
    plain = replace(api.indicator("fishing.big_rate"), denominator=())
    assert plain.of({"fishing.landed_big": 7}) == Figure(Decimal(7), 7, None)


@pytest.mark.parametrize(
    ("span", "before"),
    [
        (Span.month(2026, 11), Span.month(2026, 10)),
        (Span.month(2026, 1), Span.month(2025, 12)),
        (Span.year(2026), Span.year(2025)),
    ],
)
def test_the_span_before(span, before):
    assert span.before() == before


def test_a_month_ends_where_the_next_begins():
    assert Span.month(2026, 12) == Span(date(2026, 12, 1), date(2027, 1, 1))
    assert Span.month(2026, 2).until == date(2026, 3, 1)
    with pytest.raises(ValueError, match="month"):
        Span.month(2026, 13)


def test_figures_of_a_merged_unit_are_shown_at_its_heir(db):
    from tests import world
    from tinhso.kernel.organisation import api as organisation

    made = world.build()
    old, heir = made.units["commune-economic"].key, made.units["commune-social"].key
    organisation.merge_units(world.SYSTEM, [old], heir, date(2026, 11, 1), legal_basis="NQ 1/2026")
    assert api.standing_units([old, heir, ""], [heir], date(2026, 11, 2)) == {old: heir, heir: heir}
    assert api.standing_units([old], [old, heir], date(2026, 10, 31)) == {old: old}
