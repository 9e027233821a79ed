"""Brings a post to an address, and tells Telegram's errors as outcomes of the delivery."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import lru_cache

from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from markupsafe import Markup

from bot.sending.post_cards import PostCards, fits_caption
from bot.sending.post_keyboard import PostKeyboard
from bot.sending.quizzes import refused_quiz, send_quiz
from bot.sending.rich_fallback import RichFallback
from bot.telegram.calls.prepared import (
    Arrived,
    PreparedCall,
    PreparedKeyboard,
    page_body,
    page_to,
    plain_body,
    text_body,
    text_to,
)
from bot.telegram.client import LaneBot
from bot.telegram.outcomes import outcome_of
from bot.views.classic import classic_messages
from bot.views.plain_text import plain_text
from bot.views.rich import rich_messages
from digests.posts import Delivery, Gone, Later, Outcome, Sent
from digests.questions import Question
from digests.subscriptions import Address, Layout

log = logging.getLogger(__name__)

#: When to look again whether another instance has ended (seconds).
_HELD_PAUSE = 30.0

_UNREADABLE = "can't parse entities"


class TelegramMessenger:
    """Sends posts in the layout of each subscriber; *bot* speaks through the broadcast lane, *cards* too.

    While *held* gives a reason, nothing is sent: another instance may be sending the same.
    """

    def __init__(
        self,
        bot: LaneBot,
        cards: PostCards | None = None,
        *,
        paid: bool = False,
        held: Callable[[], str | None] = lambda: None,
        rich: RichFallback | None = None,
        post_keyboard: PostKeyboard | None = None,
    ) -> None:
        self._bot = bot
        self._cards = cards
        self._rich = rich or RichFallback()
        self._paid = paid or None
        self._held = held
        self._post_keyboard = post_keyboard

    async def send(self, delivery: Delivery) -> Outcome:
        """Send one post; every end is an outcome, nothing is raised.

        A post of several messages counts as sent when the first one arrived: what is told first
        must not be told twice, so a later part that fails is logged and left. A text that is too long
        for a caption goes first, and the card follows it; a rich page holds its card.
        """
        if reason := self._held():
            return Later(_HELD_PAUSE, reason)
        if delivery.is_quiz and delivery.post.quiz:
            return await self._send_quiz(delivery, delivery.post.quiz)
        try:
            is_rich = delivery.layout is Layout.RICH
            return (is_rich and await self._send_richly(delivery)) or await self._send_classic(delivery)
        except TelegramAPIError as error:
            outcome = outcome_of(error)
            return await self._without_topic(delivery) if _falls_back(delivery, outcome) else outcome

    async def _send_quiz(self, delivery: Delivery, question: Question) -> Outcome:
        try:
            message = await send_quiz(self._bot, delivery, question, paid=self._paid)
            return Sent(message.message_id)
        except TelegramAPIError as error:
            outcome = outcome_of(error)
            return (
                await self._without_topic(delivery)
                if _falls_back(delivery, outcome)
                else refused_quiz(outcome)
            )

    async def _send_classic(self, delivery: Delivery) -> Outcome:
        """The post as classic messages, the first one under the card when it fits there."""
        first, *rest = _messages_of(delivery.post.html)
        cards = self._cards if delivery.picture and delivery.post.picture else None
        has_caption = cards is not None and not rest and fits_caption(first)
        message = await cards.send(delivery, first) if cards and has_caption else None
        if message is None:
            message = await self._send_text(delivery, first, self._keyboard(delivery))
        for text in rest:
            await self._send_rest(delivery, self._send_text(delivery, text))
        if cards and not has_caption:
            await self._send_rest(delivery, cards.send(delivery))
        return Sent(message.message_id)

    async def _without_topic(self, delivery: Delivery) -> Outcome:
        address = delivery.address
        outside = replace(delivery, address=Address(address.chat_id), lost_topic=address.thread_id)
        return await self.send(outside)

    async def _send_rest(self, delivery: Delivery, part: Awaitable[object]) -> None:
        try:
            await part
        except TelegramAPIError as error:
            log.warning("delivery %s: a later part was not sent: %s", delivery.id, outcome_of(error))

    async def _send_richly(self, delivery: Delivery) -> Outcome | None:
        """Send a post as one rich message; None when it has to go out as classic messages."""
        page = _page_of(delivery.post.html)
        if page is None:
            return None
        if message := await self._send_page_with_card(delivery, page):
            return Sent(message.message_id)
        body = _rich_body_of(page, delivery.silent or None, self._paid, self._keyboard(delivery))
        call = page_to(delivery.address.chat_id, delivery.address.thread_id, body)
        message = await self._rich.attempt(page, lambda: self._bot.send_prepared(call))
        if message is None:
            return None
        if self._cards:
            await self._send_rest(delivery, self._cards.send(delivery))
        return Sent(message.message_id)

    async def _send_page_with_card(self, delivery: Delivery, page: Markup) -> Arrived | None:
        cards = self._cards
        whole = cards.page_of(delivery, page) if cards else None
        if cards is None or whole is None:
            return None
        return await self._rich.attempt(whole, lambda: cards.send_page(delivery, whole))

    def _keyboard(self, delivery: Delivery) -> PreparedKeyboard | None:
        return self._post_keyboard.of(delivery) if self._post_keyboard else None

    async def _send_text(
        self, delivery: Delivery, html: Markup, keyboard: PreparedKeyboard | None = None
    ) -> Arrived:
        try:
            return await self._bot.send_prepared(self._prepared(delivery, html, keyboard))
        except TelegramBadRequest as error:
            if _UNREADABLE not in error.message.lower():
                raise
            log.warning("post %s goes out as plain text: %s", delivery.post_id, error.message)
            return await self._bot.send_prepared(self._prepared(delivery, plain_text(html), keyboard))

    def _prepared(
        self, delivery: Delivery, text: Markup | str, keyboard: PreparedKeyboard | None
    ) -> PreparedCall:
        body = _body_of(text, delivery.silent or None, self._paid, keyboard)
        return text_to(delivery.address.chat_id, delivery.address.thread_id, body)


@lru_cache(maxsize=64)
def _messages_of(html: Markup) -> tuple[Markup, ...]:
    """The texts of a post, made once for all its subscribers."""
    return tuple(classic_messages(html))


@lru_cache(maxsize=64)
def _page_of(html: Markup) -> Markup | None:
    """A post as one rich message; None when it needs several, of which a later one could get lost."""
    pages = rich_messages(html)
    return pages[0] if len(pages) == 1 else None


def _falls_back(delivery: Delivery, outcome: Outcome) -> bool:
    is_topic = delivery.address.thread_id != 0 and isinstance(outcome, Gone) and outcome.topic_only
    return is_topic and delivery.falls_back


@lru_cache(maxsize=256, typed=True)
def _body_of(
    text: Markup | str, silent: bool | None, paid: bool | None, keyboard: PreparedKeyboard | None
) -> bytes:
    """The request that sends a text, but for its address: encoded once for all its subscribers."""
    if isinstance(text, Markup):
        return text_body(text, keyboard, disable_notification=silent, allow_paid_broadcast=paid)
    return plain_body(text, keyboard, disable_notification=silent, allow_paid_broadcast=paid)


@lru_cache(maxsize=256)
def _rich_body_of(
    page: Markup, silent: bool | None, paid: bool | None, keyboard: PreparedKeyboard | None
) -> bytes:
    return page_body(page, keyboard, disable_notification=silent, allow_paid_broadcast=paid)
