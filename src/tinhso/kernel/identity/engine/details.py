"""The shapes of personal details: phone numbers, identifiers, e-mail addresses."""

import re

from tinhso.kernel.identity.types import DetailsInvalid, PartyKind

_PERSON = re.compile(r"\d{12}|\d{9}")
"""Personal identification number (12); the old identity card (9) still stands on land papers."""
_BUSINESS = re.compile(r"\d{10}(-?\d{3})?|\d{12}")
"""Enterprise code (10, branches 13); household businesses use their owner's personal number (12)."""
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_SHAPES = {PartyKind.PERSON: _PERSON, PartyKind.HOUSEHOLD: _PERSON, PartyKind.BUSINESS: _BUSINESS}


def plain_phone(text: str) -> str:
    """The number as +84…, whatever was put between its figures; "" stays. ValueError if it is no phone number."""
    figures = re.sub(r"[\s.\-()]", "", text)
    if not figures:
        return ""
    if re.fullmatch(r"0[2-9]\d{8,9}", figures):
        return "+84" + figures[1:]
    if re.fullmatch(r"84[2-9]\d{8,9}", figures):
        return "+" + figures
    if re.fullmatch(r"\+84[2-9]\d{8,9}|\+(?!84)[1-9]\d{7,14}", figures):
        return figures
    raise ValueError("no phone number")


def spoken_phone(phone: str) -> str:
    """The number as people here say it: 0…"""
    return "0" + phone[3:] if phone.startswith("+84") else phone


def plain_identifier(kind: PartyKind, text: str) -> str:
    """The identifier without spaces and dots; "" stays. ValueError if it has not the shape of its kind."""
    figures = re.sub(r"[\s.]", "", text)
    if not figures or _SHAPES[kind].fullmatch(figures):
        return figures
    raise ValueError("no identifier")


def plain_email(text: str) -> str:
    """The address in lower case; "" stays. ValueError if it is no address."""
    address = text.strip().lower()
    if not address or (_EMAIL.fullmatch(address) and len(address) <= 254):
        return address
    raise ValueError("no e-mail address")


def plain_details(kind: PartyKind, identifier: str, phone: str, email: str) -> tuple[str, str, str]:
    """All three in their plain form; :class:`DetailsInvalid` names each that isn't right."""
    errors: list[tuple[str, str, dict[str, object]]] = []
    found = {"identifier": identifier, "phone": phone, "email": email}
    for name, plain in (
        ("identifier", lambda text: plain_identifier(kind, text)),
        ("phone", plain_phone),
        ("email", plain_email),
    ):
        try:
            found[name] = plain(found[name])
        except ValueError:
            errors.append((name, f"{name}_shape", {}))
    if errors:
        raise DetailsInvalid(errors)
    return found["identifier"], found["phone"], found["email"]
