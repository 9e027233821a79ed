"""Why somebody may not change a chat, and how they are told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto

from bot.handlers.responder import Responder
from bot.telegram.permissions import RightsUnknownError, WhyUnknown


class Refusal(Enum):
    """Why somebody may not do something to a chat."""

    NOT_ADMINISTRATOR = auto()
    NOT_ADMINISTRATOR_THERE = auto()  # of another chat than the one in which it was asked
    NOT_ON_ALLOWLIST = auto()
    MAY_NOT_POST = auto()  # the bot itself
    NO_SUBSCRIPTIONS_HERE = auto()  # the direct messages of a channel
    RIGHTS_UNKNOWN = auto()  # Telegram does not tell them just now
    BOT_NOT_THERE = auto()
    CHAT_MOVED = auto()  # it has another id since the button was made


class RefusedError(Exception):
    """Somebody may not do what they asked for."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.name)
        self.refusal = refusal


_TEXTS = {
    Refusal.NOT_ADMINISTRATOR: "Only administrators of this chat can do that. If you post anonymously here, "
    "type the command instead of pressing a button.",
    Refusal.NOT_ADMINISTRATOR_THERE: "Only administrators of that chat can subscribe it, and I could not see "
    "you there.",
    Refusal.NOT_ON_ALLOWLIST: "Only the operator of this bot can subscribe chats here.",
    Refusal.MAY_NOT_POST: "I may not post there: make me an administrator who may post messages, then try "
    "again.",
    Refusal.NO_SUBSCRIPTIONS_HERE: "Digests cannot be posted to the direct messages of a channel.",
    Refusal.RIGHTS_UNKNOWN: "Telegram does not tell just now who may do that. Nothing was changed; please "
    "try again.",
    Refusal.BOT_NOT_THERE: "I am not in that chat, so nothing is posted there. Add me to it, then try again.",
    Refusal.CHAT_MOVED: "This is from before that group became a supergroup. Its settings are now under My "
    "chats: /start",
}


def refusal_text(refusal: Refusal, responder: Responder) -> str:
    """What a sender is told, as plain text."""
    return responder.say(_TEXTS[refusal])


#: What is told when Telegram does not tell the rights in a chat.
_UNTOLD = {
    WhyUnknown.AWAY: Refusal.RIGHTS_UNKNOWN,
    WhyUnknown.NOT_THERE: Refusal.BOT_NOT_THERE,
    WhyUnknown.MOVED: Refusal.CHAT_MOVED,
}


@contextmanager
def refusing_when_unknown() -> Iterator[None]:
    """Refuse what depends on rights that Telegram does not tell.

    Raises:
        RefusedError: it does not.
    """
    try:
        yield
    except RightsUnknownError as error:
        raise RefusedError(_UNTOLD[error.why]) from error
