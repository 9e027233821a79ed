"""The command line; a command's module is imported when it is called, so that ``--help`` is quick."""

from __future__ import annotations

import errno
import sys
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import click

from bot.errors import OperatorError, SettingsError

#: Each command: the module and the name of what it is there, and its line of ``silkline --help``.
_COMMANDS = {
    "backup": ("database:backup", "Copy the database consistently while the bot runs, and check the copy."),
    "db": ("database:db", "The database as a whole."),
    "deliveries": ("operate:deliveries", "Show what was sent, what failed and why."),
    "pack": ("packs:pack", "Report packs: check, export, audit, begin a new one, schema."),
    "playground": (
        "run:playground",
        "The bot, a local Bot API server and a chat page; no token needed.",
    ),
    "preview": ("preview:preview", "Show exactly what a chat would get, for any date."),
    "publish": (
        "operate:publish",
        "Queue a digest now for its subscribers; the running bot sends it.",
    ),
    "reports": ("operate:reports", "The stored reports."),
    "restore": ("database:restore", "Begin again from a copy; what was due before now is skipped."),
    "run": ("run:run", "Run the bot: polling, or webhook when WEBHOOK_URL is set."),
    "subscriptions": ("subscriptions:subscriptions", "All subscriptions as JSON Lines."),
}


class LazyGroup(click.Group):
    """Imports a command when it is called, and tells what went wrong outside in one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        del ctx
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name; None when there is none."""
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(f"bot.cli.{module}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of ``--help``, from the lines above: nothing is imported for it."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in sorted(_COMMANDS.items())])

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what is wrong outside is one line, and the exit code says so."""
        try:
            _refuse_unreadable_zone()
            result = super().invoke(ctx)
            sys.stdout.flush()  # a full disk is told here, not by a trace at the end
        except OperatorError as fault:
            click.echo(f"silkline: {fault}", err=True)
            ctx.exit(fault.exit_code)
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise  # whoever read has had enough: click ends quietly
            click.echo(f"silkline: {error.filename or 'output'}: {error.strerror or error}", err=True)
            ctx.exit(1)
        return result


def _refuse_unreadable_zone() -> None:
    """A library that every command imports reads the zone of the machine, and ends in a trace.

    Raises:
        SettingsError: it cannot be read.
    """
    try:
        import_module("babel.localtime")
    except (ValueError, OSError) as error:
        raise SettingsError(
            f"TZ, or else /etc/localtime, is no time zone: write one such as Asia/Shanghai ({error})"
        ) from None


@click.group(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="silkline", message="%(prog)s %(version)s")
@click.option(
    "--env-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The file with the settings; .env in this folder if left out.",
)
def cli(env_file: Path | None) -> None:
    """Silkline keeps a research report alive in Telegram.

    Settings are environment variables, or lines of a .env file; see README.
    """
    del env_file  # read by command_settings


def main() -> None:
    """The console script."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # in a pipe of another encoding, such as GBK, a character that it lacks is no reason to fail
            stream.reconfigure(errors="backslashreplace")
    cli(prog_name="silkline")
