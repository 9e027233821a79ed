"""Pictures beside answers: sent along with a typed command, or asked for by a button."""

from __future__ import annotations

import logging
from contextlib import suppress
from functools import partial
from html import escape

from aiogram.exceptions import TelegramAPIError
from aiogram.types import InputFile, Message

from bot.handlers.visit import Visit
from bot.ready import Arrived, photo_body, photo_to
from bot.session import send_ready

log = logging.getLogger(__name__)


async def picture(visit: Visit) -> None:
    """The button ``🖼``: sends the picture of a screen."""
    if not await show_picture(visit, visit.argument):
        await visit.notice(visit.say("This picture is no longer there. Please send the command again."))


async def is_at_hand(visit: Visit, name: str) -> bool:
    """Whether a picture can be sent at once, because Telegram has it."""
    services = visit.services
    return await services.pictures.is_uploaded(services.bot.id, name, visit.language)


async def announce_picture(visit: Visit) -> None:
    """Show in the chat that a picture is on its way."""
    message = visit.message
    thread_id = message.message_thread_id if message.is_topic_message else None
    with suppress(TelegramAPIError):  # only a courtesy
        await visit.services.bot.send_chat_action(
            message.chat.id, "upload_photo", message_thread_id=thread_id
        )


async def show_picture(visit: Visit, name: str, html: str | None = None) -> bool:
    """Send a picture; whether it went out. One that fails is noted: the text says the same.

    *html* is the caption; without one it says what the picture shows.
    """
    services, message = visit.services, visit.message
    bot = message.bot
    if bot is None:
        return False
    try:
        caption = html or escape(services.pictures.describe(name, visit.language), quote=False)
        await services.pictures.send(bot.id, name, visit.language, partial(_answer, message, caption))
    except (LookupError, ValueError):
        return False
    except TelegramAPIError as error:
        log.warning("the picture %s was not sent to %s: %s", name, message.chat.id, error)
        return False
    except Exception:
        log.exception("the picture %s was not sent", name)
        return False
    return True


async def _answer(message: Message, caption: str, photo: str | InputFile) -> Arrived:
    if isinstance(photo, str) and message.bot:
        thread_id = message.message_thread_id if message.is_topic_message else None
        body = photo_body(photo, caption)
        return await send_ready(message.bot, photo_to(message.chat.id, thread_id, body))
    return await message.answer_photo(photo, caption=caption, parse_mode="HTML")
