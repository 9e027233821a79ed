"""Draws the short animation of the clock walk: ``python -m tests.e2e.make_animation [zh|en] [FILE]``.

A playground of its own is opened, its demo channel entered, and the button pressed that moves the clock
to the day that recalls most; what the page shows meanwhile becomes an animated WebP below 500 kB.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.page_walk import CLOCK_WALKS, a_browser, a_page, a_playground

_GOLDEN = Path(__file__).parents[1] / "golden"
_VIEW = {"width": 1040, "height": 700}
_LARGEST = 500_000

#: How long what stands still is shown, and what moves (milliseconds).
_STILL, _MOVING = 2200, 180

#: A frame of the walk for so many days of the clock.
_DAYS_A_FRAME = 8


def frames(page: Page) -> list[tuple[Image.Image, int]]:
    """What the page shows on the way, and for how long each."""
    page.locator("#chats button").nth(1).click()
    button = page.locator(".try .strong").last
    expect(button).to_be_visible()
    taken = [(_picture(page), _STILL)]
    button.hover()
    taken.append((_picture(page), _MOVING * 3))
    button.click()
    shown = _day(page)
    while page.locator("#clock-moving").is_visible():
        if (day := _day(page)) - shown >= _DAYS_A_FRAME:
            shown = day
            taken.append((_picture(page), _MOVING))
    expect(page.locator("#clock-moving")).to_be_hidden(timeout=CLOCK_WALKS)
    page.wait_for_function("[...document.images].every((image) => image.complete)")
    return [*taken, (_picture(page), _STILL * 2)]


def _day(page: Page) -> float:
    """What the clock shows, in days since the epoch."""
    return float(page.evaluate("Date.parse(state.clock.now) / 86400000"))


def _picture(page: Page) -> Image.Image:
    return Image.open(BytesIO(page.screenshot())).convert("RGB")


def draw(language: str, path: Path) -> int:
    """Write the animation; its size in bytes."""
    with (
        TemporaryDirectory() as folder,
        a_playground(Path(folder)) as url,
        a_browser() as browser,
        a_page(browser, url, language, viewport=_VIEW) as page,
    ):
        taken = frames(page)
    first, *rest = [image for image, _ in taken]
    durations = [duration for _, duration in taken]
    first.save(path, save_all=True, append_images=rest, duration=durations, loop=0, quality=70, method=3)
    return path.stat().st_size


if __name__ == "__main__":
    wanted = sys.argv[1] if len(sys.argv) > 1 else "en"
    target = Path(sys.argv[2]) if len(sys.argv) > 2 else _GOLDEN / "clock-walk.webp"
    size = draw(wanted, target)
    sys.exit(f"{target}: {size} bytes, more than {_LARGEST}" if size > _LARGEST else 0)
