"""Expected failures: a code and parameters, never words."""

from tinhso.lib.problems import Conflict, Invalid, NotAllowed, NotFound, Problem


def test_a_problem_names_its_code_and_parameters():
    assert str(NotFound()) == "not_found"
    assert str(NotAllowed(role="services.signer")) == "not_allowed {'role': 'services.signer'}"
    assert [p.status for p in (Problem, NotFound, NotAllowed, Conflict, Invalid)] == [400, 404, 403, 409, 422]


def test_invalid_input_lists_each_field_at_fault():
    fault = Invalid([("owner.phone", "phone", {})], form="permit")
    assert fault.errors == [("owner.phone", "phone", {})]
    assert fault.params == {"form": "permit"}
