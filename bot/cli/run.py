"""``silkline run`` and ``silkline playground``."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import click

from bot.cli.parameters import command_settings
from bot.errors import OperatorError, SettingsError
from bot.ops.logs import as_json, set_up_logging
from bot.settings import LogFormat, Settings, logs_json, misspelt_names
from bot.telegram.calls.lazy_models import build_on_demand

log = logging.getLogger(__name__)

_NO_TOKEN = "BOT_TOKEN is missing: get one from @BotFather, or try silkline playground"  # noqa: S105 - a sentence


@click.command()
@click.option("--or-playground", is_flag=True, hidden=True, help="Without a token, start the playground.")
@click.option("--check", "only_check", is_flag=True, help="Say whether a start would succeed, and exit.")
def run(*, or_playground: bool, only_check: bool) -> None:
    """Run the bot: polling, or webhook when WEBHOOK_URL is set."""
    form = LogFormat.JSON if logs_json() and not only_check else LogFormat.TEXT
    if form is LogFormat.JSON:
        set_up_logging(form)  # from the first line on, also when that says which setting is wrong
    with _told_in(form):
        _start(or_playground=or_playground, only_check=only_check)


def _start(*, or_playground: bool, only_check: bool) -> None:
    settings = command_settings()
    token = settings.token()
    if token is None:
        if only_check or not or_playground:
            raise SettingsError(_NO_TOKEN)
        _play(settings, settings.http_port)
        return
    build_on_demand()
    if only_check:
        from bot.cli.check import check  # noqa: PLC0415 - takes seconds, like the next one

        check(settings, token)
        return
    from bot.lifecycle import run_bot  # noqa: PLC0415 - takes seconds, and a wrong setting is told before

    secrets = (token, settings.webhook_secret, settings.database_password(), settings.proxy_password())
    set_up_logging(settings.log_format, *secrets)
    for name in misspelt_names():
        log.warning("the environment has what is no setting: %s", name)
    is_text = settings.log_format is LogFormat.TEXT
    with _told_in(settings.log_format):
        _run(run_bot(settings, token, click.echo if is_text else lambda line: click.echo(as_json(line))))


@contextmanager
def _told_in(form: LogFormat) -> Iterator[None]:
    """Tell what an operator can mend as a line of the log, where the log is JSON."""
    try:
        yield
    except OperatorError as error:
        if form is LogFormat.TEXT:
            raise
        log.error("the start failed: %s", error)  # noqa: TRY400 - one plain line
        raise SystemExit(error.exit_code) from error


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Where the chat page is; HTTP_PORT if left out.")
@click.option("--fresh", is_flag=True, help="Begin anew: forget the chats and subscriptions kept before.")
def playground(port: int | None, *, fresh: bool) -> None:
    """The bot, a local Bot API server and a chat page; no token needed.

    Chats, subscriptions and the clock are kept in var/playground until the next start.
    """
    settings = command_settings()
    _play(settings, settings.http_port if port is None else port, fresh=fresh)


def _play(settings: Settings, port: int, *, fresh: bool = False) -> None:
    build_on_demand()
    from bot.playground.run import run_playground  # noqa: PLC0415 - takes seconds, and a wrong setting is told before

    set_up_logging(settings.log_format)
    _run(run_playground(settings, port, click.echo, fresh=fresh))


def _run(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end on the faster event loop where there is one."""
    if sys.platform == "win32":
        asyncio.run(work)
        return
    import uvloop  # noqa: PLC0415 - not made for every system

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)
