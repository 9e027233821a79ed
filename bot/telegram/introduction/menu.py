"""The menu of commands that Telegram shows, made from the table; set only where it changed."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeUnion,
)

from bot.commands import COMMANDS, Scope
from bot.settings import Settings
from digests.text import Language

log = logging.getLogger(__name__)

_READERS = (Scope.EVERYBODY,)
_ADMINS = (Scope.EVERYBODY, Scope.CHAT_ADMINS)
_OPERATORS = tuple(Scope)


async def set_menu(bot: Bot, settings: Settings) -> int:
    """Set the commands of each scope and language; how many lists had to be changed.

    The list without a language, which all other languages see, is in English, as answers to them are.
    """
    changed = 0
    for scope, seen_by in _scopes(settings):
        for code, language in ((None, Language.EN), *((str(own), own) for own in Language)):
            try:
                changed += await _set(bot, scope, seen_by, code, language)
            except TelegramAPIError as error:
                log.warning("the menu of %s was not set: %s", scope.type, error)
                break
    return changed


def _scopes(settings: Settings) -> Iterator[tuple[BotCommandScopeUnion, tuple[Scope, ...]]]:
    yield BotCommandScopeAllPrivateChats(), _ADMINS
    yield BotCommandScopeAllGroupChats(), _READERS
    yield BotCommandScopeAllChatAdministrators(), _ADMINS
    for operator in sorted(settings.admin_ids):
        yield BotCommandScopeChat(chat_id=operator), _OPERATORS


async def _set(
    bot: Bot, scope: BotCommandScopeUnion, seen_by: tuple[Scope, ...], code: str | None, language: Language
) -> bool:
    wanted = [
        BotCommand(command=command.name, description=command.description[language])
        for command in COMMANDS
        if command.scope in seen_by
    ]
    shown = await bot.get_my_commands(scope=scope, language_code=code)
    if [(each.command, each.description) for each in shown] == [
        (each.command, each.description) for each in wanted
    ]:
        return False
    await bot.set_my_commands(wanted, scope=scope, language_code=code)
    return True
