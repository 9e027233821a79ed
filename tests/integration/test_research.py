"""What researchers take with them, over real HTTP: the data as a file, uploaded once, and a quiz."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.playground import CHANNEL, GROUP, PERSON
from tests.integration.bot_world import Town, living_town


@pytest.fixture
async def town(sqlite_url: str) -> AsyncIterator[Town]:
    async with living_town(sqlite_url) as opened:
        yield opened


async def answer(town: Town, text: str, chat_id: int = PERSON) -> dict[str, Any]:
    return await town.after(lambda: town.world.says(PERSON, chat_id, text), chat_id)


def uploads(town: Town) -> int:
    sent = [call.parameters for call in town.world.calls if call.method.lower() == "senddocument"]
    return sum(parameters["document"] not in town.world.files for parameters in sent)


async def test_the_data_are_a_document_that_is_uploaded_once(town: Town) -> None:
    first = await answer(town, "/data csv")
    assert "26件大事" in first["caption"]
    content = town.world.files[first["document"]["file_id"]]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {"datapackage.json", "figures.csv", "milestones.csv", "designations.csv"} == set(
            archive.namelist()
        )
    assert uploads(town) == 1
    again = await answer(town, "/data CSV", GROUP)
    assert again["document"]["file_id"] == first["document"]["file_id"]
    assert uploads(town) == 1
    workbook = await answer(town, "/data excel")
    assert town.world.files[workbook["document"]["file_id"]].startswith(b"PK")


async def test_a_file_id_that_is_no_longer_known_is_replaced(town: Town) -> None:
    first = await answer(town, "/data json")
    content = town.world.files.pop(first["document"]["file_id"])
    again = await answer(town, "/data json")
    assert town.world.files[again["document"]["file_id"]] == content
    town.world.calls.clear()  # one refusal was expected


async def test_without_a_form_there_is_a_button_for_each(town: Town) -> None:
    assert "/data xlsx" in await town.ask("/data")
    assert "document" in await town.press("JSON")
    assert "没有“pdf”这种格式" in await town.ask("/data pdf")


async def test_a_quiz_is_a_poll_in_private_in_groups_and_in_channels(town: Town) -> None:
    for chat_id in (PERSON, GROUP, CHANNEL):
        poll = (await answer(town, "/quiz", chat_id))["poll"]
        assert poll["type"] == "quiz"
        assert len(poll["options"]) >= 3
        assert poll["explanation"]
    shown = await answer(town, "/quiz 洛阳")
    other = await town.press("再来一题")
    assert other["poll"]["question"] != shown["poll"]["question"]


async def test_what_no_question_is_about_is_answered_with_what_works(town: Town) -> None:
    assert "/quiz 郑州" in await town.ask("/quiz qqqqqqqq")


async def test_a_citation_changes_its_style_in_place(town: Town) -> None:
    assert "[J]" in await town.ask("/cite 1210")
    edited = await town.press("RIS")
    assert edited["text"].count("TY  - JOUR\n") == 1
