"""The settings of a group or channel, in private: what the link in its one-line answers opens."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import Message

from bot.handlers.filters import LinkFilter
from bot.handlers.responder import Responder
from bot.handlers.settings.commands import open_section
from bot.handlers.settings.page import SettingsPage
from bot.handlers.subscription.service import SubscriptionService
from bot.telegram.deep_links import LinkKind
from bot.telegram.sender import Sender


def linked_settings_router() -> Router:
    """The link to the settings of a chat."""
    router = Router(name="linked settings")
    router.message.register(open_linked, LinkFilter(LinkKind.SETTINGS))
    return router


async def open_linked(
    message: Message,
    *,
    link: str,
    sender: Sender,
    responder: Responder,
    subscriptions: SubscriptionService,
    settings_page: SettingsPage,
) -> None:
    """Show the settings that a link names; whoever opens it must administer that chat now."""
    address = responder.outlets.signer.unseal(link)
    if address is None:
        await responder.notice(responder.say("This link is not valid. Write /settings in that chat again."))
        return
    await open_section(
        message,
        sender=sender,
        address=address,
        argument="main",
        responder=responder,
        subscriptions=subscriptions,
        settings_page=settings_page,
    )
