"""What each refusal of Telegram means for the post that was to be sent."""

from __future__ import annotations

import pytest
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import GetMe

from bot.telegram.calls.transport_errors import NotConnectedError
from bot.telegram.outcomes import outcome_of
from digests.posts import Failed, Gone, Later, Moved, Outcome, Unknown

ASKED = GetMe()


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (TelegramMigrateToChat(ASKED, "moved", -1005), Moved(-1005)),
        (TelegramServerError(ASKED, "Internal"), Later(15, "Internal")),
        (NotConnectedError(ASKED, "no route"), Later(15, "no route")),
        (TelegramNetworkError(ASKED, "cut"), Unknown("cut")),
        (
            TelegramUnauthorizedError(ASKED, "Unauthorized"),
            Later(30, "Telegram refuses the bot's token: Unauthorized"),
        ),
        (
            TelegramBadRequest(ASKED, "Logged out"),
            Later(30, "Telegram refuses the bot's token: Logged out"),
        ),
        (TelegramBadRequest(ASKED, "can't parse"), Failed("can't parse", permanent=True)),
        (TelegramForbiddenError(ASKED, "something new"), Failed("something new")),
        (TelegramAPIError(ASKED, "something else"), Failed("something else")),
    ],
)
def test_each_error_has_its_meaning(error: TelegramAPIError, outcome: Outcome) -> None:
    assert outcome_of(error) == outcome


def test_telegrams_demand_to_wait_is_waited_for() -> None:
    assert outcome_of(TelegramRetryAfter(ASKED, "slow down", 7)) == Later(7, "Telegram asks to wait")


@pytest.mark.parametrize(
    "message",
    [
        "Forbidden: bot was blocked by the user",
        "Forbidden: user is deactivated",
        "Forbidden: bot was kicked from the supergroup chat",
        "Forbidden: bot is not a member of the channel chat",
        "Forbidden: the group chat was deleted",
        "Forbidden: bot can't initiate conversation with a user",
        "Bad Request: chat not found",
        "Bad Request: not enough rights to send text messages to the chat",
        "Bad Request: have no rights to send a message",
        "Bad Request: need administrator rights in the channel chat",
        "Bad Request: CHAT_WRITE_FORBIDDEN",
        "Bad Request: CHAT_RESTRICTED",
    ],
)
def test_a_chat_that_cannot_be_reached_is_gone_as_a_whole(message: str) -> None:
    assert outcome_of(TelegramBadRequest(ASKED, message)) == Gone(message)


@pytest.mark.parametrize(
    "message",
    ["Bad Request: message thread not found", "Bad Request: TOPIC_CLOSED", "Bad Request: TOPIC_DELETED"],
)
def test_a_topic_that_cannot_be_reached_leaves_the_chat(message: str) -> None:
    assert outcome_of(TelegramBadRequest(ASKED, message)) == Gone(message, topic_only=True)
