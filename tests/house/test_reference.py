"""docs/reference.md says what the code declares, and nothing declared is left without a meaning."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tinhso.config import reference

PAGE = Path(__file__).parents[2] / "docs/reference.md"


def ask(*arguments: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own: other tests declare kinds and roles that are not the product's."""
    command = [sys.executable, "-m", "tinhso.config.reference", *arguments]
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": "src:."}
    return subprocess.run(command, cwd=PAGE.parents[1], env=env, capture_output=True, text=True, check=False)


def test_the_page_is_what_the_code_says():
    said = ask("--check")
    assert said.returncode == 0, said.stdout + said.stderr


def test_a_page_that_is_out_of_date_is_found(tmp_path):
    stale = tmp_path / "reference.md"
    stale.write_text(PAGE.read_text().replace("`cases.filed`", "`cases.handed_in`"))
    assert "out of date" in ask("--check", str(stale)).stdout
    ask(str(stale))
    assert stale.read_text() == PAGE.read_text()


def test_a_setting_is_read_with_its_default_and_the_sentence_below_it():
    source = 'PLACE = env.text("TINHSO_PLACE", "here")\n"""Where."""\n'
    assert reference.settings(source) == [("`TINHSO_PLACE`", "text", "`'here'`", "Where.")]


def test_what_has_no_meaning_is_refused():
    with pytest.raises(reference.Silent, match="TINHSO_BARE"):
        reference.settings('BARE = env.flag("TINHSO_BARE")\n')

    class Happened:
        pass

    with pytest.raises(reference.Silent, match="Happened"):
        reference.meaning(Happened)
