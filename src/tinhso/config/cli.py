"""The ``tinhso`` command. Sub-commands live in ``config/commands``, one module each, and are imported only when asked for."""

import importlib
import os
import sys

import click
import django

COMMANDS = {
    "demo": "Open a model province: data, people to sign in as, dossiers in every state.",
    "setup": "Prepare a real installation: database, province, packs, first administrator.",
    "serve": "Run the web server and the worker together.",
    "worker": "Run the worker alone: seals entries, feeds followers, watches deadlines.",
    "bank": "Play the bank of a demo: QR codes are paid there, with no real money.",
    "check": "Tell whether everything this installation needs is there and healthy.",
    "packs": "Validate and load packs: procedures, calendars, areas.",
    "ledger": "Verify the record, or export it with its proofs.",
    "deadline": "Explain why something is due when it is due.",
    "bench": "Measure this machine against the product's budgets.",
}


class LazyGroup(click.Group):
    """A group that knows its commands' names and one line of help without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which a new operator meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Set Django up and import the command's module; its ``command`` is the command."""
        if cmd_name not in COMMANDS:
            return None
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tinhso.config.settings")
        django.setup()
        command: click.Command = importlib.import_module(f"tinhso.config.commands.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List names and lines without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="tinhso")
def main() -> None:
    """Tỉnh Số runs a province's digital government and proves its numbers.

    \b
    Begin with:   tinhso demo           a model province, ready to click through
    For real:     tinhso setup          then  tinhso serve

    Everything an installation keeps lies in TINHSO_HOME (./var unless set). DATABASE_URL selects PostgreSQL
    (postgres://user:password@host/name); without it the database is SQLite in TINHSO_HOME.
    """


if __name__ == "__main__":
    sys.exit(main())
