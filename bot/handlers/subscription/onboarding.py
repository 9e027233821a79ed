"""Ways in: a chat is picked in the private chat, or the bot is added to it; both end in one place."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import datetime, timedelta

from aiogram.exceptions import TelegramAPIError
from aiogram.types import (
    ChatAdministratorRights,
    KeyboardButton,
    KeyboardButtonRequestChat,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.handlers.context import NO_PREVIEW, Services, Visit
from bot.handlers.subscription.settings_screen import settings_screen
from bot.handlers.subscription.subscribe import fresh
from bot.views.screen import Button, Screen
from digests.subscriptions import Subscription, SubscriptionState

log = logging.getLogger(__name__)

#: Both roads report the same chat within moments; it is confirmed once.
_SAME_MOMENT = timedelta(seconds=60)

_KINDS = ("channel", "group")
_CHANNEL_RIGHTS = ("post_messages", "edit_messages")
_GROUP_RIGHTS = ("pin_messages",)
_ALL_RIGHTS = (
    "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
    "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users",
    "can_post_stories", "can_edit_stories", "can_delete_stories",
    "can_send_welcome_messages",
)  # fmt: skip


class Onboarding:
    """Subscribes a chat for somebody who administers it, and confirms it to him once."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._confirmed: dict[int, tuple[bool, datetime]] = {}
        self._one_at_a_time = asyncio.Lock()

    async def offer(self, visit: Visit) -> None:
        """The button "Add to a channel" (or a group): a keyboard that picks one, and a link besides."""
        kind = visit.argument if visit.argument in _KINDS else "channel"
        username = (await self._services.bot.me()).username or ""
        link = Button("🔗 " + visit.say("By link instead"), url=_link(kind, username))
        if not visit.is_private or visit.user_id is None:
            await visit.notice(visit.say("That is done in our private chat."))
            return
        html = visit.question().render("add", kind=kind)
        await visit.message.answer(
            visit.say("Press the button below the text field 👇"),
            reply_markup=_picker(visit, kind, self._services.signer.number(kind, visit.user_id)),
        )
        await visit.show(Screen(html, ((link,),)))

    async def picked(self, visit: Visit, request_id: int, title: str) -> None:
        """A chat was picked; Telegram says which, and everything else is looked up afresh."""
        numbers = {self._services.signer.number(kind, visit.user_id or 0): kind for kind in _KINDS}
        if request_id not in numbers or not visit.is_private:
            await visit.notice(
                visit.say("This button is from an older version. Please send the command again.")
            )
            return
        await visit.message.answer(
            visit.say("“%(title)s”: checking rights…", title=title), reply_markup=ReplyKeyboardRemove()
        )
        if not await self.subscribe(replace(visit, argument=numbers[request_id]), title):
            await self._say_why(visit)

    async def subscribe(self, visit: Visit, title: str) -> bool:
        """Subscribe the address of a visit when its person administers it and the bot may post.

        The argument of the visit is the kind of the chat, as Telegram names it.
        """
        permissions, address = self._services.permissions, visit.address
        if visit.user_id is None or not await permissions.administers(visit.user_id, address.chat_id):
            return False
        if not permissions.may_subscribe(visit.user_id):
            return False
        if not (await permissions.own_rights(address.chat_id)).may_post:
            return False
        async with self._one_at_a_time:
            return await self._subscribe(visit, title)

    async def _subscribe(self, visit: Visit, title: str) -> bool:
        store, now = self._services.store, self._services.clock.now()
        await store.chats.remember(visit.address.chat_id, visit.argument, title)
        known = await store.subscriptions.get(visit.address)
        is_new = known is None or known.state is not SubscriptionState.ACTIVE
        stored = await store.subscriptions.put(known or await fresh(visit), now) if is_new else known
        if self._is_confirmed(visit, now) or stored is None:
            return True
        await self._confirm(visit, stored, made=is_new)
        return True

    def _is_confirmed(self, visit: Visit, now: datetime) -> bool:
        """Whether the other road has just told of the same chat; the same one again is answered again."""
        chat_id, is_pick = visit.address.chat_id, visit.message.chat_shared is not None
        recent = {key: told for key, told in self._confirmed.items() if now - told[1] < _SAME_MOMENT}
        other_road = chat_id in recent and recent.pop(chat_id)[0] is not is_pick
        self._confirmed = recent if other_road else {**recent, chat_id: (is_pick, now)}
        return other_road

    async def _confirm(self, visit: Visit, subscription: Subscription, *, made: bool) -> None:
        """In private to who did it; in the chat itself when he never wrote to the bot."""
        try:
            await self._send(visit, subscription, made=made)
        except TelegramAPIError as error:
            log.info("%s cannot be told in private: %s", visit.user_id, error)
            there = subscription.address.chat_id
            chat = visit.message.chat.model_copy(update={"id": there, "type": "channel"})
            message = visit.message.model_copy(update={"chat": chat})
            await self._send(replace(visit, message=message), subscription, made=made)

    async def _send(self, visit: Visit, subscription: Subscription, *, made: bool) -> None:
        screen = await settings_screen(visit, subscription, made=made)
        for reply in self._services.replies.show(screen):
            await self._services.bot.send_message(
                visit.message.chat.id,
                reply.text,
                parse_mode="HTML",
                reply_markup=reply.keyboard,
                link_preview_options=NO_PREVIEW,
            )

    async def _say_why(self, visit: Visit) -> None:
        permissions, chat_id = self._services.permissions, visit.address.chat_id
        if not permissions.may_subscribe(visit.user_id):
            text = visit.say("This instance is for its own subscribers; its operator can subscribe a chat.")
        elif not (await permissions.own_rights(chat_id)).may_post:
            text = visit.say(
                "I may not post there: make me an administrator who may post messages, then try again."
            )
        else:
            text = visit.say(
                "Only administrators of that chat can subscribe it, and I could not see you there."
            )
        await visit.show(Screen(visit.question().render("notice", text=text, examples=("/start",))))


def _link(kind: str, username: str) -> str:
    rights = "+".join(_CHANNEL_RIGHTS if kind == "channel" else _GROUP_RIGHTS)
    way = "startchannel" if kind == "channel" else "startgroup=subscribe"
    return f"https://t.me/{username}?{way}&admin={rights}"


def _picker(visit: Visit, kind: str, request_id: int) -> ReplyKeyboardMarkup:
    label = visit.say("📣 Choose a channel") if kind == "channel" else visit.say("👥 Choose a group")
    own = ("can_post_messages", "can_edit_messages") if kind == "channel" else ("can_pin_messages",)
    request = KeyboardButtonRequestChat(
        request_id=request_id,
        chat_is_channel=kind == "channel",
        user_administrator_rights=_rights(*own, "can_manage_chat", "can_promote_members", "can_invite_users"),
        bot_administrator_rights=_rights(*own, "can_manage_chat"),
        bot_is_member=True if kind == "group" else None,
        request_title=True,
    )
    button = KeyboardButton(text=label, request_chat=request)
    return ReplyKeyboardMarkup(keyboard=[[button]], resize_keyboard=True, one_time_keyboard=True)


def _rights(*granted: str) -> ChatAdministratorRights:
    named = {name: name in granted for name in _ALL_RIGHTS}
    return ChatAdministratorRights(**named | dict.fromkeys(granted, True))
