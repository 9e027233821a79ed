"""Pictures beside answers: sent behind what a typed command says, or asked for by a button."""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from contextlib import suppress
from functools import partial

from aiogram import Router
from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery, InputFile
from markupsafe import escape

from bot.handlers.responder import Responder
from bot.ops.background import BackgroundTasks
from bot.telegram.callback_data import PictureCallback
from bot.telegram.calls.prepared import Arrived, PreparedPhoto, photo_body
from bot.telegram.outcomes import outcome_of
from bot.views.reply_cache import all_pages
from bot.views.screen import Button, Screen
from digests.posts import Unknown

log = logging.getLogger(__name__)


def pictures_router() -> Router:
    """The button that asks for a picture."""
    router = Router(name="pictures")
    router.callback_query.register(send_picture, PictureCallback.filter())
    return router


async def send_picture(
    _callback: CallbackQuery,
    callback_data: PictureCallback,
    responder: Responder,
    background: BackgroundTasks,
) -> None:
    """The button ``🖼``: sends the picture of a screen."""
    name = callback_data.name
    try:
        responder.outlets.pictures.describe(name, responder.language)
    except (LookupError, ValueError):
        await responder.notice(
            responder.say("This picture is no longer there. Please send the command again.")
        )
        return
    await bring_picture(responder, name, background)


async def bring_picture(responder: Responder, name: str, background: BackgroundTasks) -> None:
    """Send a picture; one that has to be drawn first follows then, and the chat is shown that it will."""
    bot, pictures = responder.outlets.bot, responder.outlets.pictures
    if await pictures.is_uploaded(bot.id, name, responder.language, theme=responder.theme):
        await _show(responder, name)
        return
    thread_id = responder.target.thread_id
    with suppress(TelegramAPIError):  # only a courtesy
        await bot.send_chat_action(responder.chat_id, "upload_photo", message_thread_id=thread_id)
    background.do(partial(_show, responder, name))


async def _show(responder: Responder, name: str) -> None:
    """Send a picture with what it shows as its caption; if it may be lost, that is said with a button."""
    bot, pictures = responder.outlets.bot, responder.outlets.pictures
    try:
        caption = pictures.describe(name, responder.language)

        def send(photo: str | InputFile) -> Awaitable[Arrived]:
            if isinstance(photo, str):
                body = photo_body(photo, escape(caption))
                return bot.send_prepared(responder.target.prepared(PreparedPhoto, body))
            return bot.send_photo(**responder.target.fields, photo=photo, caption=caption, parse_mode=None)

        await pictures.send(bot.id, name, responder.language, send, theme=responder.theme)
    except TelegramAPIError as error:
        log.warning("the picture %s was not sent to %s: %s", name, responder.chat_id, error)
        if isinstance(outcome_of(error), Unknown):
            await _offer_again(responder, name)
    except Exception:
        log.exception("the picture %s was not sent", name)


async def _offer_again(responder: Responder, name: str) -> None:
    """Sent again, it could stand there twice: nobody knows whether it arrived."""
    text = responder.say("The picture may not have arrived.")
    button = Button(f"🖼 {responder.say('Picture')}", PictureCallback(name=name).pack())
    screen = Screen(responder.render("notice", text=text, examples=()), ((button,),))
    try:
        for reply in all_pages(screen, responder.layout):
            await responder.send(reply)
    except TelegramAPIError as error:
        log.warning("that a picture may be missing was not told in %s: %s", responder.chat_id, error)
