"""Pictures over real HTTP: uploaded once, healed when stale, and never in the way of a text."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiogram.types import InputFile, Message

from bot.sending.messenger import TelegramMessenger
from bot.sending.picture_cache import PictureCache
from bot.sending.post_cards import PostCards
from bot.telegram.client import LaneBot
from digests.composing.post_composer import PostComposer
from digests.pages import Pages
from digests.posts import Audience, Gone, Sent, Unknown
from digests.report.library import Library
from digests.report.loading import load_pack
from digests.schedules import Occasion
from digests.store import Store
from digests.subscriptions import Address
from digests.text import Language
from tests.integration.scripted_api import Answer, Script, message, refusal, result, scripted, speaking
from tests.integration.test_messenger import delivery

PACK = Path(__file__).parents[2] / "data" / "henan-cbec-2023"
SIZE = {"file_unique_id": "u", "width": 1, "height": 1}


@pytest.fixture(scope="module")
def library() -> Library:
    return Library([load_pack(PACK)])


@pytest.fixture
async def store(sqlite_url: str) -> AsyncIterator[Store]:
    opened = await Store.open(sqlite_url)
    yield opened
    await opened.close()


def telegram(refusing: str = "", code: int = 400) -> Script:
    """A server that knows the files it was given; *refusing* is what it says to every photo."""
    known: list[str] = []

    def script(method: str, fields: dict[str, str]) -> Answer:
        chat_id = int(fields["chat_id"])
        if method != "sendPhoto":
            return message(chat_id)
        if refusing:
            return refusal(code, refusing)
        photo = fields.get("photo", "")
        if photo.startswith("attach://") or photo == "":
            known.append(f"file-{len(known)}")
        elif photo not in known:
            return refusal(400, "Bad Request: wrong remote file identifier specified: can't unserialize it")
        chat = {"id": chat_id, "type": "private"}
        return result({"message_id": 7, "date": 1, "chat": chat, "photo": [{"file_id": known[-1], **SIZE}]})

    return script


def post(library: Library, key: str):
    composed = PostComposer(lambda: library, Pages()).compose(Occasion.parse(key), Audience(Language.EN))
    assert composed is not None
    return composed


def messenger(bot: LaneBot, pictures: PictureCache) -> TelegramMessenger:
    return TelegramMessenger(bot, PostCards(bot, pictures))


async def test_in_a_broadcast_a_card_is_drawn_once_and_uploaded_once(store: Store, library: Library) -> None:
    day = replace(delivery(), post=post(library, "daily:2026-05-10"))
    pictures = PictureCache(lambda: library, store.files, Pages())
    async with scripted(telegram()) as api, speaking(api.url) as bot:
        one = messenger(bot, pictures)
        readers = [replace(day, id=number, address=Address(number)) for number in range(1, 201)]
        outcomes = await asyncio.gather(*(one.send(reader) for reader in readers))
    await pictures.close()
    assert outcomes == [Sent(7)] * 200
    assert len(api.named("sendPhoto")) == 200
    assert len(api.files) == 1
    assert (pictures.counts.drawn, pictures.counts.uploaded, pictures.counts.reused) == (1, 1, 199)
    assert pictures.counts.hit_rate == 0.995


async def test_a_text_that_fits_stands_under_its_card_and_a_longer_one_before_it(
    store: Store, library: Library
) -> None:
    pictures = PictureCache(lambda: library, store.files, Pages())
    async with scripted(telegram()) as api, speaking(api.url) as bot:
        one = messenger(bot, pictures)
        await one.send(replace(delivery(), post=post(library, "daily:2026-05-10")))
        assert [name for name, _ in api.calls] == ["sendPhoto"]
        assert api.calls[0][1]["caption"].startswith("<b>On this day")
        api.calls.clear()
        told = post(library, "monthly:2026-03")
        longer = replace(told, html=f"{told.html}<p>{'one more word ' * 80}</p>")
        await one.send(replace(delivery(), post=longer))
    await pictures.close()
    assert [name for name, _ in api.calls] == ["sendMessage", "sendPhoto"]
    assert "The World Customs Organization" not in api.calls[1][1]["caption"]
    assert "March 2018" in api.calls[1][1]["caption"]


async def test_a_file_id_that_telegram_does_not_know_is_replaced(store: Store, library: Library) -> None:
    day = replace(delivery(), post=post(library, "daily:2026-05-10"))
    pictures = PictureCache(lambda: library, store.files, Pages())
    async with scripted(telegram()) as api, speaking(api.url) as bot:
        await messenger(bot, pictures).send(day)
        api.script = telegram()  # another server, which knows nothing
        later = PictureCache(lambda: library, store.files, Pages())  # after a restart
        readers = [replace(day, address=Address(number)) for number in range(1, 6)]
        outcomes = await asyncio.gather(*(messenger(bot, later).send(reader) for reader in readers))
    await pictures.close()
    await later.close()
    assert outcomes == [Sent(7)] * 5
    assert (later.counts.uploaded, later.counts.reused) == (1, 4)
    assert len(api.files) == 2


async def test_a_restart_draws_nothing_again(store: Store, library: Library) -> None:
    day = replace(delivery(), post=post(library, "daily:2026-05-10"))
    async with scripted(telegram()) as api, speaking(api.url) as bot:
        for _ in range(2):
            pictures = PictureCache(lambda: library, store.files, Pages())
            await messenger(bot, pictures).send(day)
            await pictures.close()
    assert pictures.counts.drawn == 0
    assert api.named("sendPhoto")[1]["photo"] == "file-0"


@pytest.mark.parametrize(
    ("code", "refusing"),
    [
        (400, "Bad Request: not enough rights to send photos to the chat"),
        (400, "Bad Request: can't parse entities: unclosed tag"),
        (403, "Forbidden: something about media"),
    ],
)
async def test_where_a_card_is_refused_the_text_arrives(
    store: Store, library: Library, code: int, refusing: str
) -> None:
    day = replace(delivery(), post=post(library, "daily:2026-05-10"))
    pictures = PictureCache(lambda: library, store.files, Pages())
    async with scripted(telegram(refusing, code)) as api, speaking(api.url) as bot:
        assert await messenger(bot, pictures).send(day) == Sent(1)
    await pictures.close()
    assert len(api.named("sendMessage")) == 1


async def test_a_chat_that_is_gone_is_gone_with_its_card(store: Store, library: Library) -> None:
    day = replace(delivery(), post=post(library, "daily:2026-05-10"))
    pictures = PictureCache(lambda: library, store.files, Pages())
    blocked = refusal(403, "Forbidden: bot was blocked by the user")
    async with scripted(lambda *_: blocked) as api, speaking(api.url) as bot:
        assert isinstance(await messenger(bot, pictures).send(day), Gone)
    await pictures.close()


async def test_a_card_whose_outcome_is_unknown_is_not_followed_by_a_text(
    store: Store, library: Library
) -> None:
    day = replace(delivery(), post=post(library, "daily:2026-05-10"))
    pictures = PictureCache(lambda: library, store.files, Pages())
    async with scripted(lambda *_: result("what?")) as api, speaking(api.url) as bot:
        assert isinstance(await messenger(bot, pictures).send(day), Unknown)
    await pictures.close()
    assert len(api.calls) == 1


async def test_who_wants_no_pictures_gets_the_text_alone(store: Store, library: Library) -> None:
    day = replace(delivery(), post=post(library, "daily:2026-05-10"), picture=False)
    pictures = PictureCache(lambda: library, store.files, Pages())
    async with scripted(telegram()) as api, speaking(api.url) as bot:
        await messenger(bot, pictures).send(day)
    await pictures.close()
    assert [name for name, _ in api.calls] == ["sendMessage"]


async def test_while_a_picture_is_drawn_others_are_answered(store: Store, library: Library) -> None:
    pictures = PictureCache(lambda: library, store.files, Pages())

    async def keep(_photo: str | InputFile) -> Message:
        raise LookupError  # only the drawing matters here

    drawing = asyncio.create_task(pictures.send(1, "timeline", Language.EN, keep))
    longest = 0.0
    while not drawing.done():
        before = time.perf_counter()
        await asyncio.sleep(0.005)
        longest = max(longest, time.perf_counter() - before)
    await pictures.close()
    assert isinstance(drawing.exception(), LookupError)
    assert pictures.counts.drawn == 1
    assert longest < 0.5
