"""Verify an export with nothing but the export and, better, a public key from elsewhere. No Django, no database.

    python -m tinhso.kernel.ledger.engine.offline EXPORT.zip [--key LEDGER.pub] [--against HEAD.json] [--json]

Exit code 0: everything holds. 1: something does not; each fault is named. 2: the files can't be read.
"""

import argparse
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tinhso.kernel.ledger.engine.archive import ArchiveReader, NotAnArchive, head_from_json, public_key
from tinhso.kernel.ledger.engine.audit import Audit, Found, Label
from tinhso.kernel.ledger.engine.canonical import leaf
from tinhso.kernel.ledger.engine.merkle import TILE
from tinhso.kernel.ledger.types import Fault, FaultKind, Head, VerifyReport


def verify_export(path: Path, keys: dict[str, Ed25519PublicKey] | None = None, against: Head | None = None) -> VerifyReport:
    """Check an export. ``keys`` are the ones to trust (None: those inside it). NotAnArchive if it can't be read."""
    began = time.monotonic()
    archive = ArchiveReader(path)
    audit = Audit(archive.heads, keys if keys is not None else archive.keys(), _describe, against)
    size = 0
    found: dict[int, Found] = {}
    tile: list[bytes | None] = []
    for line, sealed in archive.positions():
        actual = leaf(line) if line else None
        found[size] = Found(actual or sealed, actual, line)
        tile.append(sealed or None)
        size += 1
        if len(tile) == TILE:
            audit.chunk(found, size, tile)
            found, tile = {}, []
    audit.chunk(found, size, tile)
    faults = audit.faults()
    if not faults and size != archive.manifest.get("entries"):
        detail = f"the manifest counts {archive.manifest.get('entries')} entries, {size} are here"
        faults = (Fault(FaultKind.HEAD, detail),)
    return VerifyReport(
        ok=not faults,
        size=size,
        heads=len(archive.heads),
        unsealed=0,
        head=archive.heads[-1] if archive.heads else None,
        faults=faults,
        against=against,
        seconds=time.monotonic() - began,
    )


def _describe(line: bytes) -> Label:
    try:
        entry = json.loads(line)
        return None, str(entry["stream"]), int(entry["version"])
    except (ValueError, KeyError, TypeError):
        return None, None, None


def report_as_json(report: VerifyReport) -> dict[str, Any]:
    """A report as a program reads it."""
    return json.loads(json.dumps(asdict(report), default=str))  # type: ignore[no-any-return]


def say(report: VerifyReport) -> list[str]:
    """A report as a person reads it."""
    lines = [f"{report.size} entries, {report.heads} signed heads, checked in {report.seconds:.1f} s"]
    if report.unsealed:
        lines.append(f"{report.unsealed} entries wait for the sealer")
    if report.head:
        lines.append(f"head: size {report.head.size}, root {report.head.root}, key {report.head.key_id}")
    if report.against:
        lines.append(f"compared with a head kept outside: size {report.against.size}, root {report.against.root}")
    lines += [fault_line(fault) for fault in report.faults]
    lines.append("OK: the record is whole" if report.ok else f"FAULTY: {len(report.faults)} finding(s)")
    return lines


def fault_line(fault: Fault) -> str:
    """One finding on one line."""
    where = [f"position {fault.position}" if fault.position is not None else ""]
    where.append(f"entry {fault.entry_id}" if fault.entry_id is not None else "")
    where.append(f"{fault.stream} version {fault.version}" if fault.stream is not None else "")
    place = ", ".join(part for part in where if part)
    return f"{fault.kind.value.upper()} {place}: {fault.detail}" if place else f"{fault.kind.value.upper()}: {fault.detail}"


def main(arguments: list[str] | None = None) -> int:
    """The command line; its exit code."""
    about, usage = (__doc__ or "").split("\n\n", 1)
    parser = argparse.ArgumentParser(description=about, epilog=usage, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export", type=Path, help="the zip made by: tinhso ledger export")
    parser.add_argument("--key", type=Path, action="append", help="public key (PEM) to trust instead of the one inside")
    parser.add_argument("--against", type=Path, help="file with a head (JSON) that was kept outside")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    given = parser.parse_args(arguments)
    try:
        keys = dict(public_key(path.read_bytes()) for path in given.key) if given.key else None
        against = head_from_json(json.loads(given.against.read_bytes())) if given.against else None
        report = verify_export(given.export, keys, against)
    except (NotAnArchive, OSError, ValueError) as error:
        sys.stderr.write(f"can't verify: {error}\n")
        return 2
    text = json.dumps(report_as_json(report), ensure_ascii=False) if given.json else "\n".join(say(report))
    sys.stdout.write(text + "\n")
    if keys is None and not given.json:
        sys.stdout.write("The key came from the export itself: give --key with one you trust for a full proof.\n")
    return 0 if report.ok else 1


if __name__ == "__main__":  # pragma: no cover - a test calls it in a process of its own
    sys.exit(main())
