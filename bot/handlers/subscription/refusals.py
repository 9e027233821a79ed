"""Why somebody may not change a chat, and how they are told."""

from __future__ import annotations

from enum import Enum, auto

from bot.handlers.responder import Responder


class Refusal(Enum):
    """Why somebody may not do something to a chat."""

    NOT_ADMINISTRATOR = auto()
    NOT_ADMINISTRATOR_THERE = auto()  # of another chat than the one in which it was asked
    NOT_ON_ALLOWLIST = auto()
    MAY_NOT_POST = auto()  # the bot itself
    NO_SUBSCRIPTIONS_HERE = auto()  # the direct messages of a channel


class RefusedError(Exception):
    """Somebody may not do what they asked for."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.name)
        self.refusal = refusal


def refusal_text(refusal: Refusal, responder: Responder) -> str:
    """What a sender is told, as plain text."""
    say = responder.say
    match refusal:
        case Refusal.NOT_ADMINISTRATOR:
            return say(
                "Only administrators of this chat can do that. If you post anonymously here, type the "
                "command instead of pressing a button."
            )
        case Refusal.NOT_ADMINISTRATOR_THERE:
            return say("Only administrators of that chat can subscribe it, and I could not see you there.")
        case Refusal.NOT_ON_ALLOWLIST:
            return say("Only the operator of this bot can subscribe chats here.")
        case Refusal.MAY_NOT_POST:
            return say(
                "I may not post there: make me an administrator who may post messages, then try again."
            )
        case Refusal.NO_SUBSCRIPTIONS_HERE:
            return say("Digests cannot be posted to the direct messages of a channel.")
