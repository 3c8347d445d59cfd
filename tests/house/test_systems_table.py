"""docs/systems.md says of all 44 systems how far they are, and never names a test that does not exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/systems.md").read_text()
ROWS = re.findall(r"^\| (S\d\d) \| (.+?) \| (.+?) \| (.+?) \|$", TEXT, re.MULTILINE)


def test_every_system_has_one_row_and_one_of_three_states():
    assert [r[0] for r in ROWS] == [f"S{n:02}" for n in range(1, 45)]
    assert {r[2] for r in ROWS} <= {"works", "partly", "not yet"}


def test_every_system_has_at_most_five_journeys():
    for number in range(1, 45):
        told = re.search(rf"^S{number:02} (\(1\).+?)(?=^S\d\d|\Z)", TEXT, re.MULTILINE | re.DOTALL)
        assert told, f"S{number:02} has no journeys"
        assert 1 <= len(re.findall(r"\(\d\)", told[1])) <= 5


def test_what_is_claimed_names_a_test_that_exists():
    for system, _, state, shown in ROWS:
        tests = re.findall(r"`([^`]+)`", shown)
        assert bool(tests) == (state != "not yet"), f"{system} says {state} and names {shown}"
        assert [t for t in tests if not (ROOT / t.split("::")[0]).exists()] == [], system
