"""What people do while everything breaks, and what they were answered."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from itertools import count
from typing import Any

from bot.playground.bot_api.world import World
from bot.telegram.callback_data import SubscriptionAction
from bot.telegram.signed_callbacks import CallbackSigner, SignedAction
from digests.subscriptions import Address
from tests.chaos.town import GROUPS, READERS, administrators

#: What is said instead of an answer, in both languages.
FAILED = ("Something went wrong here", "出了点问题")
PERHAPS_LOST = ("My answer may not have arrived", "可能没有送达")
TOO_MANY = ("I may send about one message a second here", "每秒大约")

#: The switch that each administrator of a group sets, with its words.
_SWITCHES = {
    "silent": ("sound", "silent"),
    "picture": ("nopicture", "picture"),
    "figure_on_empty_days": ("nofigures", "figures"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a word that nothing else contains."""

    chat_id: int
    word: str
    is_flood: bool


@dataclass(frozen=True, slots=True)
class SettingChange:
    """What an administrator wanted of a group: by a message, or by a button with a query."""

    group: int
    setting: str
    value: bool
    update_id: int
    message_id: int = 0
    query: str = ""


class People:
    """Readers who ask and administrators who change; all that they did is on record."""

    def __init__(self, world: World, seed: int, token: str) -> None:
        self.questions: list[Question] = []
        self.changes: list[SettingChange] = []
        self._world = world
        self._dice = random.Random(seed)
        self._signer = CallbackSigner(token)
        self._numbers = count(10)

    def ask(self, chat_id: int, word: str = "", *, is_flood: bool = False) -> None:
        """A reader asks for a word; if it is left out, for one that nobody else asks for."""
        word = word or f"qx{next(self._numbers)}v"
        self.questions.append(Question(chat_id, word, is_flood))
        self._world.says(chat_id, chat_id, word)

    def ask_at_once(self) -> None:
        """Have all readers but the one who floods ask in the same moment."""
        for reader in READERS[1:]:
            self.ask(reader)

    async def keep_asking(self) -> None:
        """Have all readers but the one who floods ask now and then, until cancelled."""
        while True:
            for reader in READERS[1:]:
                self.ask(reader)
                await asyncio.sleep(self._dice.uniform(0.1, 0.5))

    def flood(self, questions: int) -> None:
        """Have one reader ask so many at once."""
        for _ in range(questions):
            self.ask(READERS[0], is_flood=True)

    async def quarrel(self) -> None:
        """Have the administrators of two groups change settings at the same time."""
        groups = self._dice.sample(GROUPS, 2)
        await asyncio.gather(
            *(
                self._change(group, person, setting)
                for group in groups
                for person, setting in zip(administrators(group), _SWITCHES, strict=True)
            )
        )

    async def _change(self, group: int, person: int, setting: str) -> None:
        is_by_button = person == administrators(group)[2]
        for _ in range(3 if is_by_button else 2):
            value = self._dice.random() < 0.5
            word = _SWITCHES[setting][value]
            (self._press if is_by_button else self._type)(group, person, setting, word, value)
            await asyncio.sleep(self._dice.uniform(0.0, 0.4))

    def _type(self, group: int, person: int, setting: str, word: str, value: bool) -> None:
        number = self._world.next_update
        message = self._world.says(person, group, f"/settings {word}")
        self.changes.append(SettingChange(group, setting, value, number, message["message_id"]))

    def _press(self, group: int, person: int, setting: str, word: str, value: bool) -> None:
        number, page = self._world.next_update, self._page(person)
        action = SignedAction(SubscriptionAction.CHANGE, Address(group), word)
        query = self._world.presses(person, person, page["message_id"], self._signer.sign(person, action))
        self.changes.append(SettingChange(group, setting, value, number, query=query))

    def _page(self, person: int) -> dict[str, Any]:
        """The page of settings in a private chat."""
        chat = self._world.chats[person]
        if not chat.messages:
            message = self._world.new_message(chat, 0) | {"from": self._world.bot, "text": "settings"}
            self._world.keep(chat, message)
        return chat.messages[min(chat.messages)]

    def is_answered(self, question: Question) -> bool:
        """Whether an answer to a question arrived."""
        return any(question.word in text for text in texts(self._world, question.chat_id))

    def word_on(self, change: SettingChange) -> str | None:
        """What an administrator was told of a change; None when nothing."""
        if change.query:
            told = self._world.callbacks[change.query]
            return None if told is None else str(told.get("text") or "")
        for message in self._world.chats[change.group].messages.values():
            if (message.get("reply_to_message") or {}).get("message_id") == change.message_id:
                return str(message.get("text"))
        return None


def texts(world: World, chat_id: int) -> list[str]:
    """What the bot said in a chat."""
    messages = world.chats[chat_id].messages.values()
    return [str(each.get("text")) for each in messages if each.get("from", {}).get("is_bot")]
