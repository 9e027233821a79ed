"""What newcomers come for, done through the chat page without a wrong turn; each press and message counts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.page_walk import CLOCK_WALKS, a_page, a_playground, answer, enter, needs_browser, newest, say

pytestmark = needs_browser

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with a_playground(tmp_path_factory.mktemp("playground")) as running:
        yield running


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    with a_page(browser, url, "en") as opened:
        yield opened


def press(page: Page, label: str) -> None:
    """Press a button below the newest message that has some, and wait until that is answered."""
    keyboards = page.locator("#messages article").filter(has=page.locator(".keyboard"))
    keyboards.last.locator(".key").filter(has_text=re.compile(rf"^\W*{re.escape(label)}")).first.click()


def test_a_channel_is_subscribed_for_weekly_posts_in_english_on_fridays(page: Page) -> None:
    press(page, "/start") if page.locator(".keyboard").count() else page.click(
        "#messages button:has-text('/start')"
    )
    press(page, "Add to a channel")
    page.click("#keyboard button >> nth=0")
    page.click("#picking button:has-text('New channel')")
    answer(page, "Subscribed · New channel")
    press(page, "Weekly")
    answer(page, "Changed")
    press(page, "Fri")
    expect(newest(page)).to_contain_text("weekly, Friday")
    expect(newest(page)).to_contain_text("Language: English")
    expect(newest(page)).to_contain_text("Next post: Friday")


def test_the_share_of_a_city_is_found_and_cited(page: Page) -> None:
    say(page, "how large is Luoyang's share")
    answer(page, "Search: how large is Luoyang's share")
    expect(newest(page)).to_contain_text("3.06%")
    press(page, "3.06%")
    answer(page, "Share of the province")
    press(page, "Cite")
    answer(page, "Citation: APA 7")
    expect(newest(page)).to_contain_text("3.06%")


def test_posts_are_stopped_for_august(page: Page) -> None:
    say(page, "/subscribe daily")
    answer(page, "Subscribed")
    press(page, "Pause")
    expect(newest(page)).to_contain_text("a month without posts")
    newest(page).locator(".reply").click()
    say(page, "pause August")
    answer(page, "Changed")
    expect(newest(page)).to_contain_text("Paused until: 1 September")
    expect(newest(page)).to_contain_text("Next post: ")


def test_all_of_a_year_is_found(page: Page) -> None:
    say(page, "/start")
    answer(page, "I am Silkline")
    press(page, "Timeline")
    answer(page, "Timeline")
    page.locator("#messages .key").get_by_text("2017", exact=True).last.click()
    answer(page, "Timeline · 2017")
    expect(newest(page)).to_contain_text("4 milestones")
    for title in ("EWTO", "WTO and the WCO", "special fund", "demonstration parks"):
        expect(newest(page)).to_contain_text(title)


def test_the_card_of_the_day_is_sent_to_a_friend_who_opens_it(page: Page) -> None:
    page.evaluate("() => moveClock('2027-05-10T12:00')")
    expect(page.locator("#clock-now")).to_contain_text("10 May 2027", timeout=CLOCK_WALKS)
    expect(page.locator("#clock-moving")).to_be_hidden(timeout=CLOCK_WALKS)
    say(page, "/start")
    answer(page, "I am Silkline")
    press(page, "Today")
    answer(page, "On this day · 10 May 2027")
    press(page, "Share this")
    page.click("#picking button:has-text('Demo group')")
    expect(page.locator("#chat-title")).to_have_text("Demo group")
    page.select_option("#person", label="Ann")
    page.locator("#messages a[href*='start=']").last.click()
    expect(page.locator("#chat-title")).to_have_text("Silkline")
    answer(page, "On this day · 10 May 2027")


def test_an_error_under_a_post_is_reported_by_a_reader_and_read_by_the_operator(page: Page) -> None:
    enter(page, "Demo channel")
    page.evaluate("() => moveClock('2027-05-10T12:00')")
    expect(page.locator("#clock-moving")).to_be_hidden(timeout=CLOCK_WALKS)
    page.locator("#messages .key").get_by_text("Report an error").last.click()
    answer(page, "Report an error")
    expect(page.locator("#replying")).to_be_visible()
    say(page, "The day is wrong")
    expect(page.locator("#messages")).to_contain_text("Passed on to those who run this bot")
    expect(page.locator("#messages")).to_contain_text("A reader reports an error")


def test_the_settings_of_a_group_open_in_private_on_a_phone(browser: Browser, url: str) -> None:
    with a_page(browser, url, "en", viewport=PHONE) as page:
        page.click("#back")
        enter(page, "Demo group")
        say(page, "/subscribe weekly fri")
        answer(page, "✓ Subscribed: ")
        page.locator("#messages .key").get_by_text("Settings").last.click()
        expect(page.locator("#chat-title")).to_have_text("Silkline")
        answer(page, "Settings · Demo group")
