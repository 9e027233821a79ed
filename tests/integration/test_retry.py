from __future__ import annotations

import asyncio
import logging

import pytest

from bot.errors import OperatorError, SettingsError
from bot.updates.retry import call_until_available
from bot.updates.state import IntakeState
from tests.integration.scripted_api import refusal, result, scripted, speaking

ME = {"id": 42, "is_bot": True, "first_name": "Silkline", "username": "silkline_bot"}


async def test_a_server_in_trouble_is_asked_until_it_answers():
    answers = [refusal(502, "Bad Gateway"), result(ME)]
    state = IntakeState()
    async with scripted(lambda *_: answers.pop(0)) as api, speaking(api.url) as bot:
        me = await call_until_available(bot.get_me, state, asyncio.Event())
    assert me is not None
    assert state.problem is None


async def test_a_wait_that_telegram_asks_for_is_told_in_one_line_and_its_end_as_well(caplog):
    caplog.set_level(logging.INFO)
    answers = [refusal(429, "Too Many Requests: retry after 1", retry_after=1) for _ in range(2)]
    answers.append(result(ME))
    async with scripted(lambda *_: answers.pop(0)) as api, speaking(api.url) as bot:
        bot.session.middleware.unregister(bot.session.middleware[1])  # without its own retries
        assert await call_until_available(bot.get_me, IntakeState(), asyncio.Event()) is not None
    first, second = (record.getMessage() for record in caplog.records)
    assert "Telegram cannot be reached" in first
    assert "\n" not in first
    assert second.startswith("Telegram answers again after")


async def test_while_the_network_is_away_that_is_what_is_wrong_and_a_stop_ends_it():
    state, stop = IntakeState(), asyncio.Event()
    async with speaking("http://127.0.0.1:9") as bot:
        waiting = asyncio.create_task(call_until_available(bot.get_me, state, stop))
        while state.problem is None:  # noqa: ASYNC110 - any attempt
            await asyncio.sleep(0.01)
        assert "Telegram cannot be reached" in state.problem
        stop.set()
        assert await asyncio.wait_for(waiting, 0.5) is None


@pytest.mark.parametrize(
    ("answer", "fault", "words"),
    [
        (refusal(401, "Unauthorized"), SettingsError, "BOT_TOKEN: Telegram refuses it"),
        (refusal(404, "Not Found"), SettingsError, "BOT_TOKEN: Telegram refuses it"),
        (refusal(400, "Bad Request: bad webhook: HTTPS url must be provided"), OperatorError, "HTTPS url"),
    ],
)
async def test_what_waiting_does_not_mend_is_told_at_once(answer, fault, words):
    async with scripted(lambda *_: answer) as api, speaking(api.url) as bot:
        with pytest.raises(fault, match=words):
            await call_until_available(bot.get_me, IntakeState(), asyncio.Event())
