"""Every road into the bot and everybody who may take it: the two sides of the rights table.

The roads are read from the routers themselves: a handler behind a filter that is not known here, or of
a kind of update that is not, fails the table until its road is added.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from aiogram import Dispatcher, Router
from aiogram.filters.callback_data import CallbackQueryFilter

from bot.commands import BY_NAME, Scope
from bot.handlers.dispatcher import UPDATES
from bot.handlers.filters import (
    CommandFilter,
    LinkFilter,
    ServiceMessageFilter,
    SettingsReplyFilter,
    SignedActionFilter,
    ViewFilter,
)
from bot.handlers.general.error_report import pass_on
from bot.handlers.general.fallback import answer_unknown_call, answer_without_text, outdated_button
from bot.handlers.subscription.onboarding import put_keyboard_away
from bot.playground import CHANNEL, GROUP, GUEST, HELPER, PERSON, World
from bot.playground.bot_api.world import PlayChat
from bot.telegram.callback_data import ChatKind, SubscriptionAction
from bot.telegram.deep_links import LinkKind
from bot.telegram.signed_callbacks import CallbackSigner, SignedAction
from digests.subscriptions import Address

#: The direct messages of the channel, and the topic in which a reader writes there.
DIRECT, TOPIC = -1007, 7

_NUMBERS = count(10_000)
_WORDS = ("", "daily 10:00 silent en")
_SIGNED_VALUES = {
    SubscriptionAction.CHANGE: ("daily", "silent"),
    SubscriptionAction.LANGUAGE: ("", "en"),
    SubscriptionAction.OPEN_SECTION: ("main",),
    SubscriptionAction.SEND_NOW: ("daily:2026-05-10",),
}

#: A button of each kind that carries no signature.
UNSIGNED = {
    "v": "v|zones||0",
    "add": "add|group",
    "picture": "picture|zones",
    "stop": "stop",
    "stoptopic": "stoptopic|5",
    "language": "language",
    "data": "data|csv",
    "quiz": "quiz|1|",
}

#: Commands that ask.
_READING = ("preview", "timeline", "privacy", "quiz", "data", "cite", "picture")

#: Buttons that a middleware turns into signed ones for the chat in which they are pressed.
_MENU = ("menu|subscribe", "menu|settings")

#: Handlers behind filters of their own that only say something.
_NEVER_CHANGING = (answer_unknown_call, answer_without_text, outdated_button, put_keyboard_away, pass_on)

#: What links of each kind open; the address of a chat is sealed as in the bot's own answers there.
_SEALED = "SEALED"
_LINKS = {LinkKind.SETTINGS: f"s-{_SEALED}", LinkKind.ERROR: "e-daily_2026-05-10"}

#: What Telegram itself says of a chat: nobody can write it.
_TELEGRAMS = {"migrate_to_chat_id", "forum_topic_closed", "forum_topic_reopened"}


@dataclass(frozen=True)
class Road:
    """One thing that somebody may write, press or pick."""

    kind: str  # of the update
    text: str = ""
    action: SubscriptionAction | None = None
    value: str = ""
    is_reply: bool = False
    service: str = ""

    @property
    def names_its_chat(self) -> bool:
        """Whether Telegram says which chat it is about, wherever it happens."""
        return self.service == "chat_shared" or self.kind == "my_chat_member"

    @property
    def reads(self) -> bool:
        """Whether it is a question that nobody is kept from: it changes nothing, whoever asks."""
        if self.kind == "callback_query":
            return self.action is None and self.text.partition("|")[0] not in ("stop", "stoptopic", "menu")
        return self.text.partition(" ")[0].removeprefix("/") in _READING

    @property
    def starts(self) -> bool:
        """Whether it may begin digests."""
        is_asked = self.text.startswith(("/subscribe", "/start subscribe", _MENU[0]))
        return is_asked or self.names_its_chat or self.action is SubscriptionAction.SUBSCRIBE


@dataclass(frozen=True)
class Sender:
    """Somebody who wants something of the chat ``home``; ``may`` is the answer that the table is held to.

    ``kinds`` are the updates that Telegram makes of what they do in ``chat``.
    """

    name: str
    person: int
    may: bool
    home: int
    chat: dict[str, Any]
    kinds: tuple[str, ...]
    is_operator: bool = False
    extra: tuple[tuple[str, Any], ...] = ()

    def concerns_home(self, road: Road) -> bool:
        """Whether the road leads to the settings of ``home``: a command in private is about that chat."""
        is_there = self.chat["id"] == self.home
        return is_there or road.action is not None or road.is_reply or road.names_its_chat


_GROUP = {"id": GROUP, "type": "supergroup", "title": "G"}
_CHANNEL = {"id": CHANNEL, "type": "channel", "title": "C"}
_DIRECT = {"id": DIRECT, "type": "supergroup", "title": "D", "is_direct_messages": True}
_OTHER = {"id": -1009, "type": "channel", "title": "Other"}
_ORIGIN = {"type": "hidden_user", "date": 1, "sender_user_name": "A"}
_INLINE_BOT = {"id": 99, "is_bot": True, "first_name": "B", "username": "gifs_bot"}

_WRITES, _POSTS, _ADDS = ("message", "callback_query"), ("channel_post",), ("my_chat_member",)


def _in_group(name: str, person: int, *, may: bool, is_operator: bool = False, **extra: Any) -> Sender:
    kinds = (*_WRITES, *_ADDS) if not extra else ("message",)  # only persons press buttons
    return Sender(name, person, may, GROUP, _GROUP, kinds, is_operator, tuple(extra.items()))


def _in_private(name: str, person: int, home: int, *, may: bool) -> Sender:
    chat = {"id": person, "type": "private", "first_name": "A"}
    return Sender(name, person, may, home, chat, _WRITES, is_operator=person == PERSON)


def _post(name: str, *, may: bool, **extra: Any) -> Sender:
    return Sender(name, 0, may, CHANNEL, _CHANNEL, _POSTS, extra=(("sender_chat", _CHANNEL), *extra.items()))


def _at_channel(name: str, person: int, *, may: bool) -> Sender:
    """Somebody who presses buttons under a channel's posts, and adds the bot to it."""
    return Sender(
        name, person, may, CHANNEL, _CHANNEL, ("callback_query", *_ADDS), is_operator=person == PERSON
    )


def _in_direct(name: str, person: int, *, may: bool, **extra: Any) -> Sender:
    topic = {"topic_id": TOPIC, "user": {"id": GUEST, "is_bot": False, "first_name": "A"}}
    given = (("direct_messages_topic", topic), *extra.items())
    kinds = ("message",) if extra else _WRITES
    return Sender(name, person, may, DIRECT, _DIRECT, kinds, is_operator=person == PERSON, extra=given)


SENDERS = (
    _in_group("the creator, who is an operator", PERSON, may=True, is_operator=True),
    _in_group("an administrator", HELPER, may=True),
    _in_group("a member", GUEST, may=False),
    _in_group("an anonymous administrator", 1087968824, may=True, sender_chat=_GROUP),
    _in_group("a channel", 136817688, may=False, sender_chat=_OTHER),
    _in_group("a linked channel", 777000, may=False, sender_chat=_OTHER, is_automatic_forward=True),
    _in_group("an administrator who forwards", HELPER, may=False, forward_origin=_ORIGIN),
    _in_group("an administrator by an old server who forwards", HELPER, may=False, forward_date=1),
    _in_group("an administrator by an inline bot", HELPER, may=False, via_bot=_INLINE_BOT),
    _in_private("an administrator in private", HELPER, GROUP, may=True),
    _in_private("a member in private", GUEST, GROUP, may=False),
    _post("the channel itself", may=True),
    _post("a forward in the channel", may=False, forward_origin=_ORIGIN),
    _post("a forward of an old server in the channel", may=False, forward_date=1, forward_sender_name="A"),
    _post("an inline bot in the channel", may=False, via_bot=_INLINE_BOT),
    _at_channel("the channel's creator", PERSON, may=True),
    _at_channel("the channel's administrator", HELPER, may=True),
    _at_channel("a reader of the channel", GUEST, may=False),
    _in_private("the channel's administrator in private", HELPER, CHANNEL, may=True),
    _in_private("the channel's creator in private", PERSON, CHANNEL, may=True),
    _in_private("a reader of the channel in private", GUEST, CHANNEL, may=False),
    _in_direct("a reader in the direct messages", GUEST, may=False),
    _in_direct("the channel's creator in the direct messages", PERSON, may=True),
    _in_direct("the channel in the direct messages", 136817688, may=False, sender_chat=_CHANNEL),
)


def people(world: World) -> None:
    """Make the channel and its direct messages fit for the table."""
    members = {PERSON: "creator", HELPER: "administrator", GUEST: "member"}
    world.chats[CHANNEL].members = dict(members)
    world.chats[DIRECT] = PlayChat(
        DIRECT, "supergroup", "D", dict(members), "administrator", direct_topics={TOPIC: GUEST}
    )


def roads(dispatcher: Dispatcher) -> Iterator[Road]:
    """Every road of every handler, and those that a middleware adds."""
    yield from (Road("callback_query", data) for data in _MENU)
    for router in dispatcher.chain_tail:
        yield from _roads_of(router)


def _roads_of(router: Router) -> Iterator[Road]:
    for kind, observer in router.observers.items():
        assert kind in (*UPDATES, "update", "error") or not observer.handlers, (
            f"no roads are known for {kind}"
        )
        for handler in observer.handlers if kind in UPDATES else ():
            filters = [each.callback for each in handler.filters or []]
            if kind == "my_chat_member":
                assert filters == []
                yield Road(kind)
            elif handler.callback not in _NEVER_CHANGING:
                yield from _roads(kind, filters)


def _roads(kind: str, filters: list[Any]) -> Iterator[Road]:
    """The roads that lead to a handler with these filters."""
    (only,) = filters
    match only:
        case CommandFilter():
            for name in sorted(only.names):
                if BY_NAME[name].scope is not Scope.OPERATORS:
                    yield from (Road(kind, f"/{name} {words}") for words in _WORDS)
        case ViewFilter():
            yield from (Road(kind, text) for text in ("/start subscribe", "/timeline", "/privacy"))
        case SettingsReplyFilter():
            yield Road(kind, "daily 10:00", is_reply=True)
        case SignedActionFilter():
            values = _SIGNED_VALUES.get(only.action, ("",))
            yield from (Road(kind, action=only.action, value=value) for value in values)
        case CallbackQueryFilter():
            yield Road(kind, text=UNSIGNED[only.callback_data.__prefix__])
        case LinkFilter():
            yield Road(kind, text=f"/start {_LINKS[only.kind]}")
        case ServiceMessageFilter():
            yield from (Road(kind, service=field) for field in {only.field} - _TELEGRAMS)
        case _:
            raise AssertionError(f"no road is known to {only!r}: add it to this table")


def update(signer: CallbackSigner, road: Road, sender: Sender) -> dict[str, Any]:
    """What Telegram would say when the sender takes the road."""
    number = next(_NUMBERS)
    user = {"id": sender.person, "is_bot": False, "first_name": "A", "language_code": "en"}
    if road.kind == "my_chat_member":
        return {"update_id": number, road.kind: _added(sender, user)}
    message = {"message_id": number, "date": 1, "chat": sender.chat, "from": user} | dict(sender.extra)
    if road.kind == "channel_post":
        del message["from"]
    data = _data_of(signer, road, sender)
    if road.kind == "callback_query":
        query = {"id": str(number), "from": user, "chat_instance": "1", "message": message | {"text": "x"}}
        return {"update_id": number, road.kind: query | {"data": data}}
    if road.service:
        message |= {road.service: _picked(signer, sender)}
    else:
        message |= {"text": road.text.replace(_SEALED, signer.seal(Address(sender.home)))}
    if road.is_reply:
        markup = {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}
        replied = {"message_id": 1, "date": 1, "chat": sender.chat, "reply_markup": markup}
        message["reply_to_message"] = replied
    return {"update_id": number, road.kind: message}


def _added(sender: Sender, user: dict[str, Any]) -> dict[str, Any]:
    """The bot became an administrator who may post."""
    bot = {"id": 1, "is_bot": True, "first_name": "S", "username": "silkline_bot"}
    left = {"user": bot, "status": "left"}
    now = {"user": bot, "status": "administrator", "can_post_messages": True}
    return {
        "chat": sender.chat, "from": user, "date": 1, "old_chat_member": left, "new_chat_member": now
    }  # fmt: skip


def _picked(signer: CallbackSigner, sender: Sender) -> dict[str, Any]:
    kind = ChatKind.CHANNEL if sender.home == CHANNEL else ChatKind.GROUP
    return {"request_id": signer.request_id(kind, sender.person), "chat_id": sender.home, "title": "T"}


def _data_of(signer: CallbackSigner, road: Road, sender: Sender) -> str:
    """The data of a button, signed if the road is one that acts."""
    action = SubscriptionAction.OPEN_SECTION if road.is_reply else road.action
    if action is None:
        return road.text
    return signer.sign(sender.chat["id"], SignedAction(action, Address(sender.home), road.value))
