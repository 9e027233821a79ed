"""Both layouts tell the same: no page loses a fact between them, and each fits its limits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from markupsafe import Markup

from bot.handlers.views import VIEWS
from bot.playground.bot_api.entities import parse_html
from bot.playground.bot_api.rich.blocks import rich_message
from bot.playground.bot_api.rich.html import read_rich_html
from bot.playground.bot_api.rich.limits import LIMITS, size_of
from bot.views.classic import classic_messages
from bot.views.html_tree import parse
from bot.views.rich import figured, rich_messages
from bot.views.screen import ViewRequest
from digests.composing.post_composer import PostComposer
from digests.posts import Audience
from digests.report.library import Library
from digests.schedules import Cadence, Occasion
from digests.text import Language
from tests.unit.test_answers_fit import TODAY, arguments, library, pages, ten_times

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*%?")
_PHOTO = [{"file_id": "x", "file_unique_id": "x", "width": 1, "height": 1}]
LANGUAGES = list(Language)


def page_of(command: str, argument: str, language: Language, known: Library | None = None) -> Markup:
    return VIEWS[command](ViewRequest(argument, language, TODAY, known or library(), pages())).html


def rich_of(html: Markup) -> list[dict[str, Any]]:
    """The rich messages of a page as Telegram gives them back; refused ones raise."""
    return [rich_message(message, lambda _: _PHOTO) for message in rich_messages(html)]


def told_richly(node: Any) -> Iterator[str]:
    """The text of a rich message without the marks of its notes."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for part in node:
            yield from told_richly(part)
    elif node.get("type") != "superscript":
        for name in ("text", "summary", "caption", "cells", "items", "blocks"):
            yield from told_richly(node.get(name, []))
        yield "\n" if node.get("type") in ("paragraph", "heading") or "align" in node else ""


def split_notes(html: Markup, language: Language) -> tuple[str, set[str], str, set[str]]:
    """Text and notes of a page, first in the classic layout, then in the rich one."""
    heading = pages().say(language, "Where it stands in the report")
    classic, rich = "", ""
    classic_notes: set[str] = set()
    rich_notes: set[str] = set()
    for message in classic_messages(html):
        body, _, notes = parse_html(message)[0].partition(f"\n\n{heading}\u2003")
        classic += body + "\n"
        classic_notes |= {line.lstrip("⁰¹²³⁴⁵⁶⁷⁸⁹ ") for line in notes.split("\u2003") if line}
    for page in rich_of(html):
        blocks = page["blocks"]
        ends = next((n for n, block in enumerate(blocks) if block["type"] == "divider"), len(blocks))
        rich += "".join(told_richly(blocks[:ends]))
        listed = [item for block in blocks[ends + 2 :] for item in block.get("items", [block])]
        rich_notes |= {"".join(told_richly(item)).strip() for item in listed}
    return classic, classic_notes, rich, rich_notes


def assert_same_facts(html: Markup, language: Language) -> None:
    classic, classic_notes, rich, rich_notes = split_notes(html, language)
    assert Counter(_FIGURE.findall(classic)) == Counter(_FIGURE.findall(rich))
    assert classic_notes == rich_notes
    told_classically, told = squeezed(classic), squeezed(rich)
    for text in said(parse(html)):
        assert squeezed(text) in told_classically, text
        assert squeezed(text) in told, text


def squeezed(text: str) -> str:
    return "".join(text.split())


def said(element: Any) -> Iterator[str]:
    """Every text of a neutral page but its notes, their marks, and the names of a list's columns."""
    for child in element.children:
        if isinstance(child, str):
            yield child
        elif child.tag not in ("sup", "th") and not (child.tag == "footer" and any(child.find("ol"))):
            yield from said(child)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", list(VIEWS))
def test_no_answer_loses_a_fact_between_the_layouts(command: str, language: Language) -> None:
    for argument in arguments(command):
        assert_same_facts(page_of(command, argument, language), language)


def occasions() -> Iterator[Occasion]:
    for day in range(1, 367):
        yield Occasion(Cadence.DAILY, date.fromordinal(date(2028, 1, 1).toordinal() + day - 1))
    for month in range(1, 13):
        yield Occasion(Cadence.MONTHLY, date(2028, month, 1))
        yield Occasion.containing(Cadence.WEEKLY, date(2028, month, 10), 0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_digest_loses_a_fact_between_the_layouts(language: Language) -> None:
    composer = PostComposer(library, pages())
    posts = [post for occasion in occasions() if (post := composer.compose(occasion, Audience(language)))]
    assert len(posts) > 366
    for html in {post.html for post in posts}:
        assert_same_facts(html, language)
        assert len(rich_messages(html)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_is_one_rich_message_far_inside_the_limits(language: Language) -> None:
    for command in VIEWS:
        for argument in arguments(command):
            (message,) = rich_messages(page_of(command, argument, language))
            size = size_of(read_rich_html(message))
            assert size.characters < LIMITS.characters / 2
            assert size.blocks < LIMITS.blocks / 2
            assert size.depth < LIMITS.depth / 2


@pytest.mark.parametrize("command", ["timeline", "zones", "metrics", "measures", "audit", "lists", "growth"])
def test_a_pack_ten_times_as_large_is_split_and_loses_nothing(command: str) -> None:
    large = Library([ten_times(library().reports[0])])
    assert_same_facts(page_of(command, "", Language.ZH, large), Language.ZH)


def test_each_note_mark_leads_to_a_note_of_the_same_message() -> None:
    for command in VIEWS:
        for message in rich_messages(page_of(command, "", Language.EN)):
            links = set(re.findall(r'<a href="#(note-\d+)">', message))
            assert links == set(re.findall(r'<tg-reference name="(note-\d+)">', message))


def test_a_table_drops_a_column_that_says_nothing_and_a_large_one_repeats_its_head() -> None:
    row = "<tr><td>place {}</td><td></td><td>{}</td></tr>"
    rows = "".join(row.format(n, n) for n in range(600))
    head = "<tr><th>Target</th><th>Note</th><th>Share</th></tr>"
    messages = rich_messages(Markup(f"<h1>Many</h1><table>{head}{rows}</table>"))
    assert len(messages) > 1
    tables = [table for message in messages for table in message.split("<table")[1:]]
    assert all("<tr><th>Target</th><th>Share</th></tr>" in table for table in tables)
    assert "".join(messages).count("place ") == 600


def test_a_picture_stands_under_the_title() -> None:
    (page,) = rich_messages(Markup("<h1>Growth</h1><p>x</p>"))
    figure = '<figure><img src="tg://photo?id=picture"/><figcaption>A &amp; B</figcaption></figure>'
    assert figured(page, "A & B") == f"<h1>Growth</h1>{figure}<p>x</p>"
    assert figured(Markup("<p>no title</p>"), "A & B") == f"{figure}<p>no title</p>"
