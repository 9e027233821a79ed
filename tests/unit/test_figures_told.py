"""No figure is told without its name, time, scope, origin, doubt and places, wherever it is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from markupsafe import Markup

from bot.handlers.views import VIEWS
from bot.views.classic import classic_messages
from bot.views.plain_text import plain_text
from bot.views.screen import ViewRequest
from digests.composing.post_composer import PostComposer
from digests.pages.figures import figure_text
from digests.pages.formatting import places_of
from digests.posts import Audience
from digests.schedules import Cadence, Occasion
from digests.subscriptions import Layout
from digests.text import Language
from tests.unit.figure_walk import Reader, Seen
from tests.unit.test_answers_fit import TODAY, arguments, library, pages
from tests.unit.test_layouts import rich_of, told_richly

_QUESTIONS = ("1210", "外贸", "洛阳", "2021", "54.13", "foreign trade 2021", "talent gap", "24小时", "share")

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def shown(language: Language) -> Iterator[tuple[str, Markup]]:
    """Every page and every post of a leap year as neutral HTML, by name."""
    for command, view in VIEWS.items():
        for argument in _QUESTIONS if command == "search" else arguments(command):
            request = ViewRequest(argument, language, TODAY, library(), pages())
            yield f"/{command} {argument}", view(request).html
    composer = PostComposer(library, pages())
    days = [date(2028, 1, 1) + timedelta(days=n) for n in range(366)]
    for cadence in Cadence:
        for occasion in dict.fromkeys(Occasion.containing(cadence, day) for day in days):
            if post := composer.compose(occasion, Audience(language)):
                yield occasion.key, post.html


def messages(html: Markup, layout: Layout, language: Language) -> Iterator[tuple[str, dict[str, str]]]:
    """The texts of the messages that show a page, each with its notes by number."""
    if layout is Layout.RICH:
        yield from (_rich(message["blocks"]) for message in rich_of(html))
        return
    heading = pages().say(language, "Where it stands in the report")
    for message in classic_messages(html):
        text, _, notes = plain_text(message).partition(heading)
        yield text, _numbered(notes)


def _rich(blocks: list[dict[str, Any]]) -> tuple[str, dict[str, str]]:
    """A rich message as lines and notes, its notes' marks written as the classic layout does."""
    ends = next((n for n, block in enumerate(blocks) if block["type"] == "divider"), len(blocks))
    items = [item for block in blocks[ends:] for item in block.get("items", [])]
    notes = {str(item["value"]): "".join(told_richly(item)).strip() for item in items}
    return "\n".join(line for block in blocks[:ends] for line in _lines(block)), notes


def _lines(node: dict[str, Any]) -> Iterator[str]:
    """Paragraphs, items of lists and rows of tables are a line each; a block ends with an empty one."""
    for item in node.get("items", ()):
        yield from (line for block in item["blocks"] for line in _lines(block))
    for block in node.get("blocks", ()):
        yield from _lines(block)
    if "cells" in node:
        yield from (" · ".join(filter(None, (_inline(cell) for cell in row))) for row in node["cells"])
    yield from _inline({"text": [node.get("summary", ""), node.get("text", "")]}).splitlines()
    if node["type"] in ("heading", "table", "list"):
        yield ""


def _inline(node: Any) -> str:
    if isinstance(node, str):
        return node
    if isinstance(node, list):
        return "".join(_inline(part) for part in node)
    text = _inline(node.get("text", ""))
    return text.translate(_RAISED) if node.get("type") == "superscript" else text


def _numbered(notes: str) -> dict[str, str]:
    pairs = (note.strip().partition(" ") for note in notes.replace("\n", "\u2003").split("\u2003"))
    return {number.translate(_LOWERED): place for number, _, place in pairs if place}


@pytest.mark.parametrize("layout", list(Layout))
@pytest.mark.parametrize("language", list(Language))
def test_no_figure_is_told_without_a_part_of_what_it_means(language: Language, layout: Layout) -> None:
    seen, reader = Seen(), Reader(library(), language)
    for page, html in shown(language):
        for text, notes in messages(html, layout, language):
            asked = page.removeprefix("/search ")
            reader.read(page, text.replace(asked, "§", 1), notes, seen)
    assert seen.figures > 500
    assert seen.missing == []


#: A half-width bracket, comma or semicolon that touches Chinese.
_HALF_WIDTH = re.compile(r"[㐀-鿿] ?[(),;:?!]|[(),;:?!] ?[㐀-鿿]")


def test_chinese_pages_are_punctuated_in_chinese() -> None:
    for page, html in shown(Language.ZH):
        if page.startswith("/cite"):  # a citation is punctuated as its style asks
            continue
        for text, _ in messages(html, Layout.CLASSIC, Language.ZH):
            assert not (found := _HALF_WIDTH.search(text)), (page, text[max(0, found.start() - 20) :][:60])


@pytest.mark.parametrize(
    ("part", "missing"),
    [
        ("", []),
        ("name", ["name"]),
        ("period", ["period"]),
        ("scope", ["scope"]),
        ("attribution", ["who says so"]),
        ("doubt", ["doubt"]),
        ("places", ["places"]),
    ],
)
def test_the_walk_notices_each_part_that_is_missing(part: str, missing: list[str]) -> None:
    observation = library().observation("market-share-alibaba")
    told = figure_text(library(), observation, Language.ZH)
    line = told.line.replace(getattr(told, part, "") or "§", "")
    seen, notes = Seen(), {"1": places_of(library(), observation, Language.ZH)[0]}
    Reader(library(), Language.ZH).read("page", line + "¹" * (part != "places"), notes, seen)
    assert (seen.figures, [lacking for _, lacking, _ in seen.missing]) == (1, missing)


def test_english_pages_have_curly_quotes() -> None:
    for page, html in shown(Language.EN):
        for text, _ in messages(html, Layout.CLASSIC, Language.EN):
            assert not (found := re.search("[\"']", text)), (page, text[max(0, found.start() - 30) :][:60])
