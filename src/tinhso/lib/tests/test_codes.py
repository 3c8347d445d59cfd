"""Codes of agencies and dossiers."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.lib.codes import (
    DOSSIER_CODE,
    AgencyCodeInvalid,
    DossierCode,
    DossierCodeInvalid,
    DossierFormat,
    check_agency_code,
    format_dossier_code,
    is_agency_code,
    parse_dossier_code,
)

DAY = date(2026, 11, 22)
agencies = st.from_regex(r"[A-Y][0-9]{2}(\.[0-9]{2}){0,3}", fullmatch=True)
days = st.dates(date(2018, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize("code", ["H53", "H53.24", "H53.24.01", "G09.20", "A01.01.02.ABC", "Z05", "Z99.0123456789"])
def test_codes_of_the_decision(code):
    assert check_agency_code(code) == code


@pytest.mark.parametrize("code", ["", "53", "H5", "h53", "H53.", "H53..1", "H53-24", "HH3", "H53." + "1" * 32, "H53.24 "])
def test_what_is_no_agency_code(code):
    assert not is_agency_code(code)
    with pytest.raises(AgencyCodeInvalid):
        check_agency_code(code)


def test_a_code_has_at_most_35_signs():
    assert is_agency_code("H53." + "1" * 31)


@pytest.mark.parametrize(
    ("text", "agency", "day", "number", "style"),
    [
        ("000.00.01.H48-220105-0001", "000.00.01.H48", date(2022, 1, 5), 1, DossierFormat.TT_2018),
        ("G09.20-20260609-0092637", "G09.20", date(2026, 6, 9), 92637, DossierFormat.QD_2020),
        (" h53.24.01-20261122-0000007 ", "H53.24.01", DAY, 7, DossierFormat.QD_2020),
    ],
)
def test_both_formats_are_read(text, agency, day, number, style):
    assert parse_dossier_code(text) == DossierCode(agency, day, number, style)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "H53",
        "H53-20261322-0000001",
        "000.00.01.H48-220230-0001",
        "H53-20261122-01",
        "000.00.01.H48-20220105-0001",
        "x" * 400,
    ],
)
def test_what_is_no_dossier_code(text):
    with pytest.raises(DossierCodeInvalid):
        parse_dossier_code(text)


def test_both_formats_are_written():
    assert format_dossier_code("H53.24.01", DAY, 7) == "H53.24.01-20261122-0000007"
    assert format_dossier_code("H53.24.01", DAY, 7, DossierFormat.TT_2018) == "000.01.24.H53-261122-0007"
    assert format_dossier_code("H53.01", date(2022, 1, 5), 1, DossierFormat.TT_2018) == "000.00.01.H53-220105-0001"
    assert format_dossier_code("000.00.01.H48", date(2022, 1, 5), 1, DossierFormat.TT_2018) == "000.00.01.H48-220105-0001"


@pytest.mark.parametrize(
    ("agency", "number", "style"),
    [
        ("H53", 0, DossierFormat.QD_2020),
        ("53", 1, DossierFormat.QD_2020),
        ("H53", 10**7, DossierFormat.QD_2020),
        ("H53.116", 1, DossierFormat.TT_2018),
        ("H53.24", 10_000, DossierFormat.TT_2018),
        ("H53.24.01.02.03", 1, DossierFormat.TT_2018),
        ("H٥٣", 1, DossierFormat.QD_2020),
    ],
)
def test_what_does_not_fit_is_refused(agency, number, style):
    with pytest.raises(DossierCodeInvalid):
        format_dossier_code(agency, DAY, number, style)


@given(agencies, days, st.integers(1, 9999))
def test_what_is_written_is_read_again(agency, day, number):
    for style in DossierFormat:
        written = format_dossier_code(agency, day, number, style)
        read = parse_dossier_code(written)
        assert (read.day, read.number, read.format, str(read)) == (day, number, style, written)
        assert DOSSIER_CODE.fullmatch(written)


def test_a_code_is_found_in_a_text():
    assert DOSSIER_CODE.findall("Hồ sơ H53.24.01-20261122-0000007 và 000.00.01.H48-220105-0001.") == [
        "H53.24.01-20261122-0000007",
        "000.00.01.H48-220105-0001",
    ]
