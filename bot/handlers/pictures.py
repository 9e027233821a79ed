"""Pictures beside answers: sent behind what a typed command says, or asked for by a button."""

from __future__ import annotations

import logging
from contextlib import suppress
from functools import partial
from html import escape

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import InputFile, Message

from bot.handlers.context import Visit
from bot.telegram.prepared import Arrived, photo_body, photo_to

log = logging.getLogger(__name__)


async def picture(visit: Visit) -> None:
    """The button ``🖼``: sends the picture of a screen."""
    name = visit.argument
    try:
        visit.services.pictures.describe(name, visit.language)
    except (LookupError, ValueError):
        await visit.notice(visit.say("This picture is no longer there. Please send the command again."))
        return
    await bring_picture(visit, name)


async def bring_picture(visit: Visit, name: str) -> None:
    """Send a picture; one that has to be drawn first follows then, and the chat is shown that it will."""
    services, message = visit.services, visit.message
    if await services.pictures.is_uploaded(services.bot.id, name, visit.language):
        await show_picture(visit, name)
        return
    thread_id = message.message_thread_id if message.is_topic_message else None
    with suppress(TelegramAPIError):  # only a courtesy
        await services.bot.send_chat_action(message.chat.id, "upload_photo", message_thread_id=thread_id)
    services.background.do(partial(show_picture, visit, name))


async def show_picture(visit: Visit, name: str) -> None:
    """Send a picture with what it shows as its caption; one that fails is noted: the text says the same."""
    services, message = visit.services, visit.message
    try:
        caption = escape(services.pictures.describe(name, visit.language), quote=False)
        send = partial(_answer, services.bot, message, caption)
        await services.pictures.send(services.bot.id, name, visit.language, send)
    except TelegramAPIError as error:
        log.warning("the picture %s was not sent to %s: %s", name, message.chat.id, error)
    except Exception:
        log.exception("the picture %s was not sent", name)


async def _answer(bot: Bot, message: Message, caption: str, photo: str | InputFile) -> Arrived:
    if isinstance(photo, str):
        thread_id = message.message_thread_id if message.is_topic_message else None
        return await bot(photo_to(message.chat.id, thread_id, photo_body(photo, caption)))
    return await message.answer_photo(photo, caption=caption, parse_mode="HTML")
