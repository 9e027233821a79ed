from __future__ import annotations

import json
import logging

import pytest
from pydantic import SecretStr

from bot.ops.logs import set_up_logging
from bot.settings import LogFormat


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


def test_as_json_each_line_is_one_object(capsys):
    set_up_logging(LogFormat.JSON, SecretStr("1:hush"))
    logging.getLogger("bot").warning("two\nlines of %s", "1:hush")
    line = capsys.readouterr().err
    entry = json.loads(line)
    assert line.count("\n") == 1
    assert (entry["level"], entry["logger"], entry["message"]) == ("warning", "bot", "two\nlines of ***")
    assert entry["time"].endswith("+00:00")
