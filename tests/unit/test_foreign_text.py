"""Titles and names of others are text: they are no markup, and reorder nothing around them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.bot_api.entities import parse_html
from bot.views.classic import classic_messages
from digests.pages import Pages
from digests.report.library import Library
from digests.text import Language, embedded, isolated, undirected

PAGES = Pages()
TITLES = (
    "I <3 Henan",
    "a<b",
    '<a href="https://evil.example">Click to verify</a>',
    "& < > \" '",
    "</h1><b>x",
)


@pytest.mark.parametrize("title", TITLES)
def test_a_title_is_shown_as_it_is_written(title: str) -> None:
    text = PAGES.say(Language.EN, "“%(title)s”: checking rights…", title=isolated(title))
    html = PAGES.render("notice", Language.EN, Library([]), text=text, examples=())
    (message,) = classic_messages(html)
    shown, entities = parse_html(message)
    assert title in shown
    assert entities == []


@given(st.text(alphabet="ab\u05d0\u0627\u202e\u2066\u2069\u200f", max_size=20))
def test_a_foreign_text_ends_every_direction_that_it_begins(text: str) -> None:
    shown = embedded(text)
    inside = shown[1:-1] if shown != text else shown
    assert undirected(inside) == inside
    assert shown == text or (shown[0], shown[-1]) == ("\u2068", "\u2069")


def test_a_title_stays_isolated_within_a_sentence_and_the_sentence_is_not() -> None:
    text = PAGES.say(Language.EN, "“%(title)s”: checking rights…", title=isolated("\u05d0\u05d1 1"))
    html = PAGES.render("notice", Language.EN, Library([]), text=text, examples=())
    assert "“\u2068\u05d0\u05d1 1\u2069”: checking" in html
    assert html.count("\u2068") == 1
    assert embedded("\u2068a\u202eb\u2069 c") == "\u2068ab c\u2069"
    assert embedded("\u2068a\u2069 \u05d0") == "\u2068a \u05d0\u2069"


@given(st.text())
def test_isolating_twice_is_isolating_once(text: str) -> None:
    assert isolated(isolated(text)) == isolated(text)
    assert embedded(isolated(text)) == isolated(text)


def test_a_page_isolates_right_to_left_text_wherever_it_stands() -> None:
    html = PAGES.render(
        "unknown", Language.EN, Library([]), wanted="\u202eshalom", command="zones", examples=()
    )
    assert "\u2068shalom\u2069" in html
    assert "\u202e" not in html
