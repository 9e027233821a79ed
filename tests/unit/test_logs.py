from __future__ import annotations

import asyncio
import json
import logging

import pytest
from aiogram import Bot
from aiogram.types import Update
from pydantic import SecretStr

from bot.ops.logs import set_up_logging
from bot.settings import LogFormat
from bot.updates.update_queue import UpdateQueue
from digests.logs.fields import log_fields


@pytest.fixture(autouse=True)
def _leave_logging_as_it_was():
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_secret_shows_neither_in_a_message_nor_in_a_traceback(capsys):
    set_up_logging(LogFormat.TEXT, SecretStr("1:hush"), None)
    try:
        int("https://api.telegram.org/bot1:hush/getMe")
    except ValueError:
        logging.getLogger("bot").exception("the call with %s failed", "1:hush")
    written = capsys.readouterr().err
    assert "hush" not in written
    assert "bot***/getMe" in written


def test_a_line_as_json_says_which_update_it_is_about(capsys):
    set_up_logging(LogFormat.JSON)
    log = logging.getLogger("bot")
    with log_fields(update_id=7, chat_id=lambda: -5, command=lambda: None):
        log.warning("late", extra={"duration": 1.5})
    log.warning("done")
    first, second = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (first["update_id"], first["chat_id"], first["duration"]) == (7, -5, 1.5)
    assert "command" not in first
    assert "update_id" not in second


async def test_each_update_has_its_own_fields_while_others_are_in_work(capsys):
    set_up_logging(LogFormat.JSON)

    async def handle(update: Update) -> None:
        await asyncio.sleep(0.01 * (5 - update.update_id))
        logging.getLogger("bot").warning("update %s", update.update_id)

    bot = Bot("1:a")
    queue = UpdateQueue(handle, bot)
    chat, person = {"type": "private"}, {"is_bot": False, "first_name": "A"}
    for number in range(5):
        message = {
            "message_id": 1, "date": 1, "text": "/help@some_bot my words",
            "chat": chat | {"id": 100 + number}, "from": person | {"id": 100 + number},
        }  # fmt: skip
        queue.submit({"update_id": number, "message": message})
    await queue.drain(5)
    written = capsys.readouterr().err
    lines = [json.loads(line) for line in written.splitlines()]
    assert len(lines) == 5
    for line in lines:
        number = int(line["message"].rpartition(" ")[2])
        assert (line["update_id"], line["chat_id"], line["command"]) == (number, 100 + number, "help")
        assert 0 <= line["duration"] < 5
    assert "my words" not in written


def test_as_json_each_line_is_one_object(capsys):
    set_up_logging(LogFormat.JSON, SecretStr("1:hush"))
    logging.getLogger("bot").warning("two\nlines of %s", "1:hush")
    line = capsys.readouterr().err
    entry = json.loads(line)
    assert line.count("\n") == 1
    assert (entry["level"], entry["logger"], entry["message"]) == ("warning", "bot", "two\nlines of ***")
    assert entry["time"].endswith("+00:00")
