"""The chat page without a mouse, and under the rules of accessibility that a machine can check."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped] # it ships no types
from playwright.sync_api import Browser, Page, expect

from tests.e2e.page_walk import a_page, answer, enter, needs_browser, newest, say

pytestmark = needs_browser


def findings(page: Page) -> list[tuple[str, list[Any]]]:
    found = Axe().run(page).response["violations"]
    return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_either_theme_and_language(
    browser: Browser, url: str, language: str, theme: Literal["light", "dark"]
) -> None:
    with a_page(browser, url, language, color_scheme=theme) as page:
        page.locator("#chats button").nth(1).click()
        assert findings(page) == []
        page.click("#manage")
        assert findings(page) == []
        page.keyboard.press("Escape")
        page.locator("#chats button").first.click()
        say(page, "/zones")
        expect(page.locator("#messages article").last.locator("img")).to_be_visible()
        page.fill("#text", "/t")
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 844})
            assert findings(page) == []
        page.click("#back")
        assert findings(page) == []


def test_the_first_stops_lead_past_everything(page: Page) -> None:
    say(page, "/about")
    answer(page, "河南跨境电商发展这十年")  # an answer that comes later takes the stop with it
    page.evaluate("document.activeElement.blur(); window.getSelection().removeAllRanges()")
    page.evaluate("document.querySelector('#skip-text').focus()")
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_be_focused()
    page.evaluate("document.querySelector('#skip-messages').focus()")
    page.keyboard.press("Enter")
    expect(page.locator("#messages article").last).to_be_focused()


def test_all_messages_are_one_stop_and_the_arrows_walk_among_them(page: Page) -> None:
    for command, title in (("/today", "历史上的今天"), ("/timeline 2014", "时间线 · 2014")):
        say(page, command)
        answer(page, title)
    expect(page.locator("#messages article").last.locator("img")).to_be_visible()
    stops = "() => [...document.querySelectorAll('#messages *')].filter((node) => node.tabIndex >= 0).length"
    assert page.evaluate(stops) == 1
    newest(page).focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#messages article:focus")).to_contain_text("/timeline 2014")
    page.keyboard.press("ArrowDown")
    expect(newest(page)).to_be_focused()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.tagName") == "BUTTON"
    page.keyboard.press("Escape")
    expect(newest(page)).to_be_focused()
    assert page.evaluate(stops) == 1


def test_a_message_that_changes_under_the_keyboard_keeps_the_focus(page: Page) -> None:
    say(page, "/timeline 2014")
    answer(page, "时间线 · 2014")
    expect(page.locator("#messages article").last.locator("img")).to_be_visible()
    newest(page).locator("button.key", has_text="习近平视察").focus()
    page.keyboard.press("Enter")
    answer(page, "习近平视察河南保税物流中心")
    inside = "node => node.contains(document.activeElement)"
    assert newest(page).evaluate(inside)


def test_the_field_is_a_combobox_that_names_its_option_and_completes_it(page: Page) -> None:
    field = page.get_by_role("combobox", name="消息")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.fill("/t")
    expect(field).to_have_attribute("aria-expanded", "true")
    for step, chosen in (("", 0), ("ArrowDown", 1), ("ArrowUp", 0)):
        if step:
            page.keyboard.press(step)
        expect(field).to_have_attribute("aria-activedescendant", f"option-{chosen}")
        expect(page.locator(f"#option-{chosen}")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Tab")
    expect(field).to_have_value("/timeline ")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-expanded", "false")
    assert field.get_attribute("aria-activedescendant") is None


def test_what_cannot_be_sent_is_said_where_it_is_written(page: Page) -> None:
    page.click("#membership")
    expect(page.locator("#banner")).to_contain_text("启用后才能和它对话")
    expect(page.locator("#send")).to_be_disabled()
    expect(page.locator("#text")).to_have_attribute("aria-describedby", "banner")
    page.click("#banner button")
    expect(page.locator("#banner")).to_be_hidden()
    expect(page.locator("#send")).to_be_enabled()
    enter(page, "新频道")
    expect(page.locator("#banner")).to_contain_text("机器人不在这里")
