"""Inner middleware: what is typed to the bot in a channel does not stay there for its readers."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any, cast

from aiogram import BaseMiddleware
from aiogram.exceptions import TelegramAPIError
from aiogram.types import Message, TelegramObject

from bot.commands import Command, Group
from bot.telegram.permissions import Permissions, RightsUnknownError

log = logging.getLogger(__name__)


class ChannelTidying(BaseMiddleware):
    """Deletes commands about digests and settings once they are answered, where the bot may delete."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Answer a post of a channel, then delete it if it was such a command."""
        result = await handler(event, data)
        command = cast("Command | None", data.get("command"))
        if command is not None and command.group is Group.DIGESTS:
            await _delete(cast("Message", event), cast("Permissions", data["permissions"]))
        return result


async def _delete(post: Message, permissions: Permissions) -> None:
    try:
        if (await permissions.own_rights(post.chat.id)).may_delete:
            await post.delete()
    except (TelegramAPIError, RightsUnknownError) as error:
        log.info("a command in %s was not deleted: %s", post.chat.id, error)
