"""What walks of the chat page share: a browser, a playground of their own, and what a person does in it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOCALES = {"zh": "zh-CN", "en": "en-GB"}

#: For the whole file that walks.
needs_browser = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"no browser: install Debian's chromium ({CHROMIUM})"
)

# what is waited for is drawn by a machine that may be busy with other things
expect.set_options(timeout=60_000)

#: The clock walks through every post on its way (milliseconds).
CLOCK_WALKS = 120_000


@contextmanager
def a_browser() -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield opened
        opened.close()


@contextmanager
def a_playground(folder: Path, *options: str, **environment: str) -> Iterator[str]:
    """The address of a playground that keeps its state in a folder; it must end in order."""
    command = [sys.executable, "-m", "bot", "playground", "--port", "0", *options]
    env = {**os.environ, **environment}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder, env=env) as process:
        assert process.stdout is not None
        try:
            yield re.findall(r"http://\S+", process.stdout.readline())[0]
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0


@contextmanager
def a_page(browser: Browser, url: str, language: str = "zh", **given: Any) -> Iterator[Page]:
    """A page in a browser of that language; nothing may go wrong in it or be asked elsewhere."""
    options = {"viewport": {"width": 1280, "height": 860}, "locale": LOCALES[language]}
    opened = browser.new_page(**options | given)
    trouble: list[str] = []
    elsewhere: list[str] = []
    opened.on("console", lambda message: _note(message, trouble))
    opened.on("pageerror", lambda error: trouble.append(f"{error} {error.stack}"))
    opened.on(
        "request",
        lambda request: None if request.url.startswith((url, "data:")) else elsewhere.append(request.url),
    )
    opened.goto(url)
    expect(opened.locator("html")).to_have_attribute("lang", language)
    expect(opened.locator("#chat-title")).not_to_be_empty()
    try:
        yield opened
    finally:
        opened.close()
    assert trouble == [], trouble
    assert elsewhere == []


def _note(message: ConsoleMessage, trouble: list[str]) -> None:
    is_refused = "ERR_CONNECTION_REFUSED" in message.text or "ERR_INCOMPLETE" in message.text
    if message.type == "error" and not is_refused:
        trouble.append(message.text)


def choose_language(page: Page, language: str) -> None:
    """Press a language's button, and wait until the page speaks it."""
    page.click(f'[data-language="{language}"]')
    expect(page.locator("html")).to_have_attribute("lang", language)


def say(page: Page, text: str) -> None:
    """Write a message, and wait until it stands there: what comes behind it is no earlier answer."""
    messages = page.locator("#messages article:not(:has(img))")
    before = messages.count()
    page.fill("#text", text)
    page.keyboard.press("Enter")
    expect(messages.nth(before)).to_be_attached()


def newest(page: Page) -> Locator:
    """The newest message in words: a picture may follow them."""
    return page.locator("#messages article:not(:has(img))").last


def answer(page: Page, text: str) -> None:
    """Wait until the newest message in words begins with a text, whether names in it are isolated or not."""
    wanted = "[\u2068\u2069]*".join(re.escape(character) for character in text)
    expect(newest(page).locator(".text")).to_have_text(re.compile(f"^{wanted}"))


def enter(page: Page, title: str) -> None:
    """Open a chat."""
    page.click(f"#chats button:has-text('{title}')")
    expect(page.locator("#chat-title")).to_have_text(title)
