"""Each answer fits Telegram, in both languages, whatever is asked and however large the pack."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import tdjson
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.handlers.views import VIEWS
from bot.playground.bot_api.entities import parse_html, units
from bot.telegram.callback_data import CALLBACKS, SEPARATOR
from bot.telegram.calls.limits import CALLBACK_LIMIT
from bot.views.classic import classic_messages
from bot.views.reply_cache import Asked, ReplyCache
from bot.views.screen import ViewRequest
from digests.pages import Pages
from digests.report.library import Library
from digests.report.loading import load_pack
from digests.report.model import Report
from digests.text import Language, undirected

PACK = Path(__file__).parents[2] / "data" / "henan-cbec-2023"
TODAY = date(2026, 5, 10)

#: Chinese that an English answer may hold: words that a reader types, and names of languages.
#: A citation names the work by its own title.
_CITATION = re.compile(r"<pre>.*?</pre>|<code>\[1\].*?</code>", re.DOTALL)
_CHINESE_IN_ENGLISH = re.compile(
    r"时间线|综试区|许昌|洛阳|海关|外贸|跨境电商|海外仓|2021年跨境电商规模|语言|中文|原文"
)
_CHINESE = re.compile(r"[㐀-鿿]")


@cache
def library() -> Library:
    return Library([load_pack(PACK)])


@cache
def pages() -> Pages:
    return Pages()


@cache
def replies() -> ReplyCache:
    return ReplyCache(VIEWS)


def ask(command: str, argument: str, language: Language, known: Library | None = None) -> list[Any]:
    """Every page of an answer."""
    question = ViewRequest(argument, language, TODAY, known or library(), pages())
    first = replies().answer(Asked(command, question))
    count = next(
        (int(b.text.split("/")[1]) for row in _rows(first) for b in row if re.fullmatch(r"1/\d+", b.text)), 1
    )
    return [replies().answer(Asked(command, question, page)) for page in range(count)]


def _rows(reply: Any) -> list[Any]:
    return reply.keyboard.inline_keyboard if reply.keyboard else []


tdjson.td_execute(b'{"@type":"setLogVerbosityLevel","new_verbosity_level":0}')


def td_parse(html: str) -> dict[str, Any]:
    """What Telegram's own library makes of a text."""
    request = {"@type": "parseTextEntities", "text": html, "parse_mode": {"@type": "textParseModeHTML"}}
    answer: dict[str, Any] = json.loads(tdjson.td_execute(json.dumps(request).encode()) or b"{}")
    return answer


def check(reply: Any) -> None:
    parsed = td_parse(reply.text)
    assert parsed["@type"] == "formattedText", parsed
    assert 0 < units(parsed["text"]) <= 4096
    assert len(parsed["entities"]) <= 100
    text, entities = parse_html(reply.text)
    assert text == parsed["text"].strip()
    assert len(entities) <= 100
    for button in (button for row in _rows(reply) for button in row):
        assert button.text
        if button.callback_data is not None:
            assert 1 <= len(button.callback_data.encode()) <= CALLBACK_LIMIT
            kind = button.callback_data.split(SEPARATOR)[0]
            assert next(each for each in CALLBACKS if each.__prefix__ == kind).unpack(button.callback_data)


def arguments(command: str) -> list[str]:
    known = library()
    if command == "milestone":
        return ["", *(milestone.id for milestone in known.milestones)]
    if command in ("timeline", "zones"):
        return ["", "2016", "2016-2018", "洛阳", "nowhere", *(place.id for place in known.places)]
    if command == "metrics":
        subjects = [subject.id for report in known.reports for subject in report.subjects]
        return ["", *subjects, *(o.id for metric in known.metrics for o in metric.observations)]
    if command == "lists":
        return ["", *(entries.id for report in known.reports for entries in report.lists)]
    if command == "month":
        return ["", *map(str, range(1, 13)), "May", "13"]
    return ["", "1210", "外贸", "x" * 300]


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("command", list(VIEWS))
def test_telegram_accepts_every_answer(command: str, language: Language) -> None:
    for argument in arguments(command):
        for reply in ask(command, argument, language):
            check(reply)


@pytest.mark.parametrize("command", list(VIEWS))
def test_an_english_answer_holds_no_chinese(command: str) -> None:
    for argument in [argument for argument in arguments(command) if not _CHINESE.search(argument)]:
        if command == "metrics" and argument:
            continue  # a figure's card shows it as printed
        for reply in ask(command, argument, Language.EN):
            left = _CHINESE_IN_ENGLISH.sub("", _CITATION.sub("", reply.text))
            assert not _CHINESE.search(left), _CHINESE.search(left)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(VIEWS)), st.text(max_size=200), st.sampled_from(list(Language)))
def test_whatever_is_asked_gets_an_answer_that_fits(command: str, argument: str, language: Language) -> None:
    for reply in ask(command, " ".join(argument.split()), language):
        check(reply)


@given(st.text(max_size=5000))
@settings(max_examples=50, deadline=None)
def test_no_text_of_a_pack_becomes_markup(text: str) -> None:
    page = pages().render("notice", Language.ZH, text=text, examples=())
    shown = "".join(parse_html(message)[0] for message in classic_messages(page))
    assert "".join(undirected(shown).split()) == "".join(undirected(text).split())


def test_a_packten_times_as_large_still_fits() -> None:
    large = Library([ten_times(library().reports[0])])
    for command in (
        "timeline",
        "zones",
        "metrics",
        "measures",
        "problems",
        "outlook",
        "audit",
        "lists",
        "growth",
    ):
        for reply in ask(command, "", Language.ZH, large):
            check(reply)
    seen = "".join(reply.text for reply in ask("timeline", "", Language.ZH, large))
    assert all(milestone.title.zh in seen for milestone in large.milestones)


def ten_times(report: Report) -> Report:
    """The same report with each fact ten times, under ids of their own."""
    data = report.model_dump(mode="json")
    for name in ("milestones", "metrics", "designations", "themes", "audit", "places"):
        data[name] = [
            copied for number in range(10) for fact in data[name] for copied in _copies(fact, number)
        ]
    return Report.model_validate_json(json.dumps(data))


def _copies(fact: dict[str, Any], number: int) -> Iterator[dict[str, Any]]:
    text = json.dumps(fact)
    if number:
        text = re.sub(r'"id": "([a-z0-9-]{1,37})[a-z0-9-]*"', rf'"id": "\1-{number}"', text)
    yield json.loads(text)
