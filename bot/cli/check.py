"""``silkline run --check``: whether a start would succeed, found out without changing anything."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator

import click
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from pydantic import SecretStr

from bot.errors import OperatorError
from bot.settings import Settings
from bot.telegram.client import TelegramSession, make_bot
from bot.updates import webhook
from digests.library_holder import pack_directories
from digests.report.loading import load_pack
from digests.report.problems import PackError
from digests.store.admin.inspect import probe
from digests.store.connections.database import UnavailableDatabaseError, UnsupportedDatabaseError
from digests.store.schema.versions import NewerDatabaseError

#: What was looked at, whether it is right, and what was found.
Finding = tuple[str, bool, str]


def check(settings: Settings, token: SecretStr, say: Callable[[str], None] = click.echo) -> None:
    """Say of each thing that a start needs whether it is right.

    Raises:
        OperatorError: something is not.
    """
    if not asyncio.run(_all_right(settings, token, say)):
        raise OperatorError("the start would fail; see above")


async def _all_right(settings: Settings, token: SecretStr, say: Callable[[str], None]) -> bool:
    findings = [("settings", True, "each is known and well-formed"), *_packs(settings)]
    findings.append(await _database(settings))
    findings += [finding async for finding in _telegram(settings, token)]
    for subject, is_right, found in findings:
        say(f"{'ok   ' if is_right else 'WRONG'} {subject}: {found}")
    return all(is_right for _, is_right, _ in findings)


def _packs(settings: Settings) -> Iterator[Finding]:
    directories = pack_directories(settings.packs_dir)
    if not directories:
        yield "packs", False, f"{settings.packs_dir}: no report pack here"
    for directory in directories:
        try:
            report = load_pack(directory)
        except PackError as error:
            yield from (("packs", False, str(problem)) for problem in error.problems)
        else:
            yield "packs", True, f"{report.id}, revision {report.revision}"


async def _database(settings: Settings) -> Finding:
    try:
        return "database", True, await probe(settings.database_url)
    except (UnsupportedDatabaseError, UnavailableDatabaseError, NewerDatabaseError) as error:
        return "database", False, f"DATABASE_URL: {error}"


async def _telegram(settings: Settings, token: SecretStr) -> AsyncIterator[Finding]:
    session = TelegramSession(settings.bot_api_url, settings.proxy())
    try:
        bot = make_bot(token.get_secret_value(), session)
        yield "token", True, f"Telegram knows it as @{(await bot.get_me(request_timeout=15)).username}"
        yield await _webhook(bot, settings)
    except TelegramAPIError as error:
        yield "token", False, f"BOT_TOKEN: {error}"
    finally:
        await session.close()


async def _webhook(bot: Bot, settings: Settings) -> Finding:
    info = await bot.get_webhook_info(request_timeout=15)
    if settings.webhook_url is None or settings.webhook_secret is None:
        change = "; the start removes the webhook that is set" if info.url else ""
        return "updates", True, f"by polling{change}"
    if not settings.webhook_url.startswith("https://"):
        return "updates", False, "WEBHOOK_URL: Telegram posts to https:// addresses only"
    is_set = info.url == webhook.address(settings.webhook_url, settings.webhook_secret)
    trouble = f"; Telegram said: {info.last_error_message}" if is_set and info.last_error_message else ""
    state = "is set" if is_set else "will be set by the start"
    return "updates", True, f"by webhook, which {state}{trouble}"
