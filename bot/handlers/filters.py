"""Filters over what the middlewares have read: a row of the table of commands, a verified button."""

from __future__ import annotations

from typing import Any

from aiogram.filters import Filter
from aiogram.types import TelegramObject

from bot.commands import Command
from bot.telegram.callback_data import SubscriptionAction
from bot.telegram.deep_links import LinkKind
from bot.telegram.permissions import Permissions
from bot.telegram.sender import Sender
from bot.telegram.signed_callbacks import SignedAction
from bot.views.reply_cache import ReplyCache


class CommandFilter(Filter):
    """Passes a command of the table by its names."""

    def __init__(self, *names: str) -> None:
        self.names = frozenset(names)

    async def __call__(self, _event: TelegramObject, command: Command | None = None) -> bool:
        """Whether the message calls one of them."""
        return command is not None and command.name in self.names


class LinkFilter(Filter):
    """Passes what a link of a kind opens in the private chat: its payload behind the letter, as ``link``."""

    def __init__(self, kind: LinkKind) -> None:
        self.kind = kind

    async def __call__(
        self, _event: TelegramObject, opened: tuple[LinkKind, str] | None = None
    ) -> bool | dict[str, Any]:
        """What the link names."""
        return {"link": opened[1]} if opened is not None and opened[0] is self.kind else False


class ViewFilter(Filter):
    """Passes each command that a view answers; not those of which a view has only what cannot be sent."""

    def __init__(self, *but: str) -> None:
        self.but = frozenset(but)

    async def __call__(
        self, _event: TelegramObject, replies: ReplyCache, command: Command | None = None
    ) -> bool:
        """Whether a view answers the command."""
        return command is not None and command.name in replies and command.name not in self.but


class OperatorFilter(Filter):
    """Passes what an operator writes in the private chat, where nobody else reads the answer."""

    async def __call__(self, _event: TelegramObject, sender: Sender, permissions: Permissions) -> bool:
        """Whether it does."""
        return sender.is_private and permissions.is_operator(sender.user_id)


class ServiceMessageFilter(Filter):
    """Passes a service message by the field that it carries."""

    def __init__(self, field: str) -> None:
        self.field = field

    async def __call__(self, event: TelegramObject) -> bool | dict[str, Any]:
        """The content of the field, by its name."""
        content = getattr(event, self.field)
        return {self.field: content} if content else False


class SignedActionFilter(Filter):
    """Passes a verified button by its action."""

    def __init__(self, action: SubscriptionAction) -> None:
        self.action = action

    async def __call__(
        self, _event: TelegramObject, signed: SignedAction | None = None
    ) -> bool | dict[str, Any]:
        """The address and the value of the button, by name."""
        if signed is None or signed.action is not self.action:
            return False
        return {"address": signed.address, "argument": signed.value}


class SettingsReplyFilter(Filter):
    """Passes a reply to a page of the settings."""

    async def __call__(
        self, _event: TelegramObject, settings_reply: SignedAction | None = None
    ) -> bool | dict[str, Any]:
        """The address that the page is about, by name."""
        return {"address": settings_reply.address} if settings_reply else False
