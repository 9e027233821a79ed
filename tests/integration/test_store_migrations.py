from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from digests.store import Store, alembic_steps
from digests.store.alembic_steps import NewerDatabaseError, downgrade, upgrade
from digests.store.database import Database, UnsupportedDatabaseError
from digests.store.migrating import HEAD
from digests.store.schema import metadata


@pytest.fixture
async def database(tmp_path: Path):
    opened = Database.at(f"sqlite+aiosqlite:///{tmp_path / 'walked.db'}")
    yield opened
    await opened.close()


def differences(connection):
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return compare_metadata(context, metadata)


async def test_the_migrations_leave_the_schema_that_the_code_speaks_to(database):
    async with database.writing() as connection:
        await connection.run_sync(upgrade)
        assert await connection.run_sync(differences) == []


async def test_the_migrations_can_be_walked_up_and_down_one_by_one(database):
    for revision in ("0001", "0002", "0003", "0004"):
        async with database.writing() as connection:
            await connection.run_sync(upgrade, revision)
    for revision in ("0003", "0002", "0001", "base"):
        async with database.writing() as connection:
            await connection.run_sync(downgrade, revision)
    with sqlite3.connect(database.path) as raw:
        tables = {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    raw.close()
    assert tables <= {"alembic_version", "sqlite_sequence"}


def test_the_newest_migration_is_the_one_that_opening_looks_for():
    assert ScriptDirectory(str(alembic_steps._MIGRATIONS)).get_current_head() == HEAD


async def test_a_database_of_a_later_version_is_refused_and_left_alone(database_path, database_url):
    raw = sqlite3.connect(database_path)
    raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.commit()
    raw.close()
    with pytest.raises(NewerDatabaseError, match="9999"):
        await Store.open(database_url)


async def test_the_folder_of_the_database_is_made(tmp_path):
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'var' / 'deep' / 'silkline.db'}")
    await store.close()
    assert (tmp_path / "var" / "deep" / "silkline.db").exists()


async def test_a_database_in_memory_is_as_good_as_a_file():
    store = await Store.open("sqlite+aiosqlite://")
    await store.files.put(7, "card", "id")
    assert await store.files.get(7, "card") == "id"
    await store.close()


async def test_instances_that_start_together_on_a_new_database_all_come_up(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path / 'new.db'}"
    opened = await asyncio.gather(*(Store.open(url) for _ in range(4)))
    assert [await store.reports.version() for store in opened] == [0, 0, 0, 0]
    for store in opened:
        await store.close()


@pytest.mark.parametrize("url", ["mysql://host/db", "nonsense"])
async def test_a_database_that_is_not_supported_is_refused_with_one_that_is(url):
    with pytest.raises(UnsupportedDatabaseError):
        await Store.open(url)
