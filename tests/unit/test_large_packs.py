"""What an editor writes at length, or in great number, is shown whole and within Telegram's limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import pytest

from bot.handlers.views import VIEWS
from bot.telegram.deep_links import sharing
from bot.views.classic import classic_messages
from bot.views.reply_cache import Asked, Reply, ReplyCache
from bot.views.screen import Screen, ViewRequest
from digests.pages import Pages
from digests.report.library import Library
from digests.text import Language
from tests.unit.generated_packs import metric, milestone, observation, report, source, text

ZH = Language.ZH
COUNT = 30


def words(number: int, length: int) -> dict[str, str]:
    """A long text that begins with its number."""
    return text(f"第{number}件{'长' * length}", f"No. {number} {'lengthy ' * (length // 8)}")


def listed(number: int, length: int) -> dict[str, Any]:
    return {
        "id": f"entry-{number}", "name": words(number, 20), "note": words(number, length), "source": source()
    }  # fmt: skip


@cache
def long_texts(length: int) -> Library:
    """Thirty milestones, members of a list and figures, each of *length* characters."""
    figures = [observation(f"figure-{n}", str(n), label=words(n, length)) for n in range(COUNT)]
    entries = [listed(n, length) for n in range(COUNT)]
    return Library([
        report(
            "long-texts",
            [milestone(n, f"2018-{n % 12 + 1:02}", title=words(n, length)) for n in range(COUNT)],
            metrics=[metric(0, "amount", figures)],
            lists=[{"id": "list", "title": text("一览", "List"), "entries": entries}],
        )
    ])  # fmt: skip


def asked(known: Library, argument: str, page: int, language: Language = ZH) -> ViewRequest:
    return ViewRequest(argument, language, date(2026, 5, 10), known, Pages(), page)


def screens(known: Library, command: str, argument: str, language: Language) -> Iterator[Screen]:
    first = VIEWS[command](asked(known, argument, 0, language))
    for page in range(first.pages):
        yield VIEWS[command](asked(known, argument, page, language))


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("length", [20, 150, 400, 1400])
@pytest.mark.parametrize(
    ("command", "argument"),
    [("timeline", ""), ("lists", "list"), ("figures", "numbers"), ("search", "长"), ("search", "lengthy")],
)
def test_each_page_of_a_list_is_one_message_however_long_its_items_are(
    command: str, argument: str, length: int, language: Language
) -> None:
    shown = list(screens(long_texts(length), command, argument, language))
    assert len(shown) > 1
    assert [len(classic_messages(screen.html)) for screen in shown] == [1] * len(shown)
    number = re.compile(r"第(\d+)件" if language is ZH else r"No\. (\d+)")
    seen = {int(found) for screen in shown for found in number.findall(screen.html)}
    assert seen == set(range(COUNT))


def replies(known: Library, command: str, argument: str = "") -> Iterator[Reply]:
    cache = ReplyCache(VIEWS)
    page, pages = 0, 1
    while page < pages:
        reply = cache.answer(Asked(command, asked(known, argument, page), page))
        labels = [button.text for button in buttons(reply)]
        pages = next((int(label.split("/")[1]) for label in labels if re.fullmatch(r"\d+/\d+", label)), 1)
        yield reply
        page += 1


def buttons(reply: Reply) -> list[Any]:
    return [button for row in reply.keyboard.inline_keyboard for button in row] if reply.keyboard else []


@pytest.mark.parametrize("years", [70, 150, 500])
def test_the_years_of_a_long_history_fit_a_keyboard_and_each_is_reached(years: int) -> None:
    events = [milestone(n, f"{900 + n:04}") for n in range(years)]
    known = Library([report("history", events)])
    to_ask, seen = [""], set()
    while to_ask:
        argument = to_ask.pop()
        seen.add(argument)
        screen = VIEWS["timeline"](asked(known, argument, 0))
        targets = [button.data.split("|")[2] for row in screen.rows for button in row]
        assert len(targets) < 95
        to_ask += [target for target in targets if re.match(r"\d{4}", target) and target not in seen]
        del to_ask[400:]
    spans = [tuple(map(int, (span.split("-") * 2)[:2])) for span in seen if span]
    assert all(any(first <= 900 + n <= last for first, last in spans) for n in range(years))


def test_more_lists_than_a_keyboard_holds_are_on_further_pages() -> None:
    lists = [
        {
            "id": f"list-{n}", "title": text(f"第{n}份", f"List {n}"),
            "entries": [{"id": f"entry-{n}", "name": text("项", "Item"), "source": source()}],
        }
        for n in range(250)
    ]  # fmt: skip
    known = Library([report("many-lists", [milestone(0, "2018")], lists=lists)])
    shown = list(replies(known, "lists"))
    assert all(len(buttons(reply)) <= 100 for reply in shown)
    opened = {button.callback_data.split("|")[2] for reply in shown for button in buttons(reply)}
    assert {entries["id"] for entries in lists} <= opened


def test_a_month_of_many_milestones_with_long_figures_is_told_whole_and_each_can_be_opened() -> None:
    figures = [observation(f"figure-{n}", str(n), label=words(n, 700)) for n in range(120)]
    events = [milestone(n, "2018-05", observations=[f"figure-{n}"]) for n in range(120)]
    known = Library([report("month", events, metrics=[metric(0, "amount", figures)])])
    shown = list(replies(known, "month", "5"))
    told = "".join(reply.text for reply in shown)
    assert all(f"第{n}件事发生了" in told and f"第{n}件长" in told for n in range(120))
    assert all(len(buttons(reply)) <= 100 for reply in shown)
    opened = {button.callback_data.split("|")[2] for reply in shown for button in buttons(reply)}
    assert {f"event-{n}" for n in range(120)} <= opened


@pytest.mark.parametrize("character", ["长", "a", "&", "😀"])
def test_a_link_that_shares_fits_an_address(character: str) -> None:
    assert len(sharing("https://t.me/bot?start=m-1", character * 5000)) < 2048
    assert sharing("https://t.me/bot?start=m-1", "a b").endswith("text=a%20b")
