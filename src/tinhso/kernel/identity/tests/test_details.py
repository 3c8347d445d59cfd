"""The shapes of phone numbers, identifiers and addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.kernel.identity import api
from tinhso.kernel.identity.types import PartyKind

figures = st.text("0123456789", min_size=8, max_size=8)


@given(first=st.sampled_from("35789"), rest=figures, mark=st.sampled_from(["", " ", ".", "-"]))
def test_however_a_mobile_number_is_written_it_is_the_same(first, rest, mark):
    number = first + rest
    written = [f"0{number}", f"+84{number}", f"84{number}", mark.join("0" + number), f"(+84) {number}"]
    assert {api.plain_phone(one) for one in written} == {f"+84{number}"}
    assert api.spoken_phone(api.plain_phone(written[0])) == f"0{number}"


@given(st.text(max_size=30))
def test_anything_else_is_refused_or_plain(text):
    try:
        plain = api.plain_phone(text)
    except ValueError:
        return
    assert plain == "" or (plain.startswith("+") and plain[1:].isdigit())
    assert api.plain_phone(plain) == plain


def test_numbers_from_abroad_stay():
    assert api.spoken_phone(api.plain_phone("+33 6 12 34 56 78")) == "+33612345678"


@pytest.mark.parametrize(
    ("kind", "text", "plain"),
    [
        (PartyKind.PERSON, "080 196 001 234", "080196001234"),
        (PartyKind.PERSON, "301123456", "301123456"),
        (PartyKind.HOUSEHOLD, "", ""),
        (PartyKind.BUSINESS, "1101234567", "1101234567"),
        (PartyKind.BUSINESS, "1101234567-001", "1101234567-001"),
    ],
)
def test_identifiers_that_stand(kind, text, plain):
    assert api.plain_identifier(kind, text) == plain


@pytest.mark.parametrize(("kind", "text"), [(PartyKind.PERSON, "1101234567"), (PartyKind.BUSINESS, "301123456")])
def test_identifiers_that_fall(kind, text):
    with pytest.raises(ValueError, match="identifier"):
        api.plain_identifier(kind, text)


@pytest.mark.parametrize("text", ["a", "a@b", "a b@c.vn", "a@b.vn" * 99])
def test_addresses_that_fall(text):
    with pytest.raises(ValueError, match="e-mail"):
        api.plain_email(text)
