"""``tinhso check``: whether everything this installation needs is there and healthy."""

import json
import sys

import click

from tinhso.config import health
from tinhso.config.health import Level

SIGNS = {Level.OK: ("✓", "green"), Level.WARN: ("!", "yellow"), Level.FAIL: ("✗", "red")}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for monitoring.")
def command(as_json: bool) -> None:
    """Look at everything this installation needs, and say what to do about what is wrong.

    Writes nothing and may run at any time. Exit code 0: it works (warnings included); 1: something is broken.
    """
    findings = []
    for finding in health.look():
        findings.append(finding)
        if as_json:
            continue
        sign, colour = SIGNS[finding.level]
        click.secho(f" {sign} ", fg=colour, nl=False)
        click.echo(f"{finding.name:<11} {finding.text}")
        if finding.remedy:
            click.echo(f"   {'':<11} → {finding.remedy}")
    healthy = all(finding.level is not Level.FAIL for finding in findings)
    if as_json:
        click.echo(json.dumps({"healthy": healthy, "findings": [f.as_json() for f in findings]}, ensure_ascii=False, indent=2))
    sys.exit(0 if healthy else 1)
