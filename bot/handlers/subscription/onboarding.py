"""Adding the bot to a chat: it is picked in the private chat, or the bot is added there; both end here."""

from __future__ import annotations

import logging

from aiogram import Bot, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.types import (
    CallbackQuery,
    ChatAdministratorRights,
    ChatShared,
    KeyboardButton,
    KeyboardButtonRequestChat,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    TelegramObject,
)

from bot.handlers.filters import ServiceMessageFilter
from bot.handlers.reply_target import ReplyTarget
from bot.handlers.responder import Responder
from bot.handlers.responders import Responders
from bot.handlers.settings.page import SettingsPage
from bot.handlers.subscription.picker_labels import CANCEL, CHANNEL, GROUP
from bot.handlers.subscription.refusals import RefusedError, refusal_text
from bot.handlers.subscription.service import Change, SubscriptionService
from bot.telegram.callback_data import AddChatCallback, ChatKind
from bot.telegram.calls.limits import TITLE_LIMIT
from bot.telegram.sender import Sender
from bot.telegram.signed_callbacks import CallbackSigner
from bot.views.screen import Button, Screen
from digests.subscriptions import Address, Layout
from digests.text import isolated

log = logging.getLogger(__name__)

_CHANNEL_RIGHTS = ("post_messages", "edit_messages")
_GROUP_RIGHTS = ("pin_messages",)
_ALL_RIGHTS = (
    "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
    "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users",
    "can_post_stories", "can_edit_stories", "can_delete_stories",
    "can_send_welcome_messages",
)  # fmt: skip


def onboarding_router() -> Router:
    """The button that offers to pick a chat, and the chat that was picked."""
    router = Router(name="onboarding")
    router.callback_query.register(offer_picker, AddChatCallback.filter())
    router.message.register(put_keyboard_away, is_picker_label)
    router.message.register(take_picked, ServiceMessageFilter("chat_shared"))
    return router


async def offer_picker(
    _callback: CallbackQuery,
    callback_data: AddChatCallback,
    sender: Sender,
    responder: Responder,
    bot: Bot,
    signer: CallbackSigner,
) -> None:
    """The button "Add to a channel" (or a group): a keyboard that picks one, and a link besides."""
    if not sender.is_private or sender.user_id is None:
        await responder.notice(responder.say("That is done in our private chat."))
        return
    kind = callback_data.kind
    link = Button("🔗 " + responder.say("By link instead"), url=_link(kind, (await bot.me()).username or ""))
    picker = _picker(responder, kind, signer.request_id(kind, sender.user_id))
    await responder.send_plain(responder.say("Press the button below the text field 👇"), picker)
    await responder.show(Screen(responder.render("add", kind=kind.value), ((link,),)))


async def is_picker_label(_event: TelegramObject, is_picker_label: bool = False) -> bool:
    """Whether a label of the keyboard was sent as a text."""
    return is_picker_label


async def put_keyboard_away(_message: Message, responder: Responder) -> None:
    """The keyboard goes; an app that only types its label cannot pick chats."""
    await responder.send_plain(
        responder.say("Done. To add me to a chat later: /start"), ReplyKeyboardRemove()
    )


async def take_picked(
    _message: Message,
    chat_shared: ChatShared,
    sender: Sender,
    responder: Responder,
    signer: CallbackSigner,
    onboarding: Onboarding,
) -> None:
    """A chat was picked; Telegram says which, and everything else is looked up afresh."""
    kinds = {signer.request_id(kind, sender.user_id or 0): kind for kind in ChatKind}
    if chat_shared.request_id not in kinds or not sender.is_private:
        text = responder.say("This button is from an older version. Please send the command again.")
        await responder.notice(text)
        return
    title = (chat_shared.title or "")[:TITLE_LIMIT]
    await responder.send_plain(
        responder.say("“%(title)s”: checking rights…", title=isolated(title)), ReplyKeyboardRemove()
    )
    try:
        await onboarding.take_in(sender, chat_shared.chat_id, kinds[chat_shared.request_id], title)
    except RefusedError as error:
        await responder.notice(refusal_text(error.refusal, responder), "/start")


class Onboarding:
    """Subscribes a chat for somebody who administers it, and confirms it to them once."""

    def __init__(
        self, subscriptions: SubscriptionService, responders: Responders, settings_page: SettingsPage
    ) -> None:
        self._subscriptions = subscriptions
        self._responders = responders
        self._settings_page = settings_page

    async def take_in(self, sender: Sender, chat_id: int, kind: str, title: str) -> None:
        """Subscribe a chat for the person of a private chat.

        Both roads report the same chat within moments: the one that subscribed it confirms it.

        Raises:
            RefusedError: the person may not, or the bot may not post there.
        """
        change = await self._subscriptions.take_in(sender, Address(chat_id), kind, title)
        if change.is_start or not change.is_recent:
            await self._confirm(sender, change)

    async def _confirm(self, sender: Sender, change: Change) -> None:
        """In private to who did it; in the chat itself when they never wrote to the bot."""
        private = await self._responders.in_private(sender.chat_id, sender.language_code)
        try:
            await self._send(private, change)
        except TelegramAPIError as error:
            log.info("%s cannot be told in private: %s", sender.user_id, error)
            target = ReplyTarget(change.after.address.chat_id)
            await self._send(self._responders.make(target, private.language, Layout.CLASSIC), change)

    async def _send(self, responder: Responder, change: Change) -> None:
        screen = await self._settings_page.screen(responder, change.after, made=change.is_start)
        await responder.show(screen)


def _link(kind: ChatKind, username: str) -> str:
    rights = "+".join(_CHANNEL_RIGHTS if kind is ChatKind.CHANNEL else _GROUP_RIGHTS)
    way = "startchannel" if kind is ChatKind.CHANNEL else "startgroup=subscribe"
    return f"https://t.me/{username}?{way}&admin={rights}"


def _picker(responder: Responder, kind: ChatKind, request_id: int) -> ReplyKeyboardMarkup:
    is_channel = kind is ChatKind.CHANNEL
    label = responder.say(CHANNEL if is_channel else GROUP)
    own = ("can_post_messages", "can_edit_messages") if is_channel else ("can_pin_messages",)
    request = KeyboardButtonRequestChat(
        request_id=request_id,
        chat_is_channel=is_channel,
        user_administrator_rights=_rights(*own, "can_manage_chat", "can_promote_members", "can_invite_users"),
        bot_administrator_rights=_rights(*own, "can_manage_chat"),
        bot_is_member=None if is_channel else True,
        request_title=True,
    )
    button = KeyboardButton(text=label, request_chat=request)
    cancel = KeyboardButton(text=responder.say(CANCEL))
    return ReplyKeyboardMarkup(keyboard=[[button], [cancel]], resize_keyboard=True, one_time_keyboard=True)


def _rights(*granted: str) -> ChatAdministratorRights:
    named = {name: name in granted for name in _ALL_RIGHTS}
    return ChatAdministratorRights(**named | dict.fromkeys(granted, True))
