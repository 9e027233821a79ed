"""Tells the people who subscribed a chat, once and in private, when its digests do not arrive."""

from __future__ import annotations

import logging

from aiogram.exceptions import TelegramAPIError

from bot.handlers.context import NO_PREVIEW, Services
from bot.telegram.signed_callbacks import SignedAction
from bot.views.reply_cache import Reply
from bot.views.screen import Button, Screen
from digests.store.notices import Notice

log = logging.getLogger(__name__)


async def send_failure_notices(services: Services) -> int:
    """Tell what is to be told; how many notices that were. Who cannot be reached is not tried again."""
    taken = await services.store.notices.take()
    for notice in taken:
        language = await services.languages.of(notice.user_id)
        html = services.pages.render("lost", language, notice=notice)
        data = services.signer.close(notice.user_id, SignedAction("v", notice.address, "main"))
        button = Button("⚙️ " + services.pages.say(language, "Settings"), data)
        for reply in services.replies.show(Screen(html, ((button,),))):
            await _send(services, notice, reply)
    return len(taken)


async def _send(services: Services, notice: Notice, reply: Reply) -> None:
    try:
        await services.bot.send_message(
            notice.user_id,
            reply.text,
            parse_mode="HTML",
            reply_markup=reply.keyboard,
            link_preview_options=NO_PREVIEW,
        )
    except TelegramAPIError as error:
        log.info("%s cannot be told about %s: %s", notice.user_id, notice.address, error)
