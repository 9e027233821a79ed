"""Tells the people who subscribed a chat, once and in private, when its digests do not arrive."""

from __future__ import annotations

import logging

from aiogram.exceptions import TelegramAPIError

from bot.handlers.responders import Responders
from bot.telegram.callback_data import SubscriptionAction
from bot.telegram.permissions import Permissions, is_trouble
from bot.views.screen import Button, Screen
from digests.store import Store
from digests.store.notices import Notice

log = logging.getLogger(__name__)


async def send_failure_notices(store: Store, responders: Responders, permissions: Permissions) -> int:
    """Tell what is to be told; how many notices that were. Who blocked the bot is not tried again.

    A chat with several topics is told of once. While Telegram is away, it stays to be told.
    """
    told: set[tuple[object, ...]] = set()
    for notice in await store.notices.take():
        about = (notice.user_id, notice.address.chat_id, notice.is_suspended, notice.is_quiz, notice.reason)
        if about in told:
            continue
        told.add(about)
        try:
            if await permissions.may_be_told(notice.user_id, notice.address.chat_id):
                await _tell(notice, responders)
        except TelegramAPIError as error:
            log.info("%s cannot be told about %s: %s", notice.user_id, notice.address, error)
            if is_trouble(error):
                await store.notices.give_back(notice)
    return len(told)


async def _tell(notice: Notice, responders: Responders) -> None:
    responder = await responders.in_private(notice.user_id)
    data = responder.signed(SubscriptionAction.OPEN_SECTION, notice.address, "main")
    button = Button("⚙️ " + responder.say("Settings"), data)
    await responder.show(Screen(responder.render("lost", notice=notice), ((button,),)))
