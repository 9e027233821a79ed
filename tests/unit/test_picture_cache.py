"""A picture is drawn and uploaded once, sent by its id, and uploaded again when the id is not known."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import GetMe
from aiogram.types import BufferedInputFile, Message

from bot.sending import picture_cache
from bot.sending.picture_cache import PictureCache, PictureCounts
from digests.pages import Pages
from digests.pictures import Theme
from digests.report.library import Library
from digests.report.loading import load_pack
from digests.text import Language

PACK = Path(__file__).parents[2] / "data" / "henan-cbec-2023"
ZH, EN = Language.ZH, Language.EN


class Files:
    """The file ids on record, in memory."""

    def __init__(self) -> None:
        self.ids: dict[tuple[int, str], str] = {}
        self.asked = 0

    async def get(self, bot_id: int, key: str) -> str | None:
        self.asked += 1
        return self.ids.get((bot_id, key))

    async def put(self, bot_id: int, key: str, file_id: str) -> None:
        self.ids[bot_id, key] = file_id

    async def drop(self, bot_id: int, key: str) -> None:
        del self.ids[bot_id, key]


class Drawer:
    """Draws nothing; notes its orders, and lets others run meanwhile."""

    def __init__(self) -> None:
        self.orders: list[tuple[Language, Theme, str]] = []

    async def draw(self, _library: Library, language: Language, theme: Theme, name: str) -> bytes:
        self.orders.append((language, theme, name))
        await asyncio.sleep(0)
        return f"{name} {language}".encode()


class Server:
    """Takes photos as Telegram does: an upload gets an id, and other ids are refused."""

    def __init__(self) -> None:
        self.known: list[str] = []
        self.uploads: list[tuple[str | None, bytes]] = []
        self.words = "Bad Request: wrong remote file identifier specified"

    async def take(self, photo: Any) -> Message:
        if isinstance(photo, BufferedInputFile):
            self.uploads.append((str(photo.filename), photo.data))
            self.known.append(f"file-{len(self.uploads)}")
            return self.message(self.known[-1])
        if photo not in self.known:
            raise TelegramBadRequest(GetMe(), self.words)
        return self.message(photo)

    def message(self, file_id: str) -> Message:
        size = {"file_unique_id": "u", "width": 1, "height": 1}
        sizes = [{"file_id": "small", **size}, {"file_id": file_id, **size}]
        chat = {"id": 1, "type": "private"}
        return Message.model_validate({"message_id": 1, "date": 1, "chat": chat, "photo": sizes})


@pytest.fixture(scope="module")
def library() -> Library:
    return Library([load_pack(PACK)])


def cache_of(library: Library, files: Files, theme: Theme = Theme.LIGHT) -> tuple[PictureCache, Drawer]:
    cache = PictureCache(lambda: library, files, Pages(), theme)  # type: ignore[arg-type] # files in memory
    drawer = cache._drawer = Drawer()  # type: ignore[assignment] # draws nothing
    return cache, drawer


async def test_a_picture_is_drawn_and_uploaded_once_and_then_sent_by_its_id(library: Library) -> None:
    files, server = Files(), Server()
    cache, drawer = cache_of(library, files)
    for _ in range(3):
        await cache.send(42, "digest:daily:2026-05-10", ZH, server.take)
    assert server.uploads == [("digest-daily-2026-05-10.png", b"digest:daily:2026-05-10 zh")]
    assert drawer.orders == [(ZH, Theme.LIGHT, "digest:daily:2026-05-10")]
    assert list(files.ids.values()) == ["file-1"]
    assert cache.counts == PictureCounts(drawn=1, uploaded=1, reused=2, stale=0)
    assert files.asked == 1


async def test_of_many_who_send_the_same_new_picture_one_uploads_it(library: Library) -> None:
    files, server = Files(), Server()
    cache, _ = cache_of(library, files)
    await asyncio.gather(*(cache.send(42, "growth", ZH, server.take) for _ in range(5)))
    assert len(server.uploads) == 1
    assert cache.counts == PictureCounts(drawn=1, uploaded=1, reused=4)


async def test_each_language_picture_and_bot_has_an_id_of_its_own(library: Library) -> None:
    files, server = Files(), Server()
    cache, drawer = cache_of(library, files)
    for bot_id, name, language in (
        (42, "growth", ZH),
        (42, "growth", EN),
        (42, "shares", ZH),
        (43, "growth", ZH),
    ):
        await cache.send(bot_id, name, language, server.take)
    assert len(server.uploads) == len(files.ids) == 4
    assert len(drawer.orders) == 3  # the same picture for another bot is not drawn again


async def test_a_chat_that_chose_a_theme_has_a_picture_of_its_own_and_the_others_the_instances(
    library: Library,
) -> None:
    files, server = Files(), Server()
    cache, drawer = cache_of(library, files)
    for theme in (None, Theme.DARK, Theme.LIGHT, Theme.DARK):
        await cache.send(42, "growth", ZH, server.take, theme=theme)
    assert [theme for _, theme, _ in drawer.orders] == [Theme.LIGHT, Theme.DARK]
    assert await cache.is_uploaded(42, "growth", ZH, theme=Theme.DARK)
    assert not await cache.is_uploaded(42, "growth", EN, theme=Theme.DARK)


async def test_another_theme_or_another_library_draws_anew(library: Library) -> None:
    files, server = Files(), Server()
    for cache, _ in (
        cache_of(library, files),
        cache_of(library, files, Theme.DARK),
        cache_of(Library([]), files),
    ):
        await cache.send(42, "growth", ZH, server.take)
    assert len(server.uploads) == 3


async def test_after_a_restart_the_id_on_record_is_used(library: Library) -> None:
    files, server = Files(), Server()
    await cache_of(library, files)[0].send(42, "growth", ZH, server.take)
    cache, drawer = cache_of(library, files)
    assert await cache.is_uploaded(42, "growth", ZH)
    asked = files.asked
    assert await cache.is_uploaded(42, "growth", ZH)
    await cache.send(42, "growth", ZH, server.take)
    assert (drawer.orders, cache.counts) == ([], PictureCounts(reused=1))
    assert files.asked == asked  # it is kept at hand


@pytest.mark.parametrize(
    "words",
    [
        "Bad Request: wrong file identifier/HTTP URL specified",
        "Bad Request: wrong remote file identifier specified",
        "Bad Request: FILE_ID_INVALID",
        "Bad Request: invalid file identifier",
        "Bad Request: FILE REFERENCE EXPIRED",
    ],
)
async def test_an_id_that_telegram_does_not_know_is_replaced(
    library: Library, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    files, server = Files(), Server()
    server.words = words
    cache, drawer = cache_of(library, files)
    await cache.send(42, "growth", ZH, server.take)
    server.known.clear()
    await cache.send(42, "growth", ZH, server.take)
    await cache.send(42, "growth", ZH, server.take)
    assert len(server.uploads) == 2
    assert len(drawer.orders) == 1
    assert list(files.ids.values()) == ["file-2"]
    assert cache.counts == PictureCounts(drawn=1, uploaded=2, reused=1, stale=1)
    (told,) = caplog.messages
    assert told.startswith("the picture growth:zh:light:")
    assert told.endswith(f" is uploaded again: {words}")


async def test_a_record_that_names_nothing_but_stale_ids_ends_in_an_upload(library: Library) -> None:
    class Outdated(Files):
        async def get(self, bot_id: int, key: str) -> str | None:
            self.ids[bot_id, key] = "long ago"
            return await super().get(bot_id, key)

    server = Server()
    cache, _ = cache_of(library, Outdated())
    await cache.send(42, "growth", ZH, server.take)
    assert cache.counts == PictureCounts(drawn=1, uploaded=1, stale=3)


async def test_another_refusal_is_told_and_forgets_nothing(library: Library) -> None:
    files, server = Files(), Server()
    cache, _ = cache_of(library, files)
    await cache.send(42, "growth", ZH, server.take)
    server.known.clear()
    server.words = "Bad Request: chat not found"
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await cache.send(42, "growth", ZH, server.take)
    assert (len(files.ids), cache.counts.stale, cache.counts.reused) == (1, 0, 0)


async def test_an_id_that_was_replaced_meanwhile_is_not_forgotten(library: Library) -> None:
    files, server = Files(), Server()
    cache, _ = cache_of(library, files)
    await cache.send(42, "growth", ZH, server.take)
    (key,) = files.ids
    order = picture_cache._Order(42, "growth", ZH, Theme.LIGHT, library)
    await cache._forget(order, "file-0")
    assert files.ids == {key: "file-1"}
    assert await cache.is_uploaded(42, "growth", ZH)
    await cache._forget(order, "file-1")
    assert files.ids == {}
    assert not await cache.is_uploaded(42, "growth", ZH)


async def test_a_picture_in_work_is_not_uploaded_yet(library: Library) -> None:
    files, server = Files(), Server()
    cache, _ = cache_of(library, files)
    assert not await cache.is_uploaded(42, "growth", ZH)
    sending = asyncio.create_task(cache.send(42, "growth", ZH, server.take))
    await asyncio.sleep(0)
    assert not await cache.is_uploaded(42, "growth", ZH)
    await sending
    assert await cache.is_uploaded(42, "growth", ZH)
    assert not await cache.is_uploaded(43, "growth", ZH)
    assert not await cache.is_uploaded(42, "growth", EN)


async def test_a_server_that_never_keeps_an_id_gets_uploads_in_the_end(library: Library) -> None:
    files, server = Files(), Server()
    cache, _ = cache_of(library, files)
    asked: list[Any] = []

    async def forgetful(photo: Any) -> Message:
        asked.append(photo)
        message = await server.take(photo)
        server.known.clear()
        return message

    for _ in range(3):
        await cache.send(42, "growth", ZH, forgetful)
    assert [isinstance(photo, str) for photo in asked] == [False, True, False, True, False]


def test_only_so_many_ids_are_kept_at_hand(library: Library) -> None:
    cache, _ = cache_of(library, Files())
    for number in range(1025):
        order = picture_cache._Order(number, "growth", ZH, Theme.LIGHT, library)
        cache._keep(order, str(number))
    assert [bot_id for bot_id, _ in cache._ids] == list(range(1, 1025))


async def test_only_so_many_drawings_are_kept_at_hand(library: Library) -> None:
    cache, drawer = cache_of(library, Files())
    for name in [*map(str, range(33)), "32", "1", "0"]:
        await cache._draw(picture_cache._Order(42, name, ZH, Theme.LIGHT, library))
    assert [name for _, _, name in drawer.orders] == [*map(str, range(33)), "0"]


def test_a_description_is_made_once_for_each_picture_and_language(library: Library, monkeypatch: Any) -> None:
    asked: list[tuple[Language, str]] = []

    def describe(context: Any, name: str) -> str:
        asked.append((context.language, name))
        return f"{name} {context.language} " + "x" * 2000

    monkeypatch.setattr(picture_cache, "describe", describe)
    cache, _ = cache_of(library, Files())
    words = cache.describe("growth", ZH)
    assert (words[:9], len(words)) == ("growth zh", 1000)
    assert cache.describe("growth", ZH) == words
    assert cache.describe("growth", EN)[:9] == "growth en"
    assert asked == [(ZH, "growth"), (EN, "growth")]
    for number in range(255):
        cache.describe(str(number), ZH)
    cache.describe("growth", EN)
    assert len(asked) == 257
    cache.describe("growth", ZH)
    assert len(asked) == 258


def test_the_hit_rate_is_the_share_that_was_sent_without_an_upload() -> None:
    assert PictureCounts().hit_rate == 0
    assert PictureCounts(drawn=9, uploaded=1, reused=3, stale=9).hit_rate == 0.75
