"""The walls of the house hold: each contract and lint rule is shown to catch the fault it is there for."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUN = Path(sys.executable).parent

# One planted fault for each contract: the file it goes into, and what is written there.
FAULTS = {
    "House: config > portals > apps > ui > kernel > lib": ("ui/planted.py", "import tinhso.portals.desk"),
    "Kernel floors": ("kernel/identity/planted.py", "import tinhso.kernel.cases.types"),
    "Business apps never import each other": ("apps/planted/apps.py", "import tinhso.apps.services.apps"),
    "Portals never import each other": ("portals/desk/planted.py", "import tinhso.portals.citizen.apps"),
    "Inside every business app": ("apps/services/helpers.py", "import tinhso.lib.clock"),
    "Inside every kernel room": ("kernel/identity/types.py", "import tinhso.kernel.identity.models"),
    "The kernel is entered by its door (api, types)": ("apps/services/events.py", "import tinhso.kernel.identity.models"),
    "lib, events and types are plain Python": ("lib/planted.py", "import django"),
}


def test_each_contract_catches_its_fault(tmp_path):
    shutil.copytree(
        ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("tests", "__pycache__", "static", "templates")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "src/tinhso/apps/planted").mkdir()
    (tmp_path / "src/tinhso/apps/planted/__init__.py").write_text("")
    for place, line in FAULTS.values():
        path = tmp_path / "src/tinhso" / place
        path.write_text((path.read_text() if path.exists() else "") + f"\n{line}\n")
    command = [RUN / "lint-imports", "--no-cache"]
    said = subprocess.run(command, cwd=tmp_path, env={"PYTHONPATH": "src"}, capture_output=True, text=True, check=False)
    kept = [name for name in FAULTS if f"{name} BROKEN" not in said.stdout]
    assert kept == [], said.stdout[-3000:] + said.stderr


@pytest.mark.parametrize(
    ("rule", "where", "code"),
    [
        ("TID251", "src/tinhso/apps/services/planted.py", "from django.db.models.signals import post_save\n"),
        ("TID251", "src/tinhso/kernel/cases/planted.py", "from django.utils.timezone import now\n"),
        ("TID251", "src/tinhso/kernel/cases/planted.py", "from django.apps import apps\napps.get_model('a', 'B')\n"),
        ("PLC0415", "src/tinhso/lib/planted.py", "def f():\n    import json\n    return json\n"),
        ("BLE001", "src/tinhso/lib/planted.py", "try:\n    x = 1\nexcept Exception:\n    x = 2\n"),
        ("DTZ005", "src/tinhso/lib/planted.py", "import datetime\nx = datetime.datetime.now()\n"),
        ("INT001", "src/tinhso/ui/planted.py", "from gettext import gettext as _\nx = 1\n_(f'{x} dossiers')\n"),
        ("D103", "src/tinhso/kernel/cases/api.py", '"""Door."""\n\n\ndef undocumented() -> None:\n    pass\n'),
    ],
)
def test_each_ban_catches_its_fault(rule, where, code):
    command = [RUN / "ruff", "check", "--no-cache", "--output-format", "concise", "--stdin-filename", where, "-"]
    said = subprocess.run(command, cwd=ROOT, input=code, capture_output=True, text=True, check=False)
    assert f" {rule} " in said.stdout


def test_types_are_law(tmp_path):
    planted = tmp_path / "planted.py"
    planted.write_text("def untyped(x):\n    return x\n\n\nwrong: int = 'text'\n")
    command = [RUN / "mypy", "--config-file", ROOT / "pyproject.toml", "--cache-dir", tmp_path / "cache", planted]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "no-untyped-def" in said.stdout
    assert "assignment" in said.stdout
