"""A chat's own choice comes first, is looked up seldom, and is never trusted for long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace

import pytest

from bot.handlers.chat_languages import ChatLanguages
from digests.store import Store
from digests.subscriptions import Layout
from digests.text import Language

ZH, EN = Language.ZH, Language.EN


@pytest.fixture
async def store(sqlite_url: str) -> AsyncIterator[Store]:
    opened = await Store.open(sqlite_url)
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> SimpleNamespace:
    """The steady clock of the cache; the event loop keeps its own."""
    return SimpleNamespace(now=1000.0)


@pytest.fixture
def looked_up(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """The chats of each query."""
    queries: list[list[int]] = []
    get_all = store.chats.get_all

    async def counted(chat_ids):
        queries.append(sorted(chat_ids))
        return await get_all(chat_ids)

    monkeypatch.setattr(store.chats, "get_all", counted)
    return queries


async def test_a_chats_choice_comes_before_the_app_and_the_app_before_the_default(store: Store) -> None:
    languages = ChatLanguages(store, ZH)
    assert await languages.of(7) is ZH
    assert await languages.of(7, "en-GB") is EN
    assert await languages.of(7, "fr") is EN
    assert await ChatLanguages(store, EN).of(7, "zh-hans") is ZH
    await languages.choose(7, EN)
    assert await languages.of(7, "zh-hans") is EN
    assert await languages.of(8, "zh-hans") is ZH


async def test_a_chat_without_a_choice_has_the_layout_of_the_instance(store: Store) -> None:
    assert (await ChatLanguages(store, ZH).looks_of(7))[1] is Layout.CLASSIC
    languages = ChatLanguages(store, ZH, Layout.RICH)
    assert (await languages.looks_of(7))[1] is Layout.RICH
    await languages.choose_layout(7, Layout.CLASSIC)
    assert (await languages.looks_of(7))[1] is Layout.CLASSIC
    assert await languages.of(7) is ZH


async def test_a_choice_is_on_record_and_heard_at_once(store: Store) -> None:
    languages = ChatLanguages(store, ZH)
    assert (await languages.of(7), (await languages.looks_of(7))[1]) == (ZH, Layout.CLASSIC)
    await languages.choose(7, EN)
    await languages.choose_layout(7, Layout.RICH)
    assert (await languages.of(7), (await languages.looks_of(7))[1]) == (EN, Layout.RICH)
    other = ChatLanguages(store, ZH)
    assert (await other.of(7), (await other.looks_of(7))[1]) == (EN, Layout.RICH)


async def test_a_choice_is_trusted_for_five_seconds(store: Store, clock, looked_up) -> None:
    languages = ChatLanguages(store, ZH, clock=lambda: clock.now)
    await languages.of(7)
    clock.now += 4.9
    await store.chats.set_language(7, EN)  # by another instance, unheard
    assert await languages.of(7) is ZH
    clock.now += 0.1
    assert await languages.of(7) is EN
    assert looked_up == [[7], [7]]


async def test_what_another_instance_announces_is_looked_up_again(store: Store, looked_up) -> None:
    languages = ChatLanguages(store, ZH)
    await languages.of(7)
    await languages.of(8)
    store.changes._heard("chat 7")
    await languages.of(7)
    await languages.of(8)
    assert looked_up == [[7], [8], [7]]


async def test_chats_that_are_asked_for_together_are_looked_up_together(store: Store, looked_up) -> None:
    await store.chats.set_language(3, EN)
    languages = ChatLanguages(store, ZH)
    told = await asyncio.gather(*(languages.of(chat_id) for chat_id in (1, 2, 3, 3, 1)))
    assert told == [ZH, ZH, EN, EN, ZH]
    assert looked_up == [[1, 2, 3]]


async def test_while_the_database_is_away_nobody_chose_anything_and_that_is_not_remembered(
    store: Store, monkeypatch, caplog
) -> None:
    languages = ChatLanguages(store, ZH)
    await store.chats.set_language(7, EN)

    async def away(_chat_ids):
        raise OSError("away")

    with monkeypatch.context() as patched:
        patched.setattr(store.chats, "get_all", away)
        told = await asyncio.gather(*(languages.of(chat_id) for chat_id in (7, 8)))
        assert told == [ZH, ZH]
        assert await languages.of(8, "en") is EN
        assert (await languages.looks_of(7))[1] is Layout.CLASSIC
    assert await languages.of(7) is EN
    assert caplog.text.count("looking up the languages of chats failed") == 1


async def test_of_many_chats_those_that_asked_last_are_kept(store: Store, looked_up) -> None:
    languages = ChatLanguages(store, ZH)
    for chat_id in range(10_000):
        languages._known[chat_id] = None
    await languages.of(0)
    languages._known[10_000] = None
    assert len(languages._known) == 10_000
    await languages.of(0)
    assert looked_up == []
    await languages.of(1)
    assert looked_up == [[1]]


async def test_who_asks_while_a_look_up_fails_is_answered_too(store: Store, monkeypatch) -> None:
    languages = ChatLanguages(store, ZH)
    later: list[asyncio.Task[Language]] = []

    async def away(_chat_ids):
        if not later:
            later.append(asyncio.create_task(languages.of(8)))
            await asyncio.sleep(0.01)
        raise OSError("away")

    monkeypatch.setattr(store.chats, "get_all", away)
    assert await languages.of(7) is ZH
    assert await asyncio.wait_for(later[0], 5) is ZH
