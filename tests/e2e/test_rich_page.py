"""Rich messages on the chat page, in a real browser: tables, folds, notes that jump, pictures, buttons."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.page_walk import a_playground, choose_language, needs_browser, newest, say

pytestmark = needs_browser


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A playground whose chats are rich."""
    with a_playground(tmp_path_factory.mktemp("playground"), DEFAULT_LAYOUT="rich") as running:
        yield running


def answer(page: Page, command: str, title: str) -> Locator:
    """The rich message that answers a command."""
    say(page, command)
    message = page.locator("#messages article").last
    expect(message.locator(".rich h1")).to_have_text(title)
    return message


def test_zones_are_tables_whose_notes_jump_and_whose_buttons_turn_the_page(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    zones = answer(page, "/zones", "综试区与各类试点")
    expect(zones.locator("table").first.locator("tr").nth(1)).to_contain_text("郑州")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    zones.locator("a.jump").first.click()
    note = zones.locator(".found")
    expect(note).to_be_in_viewport()
    expect(note).to_contain_text("发展历程")
    zones.locator("button.key", has_text="洛阳").click()
    expect(page.locator("#messages article").last.locator(".rich h1")).to_have_text("洛阳")


def test_themes_unfold_and_pictures_stand_in_their_page(page: Page) -> None:
    choose_language(page, "en")
    measures = answer(page, "/measures", "Measures")
    point = measures.locator("details p").first
    expect(point).to_be_hidden()
    measures.locator("summary").first.click()
    expect(point).to_be_visible()
    picture = answer(page, "/growth", "Growth").locator("figure img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete || image.decode().then(() => true)")
    assert picture.evaluate("image => image.naturalWidth") > 800


def test_a_chat_that_turns_to_classic_gets_text_again(page: Page) -> None:
    say(page, "/subscribe daily 09:00 classic")
    expect(page.locator("#messages article").last).to_contain_text("上海 · UTC+8")
    say(page, "/zones")
    classic = newest(page)
    expect(classic.locator(".text")).to_contain_text("综试区与各类试点")
    expect(classic.locator(".rich")).to_have_count(0)
    expect(page.locator("#refused summary")).to_have_text("服务器的拒绝 (0)")
