"""The state of a small Telegram: people, chats, messages, and what the bot may do in them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.playground.bot_api.chats import OUT, PlayChat, member
from bot.playground.bot_api.refusals import Refusal, bad_request, forbidden
from digests.delivery.clock import SystemClock
from digests.text import Language

__all__ = ["Call", "PlayChat", "World", "quoted"]

_FIRST_UPDATE = 1000
#: So many messages of a chat are kept: more than anybody scrolls back, and little enough to write each time.
MESSAGES_KEPT = 500
_LISTENERS_QUEUE = 10_000


@dataclass(slots=True)
class Call:
    """A Bot API call that arrived: for the page's list of refusals, and for tests."""

    method: str
    parameters: dict[str, Any]
    at: float
    refusal: Refusal | None = None
    warning: str = ""


class World:
    """Everything the server knows. Plain state; tests may look at it and change it.

    ``changes`` counts what happened: who keeps the world on disk sees by it whether to write.
    """

    def __init__(self, now: Callable[[], datetime] | None = None) -> None:
        self.now = now or SystemClock().now
        self.bot: dict[str, Any] = {
            "id": 1, "is_bot": True, "first_name": "丝路年轮", "username": "silkline_bot",
            "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False,
        }  # fmt: skip
        self.people: dict[int, dict[str, Any]] = {}
        self.operators: frozenset[int] = frozenset()
        self.chats: dict[int, PlayChat] = {}
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.descriptions: dict[tuple[str, str], str] = {}
        self.files: dict[str, bytes] = {}
        self.calls: list[Call] = []
        self.updates: list[dict[str, Any]] = []
        self.callbacks: dict[str, dict[str, Any] | None] = {}
        self.webhook: dict[str, Any] = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
        self.language = Language.ZH
        self.arrived = asyncio.Event()
        self.changes = 0
        self.next_update = _FIRST_UPDATE
        self._next_callback = 1
        self._listeners: set[asyncio.Queue[dict[str, Any]]] = set()

    # --- what the page and tests do ---

    def says(
        self, person_id: int, chat_id: int, text: str, thread_id: int = 0, reply_to: int = 0
    ) -> dict[str, Any]:
        """A person writes, perhaps in reply to a message; in a channel the channel itself does."""
        chat, person = self.chats[chat_id], self.people[person_id]
        topic = next((topic for topic, user in chat.direct_topics.items() if user == person_id), 0)
        target = chat.messages.get(reply_to)
        message = self.new_message(chat, thread_id or _thread_of(chat, target), topic)
        message["text"] = text
        if target:
            message["reply_to_message"] = quoted(target)
        if text.startswith("/"):
            command = text.split(maxsplit=1)[0]
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(command)}]
        if chat.type == "channel":
            message["sender_chat"] = chat.brief()
        else:
            message["from"] = person
        self.keep(chat, message)
        self.push("channel_post" if chat.type == "channel" else "message", message, chat)
        return message

    def presses(self, person_id: int, chat_id: int, message_id: int, data: str) -> str:
        """A person presses an inline button; the id of the callback query."""
        query = f"q{self._next_callback}"
        self._next_callback += 1
        message = self.chats[chat_id].messages[message_id]
        self.callbacks[query] = None
        payload = {
            "id": query,
            "from": self.people[person_id],
            "message": message,
            "chat_instance": str(chat_id),
            "data": data,
        }
        self.push("callback_query", payload)
        return query

    def admit(self, person_id: int, chat_id: int, status: str) -> None:
        """A person changes the bot's membership: adds, promotes, removes or blocks it."""
        chat = self.chats[chat_id]
        old, chat.bot_status = chat.bot_status, status
        change = {
            "chat": chat.brief(self.people.get(chat_id)),
            "from": self.people[person_id],
            "date": int(self.now().timestamp()),
            "old_chat_member": member(self.bot, old, chat.withheld),
            "new_chat_member": member(self.bot, status, chat.withheld),
        }
        self.push("my_chat_member", change)
        self.tell({"type": "chat", "chat": chat.shown()})

    def migrate(self, chat_id: int, new_id: int) -> None:
        """A group becomes a supergroup of another id."""
        old = self.chats[chat_id]
        self.chats[new_id] = PlayChat(new_id, "supergroup", old.title, dict(old.members), old.bot_status)
        message = self.new_message(old, 0) | {
            "migrate_to_chat_id": new_id,
            "from": next(iter(self.people.values())),
        }
        self.push("message", message)
        old.moved_to = new_id

    # --- what the methods do ---

    def reach(self, chat_id: Any, thread_id: int = 0) -> PlayChat:
        """The chat that the bot may write to.

        Raises:
            Refusal: there is none, or the bot may not, as Telegram words it.
        """
        try:
            chat = self.chats[int(chat_id)]
        except (KeyError, TypeError, ValueError):
            raise bad_request("chat not found") from None
        if chat.moved_to:
            raise bad_request(
                "group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.moved_to
            )
        if chat.bot_status in OUT:
            if chat.type == "private":
                raise forbidden("bot was blocked by the user")
            verb = "was kicked from" if chat.bot_status == "kicked" else "is not a member of"
            raise forbidden(f"bot {verb} the {chat.type} chat")
        if chat.type == "channel" and chat.bot_status != "administrator":
            raise bad_request("need administrator rights in the channel chat")
        if chat.bot_status == "restricted":
            raise bad_request("not enough rights to send text messages to the chat")
        if thread_id and not chat.has_thread(thread_id):
            raise bad_request("message thread not found")
        if thread_id in chat.closed_topics:
            raise bad_request("TOPIC_CLOSED")
        return chat

    def new_message(self, chat: PlayChat, thread_id: int, direct_topic: int = 0) -> dict[str, Any]:
        """An empty message of now with the chat's next id."""
        message: dict[str, Any] = {
            "message_id": chat.next_message_id,
            "date": int(self.now().timestamp()),
            "chat": chat.brief(self.people.get(chat.id)),
        }
        chat.next_message_id += 1
        if thread_id:
            message |= {"message_thread_id": thread_id}
            message |= {"is_topic_message": True} if chat.topics else {}
        if direct_topic:
            user = self.people.get(chat.direct_topics[direct_topic])
            message["direct_messages_topic"] = {"topic_id": direct_topic, "user": user}
        return message

    def keep(self, chat: PlayChat, message: dict[str, Any]) -> None:
        """Store a message and show it in the page; the oldest of very many goes."""
        chat.messages[message["message_id"]] = message
        chat.forget_oldest(MESSAGES_KEPT)
        self.tell({"type": "message", "chat_id": chat.id, "message": message})

    def push(self, kind: str, payload: dict[str, Any], chat: PlayChat | None = None) -> None:
        """Queue an update for the bot, unless it is not in the chat."""
        if chat is not None and chat.bot_status in OUT:
            return
        self.updates.append({"update_id": self.next_update, kind: payload})
        self.next_update += 1
        self.changes += 1
        self.arrived.set()

    # --- the page listens ---

    def menus(self) -> list[dict[str, Any]]:
        """The lists of commands that the bot has set, each with its scope and language."""
        return [
            {"scope": json.loads(scope), "language": language, "commands": commands}
            for (scope, language), commands in self.commands.items()
        ]

    def listen(self) -> asyncio.Queue[dict[str, Any]]:
        """A queue of everything that happens from now on."""
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(_LISTENERS_QUEUE)
        self._listeners.add(queue)
        return queue

    def unlisten(self, queue: asyncio.Queue[dict[str, Any]]) -> None:
        """Stop listening."""
        self._listeners.discard(queue)

    def tell(self, event: dict[str, Any]) -> None:
        """Tell the page; one that reads too slowly is cut off and connects anew."""
        self.changes += 1
        for queue in list(self._listeners):
            try:
                queue.put_nowait(event)
            except asyncio.QueueFull:
                self._listeners.discard(queue)


def quoted(message: dict[str, Any]) -> dict[str, Any]:
    """A message as another one carries it that answers it."""
    return {key: value for key, value in message.items() if key != "reply_to_message"}


def _thread_of(chat: PlayChat, target: dict[str, Any] | None) -> int:
    """The thread of comments that an answer belongs to, in a supergroup without topics."""
    if target is None or chat.topics or chat.type != "supergroup":
        return 0
    return int(target.get("message_thread_id") or target["message_id"])
