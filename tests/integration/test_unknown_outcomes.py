"""Answers on whose call the server hangs up: nobody knows whether they arrived, and who asked is told so."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.playground import PERSON
from bot.playground.bot_api.fault_injection import Faults
from tests.integration.bot_world import Town, living_town, until

_WORD = "刚才的回复可能没有送达"


class NextFaults(Faults):
    """What happens to the next calls, one after the other."""

    __slots__ = ("coming",)

    def __init__(self) -> None:
        super().__init__()
        self.coming: list[str] = []

    def draw(self) -> str | None:
        fault = self.coming.pop(0) if self.coming else "none"
        return None if fault == "none" else fault


@pytest.fixture
def faults() -> NextFaults:
    return NextFaults()


@pytest.fixture
async def town(sqlite_url: str, faults: NextFaults) -> AsyncIterator[Town]:
    async with living_town(sqlite_url, faults=faults) as opened:
        yield opened


def said(town: Town) -> list[str]:
    messages = town.world.chats[PERSON].messages.values()
    return [str(each.get("text")) for each in messages if each["from"]["is_bot"]]


async def test_an_answer_that_was_swallowed_is_not_silence(town: Town, faults: NextFaults) -> None:
    faults.coming = ["drop_before", "drop_before"]  # the word about it as well, which is said again
    assert (await town.ask("/about")).startswith(_WORD)
    assert len(said(town)) == 1


async def test_an_answer_that_arrived_after_all_is_not_doubled(town: Town, faults: NextFaults) -> None:
    faults.coming = ["drop_after"]
    town.world.says(PERSON, PERSON, "/about")
    await until(lambda: len(said(town)) == 2)
    assert said(town)[1].startswith(_WORD)
    assert sum("河南跨境电商发展这十年" in text for text in said(town)) == 1


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
async def test_a_page_that_is_turned_is_turned_though_the_server_hung_up(
    town: Town, faults: NextFaults, fault: str
) -> None:
    first = await town.ask("/timeline")
    faults.coming = [fault]
    assert (await town.press("›"))["text"] != first
    await until(lambda: all(told is not None for told in town.world.callbacks.values()))
    assert not any(text.startswith(_WORD) for text in said(town))
    assert not any((told or {}).get("text") for told in town.world.callbacks.values())


async def test_a_picture_that_was_swallowed_can_be_asked_for_again(town: Town, faults: NextFaults) -> None:
    faults.coming = ["none", "drop_before"]  # the text arrives, its picture does not
    await town.ask("/zones")
    await until(lambda: "图片可能没有送达。" in said(town))
    town.world.presses(PERSON, PERSON, *picture_button(town))
    await until(lambda: any("photo" in each for each in town.world.chats[PERSON].messages.values()))


def picture_button(town: Town) -> tuple[int, str]:
    message = town.newest()
    (button,) = message["reply_markup"]["inline_keyboard"][0]
    assert button["text"].startswith("🖼")
    return message["message_id"], button["callback_data"]
