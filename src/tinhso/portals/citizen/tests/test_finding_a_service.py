"""People find a service by their own words, without accents and in any order."""

from datetime import date

import pytest

from tinhso.kernel.cases.types import CaseType, Words
from tinhso.portals.citizen import finding


def declared(code: str, vi: str, en: str, *keywords: str) -> CaseType:
    return CaseType(
        code=code,
        version="1",
        family="services.dossier",
        effective_from=date(2025, 7, 1),
        effective_to=None,
        title=Words(vi, en),
        summary=Words("", ""),
        guide=(),
        field=Words("Hoạt động xây dựng" if "xây" in vi else "Hộ tịch", ""),
        national_code="1.013225",
        pages=(),
        papers=(),
        steps=(),
        moves=(),
        duration=Words("", ""),
        fee=Words("", ""),
        result=Words("", ""),
        legal_basis=(),
        keywords=keywords,
    )


PERMIT = declared(
    "permit", "Cấp giấy phép xây dựng nhà ở riêng lẻ", "Permit to build a private house", "xay nha", "gpxd", "nang tang"
)
BIRTH = declared("birth", "Đăng ký khai sinh", "Register a birth", "lam giay khai sinh")
MARRIAGE = declared("marriage", "Đăng ký kết hôn", "Register a marriage", "cuoi", "dang ky hon nhan")
ALL = [MARRIAGE, PERMIT, BIRTH]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("xây nhà", "permit"),
        ("toi muon xay nha", "permit"),
        ("GPXD", "permit"),
        ("nâng tầng", "permit"),
        ("build house", "permit"),
        ("khai sinh cho con", "birth"),
        ("làm giấy khai sinh", "birth"),
        ("ket hon", "marriage"),
        ("cưới", "marriage"),
    ],
)
def test_found_first(typed: str, found: str) -> None:
    assert finding.find(ALL, typed)[0].code == found


@pytest.mark.parametrize("typed", ["zzz", "hộ chiếu", "!!!"])
def test_nothing_fits(typed: str) -> None:
    assert finding.find(ALL, typed) == []


def test_nothing_typed_shows_all_by_name() -> None:
    assert [t.code for t in finding.find(ALL, "  ")] == ["permit", "marriage", "birth"]
