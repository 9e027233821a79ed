"""What the chat page shows is what happens: language, next post, pins, the view, what is folded."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.page_walk import (
    CLOCK_WALKS,
    a_page,
    a_playground,
    answer,
    choose_language,
    enter,
    needs_browser,
    say,
)

pytestmark = needs_browser

_LATIN = re.compile(r"[A-Za-z]{3,}")
_HAN = re.compile(r"[\u4e00-\u9fff]")

#: Words of Latin letters that are right in a Chinese page.
_NAMES = re.compile(r"var/playground|silkline|playground|--fresh|/start|PM|AM", re.IGNORECASE)


@pytest.fixture
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with a_playground(tmp_path_factory.mktemp("playground")) as running:
        yield running


_WORDS = """() => {
    const names = ["aria-label", "placeholder", "title"];
    const named = (node) => names.map((name) => node.getAttribute(name) ?? "");
    return [document.body.innerText, ...[...document.querySelectorAll("*")].flatMap(named)].join("\\n");
}"""


def words_of(page: Page) -> str:
    """Everything that the page says, to the eye and to a screen reader, but for the language switch."""
    shown = str(page.evaluate(_WORDS))
    for both in ("语言 / Language", "中文", "Asia/Shanghai"):
        shown = shown.replace(both, "")
    return shown


def test_the_page_speaks_the_language_of_the_browser_and_turns_to_another_as_a_whole(
    browser: Browser, url: str
) -> None:
    with a_page(browser, url, "en") as page:
        for chat in range(page.locator("#chats button").count()):
            page.locator("#chats button").nth(chat).click()
            assert not _HAN.search(words_of(page))
        enter(page, "Demo group")
        say(page, "/today")
        answer(page, "On this day")
        choose_language(page, "zh")
        for chat in (0, 1, 3, 4):
            page.locator("#chats button").nth(chat).click()
            page.click("#chat-title")
            shown = words_of(page).split("On this day")[0]
            assert not _LATIN.search(_NAMES.sub("", shown)), shown


def test_next_post_goes_to_the_post_that_really_comes(page: Page) -> None:
    enter(page, "示范频道")
    due = page.locator("#clock-due").inner_text().removeprefix("下一次推送: ")
    page.click("#clock-quick button:has-text('下一次推送')")
    expect(page.locator("#clock-now")).to_have_text(due)
    expect(page.locator("#messages article")).to_have_count(1)
    expect(page.locator("#clock-due")).not_to_contain_text(due)


def test_the_empty_channel_says_what_to_try_and_does_it(page: Page) -> None:
    enter(page, "示范频道")
    card = page.locator(".try")
    day = card.locator(".strong").last.inner_text().removeprefix("把时钟拨到")
    card.locator("button").first.click()
    expect(page.locator("#messages article").last).to_contain_text(day, timeout=CLOCK_WALKS)
    expect(page.locator("#clock-now")).to_contain_text(day, timeout=CLOCK_WALKS)
    expect(card).to_have_count(0)
    days = page.locator("#messages .day").all_inner_texts()
    assert len(days) == len(set(days)) == page.locator("#messages article").count()
    expect(page.locator("#messages time").last).to_contain_text(day)


def test_an_empty_chat_begins_with_a_button(page: Page) -> None:
    page.click("#messages button:has-text('/start')")
    expect(page.locator("#messages article")).to_have_count(2)


def test_the_page_is_not_drawn_anew_when_the_bot_sets_its_commands(page: Page, url: str) -> None:
    say(page, "/problems")
    answer(page, "问题与短板")
    page.evaluate("bubbles()[0].dataset.seen = 'yes'")
    page.fill("#text", "/x")
    menu = [{"command": "xray", "description": "x"}]
    scope = {"type": "chat", "chat_id": 1001}
    told = page.request.post(
        f"{url}/bot1:playground/setMyCommands",
        data={"commands": menu, "scope": scope, "language_code": "zh"},
    )
    assert told.ok, told.text()
    expect(page.locator("#menu [role=option]")).to_contain_text("/xray")
    expect(page.locator("#messages article").first).to_have_attribute("data-seen", "yes")


def test_what_is_written_while_a_message_is_on_its_way_stays_in_the_field(page: Page) -> None:
    def late(route: Route) -> None:
        taken = route.fetch()
        page.fill("#text", "/zones")
        route.fulfill(response=taken)

    page.route("**/playground/say", late, times=1)
    with page.expect_response("**/playground/say") as response:
        say(page, "/problems")
    response.value.finished()
    answer(page, "问题与短板")
    expect(page.locator("#text")).to_have_value("/zones")


@pytest.mark.parametrize("width", [390, 1280])
def test_an_answer_is_read_from_its_beginning_though_its_picture_comes_later(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    say(page, "/zones")
    picture = page.locator("#messages article").last.locator("img")
    expect(picture).to_have_js_property("complete", True)
    measures = picture.evaluate(
        "image => [image.width / image.height, image.naturalWidth / image.naturalHeight]"
    )
    assert measures[0] == pytest.approx(measures[1], rel=0.01)
    top = (
        page.locator("#messages article")
        .nth(1)
        .evaluate("node => node.getBoundingClientRect().top - node.parentElement.getBoundingClientRect().top")
    )
    assert 0 <= top < 60


def test_a_pin_stays_and_its_bar_tells_what_is_pinned(page: Page) -> None:
    enter(page, "示范频道")
    say(page, "/settings pin")
    answer(page, "✓ 已更改")
    for _ in range(2):
        page.click("#clock-quick button:has-text('下一次推送')")
        expect(page.locator("#clock-moving")).to_be_hidden(timeout=CLOCK_WALKS)
        expect(page.locator("#messages article").last).to_contain_text("置顶了")
    expect(page.locator("#pinned")).to_be_visible()
    assert len(page.locator("#pinned").inner_text()) > len("📌 置顶: ")
    page.click("#pinned")
    newest = page.locator("#messages article:has(img)").last
    expect(newest).to_be_focused()


_QUOTE = """() => {
    const text = "one\\ntwo /help\\nthree\\n四\\n5⁵";
    const entities = [
        {type: "expandable_blockquote", offset: 0, length: text.length},
        {type: "code", offset: 0, length: 3},
    ];
    appendMessage({message_id: 9000, date: 1800000000, text, entities}, chat());
    unfoldShort($("messages"));
}"""


def test_a_folded_quote_is_cut_between_its_lines(page: Page) -> None:
    page.evaluate(_QUOTE)
    folded = page.locator(".foldable:not(.short) .folded")
    lines = folded.evaluate("node => node.clientHeight / parseFloat(getComputedStyle(node).lineHeight)")
    assert lines == pytest.approx(3, abs=0.06)
    page.click(".fold")
    expect(page.locator(".fold")).to_have_attribute("aria-expanded", "true")
    assert folded.evaluate("node => node.scrollHeight <= node.clientHeight")


def test_a_press_that_brings_a_new_message_or_none_leaves_no_button_faded(page: Page) -> None:
    say(page, "/start")
    expect(page.locator("#messages button.key").first).to_be_visible()
    for number in range(4):
        page.locator("#messages button.key").nth(number).click()
        # the page itself gives up after 15 seconds
        expect(page.locator("[aria-busy=true]")).to_have_count(0, timeout=14_000)


def test_the_placeholder_and_the_clocks_buttons_fit(browser: Browser, url: str) -> None:
    for language in ("zh", "en"):
        with a_page(browser, url, language, viewport={"width": 390, "height": 844}) as page:
            fits = """node => {
                const pen = document.createElement("canvas").getContext("2d");
                pen.font = getComputedStyle(node).font;
                return pen.measureText(node.placeholder).width <= node.clientWidth - 32;
            }"""
            assert page.locator("#text").evaluate(fits)
            page.click("#back")
            tops = page.locator("#clock-quick button").evaluate_all(
                "all => all.map((node) => node.offsetTop)"
            )
            assert [tops.count(top) for top in sorted(set(tops))] == [2, 2]
