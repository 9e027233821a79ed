"""/language: of the answers and the digests of a chat."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import TelegramObject

from bot.handlers.filters import CommandFilter, SignedActionFilter
from bot.handlers.responder import Responder
from bot.handlers.subscription.service import SubscriptionService
from bot.telegram.callback_data import LanguageCallback, SubscriptionAction
from bot.telegram.sender import Sender
from bot.views.screen import Button, Screen
from digests.inputs.setting_words import find_language
from digests.subscriptions import Address


def language_router() -> Router:
    """The command and its buttons."""
    router = Router(name="language")
    for observer in (router.message, router.channel_post):
        observer.register(language, CommandFilter("language"))
    router.callback_query.register(offer_languages, LanguageCallback.filter())
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
    chosen = find_language(argument)
    if chosen is None:
        await offer_languages(_event, address, responder)
        return
    await subscriptions.choose_language(sender, address, chosen)
    speaking = responder.speaking(chosen)
    text = speaking.say("Language set.")
    await speaking.show(Screen(speaking.render("notice", text=text, examples=())))


async def offer_languages(_event: TelegramObject, address: Address, responder: Responder) -> None:
    """A button for each language."""
    html = responder.render("notice", text="语言 / Language", examples=("/language zh", "/language en"))
    act = SubscriptionAction.LANGUAGE
    buttons = (
        Button("中文", responder.signed(act, address, "zh")),
        Button("English", responder.signed(act, address, "en")),
    )
    await responder.show(Screen(html, (buttons,)))
