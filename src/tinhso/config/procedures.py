"""The installation's packs of case types as files: which there are, and what is wrong with them."""

from pathlib import Path

from django.conf import settings

from tinhso.kernel.cases import api as cases


def procedure_files(paths: tuple[Path, ...] = ()) -> list[Path]:
    """The packs of case types under ``paths``, or of the installation when none are given."""
    places = paths or tuple(settings.PACKS / "national" / kind for kind in ("procedures", "reports"))
    return sorted(f for p in places for f in ([p] if p.is_file() else p.rglob("*.yaml")))


def faults_of(files: list[Path]) -> list[str]:
    """Every fault of every file, with file, line and remedy."""
    return [fault for path in files for fault in cases.check_pack(path)]
