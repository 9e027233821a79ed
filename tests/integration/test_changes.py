from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.handlers import chat_languages as languages
from bot.handlers.chat_languages import ChatLanguages
from digests.store import Store
from digests.store.connections.change_notifications import Subject
from digests.text import Language
from tests.integration.replicas import Wire
from tests.integration.small_world import eventually
from tests.integration.test_store_reports import report


@pytest.fixture
async def other(database_url):
    """A second instance on the same database."""
    opened = await Store.open(database_url)
    yield opened
    await opened.close()


@asynccontextmanager
async def hearing(store, subject):
    """What is heard of a subject; begins when the first announcement gets through."""
    heard: list[str] = []
    ready = asyncio.Event()
    store.changes.subscribe(subject, heard.append)
    store.changes.subscribe(Subject.REPORT, lambda _key: ready.set())
    async with store.changes.listening():
        for revision in range(1, 100):
            await store.reports.save(report(revision, id_="probe"))
            await asyncio.sleep(0.05)
            if ready.is_set():
                break
        heard.clear()
        yield heard


async def test_a_choice_made_on_another_instance_is_known_after_a_moment(store, other, monkeypatch):
    monkeypatch.setattr(languages, "_FRESH", 0.05)
    here, there = (ChatLanguages(each, Language.ZH) for each in (store, other))
    assert await here.of(1) is Language.ZH
    await there.choose(1, Language.EN)
    await asyncio.sleep(0.06)
    assert await here.of(1) is Language.EN


async def test_on_postgresql_a_choice_is_heard_at_once(postgresql_url, monkeypatch):
    monkeypatch.setattr(languages, "_FRESH", 3600)
    store, other = await Store.open(postgresql_url), await Store.open(postgresql_url)
    here, there = (ChatLanguages(each, Language.ZH) for each in (store, other))
    async with hearing(store, Subject.CHAT) as heard:
        assert await here.of(1) is Language.ZH
        await there.choose(1, Language.EN)
        await eventually(lambda: heard == ["1"])
        assert await here.of(1) is Language.EN
        await other.chats.move(1, 2)
        await eventually(lambda: heard == ["1", "1", "2"])
    await store.close()
    await other.close()


async def test_on_postgresql_a_new_report_is_heard_at_once(postgresql_url):
    store, other = await Store.open(postgresql_url), await Store.open(postgresql_url)
    async with hearing(store, Subject.REPORT) as heard:
        await other.reports.save(report(id_="silk"))
        await eventually(lambda: "silk" in heard)
        await other.reports.save(report(id_="silk"))
        await asyncio.sleep(0.1)
        assert heard.count("silk") == 1
    await store.close()
    await other.close()


async def test_a_listener_that_was_hung_up_on_listens_again(postgresql, postgresql_url, monkeypatch, caplog):
    caplog.set_level("INFO")
    monkeypatch.setattr("digests.store.connections.postgresql._LISTEN_AGAIN", 0.05)
    monkeypatch.setattr("digests.store.connections.postgresql._LISTEN_CHECK", 0.05)
    with TemporaryDirectory(prefix="wires-") as folder:
        wire = Wire(postgresql.folder, Path(folder) / "a")
        await wire.start()
        store = await Store.open(postgresql_url.replace(str(postgresql.folder), f"{folder}/a"))
        other = await Store.open(postgresql_url)
        async with hearing(store, Subject.CHAT) as heard:
            await wire.hang_up()
            await eventually(lambda: "listening for changes works again" in caplog.text)
            await other.chats.set_language(5, Language.EN)
            await eventually(lambda: "5" in heard)
        await store.close()
        await other.close()
        await wire.close()
