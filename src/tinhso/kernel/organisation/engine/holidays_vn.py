"""Adapter: the public holidays of Việt Nam as the PyPI package ``holidays`` knows them.

They are the ground layer; the province's own table of acts (``packs/national/calendar.yaml``) lies on top and wins, since the
package lacks some swaps for officials. Lunar dates and observed days are its strength.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from holidays import country_holidays

from tinhso.kernel.organisation.types import SpecialDay

LABOUR_CODE = "Bộ luật Lao động 2019, Điều 111 và 112"

_MONTH_FIRST = re.compile(r"(\d\d)/(\d\d)/(\d{4})")


@lru_cache(maxsize=64)
def special_days(year: int) -> Mapping[date, SpecialDay]:
    """Days off and make-up days of a year, from the package."""
    vietnamese = country_holidays("VN", years=year, language="vi")
    english = country_holidays("VN", years=year, language="en_US")
    days = {
        day: SpecialDay(day, False, str(name), _MONTH_FIRST.sub(r"\2/\1/\3", str(english.get(day))), LABOUR_CODE)
        for day, name in vietnamese.items()
        if day.year == year
    }
    for day in vietnamese.weekend_workdays:
        if day.year == year:
            days[day] = SpecialDay(day, True, "Ngày làm bù", "Make-up working day", LABOUR_CODE)
    return days
