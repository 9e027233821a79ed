"""The one way to read, make, change and end subscriptions: each call first asks whether the sender may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.handlers.chat_languages import ChatLanguages
from bot.handlers.subscription.refusals import Refusal, RefusedError, refusing_when_unknown
from bot.settings import Settings
from bot.telegram.permissions import Permissions
from bot.telegram.sender import Sender
from digests.delivery.clock import Clock
from digests.delivery.planner import Planner
from digests.schedules import Occasion, Schedule
from digests.store import Store
from digests.store.chats import Forgotten
from digests.subscriptions import Address, ChatSettings, Subscription, SubscriptionState
from digests.text import Language

#: Telegram reports a picked chat on two roads within this time.
_SAME_MOMENT = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Change:
    """A subscription before and after a change; ``before`` is None for a new one."""

    before: Subscription | None
    after: Subscription
    is_recent: bool = False  # whether somebody else began it a moment ago

    @property
    def is_start(self) -> bool:
        """Whether the digests begin, or begin again."""
        return self.after.state is SubscriptionState.ACTIVE and (
            self.before is None or self.before.state is not SubscriptionState.ACTIVE
        )


#: Changes the settings of a subscription; may raise for what it cannot read.
Edit = Callable[[Subscription], Subscription]


class SubscriptionService:
    """Subscriptions of chats, behind the rights of whoever asks."""

    def __init__(
        self,
        store: Store,
        *,
        permissions: Permissions,
        languages: ChatLanguages,
        planner: Planner,
        defaults: Settings,
        clock: Clock,
    ) -> None:
        self._store = store
        self._permissions = permissions
        self._languages = languages
        self._planner = planner
        self._defaults = defaults
        self._clock = clock

    async def read(self, sender: Sender, address: Address) -> Subscription | None:
        """The subscription of an address; None when it has none.

        Raises:
            RefusedError: the sender may not see it.
        """
        await self._authorize(sender, address)
        return await self._store.subscriptions.get(address)

    async def subscribe(self, sender: Sender, address: Address, edit: Edit, language: Language) -> Change:
        """Subscribe an address with the settings that it has, or with the defaults, changed by *edit*.

        Raises:
            RefusedError: the sender may not subscribe it, or the bot may not post there.
        """
        await self._authorize(sender, address)
        known = await self._store.subscriptions.get(address)
        if known is None or known.state is not SubscriptionState.ACTIVE:
            await self._authorize_start(sender, address)
        fresh = await self.default(sender, address, language)

        def begin(found: Subscription) -> Subscription:
            return replace(edit(found), state=SubscriptionState.ACTIVE)

        made = await self._edit(sender, address, begin, fresh)
        if made is None:
            raise AssertionError("with a fresh one there always is one")
        if made.before is None and address.chat_id < 0:
            await self._languages.choose(address.chat_id, made.after.language)
        return made

    async def change(self, sender: Sender, address: Address, edit: Edit) -> Change | None:
        """Change the settings of a subscription; one that was ended stays so. None when there is none.

        Raises:
            RefusedError: the sender may not change it.
        """
        await self._authorize(sender, address)
        return await self._edit(sender, address, lambda found: replace(edit(found), state=found.state))

    async def take_in(self, sender: Sender, address: Address, kind: str, title: str) -> Change:
        """Subscribe a chat that was picked, or to which the bot was added; begun by one caller only.

        Of several who do so at once, on whatever instances, one gets a change that `is_start`. An active
        subscription of nobody becomes the sender's.

        Raises:
            RefusedError: the sender may not subscribe it, or the bot may not post there.
        """
        try:
            await self._authorize(sender, address)
        except RefusedError:
            await self._authorize_start(sender, address)  # a bot without rights cannot look up the sender
            raise
        await self._authorize_start(sender, address)
        language = Language.of_app(sender.language_code) or self._defaults.default_language
        fresh = await self.default(sender, address, language)
        now = self._clock.now()
        before, after, changed_at = await self._store.subscriptions.begin(fresh, kind, title, now)
        if before is None and address.chat_id < 0:
            await self._languages.choose(address.chat_id, after.language)
        return Change(before, after, is_recent=now - changed_at < _SAME_MOMENT)

    async def unsubscribe(self, sender: Sender, address: Address) -> bool:
        """End the digests of an address and keep its settings; False when there was nothing to end.

        Raises:
            RefusedError: the sender may not.
        """
        await self._authorize(sender, address)
        return await self._store.subscriptions.unsubscribe(address, self._clock.now())

    async def choose_language(self, sender: Sender, address: Address, language: Language) -> None:
        """Set the language of a chat and its digests.

        Raises:
            RefusedError: the sender may not.
        """
        await self._authorize(sender, address)
        await self._languages.choose(address.chat_id, language)

    async def send_now(self, sender: Sender, address: Address, occasion: Occasion) -> bool:
        """Queue a post of an occasion for an active subscription; False when it has it already.

        Raises:
            RefusedError: the sender may not.
        """
        await self._authorize(sender, address)
        done = await self._planner.publish(occasion, self._clock.now(), address=address)
        return bool(done.queued)

    async def known(self, sender: Sender, address: Address) -> Forgotten:
        """How much is stored of a chat.

        Raises:
            RefusedError: the sender may not see it.
        """
        await self._authorize(sender, address)
        return await self._store.chats.known(address.chat_id)

    async def forget(self, sender: Sender, address: Address) -> Forgotten:
        """Delete what is stored of a chat.

        Raises:
            RefusedError: the sender may not.
        """
        await self._authorize(sender, address)
        forgotten = await self._store.chats.forget(address.chat_id)
        self._languages.forget(address.chat_id)
        return forgotten

    async def default(self, sender: Sender, address: Address, language: Language) -> Subscription:
        """What a first subscription would be; nothing is stored.

        It is in the language that the chat chose, else in that of the sender's app, else in *language*.
        """
        known = await self._store.chats.get(address.chat_id) or ChatSettings(address.chat_id)
        chosen = known.language or Language.of_app(sender.language_code) or language
        given = self._defaults
        schedule = Schedule(given.default_cadence, given.default_time, given.default_timezone)
        layout = known.layout or given.default_layout
        return Subscription(address, schedule, chosen, layout, known.theme, subscribed_by=sender.user_id)

    async def _authorize(self, sender: Sender, address: Address) -> None:
        with refusing_when_unknown():
            may_change = await self._permissions.may_change(sender, address.chat_id)
        if not may_change:
            is_here = address.chat_id == sender.chat_id
            raise RefusedError(Refusal.NOT_ADMINISTRATOR if is_here else Refusal.NOT_ADMINISTRATOR_THERE)

    async def _authorize_start(self, sender: Sender, address: Address) -> None:
        """Digests begin only where this instance takes the sender, and the bot may post."""
        if sender.is_direct_messages and sender.chat_id == address.chat_id:
            raise RefusedError(Refusal.NO_SUBSCRIPTIONS_HERE)
        if not self._permissions.may_subscribe(sender.user_id):
            raise RefusedError(Refusal.NOT_ON_ALLOWLIST)
        with refusing_when_unknown():
            own = await self._permissions.own_rights(address.chat_id)
        if not own.may_post:
            raise RefusedError(Refusal.MAY_NOT_POST)

    async def _edit(
        self, sender: Sender, address: Address, edit: Edit, fresh: Subscription | None = None
    ) -> Change | None:
        """Change it in one transaction; one that nobody made becomes that of who changes it in person."""

        def change(found: Subscription) -> Subscription:
            after = edit(found)
            return replace(after, subscribed_by=after.subscribed_by or sender.user_id)

        made = await self._store.subscriptions.edit(address, change, self._clock.now(), fresh=fresh)
        if made is None:
            return None
        before, after = made
        await self._remember(sender, address)
        await self._languages.adopt(before or fresh or after, after)
        return Change(before, after)

    async def _remember(self, sender: Sender, address: Address) -> None:
        if sender.chat_id == address.chat_id:
            await self._store.chats.remember(sender.chat_id, sender.chat_kind, sender.chat_title)
