"""Replies are made once for each request that differs in anything, and paged within their bounds."""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from bot.views.reply_cache import Asked, Reply, ReplyCache, all_pages, make_keyboard
from bot.views.screen import Button, Screen, ViewRequest
from digests.pages import Pages
from digests.report.library import Library
from digests.report.loading import load_pack
from digests.subscriptions import Layout
from digests.text import Language
from tests.unit.invented_pack import write_pack

PAGE = Markup("<h1>Tea</h1><p>{}</p>")
LONG = Markup("<h1>Tea</h1>" + "".join(f"<p>{name}{'.' * 300}</p>" for name in ("one", "two", "three")))


@pytest.fixture
def request_(tmp_path: Path) -> ViewRequest:
    library = Library([load_pack(write_pack(tmp_path))])
    return ViewRequest("", Language.EN, date(2026, 5, 10), library, Pages())


def cache_of(screen: Screen) -> tuple[ReplyCache, list[ViewRequest]]:
    """A cache with one view, and what the view was asked."""
    asked: list[ViewRequest] = []

    def view(request: ViewRequest) -> Screen:
        asked.append(request)
        return screen

    return ReplyCache({"tea": view, "cake": view}), asked


def answer(cache: ReplyCache, *asked: Any, **form: Any) -> Reply:
    return cache.answer(Asked(*asked, **form))


def buttons(reply: Reply) -> list[list[tuple[str, str]]]:
    """The labels and data of a reply's keyboard."""
    fields: dict[str, Any] = json.loads(b"{" + reply.body)
    rows = fields.get("reply_markup", {}).get("inline_keyboard", [])
    return [[(button["text"], button["callback_data"]) for button in row] for row in rows]


#: The way to the menu, which stands under every screen.
MENU = [("‹ Menu", "v|start||0")]


async def test_a_slow_reply_holds_up_nothing_and_is_made_once_for_all_who_ask(
    request_: ViewRequest,
) -> None:
    asked, release = [], threading.Event()

    def slow(request: ViewRequest) -> Screen:
        asked.append(request)
        assert release.wait(30)
        return Screen(PAGE)

    cache = ReplyCache({"tea": slow})
    waiting = [asyncio.create_task(cache.answer_soon(Asked("tea", request_))) for _ in range(5)]
    while not asked:  # noqa: ASYNC110 - another thread fills it
        await asyncio.sleep(0.01)
    waiting[0].cancel()
    release.set()
    replies = await asyncio.gather(*waiting[1:], cache.answer_soon(Asked("tea", request_)))
    assert len(asked) == 1
    assert all(reply is answer(cache, "tea", request_) for reply in replies)


async def test_a_view_that_fails_is_asked_again(request_: ViewRequest) -> None:
    answers: list[Screen | Exception] = [LookupError("gone"), Screen(PAGE)]

    def view(_request: ViewRequest) -> Screen:
        given = answers.pop(0)
        if isinstance(given, Exception):
            raise given
        return given

    cache = ReplyCache({"tea": view})
    with pytest.raises(LookupError):
        await cache.answer_soon(Asked("tea", request_))
    assert "Tea" in (await cache.answer_soon(Asked("tea", request_))).text


def test_a_reply_is_made_once(request_: ViewRequest) -> None:
    cache, asked = cache_of(Screen(PAGE))
    first = answer(cache, "tea", request_)
    assert answer(cache, "tea", request_) is first
    assert len(asked) == 1
    assert "tea" in cache
    assert "coffee" not in cache


@pytest.mark.parametrize(
    "other",
    [
        lambda request: replace(request, argument="green"),
        lambda request: replace(request, language=Language.ZH),
        lambda request: replace(request, today=date(2026, 5, 11)),
        lambda request: replace(request, library=Library([])),
    ],
)
def test_another_request_has_a_reply_of_its_own(
    request_: ViewRequest, other: Callable[[ViewRequest], ViewRequest]
) -> None:
    cache, asked = cache_of(Screen(PAGE))
    answer(cache, "tea", request_)
    changed = other(request_)
    answer(cache, "tea", changed)
    assert asked == [request_, changed]


def test_a_view_is_asked_for_the_thing_that_a_short_name_stands_for(request_: ViewRequest) -> None:
    cache, asked = cache_of(Screen(PAGE))
    short = "~" + hashlib.sha256(b"first-market").hexdigest()[:7]
    answer(cache, "tea", replace(request_, argument=short))
    assert [request.argument for request in asked] == ["first-market"]


def test_another_command_layout_or_offer_has_a_reply_of_its_own(request_: ViewRequest) -> None:
    cache, asked = cache_of(Screen(PAGE, picture="growth"))
    classic = answer(cache, "tea", request_)
    rich = answer(cache, "tea", request_, layout=Layout.RICH)
    offering = answer(cache, "tea", request_, offering=True)
    answer(cache, "cake", request_)
    assert len(asked) == 4
    assert (classic.layout, rich.layout, offering.layout) == (Layout.CLASSIC, Layout.RICH, Layout.CLASSIC)


def test_only_a_classic_page_that_is_sent_without_its_picture_offers_it(request_: ViewRequest) -> None:
    cache, _ = cache_of(Screen(PAGE, picture="growth"))
    offer = [("🖼 Picture", "picture|growth")]
    assert buttons(answer(cache, "tea", request_)) == [MENU]
    assert buttons(answer(cache, "tea", request_, offering=True)) == [offer, MENU]
    rich = answer(cache, "tea", request_, layout=Layout.RICH)
    assert buttons(rich) == [MENU]
    assert buttons(rich.classic[0]) == [offer, MENU]
    without, _ = cache_of(Screen(PAGE))
    assert buttons(answer(without, "tea", request_, offering=True)) == [MENU]


def test_each_page_leads_to_its_neighbours(request_: ViewRequest) -> None:
    cache, _ = cache_of(Screen(LONG, page_size=400, rows=((Button("More", "v|more||0"),),)))
    pages = [answer(cache, "tea", replace(request_, argument="green"), number) for number in range(3)]
    assert [name in page.text for page, name in zip(pages, ("one", "two", "three"), strict=True)] == [
        True
    ] * 3
    before, here, after = (f"v|tea|green|{number}" for number in range(3))
    more = [("More", "v|more||0")]
    assert buttons(pages[0]) == [[("1/3", before), ("›", here)], more, MENU]
    assert buttons(pages[1]) == [[("‹", before), ("2/3", here), ("›", after)], more, MENU]
    assert buttons(pages[2]) == [[("‹", here), ("3/3", after)], more, MENU]


def test_each_page_begins_with_the_title(request_: ViewRequest) -> None:
    cache, _ = cache_of(Screen(LONG, page_size=400))
    for number in range(3):
        assert answer(cache, "tea", request_, number).text.startswith("<b>Tea</b>\n\n")
    untitled, _ = cache_of(Screen(LONG.replace("<h1>Tea</h1>", ""), page_size=400))
    assert answer(untitled, "tea", request_, 1).text.startswith("two")


def test_a_view_that_pages_by_itself_is_shown_whole_with_its_number(request_: ViewRequest) -> None:
    cache, _ = cache_of(Screen(PAGE.format("green"), pages=3))
    reply = answer(cache, "tea", request_, 1)
    assert "green" in reply.text
    assert [label for label, _ in buttons(reply)[0]] == ["‹", "2/3", "›"]


@pytest.mark.parametrize("page", [2, 3, 4, 9999])
def test_a_page_beyond_the_last_is_the_last(request_: ViewRequest, page: int) -> None:
    cache, _ = cache_of(Screen(LONG, page_size=400))
    assert "three" in answer(cache, "tea", request_, page).text
    assert answer(cache, "tea", request_, page).body == answer(cache, "tea", request_, 2).body


def test_the_first_page_is_shown_unless_another_is_asked_for(request_: ViewRequest) -> None:
    cache, _ = cache_of(Screen(LONG, page_size=400))
    assert "one" in answer(cache, "tea", request_).text


def test_a_rich_page_holds_its_picture_and_the_classic_one_for_servers_without(request_: ViewRequest) -> None:
    cache, _ = cache_of(Screen(LONG, page_size=400, picture="growth"))
    rich = answer(cache, "tea", request_, layout=Layout.RICH)
    assert (rich.picture, rich.layout, len(rich.classic)) == ("growth", Layout.RICH, 1)
    assert "one" in rich.classic[0].text
    assert all(name in rich.text for name in ("one", "two", "three"))
    assert answer(cache, "tea", request_).picture == "growth"


def test_all_pages_at_once_have_their_buttons_under_the_last() -> None:
    screen = Screen(LONG, page_size=400, rows=((Button("Stop", "stop"),),))
    pages = all_pages(screen)
    assert [buttons(page) for page in pages] == [[], [], [[("Stop", "stop")]]]
    (rich,) = all_pages(screen, Layout.RICH)
    assert (rich.layout, buttons(rich)) == (Layout.RICH, [[("Stop", "stop")]])
    assert [page.text for page in rich.classic] == [page.text for page in pages]
    assert rich.picture is None


def test_what_takes_several_rich_messages_is_sent_classic() -> None:
    long = Markup("<h1>Tea</h1>" + "<p>" + "</p><p>".join("x" * 1000 for _ in range(40)) + "</p>")
    assert {page.layout for page in all_pages(Screen(long), Layout.RICH)} == {Layout.CLASSIC}


def test_a_keyboard_has_links_and_actions_and_no_empty_rows() -> None:
    assert make_keyboard(()) is None
    assert make_keyboard(((),)) is None
    keyboard = make_keyboard(((Button("Site", url="https://tea.example"), Button("Go", "v|tea||0")), ()))
    made = Reply.of(Markup("x"), keyboard)
    assert made.keyboard is keyboard
    reply = json.loads(b"{" + made.body)
    assert (reply["text"], reply["parse_mode"]) == ("x", "HTML")
    assert reply["reply_markup"]["inline_keyboard"] == [
        [{"text": "Site", "url": "https://tea.example"}, {"text": "Go", "callback_data": "v|tea||0"}]
    ]


def test_the_least_recently_used_replies_are_dropped(request_: ViewRequest) -> None:
    cache, asked = cache_of(Screen(Markup("<p>x</p>")))
    for number in range(2048):
        answer(cache, "tea", replace(request_, argument=str(number)))
    answer(cache, "tea", replace(request_, argument="0"))
    assert len(asked) == 2048
    answer(cache, "tea", replace(request_, argument="new"))
    answer(cache, "tea", replace(request_, argument="0"))
    assert len(asked) == 2049
    answer(cache, "tea", replace(request_, argument="1"))
    assert len(asked) == 2050
