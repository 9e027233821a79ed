"""/language: of the answers and the digests of a chat."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import TelegramObject

from bot.handlers.filters import CommandFilter, SignedActionFilter
from bot.handlers.responder import Responder
from bot.handlers.subscription.service import SubscriptionService
from bot.telegram.callback_data import SubscriptionAction
from bot.telegram.sender import Sender
from bot.views.screen import Button, Screen
from digests.subscriptions import Address
from digests.text import Language


def language_router() -> Router:
    """The command and its buttons."""
    router = Router(name="language")
    for observer in (router.message, router.channel_post):
        observer.register(language, CommandFilter("language"))
    router.callback_query.register(language, SignedActionFilter(SubscriptionAction.LANGUAGE))
    return router


async def language(
    _event: TelegramObject,
    sender: Sender,
    address: Address,
    argument: str,
    responder: Responder,
    subscriptions: SubscriptionService,
) -> None:
    """``/language [name]``: set it, or offer both."""
    chosen = Language.from_code(argument or None)
    if chosen is None:
        examples = ("/language zh", "/language en")
        html = responder.render("notice", text="语言 / Language", examples=examples)
        act = SubscriptionAction.LANGUAGE
        buttons = (
            Button("中文", responder.signed(act, address, "zh")),
            Button("English", responder.signed(act, address, "en")),
        )
        await responder.show(Screen(html, (buttons,)))
        return
    await subscriptions.choose_language(sender, address, chosen)
    speaking = responder.speaking(chosen)
    text = speaking.say("Language set.")
    await speaking.show(Screen(speaking.render("notice", text=text, examples=())))
