"""``silkline run`` and ``silkline playground``."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any

import click

from bot.errors import SettingsError
from bot.ops.logs import set_up_logging
from bot.settings import Settings, load_settings
from bot.telegram.calls.lazy_models import build_on_demand

_NO_TOKEN = "BOT_TOKEN is missing: get one from @BotFather, or try silkline playground"  # noqa: S105 - a sentence


def run(*, or_playground: bool, only_check: bool = False) -> None:
    """Run the bot until it is told to stop; or only check whether it could."""
    settings = load_settings()
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
    _run(run_bot(settings, token, click.echo))


def play(port: int | None, *, fresh: bool) -> None:
    """Run the playground until it is told to stop."""
    settings = load_settings()
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
