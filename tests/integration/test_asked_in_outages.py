"""What people ask by polling while the database is away: nothing is lost, and all of it in order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import pytest
from sqlalchemy.exc import OperationalError

from bot.playground import PERSON
from bot.playground.bot_api.world import PlayChat
from digests.store import Store
from digests.store.connections import sqlite
from digests.store.connections.database import is_database_trouble, reason_of
from digests.subscriptions import Address, Subscription, SubscriptionState
from tests.integration.bot_world import STRANGER, Town, living_town, until
from tests.integration.replicas import Wire
from tests.integration.small_world import EVE, daily
from tests.integration.test_outages import another_process

Act = Callable[[], Awaitable[None]]


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "_PRAGMAS", ("PRAGMA busy_timeout=50", *sqlite._PRAGMAS[1:]))
    monkeypatch.setattr("bot.updates.update_queue._LONGEST_PAUSE", 0.5)


@contextmanager
def impatient() -> Iterator[None]:
    """During an outage only: a start on a slow machine would be taken for one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("digests.store.connections.database._READ_LIMIT", 0.4)
        patch.setattr("digests.store.connections.database._WRITE_LIMIT", 1)
        yield


async def nothing_is_lost(town: Town, cut: Act, mend: Act, caplog: pytest.LogCaptureFixture) -> None:
    """Two people want changes during an outage; both get all of them afterwards, in their order."""
    caplog.set_level(logging.INFO)
    town.world.chats[STRANGER] = PlayChat(STRANGER, "private", "Eve", {STRANGER: "member"})
    await town.ask("/subscribe weekly")
    with impatient():
        await cut()
        await ask_in_vain(town, caplog)
        await mend()
    async with asyncio.timeout(20):
        while not (await has(town, PERSON, "11:30") and await has(town, STRANGER, "09:00")):  # noqa: ASYNC110 - rows of a database
            await asyncio.sleep(0.1)
    await asyncio.sleep(0.2)
    assert "11:30" in str(town.world.chats[PERSON].last()["text"])
    told, over = (caplog.text.count(line) for line in ("was not handled", "no update waits for the database"))
    assert told == over < 4  # of each outage once, not of each of the four updates
    assert caplog.text.count("no update waits for the database any more") == 1


async def ask_in_vain(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    for text in ("/unsubscribe", "/subscribe daily 10:00", "/settings 11:30"):
        town.world.says(PERSON, PERSON, text)
    town.world.says(STRANGER, STRANGER, "/subscribe monthly")
    await until(lambda: "was not handled" in caplog.text)
    await asyncio.sleep(0.7)
    answers = [each for each in town.world.chats[PERSON].messages.values() if each["from"]["is_bot"]]
    assert "Unsubscribed" not in str(answers[-1]["text"])


async def has(town: Town, chat: int, at: str) -> bool:
    found: Subscription | None = await town.instance.store.subscriptions.get(Address(chat))
    if found is None or found.state is not SubscriptionState.ACTIVE:
        return False
    return f"{found.schedule.at:%H:%M}" == at


async def test_what_is_asked_while_a_file_is_locked_is_done_afterwards(sqlite_url, database_path, caplog):
    with closing(another_process(database_path)) as other:

        async def cut() -> None:
            await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")

        async def mend() -> None:
            other.execute("ROLLBACK")

        async with living_town(sqlite_url) as town:
            await nothing_is_lost(town, cut, mend, caplog)


async def test_what_is_asked_while_a_server_is_silent_is_done_afterwards(postgresql, postgresql_url, caplog):
    with TemporaryDirectory(prefix="wire-") as folder:
        wire = Wire(postgresql.folder, Path(folder) / "a")
        await wire.start()

        async def cut() -> None:
            wire.cut()

        async def mend() -> None:
            wire.mend()

        url = postgresql_url.replace(str(postgresql.folder), str(Path(folder) / "a"))
        async with living_town(url) as town:
            await nothing_is_lost(town, cut, mend, caplog)
        await wire.close()


async def test_what_a_read_only_server_refuses_is_taken_for_an_outage_and_a_wrong_value_is_not(
    postgresql, postgresql_url
):
    store = await Store.open(postgresql_url)
    name = urlsplit(postgresql_url).path[1:]
    with pytest.raises(Exception, match="int64") as wrong:
        await store.subscriptions.put(daily(2**70), EVE)
    assert not is_database_trouble(wrong.value)
    await asyncio.to_thread(
        postgresql.execute, f"ALTER DATABASE {name} SET default_transaction_read_only = on"
    )
    await store.close()
    store = await Store.open(postgresql_url)
    with pytest.raises(Exception, match="read-only") as refused:
        await store.subscriptions.put(daily(1), EVE)
    await store.close()
    assert is_database_trouble(refused.value)
    assert "read-only transaction" in reason_of(refused.value)


def test_a_timeout_of_the_driver_is_an_outage() -> None:
    assert is_database_trouble(OperationalError("x", {}, OSError("away")))
