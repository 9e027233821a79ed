"""``silkline run --check``: whether a start would succeed, found out without changing anything."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import click
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramNotFound, TelegramUnauthorizedError
from aiohttp import ClientError, ClientSession, ClientTimeout
from pydantic import SecretStr

from bot.errors import OperatorError
from bot.ops.http import build_site, serving
from bot.settings import Settings, misspelt_names
from bot.startup import ensure_font, open_store
from bot.telegram.client import TelegramSession, make_bot
from bot.updates import webhook
from digests.library_holder import nothing_left, pack_directories, stands_twice
from digests.report.loading import load_pack
from digests.report.model import Report
from digests.report.problems import PackError
from digests.store.admin.inspect import probe
from digests.store.connections.database import UnavailableDatabaseError, UnsupportedDatabaseError
from digests.store.reports import RevisionTakenError
from digests.store.schema.versions import NewerDatabaseError

#: What was looked at, whether it is right, and what was found.
Finding = tuple[str, bool, str]


def check(settings: Settings, token: SecretStr, say: Callable[[str], None] = click.echo) -> None:
    """Say of each thing that a start needs whether it is right.

    Raises:
        OperatorError: something is not.
    """
    if not asyncio.run(_all_right(settings, token, say)):
        raise OperatorError("not everything is right; see above")


async def _all_right(settings: Settings, token: SecretStr, say: Callable[[str], None]) -> bool:
    reports, findings = _packs(settings)
    findings = [_settings(), *findings, await _database(settings)]
    findings += await _stored(settings, reports)
    findings += [_font(), await _http(settings)]
    findings += [finding async for finding in _telegram(settings, token)]
    for subject, is_right, found in findings:
        say(f"{'ok   ' if is_right else 'WRONG'} {subject}: {found}")
    return all(is_right for _, is_right, _ in findings)


def _settings() -> Finding:
    misspelt = misspelt_names()
    ignored = f"; not settings, and ignored: {', '.join(misspelt)}" if misspelt else ""
    return "settings", True, f"each is known and well-formed{ignored}"


def _packs(settings: Settings) -> tuple[list[Report], list[Finding]]:
    reports: list[Report] = []
    findings: list[Finding] = []
    directories = pack_directories(settings.packs_dir)
    if not directories:
        findings.append(("packs", False, f"PACKS_DIR: {settings.packs_dir}: no report pack here"))
    for directory in directories:
        try:
            report = load_pack(directory)
        except PackError as error:
            findings += [("packs", False, str(problem)) for problem in error.problems]
        else:
            if report.id in {each.id for each in reports}:
                findings.append(("packs", False, f"{directory}: {stands_twice(report.id)}"))
                continue
            reports.append(report)
            findings.append(("packs", True, f"{report.id}, revision {report.revision}"))
    return reports, findings


async def _database(settings: Settings) -> Finding:
    try:
        return "database", True, await probe(settings.database_url)
    except (UnsupportedDatabaseError, UnavailableDatabaseError, NewerDatabaseError) as error:
        return "database", False, f"DATABASE_URL: {error}"


async def _stored(settings: Settings, reports: list[Report]) -> list[Finding]:
    """The packs of which the database keeps the same revision with other content, or which are withdrawn."""
    try:
        async with open_store(settings.database_url) as store:
            stored = {report.id: report for report in await store.reports.load()}
            withdrawn = await store.reports.withdrawn()
    except OperatorError:  # there is none yet, or what is wrong was told
        return []
    taken = [report for report in reports if report.id in stored and _is_other(report, stored[report.id])]
    findings = [("packs", False, str(RevisionTakenError(report))) for report in taken]
    out = {each.id: each.revision for each in reports if withdrawn.get(each.id, 0) >= each.revision}
    if out and not stored.keys() | {each.id for each in reports} - out.keys():
        findings.append(("packs", False, f"PACKS_DIR: no report can be used: {nothing_left(out)}"))
    return findings


def _is_other(report: Report, stored: Report) -> bool:
    return report.revision == stored.revision and report != stored


def _font() -> Finding:
    try:
        ensure_font()
    except OperatorError as error:
        return "pictures", False, str(error)
    return "pictures", True, "can be lettered"


async def _http(settings: Settings) -> Finding:
    try:
        async with serving(build_site({}), settings.http_host, settings.http_port) as url:
            return "http", True, f"{url} is free"
    except OperatorError as error:
        if await _is_silkline(settings):
            return "http", True, f"port {settings.http_port} is that of a Silkline that runs here"
        return "http", False, str(error)


async def _is_silkline(settings: Settings) -> bool:
    """Whether the port is taken by a Silkline: a check beside the running bot finds nothing wrong."""
    host = "127.0.0.1" if settings.http_host in {"0.0.0.0", "::"} else settings.http_host  # noqa: S104 - compared
    url = f"http://{f'[{host}]' if ':' in host else host}:{settings.http_port}/livez"
    try:
        async with ClientSession(timeout=ClientTimeout(total=3)) as client, client.get(url) as answer:
            return answer.headers.get("Server") == "silkline"
    except (ClientError, OSError):
        return False


async def _telegram(settings: Settings, token: SecretStr) -> AsyncIterator[Finding]:
    proxy = settings.proxy()
    session = TelegramSession(settings.bot_api_url, proxy)
    through = f" through the proxy {_without_password(proxy)}" if proxy else ""
    try:
        bot = make_bot(token.get_secret_value(), session)
        name = (await bot.get_me(request_timeout=15)).username
        yield "token", True, f"Telegram knows it as @{name}{through}"
        yield await _webhook(bot, settings)
    except (TelegramUnauthorizedError, TelegramNotFound) as error:
        yield "token", False, f"BOT_TOKEN: Telegram refuses it; it is wrong or was revoked: {error.message}"
    except TelegramAPIError as error:
        yield "telegram", False, f"{settings.bot_api_url} cannot be asked{through}: {error.message}"
    finally:
        await session.close()


def _without_password(address: str) -> str:
    scheme, _, place = address.rpartition("://")
    return f"{scheme}://{place.rpartition('@')[2]}"


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
