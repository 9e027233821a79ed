"""A newcomer at the chat page, in a real browser, in both languages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.page_walk import (
    CLOCK_WALKS,
    answer,
    choose_language,
    enter,
    needs_browser,
    newest,
    say,
)

pytestmark = needs_browser


@pytest.mark.parametrize(
    ("language", "timeline", "zones", "growth"),
    [("zh", "时间线", "综试区与各类试点", "增长"), ("en", "Timeline", "Pilot zones and pilots", "Growth")],
)
def test_a_newcomer_asks_in_either_language(
    page: Page, language: str, timeline: str, zones: str, growth: str
) -> None:
    choose_language(page, language)
    say(page, "/timeline")
    answer(page, timeline)
    say(page, "/zones")
    answer(page, zones)
    say(page, "/growth")
    answer(page, growth)
    picture = page.locator("#messages article").last.locator("img")
    expect(picture).to_have_js_property("naturalWidth", 1080)


def test_a_button_changes_its_message_in_place(page: Page) -> None:
    say(page, "/timeline 2014")
    answer(page, "时间线 · 2014")
    expect(page.locator("#messages article").last.locator("img")).to_be_visible()
    count = page.locator("#messages article").count()
    newest(page).locator("button.key", has_text="习近平视察").click()
    answer(page, "习近平视察河南保税物流中心")
    assert page.locator("#messages article").count() == count


def test_the_menu_of_commands_works_by_keyboard_and_speaks_the_language(page: Page) -> None:
    page.fill("#text", "/t")
    options = page.locator("#menu [role=option]")
    expect(options.first).to_contain_text("/timeline")
    expect(options.first).to_contain_text("十年时间线")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#menu")).to_be_hidden()
    choose_language(page, "en")
    page.fill("#text", "/ti")
    expect(options.first).to_contain_text("Ten years of milestones")
    page.keyboard.press("Enter")
    answer(page, "Timeline")


def test_a_topic_of_the_group_and_the_channel_are_subscribed_in_place(page: Page) -> None:
    enter(page, "示范群组")
    page.select_option("#topic", label="公告")
    say(page, "/subscribe monthly")
    answer(page, "✓ 已订阅")
    enter(page, "示范频道")
    say(page, "/settings")
    answer(page, "推送：")


@pytest.mark.timeout(600)  # four walks of half a year
def test_the_channel_gets_its_post_when_the_clock_comes_to_the_tenth_of_may(page: Page) -> None:
    enter(page, "示范频道")
    for _ in range(2):  # back and forward again: it comes again
        page.click("#clock-quick button:has-text('5月10日')")
        expect(page.locator("#clock-now")).to_contain_text("5月10日", timeout=CLOCK_WALKS)
        expect(page.locator("#messages article").last.locator(".text")).to_have_text(
            re.compile("^历史上的今天")
        )
        expect(page.locator("#messages article").last).to_contain_text("2014年5月10日")
        posts = page.locator("#messages article", has_text="2014年5月10日").count()
        page.click("#clock-quick button:has-text('回到今天')")
        expect(page.locator("#clock-now")).not_to_contain_text("5月10日", timeout=CLOCK_WALKS)
    assert posts == 2


def test_the_bot_is_stopped_and_started_again(page: Page) -> None:
    page.click("#membership")
    expect(page.locator("#chat-status")).to_have_text("机器人不在这里")
    page.click("#membership")
    expect(page.locator("#chat-status")).to_have_text("私聊")
    say(page, "/start")
    answer(page, "我是丝路年轮")


def test_a_channel_is_added_from_the_private_chat_and_looked_after_there(page: Page) -> None:
    say(page, "/start")
    page.locator("button.key", has_text="添加到频道").last.click()
    page.locator("#keyboard button", has_text="选择频道").click()
    page.locator("#picking button", has_text="新频道").click()
    answer(page, "已订阅 · 新频道")
    page.locator("#messages article").last.locator("button.key", has_text="每日").click()
    answer(page, "已更改 · 新频道")
    page.locator("#messages article").last.locator("button.key", has_text="时区").click()
    page.locator("#messages article").last.locator(".reply").click()
    say(page, "Berlin")
    answer(page, "已更改 · 新频道")
    expect(page.locator("#messages article").last).to_contain_text("Europe/Berlin")


def test_a_guest_of_the_group_cannot_change_it_until_promoted(page: Page) -> None:
    page.select_option("#person", label="老王")
    enter(page, "示范群组")
    say(page, "/settings")
    expect(page.locator("#messages article").last).to_contain_text("管理员")
    page.click("#manage")
    with page.expect_response("**/act/member"):
        page.locator("#managing select[aria-label='老王']").select_option("administrator")
    page.locator("#managing form button").click()
    say(page, "/subscribe daily")
    answer(page, "✓ 已订阅：推送：每日")
    page.select_option("#person", label="小林 · 运营者")


def test_a_phone_shows_one_pane_and_never_scrolls_sideways(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    say(page, "/zones")
    answer(page, "综试区与各类试点")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.locator("#sidebar")).to_be_hidden()
    page.click("#back")
    expect(page.locator("#conversation")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_every_control_has_a_name(page: Page) -> None:
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, a")].filter((node) =>
            node.offsetParent && !(node.getAttribute("aria-label") || node.textContent.trim()
            || (node.id && document.querySelector(`label[for=${node.id}]`)))).map((node) => node.outerHTML)"""
    )
    assert nameless == []


def test_nothing_of_the_walk_was_refused_by_the_server(page: Page) -> None:
    expect(page.locator("#refused summary")).to_have_text("服务器的拒绝 (0)")


def test_markup_that_a_person_types_stays_text(page: Page) -> None:
    say(page, '<img src=x onerror="document.title=1"><b>x</b>')
    expect(page.locator("#messages article.mine").last).to_contain_text("<b>x</b>")
    assert page.locator("#messages article.mine img").count() == 0
