"""Typed data of inline buttons; Telegram takes 64 bytes."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

SEPARATOR = "|"

#: No list has more pages.
MOST_PAGES = 9999


class ChatKind(StrEnum):
    """What a chat picker offers."""

    CHANNEL = "channel"
    GROUP = "group"


class _View(CallbackData, prefix="v", sep=SEPARATOR):
    """A view without a trail: the buttons of older messages, and those of a first screen."""

    command: str
    argument: str = ""
    page: Annotated[int, Field(ge=0, le=MOST_PAGES)] = 0


class ViewCallback(_View, prefix="v", sep=SEPARATOR):
    """Shows a view in the place of the button's message; ``trail`` are the screens behind it."""

    trail: str = ""

    @classmethod
    def unpack(cls, value: str) -> Self:
        """Read a button with a trail or without."""
        has_trail = value.count(SEPARATOR) > len(_View.model_fields)
        return super().unpack(value if has_trail else value + SEPARATOR)

    def pack(self) -> str:
        """Write a button; an empty trail takes no room."""
        if self.trail:
            return super().pack()
        return _View(command=self.command, argument=self.argument, page=self.page).pack()


class MenuAction(StrEnum):
    """What the menu offers besides views: it acts on the chat in which it is pressed."""

    SUBSCRIBE = "subscribe"
    SETTINGS = "settings"


class MenuCallback(CallbackData, prefix="menu", sep=SEPARATOR):
    """Does what the command of that name does in the same chat, with the same rights."""

    action: MenuAction


class PictureCallback(CallbackData, prefix="picture", sep=SEPARATOR):
    """Sends the picture of that name."""

    name: str


class DataCallback(CallbackData, prefix="data", sep=SEPARATOR):
    """Sends the data in a form."""

    form: str


class QuizCallback(CallbackData, prefix="quiz", sep=SEPARATOR):
    """Asks the question of that number among those of the day."""

    number: Annotated[int, Field(ge=0, le=MOST_PAGES)]
    wanted: str = ""


class AddChatCallback(CallbackData, prefix="add", sep=SEPARATOR):
    """Offers to pick a chat for the bot."""

    kind: ChatKind


class LanguageCallback(CallbackData, prefix="language", sep=SEPARATOR):
    """Offers the languages."""


class StopCallback(CallbackData, prefix="stop", sep=SEPARATOR):
    """Ends the digests of the chat in which it is pressed."""


class StopTopicCallback(CallbackData, prefix="stoptopic", sep=SEPARATOR):
    """Ends the digests of a topic: a post whose topic is gone stands outside of it."""

    thread_id: Annotated[int, Field(gt=0, lt=2**31)]


class SubscriptionAction(StrEnum):
    """What a signed button does to a chat; one letter on the wire."""

    SUBSCRIBE = "r"
    UNSUBSCRIBE = "u"
    CHANGE = "s"
    OPEN_SECTION = "v"
    PREVIEW = "p"
    SAMPLE = "x"
    SEND_NOW = "n"
    MY_CHATS = "c"
    LANGUAGE = "l"
    FORGET = "f"
    NARROW = "o"


class SignedCallback(CallbackData, prefix="~", sep=SEPARATOR):
    """Acts on a chat or topic; valid only with a signature made for the chat that shows it."""

    action: SubscriptionAction
    address: str
    value: str = ""
    signature: str = ""


#: Every kind of data that the bot's buttons carry.
CALLBACKS: tuple[type[CallbackData], ...] = (
    ViewCallback,
    MenuCallback,
    PictureCallback,
    DataCallback,
    QuizCallback,
    AddChatCallback,
    LanguageCallback,
    StopCallback,
    StopTopicCallback,
    SignedCallback,
)
