"""The playground is stopped and started again: what the page shows meanwhile, and what is kept."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.page_walk import CLOCK_WALKS, a_page, a_playground, answer, enter, needs_browser, say

pytestmark = needs_browser


def test_a_lost_server_is_shown_and_everything_is_there_when_it_is_back(
    browser: Browser, tmp_path: Path
) -> None:
    with a_playground(tmp_path) as url:
        context = a_page(browser, url)
        page = context.__enter__()
        say(page, "/timeline 2014")
        answer(page, "时间线 · 2014")
        enter(page, "示范频道")
        page.click("#clock-quick button:has-text('下一次推送')")
        expect(page.locator("#messages article img")).to_have_count(1)
        expect(page.locator("#clock-moving")).to_be_hidden(timeout=CLOCK_WALKS)
        day = page.locator("#clock-now").inner_text().rsplit(" ", 1)[0]
    expect(page.locator("#banner")).to_contain_text("连接中断")
    expect(page.locator("#send")).to_be_disabled()
    page.click("#membership")
    expect(page.locator("#toast")).to_contain_text("没有发出")

    with a_playground(tmp_path, "--port", str(urlsplit(url).port)):
        expect(page.locator("#banner")).to_be_hidden()
        expect(page.locator("#messages article img")).to_have_count(1)
        expect(page.locator("#clock-now")).to_contain_text(day)
        expect(page.locator("#clock-to")).not_to_have_value("")
        enter(page, "丝路年轮")
        page.locator("#messages button.key", has_text="习近平视察").first.click()
        answer(page, "习近平视察河南保税物流中心")

    with a_playground(tmp_path, "--fresh", "--port", str(urlsplit(url).port)):
        expect(page.locator("#banner")).to_be_hidden()
        expect(page.locator("#messages article")).to_have_count(0)
        expect(page.locator("#clock-now")).not_to_contain_text(day)
        context.__exit__(None, None, None)


def holding_back_the_state(page: Page, meanwhile: str) -> None:
    """The next state that the page asks for comes only after it was told of an answer to *meanwhile*."""

    def late(route: Route) -> None:
        state = route.fetch()
        asked = page.request.post(
            f"{page.url}playground/say", data={"person": 1001, "chat_id": 1001, "text": meanwhile}
        )
        assert asked.ok
        for _ in range(200):
            told = page.request.get(f"{page.url}playground/state").json()
            if told["chats"][0]["messages"][-1]["from"]["is_bot"]:
                break
        route.fulfill(response=state)

    page.route("**/playground/state", late, times=1)


def test_an_answer_that_comes_while_the_state_is_on_its_way_is_shown(
    browser: Browser, tmp_path: Path
) -> None:
    with a_playground(tmp_path) as url, a_page(browser, url) as page:
        holding_back_the_state(page, "/problems")
        page.click('[data-language="en"]')
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator("#messages article")).to_have_count(2)


def test_one_folder_is_one_playgrounds(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot", "playground", "--port", "0"]
    with a_playground(tmp_path):
        second = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
        )
    assert second.returncode == 1
    assert "another playground uses var/playground" in second.stderr


def test_whom_admin_ids_names_is_the_operator(browser: Browser, tmp_path: Path) -> None:
    with a_playground(tmp_path, ADMIN_IDS="1002,77") as url, a_page(browser, url) as page:
        options = page.locator("#person option").all_inner_texts()
        assert options == ["小林", "小安 · 运营者", "老王", "运营者 77 · 运营者"]
        page.select_option("#person", label="小安 · 运营者")
        say(page, "/stats")
        expect(page.locator("#messages article")).to_have_count(2)
        page.select_option("#person", label="小林")
        say(page, "/stats")
        expect(page.locator("#messages article")).to_have_count(2)
        expect(page.locator("#messages article").last).not_to_contain_text("订阅：")
