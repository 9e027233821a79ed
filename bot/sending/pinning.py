"""Pins each digest that arrived, where that is wished, and unpins the one before."""

from __future__ import annotations

import asyncio
import logging
from weakref import WeakValueDictionary

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError

from digests.delivery.calls import Messenger
from digests.posts import Delivery, Outcome, Sent
from digests.store.subscriptions import Subscriptions
from digests.subscriptions import Address

log = logging.getLogger(__name__)


class PinningMessenger:
    """A messenger that also pins. Pinning never changes an outcome: the post has arrived."""

    def __init__(self, inner: Messenger, bot: Bot, subscriptions: Subscriptions) -> None:
        self._inner = inner
        self._bot = bot
        self._subscriptions = subscriptions
        self._pinning: set[asyncio.Task[None]] = set()
        self._locks: WeakValueDictionary[Address, asyncio.Lock] = WeakValueDictionary()

    async def send(self, delivery: Delivery) -> Outcome:
        """Send it; what arrived is pinned by the way, so that the outcome is on record at once."""
        outcome = await self._inner.send(delivery)
        if delivery.pin and isinstance(outcome, Sent):
            pinning = asyncio.create_task(self._pin_in_turn(delivery.address, outcome.message_id))
            self._pinning.add(pinning)
            pinning.add_done_callback(self._pinning.discard)
        return outcome

    async def close(self) -> None:
        """Wait for what is being pinned."""
        await asyncio.gather(*self._pinning)

    async def _pin_in_turn(self, address: Address, message_id: int) -> None:
        """The digest that came later must be the one that stays pinned."""
        async with self._locks.setdefault(address, asyncio.Lock()):
            await self._pin(address, message_id)

    async def _pin(self, address: Address, message_id: int) -> None:
        try:
            await self._bot.pin_chat_message(address.chat_id, message_id, disable_notification=True)
            before = await self._subscriptions.exchange_pinned(address, message_id)
            if before is not None:
                await self._bot.unpin_chat_message(address.chat_id, message_id=before)
        except TelegramAPIError as error:
            log.info("the digest in %s is not pinned: %s", address, error)
        except Exception:
            log.exception("the digest in %s is not pinned", address)
