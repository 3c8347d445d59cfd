"""``tinhso setup``: a real installation, from an empty database to the first administrator."""

import sys
from pathlib import Path

import click
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command

from tinhso.config.demo import opening
from tinhso.config.demo.opening import Found
from tinhso.config.procedures import faults_of, procedure_files
from tinhso.config.saying import said
from tinhso.kernel.cases import api as cases
from tinhso.kernel.identity import api as identity
from tinhso.kernel.identity.types import AccountKind, Assurance
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.organisation import api as organisation
from tinhso.kernel.payments import api as payments
from tinhso.lib.problems import Problem

SYSTEM = identity.system("setup")
ADMINISTERS = ("identity.administrator", "organisation.admin", "messages.keeper")
"""Roles of the first administrator, as far as this version declares them."""

NEXT = """
What remains to do (docs/install.md says how):
  1. Put a TLS proxy before it; set TINHSO_HTTPS=1, TINHSO_PROXIES=1, TINHSO_HOSTS and TINHSO_SITE_URL.
  2. Let it send mail: TINHSO_SMTP_HOST, TINHSO_SMTP_USER, TINHSO_SMTP_PASSWORD, TINHSO_MAIL_FROM.
  3. Put the certificates of your trusted authority (root and intermediate, .crt) into {home}/trust.
  4. Tell it where fees are collected: tinhso setup --accounts accounts.yaml (packs/demo/accounts.yaml shows the form).
  5. Back up {home}/keys apart from the database: without them sealed data can't be read.
  6. Start it: tinhso serve; then tinhso check. {admin} signs in and sets a second factor."""


@click.command()
@click.option("--province", help="Area code of the province (two digits); asked for when it isn't given.")
@click.option("--admin", help="Account name of the first administrator.")
@click.option("--admin-name", help="Full name of the first administrator.")
@click.option(
    "--password", envvar="TINHSO_ADMIN_PASSWORD", help="His first password; better by TINHSO_ADMIN_PASSWORD, or asked."
)
@click.option(
    "--agencies",
    type=click.Path(exists=True, path_type=Path),
    help="Agencies and posts (YAML); national structure unless given.",
)
@click.option("--accounts", type=click.Path(exists=True, path_type=Path), help="Accounts where fees are collected (YAML).")
def command(
    province: str | None,
    admin: str | None,
    admin_name: str | None,
    password: str | None,
    agencies: Path | None,
    accounts: Path | None,
) -> None:
    """Prepare a real installation: tables, areas, calendar, agencies, procedures, keys, first administrator.

    May be run again at any time, after an upgrade too: it does what is not done yet and changes nothing else. Without
    options it asks. A database marked as a demonstration is refused.
    """
    found = opening.look()
    if found in (Found.COMPLETE, Found.INTERRUPTED):
        click.echo(
            "This database is a demonstration. Give the real installation its own: DATABASE_URL or TINHSO_HOME.", err=True
        )
        sys.exit(1)
    if found is Found.FOREIGN:
        click.echo("This database holds tables of another program. Give this one an empty database.", err=True)
        sys.exit(1)
    settings.HOME.mkdir(parents=True, exist_ok=True)
    try:
        _tables_and_facts(province, agencies, accounts)
        name = _administrator(admin, admin_name, password)
        identity.seal("the first use makes the key of sealed data")
        while ledger.seal():
            pass
    except Problem as problem:
        click.echo(f"It could not be finished. {said(problem)} What was done stays; run it again.", err=True)
        sys.exit(1)
    click.echo(NEXT.format(home=settings.HOME, admin=name))


def _tables_and_facts(province: str | None, agencies: Path | None, accounts: Path | None) -> None:
    click.echo("Tables …")
    call_command("migrate", verbosity=0, interactive=False)
    click.echo("Areas and calendar …")
    organisation.load_areas(SYSTEM)
    organisation.load_calendar(SYSTEM)
    code = province or organisation.home_province() or click.prompt("Area code of the province (e.g. 80 for Tây Ninh)")
    click.echo(f"Agencies of {organisation.area(code).title} …")
    organisation.raise_province(SYSTEM, code, path=agencies, people=False)
    click.echo("Procedures …")
    files = procedure_files()
    faults = faults_of(files)
    if faults:
        click.echo("\n".join(faults), err=True)
        sys.exit(1)
    cases.load_packs(SYSTEM, files)
    if accounts is not None:
        click.echo(f"{payments.load_accounts(SYSTEM, accounts)} collecting accounts …")


def _administrator(username: str | None, name: str | None, password: str | None) -> str:
    """The first administrator; once there is one, nobody is made."""
    top = next(unit for unit in organisation.units() if unit.kind == "province-pc")
    held = identity.holders(identity.ADMINISTRATOR, top.key)
    if held:
        click.echo(f"There is an administrator: {held[0][2]}.")
        return held[0][2]
    username = username or click.prompt("Account name of the first administrator", default="quantri")
    name = name or click.prompt("Full name")
    password = _good_password(password)
    official = organisation.create_official(SYSTEM, name)
    account = identity.create_account(
        SYSTEM,
        AccountKind.OFFICIAL,
        username,
        name,
        password=password,
        official=official.id,
        assurance=Assurance.CHECKED,
    )
    known = identity.known_roles()
    for role in ADMINISTERS:
        if role in known:
            identity.grant_role(SYSTEM, account.id, role, top.key)
    click.echo(f"Administrator {username} ({name}).")
    return username


def _good_password(given: str | None) -> str:
    """A password that the product's own rules accept."""
    while True:
        password = given or click.prompt("Password (at least 10 characters)", hide_input=True, confirmation_prompt=True)
        try:
            validate_password(password)
        except ValidationError as error:
            click.echo("This password won't do: " + " ".join(error.messages), err=True)
            if given:
                sys.exit(1)
        else:
            return str(password)
