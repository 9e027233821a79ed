"""The command line; what a command needs is imported inside it, so that ``--help`` is quick."""

from __future__ import annotations

# ruff: noqa: PLC0415 - the imports wait inside the commands, because some take seconds
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from bot.errors import OperatorError

_CADENCES = click.Choice(["daily", "weekly", "monthly"])
_A_FILE = click.Path(dir_okay=False, path_type=Path)
_A_FOLDER = click.Path(file_okay=False, path_type=Path)


class _Plain(click.Group):
    """Tells what went wrong outside in one line, without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except OperatorError as fault:
            click.echo(f"silkline: {fault}", err=True)
            ctx.exit(fault.exit_code)
        except OSError as error:
            click.echo(f"silkline: {error.filename or 'system'}: {error.strerror or error}", err=True)
            ctx.exit(1)


class _Day(click.ParamType[date]):
    """A date such as 2026-05-10."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            self.fail(f"{value!r} is no date: write 2026-05-10", param, ctx)


@click.group(cls=_Plain, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="silkline", message="%(prog)s %(version)s")
def cli() -> None:
    """Silkline keeps a research report alive in Telegram.

    Settings are environment variables, or lines of a .env file; see README.
    """


@cli.command()
@click.option("--or-playground", is_flag=True, hidden=True, help="Without a token, start the playground.")
@click.option("--check", "only_check", is_flag=True, help="Say whether a start would succeed, and exit.")
def run(or_playground: bool, only_check: bool) -> None:
    """Run the bot: polling, or webhook when WEBHOOK_URL is set."""
    from bot.cli import run as running

    running.run(or_playground=or_playground, only_check=only_check)


@cli.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Where the chat page is; HTTP_PORT if left out.")
@click.option("--fresh", is_flag=True, help="Begin anew: forget the chats and subscriptions kept before.")
def playground(port: int | None, *, fresh: bool) -> None:
    """The bot, a local Bot API server and a chat page; no token needed.

    Chats, subscriptions and the clock are kept in var/playground until the next start.
    """
    from bot.cli import run as running

    running.play(port, fresh=fresh)


@cli.group()
def pack() -> None:
    """Report packs: check, export, audit, begin a new one, schema."""


@pack.command()
@click.argument("directory", type=_A_FOLDER)
@click.option("--source", type=_A_FILE, help="The report's text, to verify the evidence of each fact.")
@click.option("--coverage", is_flag=True, help="Also print what of the text no fact uses.")
def check(directory: Path, source: Path | None, *, coverage: bool) -> None:
    """Validate a pack; exit 1 and name file, line and rule when something is wrong."""
    from bot.cli import packs

    packs.check(directory, source, coverage=coverage)


@pack.command()
@click.argument("directory", type=_A_FOLDER)
@click.option("--format", "form", type=click.Choice(["json"]), default="json", show_default=True)
def export(directory: Path, form: str) -> None:
    """Write the whole pack as JSON to standard output."""
    from bot.cli import packs

    del form  # JSON is the only one so far
    packs.export(directory)


@pack.command()
@click.argument("directory", type=_A_FOLDER)
def new(directory: Path) -> None:
    """Write a commented skeleton of a new pack."""
    from bot.cli import packs

    packs.new(directory)


@pack.command()
def schema() -> None:
    """Write the JSON Schema of a pack's files to standard output."""
    from bot.cli import packs

    packs.schema()


@pack.command()
@click.argument("directory", type=_A_FOLDER)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def audit(directory: Path, form: str) -> None:
    """Recompute what the report states: consistent, inconsistent, not checkable."""
    from bot.cli import packs

    packs.audit_pack(directory, form)


@cli.command()
@click.option("--date", "day", type=_Day(), required=True, help="Such as 2026-05-10.")
@click.option("--cadence", type=_CADENCES, help="DEFAULT_CADENCE if left out.")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="DEFAULT_LANGUAGE if left out.")
@click.option("--layout", type=click.Choice(["classic", "rich"]), help="DEFAULT_LAYOUT if left out.")
@click.option(
    "--format", "form", type=click.Choice(["text", "html", "png", "json"]), default="text", show_default=True
)
@click.option("--days", type=click.IntRange(1, 3660), default=1, help="What falls into so many days.")
@click.option(
    "--theme", type=click.Choice(["light", "dark"]), help="Of --format png; PICTURE_THEME if left out."
)
def preview(
    *,
    day: date,
    cadence: str | None,
    lang: str | None,
    layout: str | None,
    form: str,
    days: int,
    theme: str | None,
) -> None:
    """Show exactly what a chat would get, for any date.

    --format png writes the card to standard output (> card.png); with several occasions in --days each
    to a file here, named after its occasion.
    """
    from bot.cli import preview as previewing

    if form == "png":
        previewing.preview_cards(day, days, cadence=cadence, language=lang, theme=theme)
    else:
        previewing.preview(day, days, form, cadence=cadence, language=lang, layout=layout)


@cli.command()
@click.option("--date", "day", type=_Day(), required=True, help="Such as 2026-05-10.")
@click.option("--cadence", type=_CADENCES, required=True)
@click.option("--again", is_flag=True, help="Send it also to those who have it.")
def publish(day: date, cadence: str, again: bool) -> None:
    """Queue a digest now for its subscribers; the running bot sends it."""
    from bot.cli import operate as operating

    operating.publish(day, cadence, again=again)


@cli.group()
def subscriptions() -> None:
    """All subscriptions as JSON Lines."""


@subscriptions.command("import")
@click.argument("file", type=_A_FILE)
def import_(file: Path) -> None:
    """Add or change subscriptions, one a line; a bad line is named and the rest is imported."""
    from bot.cli import subscriptions as subscribing

    subscribing.import_file(file)


@subscriptions.command("export")
@click.argument("file", type=_A_FILE)
def export_subscriptions(file: Path) -> None:
    """Write every subscription, one a line."""
    from bot.cli import subscriptions as subscribing

    subscribing.export_file(file)


@cli.command()
@click.option(
    "--state", type=click.Choice(["pending", "sending", "sent", "skipped", "gone", "failed", "unknown"])
)
@click.option("--retry", is_flag=True, help="Queue them again: those failed, gone or unknown, or of --state.")
def deliveries(state: str | None, retry: bool) -> None:
    """Show what was sent, what failed and why."""
    from bot.cli import operate as operating

    operating.deliveries(state, retry=retry)


@cli.group()
def db() -> None:
    """The database as a whole."""


@db.command("copy")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def copy_database(source: str, target: str) -> None:
    """Copy everything into an empty database; both are URLs as in DATABASE_URL. Stop the bot first."""
    from bot.cli import database as moving

    moving.copy(source, target)


@db.command()
def upgrade() -> None:
    """Make the database, or bring it to this version's schema; a start does the same."""
    from bot.cli import database

    database.upgrade()


@db.command()
@click.option("--before", required=True, help="Such as 2026-05-10T09:00:00Z, or now.")
def settle(before: str) -> None:
    """Skip what was due before, in a database that came back by pg_restore or a snapshot.

    Stop the bot first.
    """
    from bot.cli import database

    database.settle(before)


@db.command()
def acts() -> None:
    """Show what operators did: publish, reload, retry, restore, settle, withdraw."""
    from bot.cli import database

    database.acts()


@cli.group()
def reports() -> None:
    """The stored reports."""


@reports.command()
@click.argument("report", metavar="ID")
def withdraw(report: str) -> None:
    """Post and list a report no more; a higher revision of it brings it back."""
    from bot.cli import operate as operating

    operating.withdraw(report)


@cli.command()
@click.argument("file", type=_A_FILE)
def backup(file: Path) -> None:
    """Copy the database consistently while the bot runs, and check the copy."""
    from bot.cli import database

    database.backup(file)


@cli.command()
@click.argument("file", type=_A_FILE)
@click.option("--new", is_flag=True, help="There is no database yet that would be replaced.")
def restore(file: Path, new: bool) -> None:
    """Begin again from a copy; what was due before now is skipped."""
    from bot.cli import database

    database.restore(file, may_create=new)


def main() -> None:
    """The console script."""
    cli(prog_name="silkline")
