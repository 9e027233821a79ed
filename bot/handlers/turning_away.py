"""Tells people who ask faster than Telegram lets a bot answer that they have to wait."""

from __future__ import annotations

import logging

from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery, InaccessibleMessage, Message, Update

from bot.handlers.acknowledgement import acknowledge
from bot.handlers.reply_target import ReplyTarget
from bot.handlers.responders import Responders
from bot.telegram.administrators import Administrators
from bot.telegram.sender import Sender
from bot.updates.update_queue import Handler, UpdateQueue
from bot.updates.update_record import UpdateRecord
from digests.subscriptions import Layout
from digests.text import msgid

log = logging.getLogger(__name__)

#: What people are told whom Telegram lets nobody answer just now.
TOO_FAST = msgid("I may send about one message a second here: please ask again in a moment.")


def guarded_queue(
    handler: Handler, responders: Responders, record: UpdateRecord, *, comes_again: bool
) -> UpdateQueue:
    """The queue of updates; it turns away who asks too fast, and takes administrators' changes first."""
    bot = responders.outlets.bot
    return UpdateQueue(
        handler,
        bot,
        TooManyQuestions(responders).turn_away,
        record=record,
        comes_again=comes_again,
        administers=Administrators(bot).include,
    )


class TooManyQuestions:
    """Answers an update that is not handled."""

    def __init__(self, responders: Responders) -> None:
        self._responders = responders

    async def turn_away(self, update: Update) -> None:
        """Say so; a button is acknowledged with it."""
        if update.callback_query:
            await self._acknowledge(update.callback_query)
        elif message := update.message or update.channel_post:
            await self._answer(message)

    async def _acknowledge(self, callback: CallbackQuery) -> None:
        message = callback.message
        if message is None or isinstance(message, InaccessibleMessage):
            await acknowledge(callback)
            return
        sender = Sender.of_button(callback, message)
        await acknowledge(callback, await self._text(sender))

    async def _answer(self, message: Message) -> None:
        sender = Sender.of_message(message)
        language = await self._responders.languages.of(sender.chat_id, self._code(sender))
        responder = self._responders.make(ReplyTarget.behind(message), language, Layout.CLASSIC)
        try:
            await responder.notice(await self._text(sender))
        except TelegramAPIError as error:
            log.info("%s was not told to wait: %s", sender.chat_id, error)

    async def _text(self, sender: Sender) -> str:
        language = await self._responders.languages.of(sender.chat_id, self._code(sender))
        request = self._responders.request(language)
        return request.say(TOO_FAST)

    def _code(self, sender: Sender) -> str | None:
        return sender.language_code if sender.is_private else None
