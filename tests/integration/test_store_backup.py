from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from digests.delivery.planner import Planner
from digests.delivery.sender import Sender
from digests.posts import DeliveryState
from digests.store import Store
from digests.store.admin.backup import DamagedBackupError, back_up
from digests.store.admin.restore import DatabaseInUseError, restore
from digests.store.connections.database import UnsupportedDatabaseError
from tests.integration.small_world import EVE, MORNING, Composer, Postman, daily, planned, state_of


@pytest.fixture
def database_url(sqlite_url):
    """Copies of files are SQLite's way."""
    return sqlite_url


async def test_a_backup_taken_while_the_bot_writes_is_complete(store, tmp_path, database_url):
    async def keep_writing():
        for chat_id in range(60):
            await store.subscriptions.put(daily(chat_id), EVE)

    writing = asyncio.create_task(keep_writing())
    await asyncio.sleep(0.01)
    await asyncio.to_thread(back_up, database_url, tmp_path / "copies" / "copy.db", MORNING)
    await writing
    copy = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'copies' / 'copy.db'}")
    kept = [subscription.address.chat_id async for subscription in copy.subscriptions.all()]
    await copy.close()
    assert kept == list(range(len(kept)))
    assert sorted(path.name for path in (tmp_path / "copies").iterdir()) == ["copy.db"]


async def test_a_backup_replaces_an_earlier_one(store, tmp_path, database_url):
    await asyncio.to_thread(back_up, database_url, tmp_path / "copy.db", MORNING)
    await store.subscriptions.put(daily(1), EVE)
    await asyncio.to_thread(back_up, database_url, tmp_path / "copy.db", MORNING)
    copy = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'copy.db'}")
    assert await copy.subscriptions.count() == 1
    await copy.close()


async def test_a_restored_instance_skips_everything_that_was_due_before(store, tmp_path, database_url):
    await planned(store, daily(1))
    await store.outbox.claim(MORNING, 1, MORNING + timedelta(minutes=2))
    await store.subscriptions.put(daily(2), EVE)
    await asyncio.to_thread(back_up, database_url, tmp_path / "copy.db", MORNING)
    url = f"sqlite+aiosqlite:///{tmp_path / 'restored.db'}"
    now = MORNING + timedelta(days=2, hours=1)
    assert await restore(tmp_path / "copy.db", url, now, may_create=True) == 1
    restored = await Store.open(url)
    postman = Postman()
    assert (await Planner(restored, Composer()).plan(now)).queued == 0
    assert await Sender(restored, postman, lambda: now).drain(now) == 0
    assert await state_of(restored) is DeliveryState.SKIPPED
    assert (await Planner(restored, Composer()).plan(MORNING + timedelta(days=3))).queued == 2
    await restored.close()


async def test_what_a_restore_replaces_is_kept_beside_it(store, tmp_path, database_url):
    await asyncio.to_thread(back_up, database_url, tmp_path / "copy.db", MORNING)
    await store.subscriptions.put(daily(1), EVE)
    await store.close()
    await restore(tmp_path / "copy.db", database_url, MORNING)
    replaced = await Store.open(f"{database_url}.replaced")
    assert await replaced.subscriptions.count() == 1
    await replaced.close()
    assert not list(tmp_path.glob("*.restoring*"))


async def test_a_database_in_use_is_not_replaced(store, tmp_path, database_url):
    await store.subscriptions.put(daily(1), EVE)
    await asyncio.to_thread(back_up, database_url, tmp_path / "copy.db", MORNING)
    with pytest.raises(DatabaseInUseError, match="stop the bot first"):
        await restore(tmp_path / "copy.db", database_url, MORNING)
    assert await store.subscriptions.count() == 1


async def test_a_damaged_database_can_be_replaced(tmp_path, database_url):
    await asyncio.to_thread(back_up, database_url, tmp_path / "copy.db", MORNING)
    (tmp_path / "damaged.db").write_bytes(b"not a database, but long enough to be looked at" * 100)
    url = f"sqlite+aiosqlite:///{tmp_path / 'damaged.db'}"
    await restore(tmp_path / "copy.db", url, MORNING)
    restored = await Store.open(url)
    assert await restored.subscriptions.count() == 0
    await restored.close()


@pytest.mark.parametrize("content", [None, b"", b"not a database at all, whatever its name says" * 100])
async def test_what_is_no_backup_is_refused(tmp_path, content):
    backup, target = tmp_path / "copy.db", tmp_path / "silkline.db"
    if content is not None:
        backup.write_bytes(content)
    with pytest.raises(DamagedBackupError, match=r"copy\.db"):
        await restore(backup, f"sqlite+aiosqlite:///{target}", MORNING, may_create=True)
    assert not target.exists()


async def test_a_server_is_backed_up_and_restored_with_its_own_tools(postgresql_url, tmp_path):
    store = await Store.open(postgresql_url)
    with pytest.raises(UnsupportedDatabaseError, match="pg_dump"):
        back_up(postgresql_url, tmp_path / "copy.db", MORNING)
    with pytest.raises(UnsupportedDatabaseError, match="pg_restore"):
        await restore(tmp_path / "copy.db", postgresql_url, MORNING)
    await store.close()


async def test_a_database_in_memory_cannot_be_restored(tmp_path, database_url):
    await asyncio.to_thread(back_up, database_url, tmp_path / "copy.db", MORNING)
    with pytest.raises(UnsupportedDatabaseError, match="in memory"):
        await restore(tmp_path / "copy.db", "sqlite+aiosqlite://", MORNING)
