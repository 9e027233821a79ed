"""Every phrase exists in Chinese, every command is explained, and nothing falls behind."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import COMMANDS, Call, Scope, UnknownCall, parse_call, parse_keyword
from bot.handlers.views import VIEWS
from bot.settings import Settings
from bot.telegram.callback_data import ViewCallback
from bot.telegram.calls.limits import CALLBACK_LIMIT
from bot.views.screen import action
from digests.text import Language

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def phrases() -> set[str]:
    """The English phrases of templates and code."""
    found: set[str] = set()
    for path in (ROOT / "digests" / "pages" / "templates").glob("*.html"):
        for _, message, _, _ in extract_from_file("jinja2.ext:babel_extract", str(path)):
            found.add(message if isinstance(message, str) else message[0])
    for folder in ("bot", "digests"):
        for path in (ROOT / folder).rglob("*.py"):
            for _, message, _, _ in extract_from_file(
                "python", str(path), keywords={"say": None, "msgid": None, "say_count": (1, 2)}
            ):
                found.add(message if isinstance(message, str) else message[0])
    return found


def test_every_phrase_has_a_chinese_translation() -> None:
    with (ROOT / "digests" / "pages" / "locales" / "zh.po").open("rb") as file:
        catalog = read_po(file)
    missing = {phrase for phrase in phrases() if not (catalog.get(phrase) and catalog[phrase].string)}
    assert missing == set()


def test_every_translation_keeps_the_names_that_are_filled_in() -> None:
    with (ROOT / "digests" / "pages" / "locales" / "zh.po").open("rb") as file:
        for message in read_po(file):
            if isinstance(message.id, str) and message.id:
                names = re.findall(r"%\(\w+\)s", message.id)
                assert sorted(names) == sorted(re.findall(r"%\(\w+\)s", str(message.string))), message.id


def test_every_command_has_a_line_in_the_readme() -> None:
    assert [command.name for command in COMMANDS if f"| `/{command.name}` |" not in README] == []


def test_every_setting_has_a_line_in_the_readme_and_no_other_is_there() -> None:
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE))
    assert told == {name.upper() for name in Settings.model_fields}


def test_every_subcommand_of_the_command_line_is_in_the_readme() -> None:
    from bot.cli import cli  # noqa: PLC0415 - click's tree

    context = click.Context(cli)
    for name in cli.list_commands(context):
        for subname in getattr(cli.get_command(context, name), "commands", {"": None}):
            assert f"silkline {name}" in README
            assert subname in README


def test_every_reader_command_has_a_reader() -> None:
    known = set(VIEWS)
    state = {
        "subscribe",
        "unsubscribe",
        "settings",
        "preview",
        "quiz",
        "language",
        "forget",
        "stats",
        "publish",
        "reload",
    }
    assert {command.name for command in COMMANDS} - state <= known


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_command_keeps_to_telegrams_limits(command) -> None:
    assert re.fullmatch(r"[a-z0-9_]{1,32}", command.name)
    for language in Language:
        assert 1 <= len(command.description[language]) <= 256


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("/timeline", Call("timeline", "")),
        ("/Timeline  2016 - 2018 ", Call("timeline", "2016 - 2018")),
        ("/zones@silkline_bot 洛阳", Call("zones", "洛阳")),
        ("/zones@another_bot 洛阳", None),
        ("timeline", None),
        ("/时间线 2016", Call("timeline", "2016")),
        ("／timeline", Call("timeline", "")),
        ("/ timeline", Call("timeline", "")),
        ("/timeline,2016", Call("timeline", "2016")),
    ],
)
def test_a_command_is_read_as_typed(text: str, call: Call | None) -> None:
    assert parse_call(text, "silkline_bot") == call


def test_a_command_that_does_not_exist_is_told_with_the_nearest_but_no_operators_one() -> None:
    found = parse_call("/timline 2016", "silkline_bot")
    assert isinstance(found, UnknownCall)
    assert (found.name, found.argument, found.near[0]) == ("timline", "2016", "timeline")
    stats = parse_call("/statz", "silkline_bot")
    assert isinstance(stats, UnknownCall)
    assert "stats" not in stats.near


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("时间线", Call("timeline", "")),
        ("时间线 2016", Call("timeline", "2016")),
        ("综试区 洛阳", Call("zones", "洛阳")),
        ("許昌", None),
        ("時間線", Call("timeline", "")),
        ("綜試區", Call("zones", "")),
    ],
)
def test_a_keyword_calls_its_command(text: str, call: Call | None) -> None:
    assert parse_keyword(text) == call


def test_no_keyword_calls_two_commands_or_an_operators_one() -> None:
    keywords = [keyword for command in COMMANDS for keyword in command.keywords]
    assert len(keywords) == len(set(keywords))
    assert all(not command.keywords for command in COMMANDS if command.scope is Scope.OPERATORS)


@given(st.sampled_from(sorted(VIEWS)), st.text(), st.integers(0, 999))
def test_what_a_button_says_is_read_back(command: str, argument: str, page: int) -> None:
    data = action(command, argument, page)
    assert len(data.encode()) <= CALLBACK_LIMIT
    pressed = ViewCallback.unpack(data)
    assert (pressed.command, pressed.page) == (command, page)
    assert argument.replace("|", " ").startswith(pressed.argument)
