"""``tinhso bench``: every operation is measured beside its floor, in a place of its own."""

import json
import os
import subprocess
import sys

import pytest
import yaml
from django.conf import settings

from tinhso.config import measuring


def test_every_budget_has_a_measure_and_every_measure_a_budget():
    budgets = yaml.safe_load(measuring.BUDGETS.read_text("utf-8"))["operations"]
    assert list(budgets) == list(measuring.MEASURES)
    assert all(budget["ratio"] > 0 and budget["what"] for budget in budgets.values())


def test_a_budget_is_kept_when_the_ratio_is_within_it():
    figure = measuring.Figure("move", "one move", ours=10.0, slowest=12.0, floor=2.0, rounds=5, budget=5.0)
    assert figure.ratio == 5 and figure.kept
    assert not measuring.Figure("move", "one move", 10.1, 12.0, 2.0, 5, 5.0).kept


@pytest.mark.database
def test_it_measures_in_a_throw_away_home(tmp_path):
    of = {**os.environ, "TINHSO_HOME": str(tmp_path / "untouched"), "DJANGO_SETTINGS_MODULE": "tinhso.config.settings"}
    command = [sys.executable, "-m", "tinhso.config.cli", "bench", "--json", "--seconds", "0.3"]
    command += ["--cases", "300", "--clients", "2"]
    done = subprocess.run(
        command, env={**of, "PYTHONPATH": str(settings.ROOT / "src")}, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    told = json.loads(done.stdout)
    assert [figure["name"] for figure in told["figures"]] == list(measuring.MEASURES)
    assert all(figure["ours"] > 0 and figure["floor"] > 0 for figure in told["figures"])
    rates = {rate["name"]: rate["value"] for rate in told["load"]["rates"]}
    assert set(rates) == set(yaml.safe_load(measuring.BUDGETS.read_text("utf-8"))["load"])
    assert all(rates[name] > 0 for name in ("create", "move", "ceiling", "seal", "follow"))
    assert told["machine"]["database"]
    assert not (tmp_path / "untouched" / "tinhso.sqlite3").exists()
