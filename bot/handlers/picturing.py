"""Pictures beside answers: sent along with a typed command, or asked for by a button."""

from __future__ import annotations

import logging
from functools import partial
from html import escape

from aiogram.exceptions import TelegramAPIError
from aiogram.types import InputFile, Message

from bot.encoding import ReadyPhoto, ready_photo_body
from bot.handlers.visit import Visit

log = logging.getLogger(__name__)


async def picture(visit: Visit) -> None:
    """The button ``🖼``: sends the picture of a screen."""
    if not await show_picture(visit, visit.argument):
        await visit.notice(visit.say("This picture is no longer there. Please send the command again."))


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


async def _answer(message: Message, caption: str, photo: str | InputFile) -> Message:
    if isinstance(photo, str) and message.bot:
        thread_id = message.message_thread_id if message.is_topic_message else None
        body = ready_photo_body(photo, caption)
        return await message.bot(ReadyPhoto.to(message.chat.id, thread_id, body))
    return await message.answer_photo(photo, caption=caption, parse_mode="HTML")
