from __future__ import annotations

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramUnauthorizedError
from aiogram.methods import SendMessage

from bot.telegram.outcomes import outcome_of
from digests.posts import Failed, Later

CALL = SendMessage(chat_id=1, text="x")


@pytest.mark.parametrize(
    "error",
    [
        TelegramUnauthorizedError(CALL, "Unauthorized"),
        TelegramBadRequest(CALL, "Bad Request: logged out"),
        TelegramBadRequest(CALL, "Logged out"),
    ],
)
def test_a_post_waits_for_a_token_that_is_refused_and_tries_again_within_a_minute(error) -> None:
    outcome = outcome_of(error)
    assert isinstance(outcome, Later)
    assert outcome.seconds < 60


def test_what_is_refused_for_good_fails() -> None:
    assert outcome_of(TelegramBadRequest(CALL, "Bad Request: message is too long")) == Failed(
        "Bad Request: message is too long", permanent=True
    )
