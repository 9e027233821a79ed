"""Tells the people who subscribed a chat, once and in private, when its digests do not arrive."""

from __future__ import annotations

import logging

from aiogram.exceptions import TelegramAPIError

from bot.handlers.responders import Responders
from bot.telegram.callback_data import SubscriptionAction
from bot.views.screen import Button, Screen
from digests.store import Store

log = logging.getLogger(__name__)


async def send_failure_notices(store: Store, responders: Responders) -> int:
    """Tell what is to be told; how many notices that were. Who cannot be reached is not tried again."""
    notices = await store.notices.take()
    for notice in notices:
        responder = await responders.in_private(notice.user_id)
        data = responder.signed(SubscriptionAction.OPEN_SECTION, notice.address, "main")
        button = Button("⚙️ " + responder.say("Settings"), data)
        try:
            await responder.show(Screen(responder.render("lost", notice=notice), ((button,),)))
        except TelegramAPIError as error:
            log.info("%s cannot be told about %s: %s", notice.user_id, notice.address, error)
    return len(notices)
