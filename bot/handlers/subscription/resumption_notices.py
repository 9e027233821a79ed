"""Tells the people who subscribed a chat, once and in private, that its digests go on."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable

from aiogram.exceptions import TelegramAPIError

from bot.handlers.responders import Responders
from bot.handlers.settings.page import SettingsPage
from bot.handlers.settings.upcoming import next_titles
from bot.telegram.callback_data import SubscriptionAction
from bot.telegram.permissions import Permissions, is_trouble
from bot.views.screen import Button, Screen
from digests.delivery.clock import Clock
from digests.store import Store
from digests.store.pauses import EndedPause, is_over
from digests.subscriptions import Subscription

log = logging.getLogger(__name__)


#: So many ended pauses are known, in case the clock was ahead.
_KNOWN = 1000


class ResumptionNotices:
    """One line for each chat whose pause is over, or that can be reached again."""

    def __init__(
        self,
        store: Store,
        *,
        permissions: Permissions,
        responders: Responders,
        settings_page: SettingsPage,
        clock: Clock,
    ) -> None:
        self._store = store
        self._permissions = permissions
        self._responders = responders
        self._settings_page = settings_page
        self._clock = clock
        self._ended: deque[EndedPause] = deque(maxlen=_KNOWN)

    async def tell_ended_pauses(self) -> int:
        """End the pauses that are over and tell of them; how many that were.

        While Telegram is away, an end stays to be told.
        """
        ended = await self._store.pauses.end(self._clock.now())
        self._ended.extend(ended)
        for each in ended:
            if not await self._is_told(each.subscription):
                await self._store.pauses.give_back(each)
        return len(ended)

    async def take_back_ends(self) -> None:
        """Have those paused again whose pause ended by a clock that was ahead, and is right by now."""
        now = self._clock.now()
        for ended in [each for each in self._ended if not is_over(each, now)]:
            self._ended.remove(ended)
            await self._store.pauses.give_back(ended)
            log.warning("the clock was ahead: %s is paused again", ended.subscription.address)

    async def tell(self, resumed: Iterable[Subscription]) -> None:
        """Tell who made each subscription; of one that is paused, the end of the pause is told."""
        for subscription in resumed:
            if subscription.paused_until is None:
                await self._is_told(subscription)

    async def _is_told(self, subscription: Subscription) -> bool:
        """Tell who made it, if they may know; False if that may go better later."""
        user_id = subscription.subscribed_by
        if user_id is None or not await self._permissions.may_be_told(user_id, subscription.address.chat_id):
            return True
        try:
            await self._tell(user_id, subscription)
        except TelegramAPIError as error:
            log.info("%s cannot be told that %s goes on: %s", user_id, subscription.address, error)
            return not is_trouble(error)
        return True

    async def _tell(self, user_id: int, subscription: Subscription) -> None:
        """In the person's own language, else in that of the digests."""
        responder = await self._responders.in_private(user_id, str(subscription.language))
        library, now = responder.request.library, self._clock.now()
        address = subscription.address
        html = responder.render(
            "resumed",
            title=await self._settings_page.title(responder, address),
            upcoming=next_titles(library, subscription, now, responder.language)[:1],
        )
        data = responder.signed(SubscriptionAction.OPEN_SECTION, address, "main")
        button = Button("⚙️ " + responder.say("Settings"), data)
        await responder.show(Screen(html, ((button,),)))
