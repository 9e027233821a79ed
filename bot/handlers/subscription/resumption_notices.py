"""Tells the people who subscribed a chat, once and in private, that its digests go on."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from aiogram.exceptions import TelegramAPIError

from bot.handlers.responders import Responders
from bot.handlers.settings.page import SettingsPage
from bot.handlers.settings.upcoming import next_titles
from bot.telegram.callback_data import SubscriptionAction
from bot.views.screen import Button, Screen
from digests.delivery.clock import Clock
from digests.store import Store
from digests.subscriptions import Subscription

log = logging.getLogger(__name__)


class ResumptionNotices:
    """One line for each chat whose pause is over, or that can be reached again."""

    def __init__(
        self, store: Store, responders: Responders, settings_page: SettingsPage, clock: Clock
    ) -> None:
        self._store = store
        self._responders = responders
        self._settings_page = settings_page
        self._clock = clock

    async def tell_ended_pauses(self) -> int:
        """End the pauses that are over and tell of them; how many that were."""
        ended = await self._store.pauses.end(self._clock.now())
        await self.tell(ended)
        return len(ended)

    async def tell(self, resumed: Iterable[Subscription]) -> None:
        """Tell who made each subscription; who cannot be reached is not tried again."""
        for subscription in resumed:
            if subscription.subscribed_by is not None:
                await self._tell(subscription.subscribed_by, subscription)

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
        try:
            await responder.show(Screen(html, ((button,),)))
        except TelegramAPIError as error:
            log.info("%s cannot be told that %s goes on: %s", user_id, address, error)
