"""Every screen is reached, told apart and left by buttons alone, in both languages."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.handlers.views import VIEWS
from bot.telegram.callback_data import CALLBACKS, SEPARATOR, ViewCallback
from bot.telegram.calls.limits import CALLBACK_LIMIT
from bot.views.navigation import Place, paged, read_trail, resolved
from bot.views.reply_cache import Asked, Reply, ReplyCache
from bot.views.screen import ViewRequest, label_room
from digests.pages import Pages
from digests.report.library import Library
from digests.report.loading import load_pack
from digests.text import Language, columns

PACK = Path(__file__).parents[2] / "data" / "henan-cbec-2023"
TODAY = date(2026, 5, 10)
LANGUAGES = pytest.mark.parametrize("language", list(Language))


@cache
def library() -> Library:
    return Library([load_pack(PACK)])


@cache
def pages() -> Pages:
    return Pages()


@cache
def replies() -> ReplyCache:
    return ReplyCache(VIEWS)


def shown(data: str, language: Language) -> Reply:
    """The screen that a button shows."""
    read = ViewCallback.unpack(data)
    request = ViewRequest(read.argument, language, TODAY, library(), pages())
    return replies().answer(Asked(read.command, request, read.page, offering=True, trail=read.trail))


def buttons(reply: Reply) -> list[Any]:
    return [b for row in reply.keyboard.inline_keyboard for b in row] if reply.keyboard else []


def views_of(reply: Reply) -> Iterator[str]:
    return (b.callback_data for b in buttons(reply) if (b.callback_data or "").startswith("v|"))


def press(reply: Reply, label: str, language: Language) -> Reply:
    """Press the first button whose label holds these words."""
    return shown(next(b.callback_data for b in buttons(reply) if label in b.text), language)


@cache
def walk(language: Language) -> dict[tuple[str, str, int], tuple[str, Reply]]:
    """Every screen that buttons reach from the menu, breadth first: its data and what it shows."""
    line, seen = deque(["v|start||0"]), {}
    while line:
        data = line.popleft()
        read = ViewCallback.unpack(data)
        argument = resolved(library(), read.argument)
        place = (read.command, argument, read.page)
        if place in seen:
            continue
        reply = shown(data, language)
        seen[place] = (data, reply)
        line.extend(views_of(reply))
    return seen


@LANGUAGES
def test_every_kind_of_screen_and_every_fact_with_a_card_is_reached_from_the_menu(language: Language) -> None:
    reached = walk(language)
    assert {command for command, _, _ in reached} >= set(VIEWS) - {"month", "privacy", "finding"}
    opened = {argument for _, argument, _ in reached}
    assert {milestone.id for milestone in library().milestones} <= opened
    assert {figure.id for metric in library().metrics for figure in metric.observations} <= opened
    assert {entry.id for r in library().reports for e in r.lists for entry in e.entries} <= opened


@LANGUAGES
def test_every_screen_has_a_way_back_and_to_the_menu(language: Language) -> None:
    for (command, _, _), (data, reply) in walk(language).items():
        if command == "start":
            continue
        targets = [ViewCallback.unpack(each) for each in views_of(reply)]
        assert "start" in [target.command for target in targets], data
        trail = read_trail(library(), ViewCallback.unpack(data).trail)
        if trail:
            back = (trail[-1].command, trail[-1].argument, trail[-1].page)
            passed = [(t.command, resolved(library(), t.argument), t.page) for t in targets]
            assert back in passed, data


@LANGUAGES
def test_labels_on_a_screen_differ_and_none_is_cut(language: Language) -> None:
    for data, reply in walk(language).values():
        labels = [button.text for button in buttons(reply)]
        assert len(set(labels)) == len(labels), (data, labels)
        for row in reply.keyboard.inline_keyboard if reply.keyboard else ():
            for button in row:
                assert not button.text.endswith("…"), (data, button.text)
                assert columns(button.text) <= label_room(len(row)), (data, button.text)
                assert button.text.rsplit(" ", 1)[-1] not in {"and", "of", "the", "to"}, button.text


@LANGUAGES
def test_no_two_buttons_of_a_screen_do_the_same(language: Language) -> None:
    for data, reply in walk(language).values():
        asked = [b.callback_data or b.url for b in buttons(reply)]
        assert len(set(asked)) == len(asked), (data, asked)


@LANGUAGES
def test_every_button_is_one_that_the_bot_answers(language: Language) -> None:
    kinds = {kind.__prefix__: kind for kind in CALLBACKS}
    for data, reply in walk(language).values():
        for button in buttons(reply):
            if button.callback_data:
                assert len(button.callback_data.encode()) <= CALLBACK_LIMIT
                kinds[button.callback_data.split(SEPARATOR)[0]].unpack(button.callback_data)
            else:
                assert button.url.startswith("http"), data


@LANGUAGES
def test_no_screen_is_empty(language: Language) -> None:
    empty = {"报告只提到了它的名字", "gives no more than the name"}
    for data, reply in walk(language).values():
        assert len(reply.text) > 20, data
        assert not any(words in reply.text for words in empty), data


def test_a_card_leads_back_to_the_page_of_the_list_that_was_left() -> None:
    second = shown("v|timeline||1", Language.EN)
    first_card = next(d for d in views_of(second) if d.startswith("v|milestone"))
    card = shown(first_card, Language.EN)
    assert press(card, "Later", Language.EN).text != card.text
    assert press(press(card, "Later", Language.EN), "Back", Language.EN).text == second.text


@pytest.mark.parametrize("words", ["海关", "2021年跨境电商规模", "overseas warehouses", "Luoyang 2019"])
def test_a_hit_opens_the_thing_and_leads_back_to_its_hits(words: str) -> None:
    request = ViewRequest(words, Language.ZH, TODAY, library(), pages())
    hits = replies().answer(Asked("search", request))
    for data in list(views_of(hits)):
        target = ViewCallback.unpack(data)
        if target.command not in ("search", "start"):
            assert press(shown(data, Language.ZH), "返回", Language.ZH).text == hits.text, data


def test_the_next_page_of_a_year_says_the_year_again() -> None:
    second = shown("v|timeline|2016-2018|1", Language.EN)
    assert second.text.startswith("<b>Timeline · 2016–2018</b>")
    assert "9–9 of 9" in second.text
    assert "<b>2018</b>" in second.text


def test_the_sign_of_a_milestone_is_the_one_of_the_text() -> None:
    for data, reply in walk(Language.EN).values():
        if data.startswith("v|timeline"):
            for sign in "◆◇":
                cards = [b for b in buttons(reply) if b.text.startswith(sign)]
                assert len(cards) == reply.text.count(f"\n{sign} <b>"), data


def test_a_trail_that_is_too_long_loses_its_beginning() -> None:
    card = shown("v|metrics|coverage-jiangsu-zhejiang-guangdong|0|s:外贸进出口总值>t:2016", Language.ZH)
    assert all(len(data.encode()) <= CALLBACK_LIMIT for data in views_of(card))


def test_a_forged_trail_is_ignored() -> None:
    assert read_trail(library(), "Q>?>t:2016>1>t99999") == (Place("timeline", "2016"),)
    assert "返回" not in [b.text for b in buttons(shown("v|about||0|?:>>9", Language.ZH))]


@pytest.mark.parametrize(
    ("count", "page", "expected"),
    [(0, 0, (0, 0, 1)), (8, 1, (0, 0, 1)), (9, 1, (8, 1, 2)), (9, 99, (8, 1, 2))],
)
def test_a_page_beyond_the_last_is_the_last(count: int, page: int, expected: tuple[int, int, int]) -> None:
    part, shown_page, number = paged([20] * count, page)
    assert (part.start, shown_page, number) == expected
