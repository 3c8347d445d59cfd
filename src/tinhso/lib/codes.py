"""Codes of the field: agencies (QĐ 20/2020/QĐ-TTg) and dossiers (TT 01/2018/TT-VPCP and its successors). No Django."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tinhso.lib.problems import Problem

_AGENCY = r"(?:[A-Y]\d{2}|Z\d{2})(?:\.[A-Z0-9]+)*"
_TURNED = r"\d{3}\.\d{2}\.\d{2}\.[A-Y]\d{2}"
AGENCY_CODE = re.compile(_AGENCY, re.ASCII)
"""Groups from left to right, level 1 a letter (Z for those outside the state) and a number of two digits."""
AGENCY_CODE_LENGTH = 35

_DOSSIER_2018 = re.compile(rf"({_TURNED})-(\d\d)(\d\d)(\d\d)-(\d{{4}})", re.ASCII)
_DOSSIER_2020 = re.compile(rf"({_AGENCY})-(\d{{4}})(\d\d)(\d\d)-(\d{{7}})", re.ASCII)
DOSSIER_CODE = re.compile(rf"{_TURNED}-\d{{6}}-\d{{4}}|{_AGENCY}-\d{{8}}-\d{{7}}", re.ASCII)
"""Either format, for finding a code in a text or an address."""


class AgencyCodeInvalid(Problem):
    """The text is no agency code of QĐ 20/2020."""

    code = "codes.agency_invalid"
    status = 422


class DossierCodeInvalid(Problem):
    """The text is no dossier code in any known format."""

    code = "codes.dossier_invalid"
    status = 422


class DossierFormat(StrEnum):
    """How an installation writes its dossier codes."""

    TT_2018 = "tt-01-2018"
    """``000.24.53.H53-261122-0001``: agency code of QCVN 102, day as YYMMDD, four digits."""
    QD_2020 = "qd-20-2020"
    """``H53.24.02-20261122-0000001``: agency code of QĐ 20/2020, day as YYYYMMDD, seven digits; seen live in 2026."""


@dataclass(frozen=True, slots=True)
class DossierCode:
    """A dossier code taken apart. ``number`` counts the agency's dossiers received on ``day``."""

    agency: str
    day: date
    number: int
    format: DossierFormat

    def __str__(self) -> str:
        return format_dossier_code(self.agency, self.day, self.number, self.format)


def is_agency_code(text: str) -> bool:
    """Whether this is an agency code: at most 35 signs A-Z, 0-9 and dots, beginning with a letter and two digits."""
    return len(text) <= AGENCY_CODE_LENGTH and AGENCY_CODE.fullmatch(text) is not None


def check_agency_code(text: str) -> str:
    """The code itself. Raises AgencyCodeInvalid."""
    if not is_agency_code(text):
        raise AgencyCodeInvalid(value=text)
    return text


def format_dossier_code(agency: str, day: date, number: int, style: DossierFormat = DossierFormat.QD_2020) -> str:
    """Write a dossier code. ``number`` begins at 1 each day.

    For the older format an agency code of QĐ 20/2020 (``H53.24.02``) is turned round (``000.02.24.H53``: levels from right to
    left, three groups before the province's). Raises DossierCodeInvalid when agency or number do not fit.
    """
    if style is DossierFormat.TT_2018:
        written = f"{_turned(agency)}-{day:%y%m%d}-{number:04}"
    else:
        written = f"{agency}-{day:%Y%m%d}-{number:07}"
    if number < 1 or parse_dossier_code(written).format is not style:
        raise DossierCodeInvalid(value=written)
    return written


def _turned(agency: str) -> str:
    """The older agency code of a newer one; one that is older already, or has too many levels, stays as it is."""
    first, *rest = agency.split(".")
    if not is_agency_code(agency) or len(rest) > 3:
        return agency
    groups = [*rest, *["0"] * (3 - len(rest))]
    return ".".join([f"{groups[2]:0>3}", f"{groups[1]:0>2}", f"{groups[0]:0>2}", first])


def parse_dossier_code(text: str) -> DossierCode:
    """Take a dossier code of either format apart; spaces around it and lower case are forgiven. Raises DossierCodeInvalid."""
    cleaned = text.strip().upper()
    for pattern, style, century in ((_DOSSIER_2018, DossierFormat.TT_2018, 2000), (_DOSSIER_2020, DossierFormat.QD_2020, 0)):
        match = pattern.fullmatch(cleaned)
        if match is None:
            continue
        try:
            day = date(century + int(match[2]), int(match[3]), int(match[4]))
        except ValueError as error:
            raise DossierCodeInvalid(value=text) from error
        return DossierCode(match[1], day, int(match[5]), style)
    raise DossierCodeInvalid(value=text)
