from __future__ import annotations

import asyncio
from datetime import time
from itertools import pairwise
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, table, text

from digests.delivery.planner import Planner
from digests.schedules import Cadence, Schedule
from digests.store import Store
from digests.store.admin.backup import back_up
from digests.store.connections.database import UnavailableDatabaseError, UnsupportedDatabaseError
from digests.store.connections.url import database_at
from digests.store.schema import alembic_steps
from digests.store.schema.alembic_steps import downgrade, upgrade
from digests.store.schema.all_tables import metadata
from digests.store.schema.versions import HEAD, NewerDatabaseError
from digests.subscriptions import Address, ChatSettings, Layout
from digests.text import Language
from tests.integration.small_world import MORNING, Composer


@pytest.fixture
def empty_sqlite_url(tmp_path: Path):
    return f"sqlite+aiosqlite:///{tmp_path / 'new.db'}"


@pytest.fixture
def empty_postgresql_url(postgresql):
    return postgresql.empty()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request):
    """A database without any table."""
    return request.getfixturevalue(f"empty_{request.param}_url")


@pytest.fixture
async def database(empty_url):
    opened = database_at(empty_url)
    await opened.prepare()
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
    script = ScriptDirectory(str(alembic_steps._MIGRATIONS))
    revisions = [script_step.revision for script_step in script.walk_revisions()]
    for revision in reversed(revisions):
        async with database.writing() as connection:
            await connection.run_sync(upgrade, revision)
    for revision in (*revisions[1:], "base"):
        async with database.writing() as connection:
            await connection.run_sync(downgrade, revision)
    async with database.reading() as connection:
        tables = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    assert tables == ["alembic_version"]


_FIRST_RELEASE = """
INSERT INTO chats (chat_id, kind, title, language, layout) VALUES (-1001, 'channel', '丝路', 'en', 'rich');
INSERT INTO schedules (id, cadence, at, timezone, weekday, next_due_at)
  VALUES (1, 'daily', '09:00', 'Asia/Shanghai', 0, '2026-05-10 01:00:00+00:00');
INSERT INTO subscriptions (id, chat_id, thread_id, schedule_id, language, layout, silent, state,
  subscribed_by, eligible_from, changed_at)
  VALUES (1, -1001, 0, 1, 'en', 'rich', true, 'active', 7,
    '2026-05-09 00:00:00+00:00', '2026-05-09 00:00:00+00:00');
INSERT INTO files (bot_id, key, file_id) VALUES (7, 'card', 'id');
"""


RELEASED = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008")


async def at_release(database, revision):
    """Bring a database to a released schema, with the rows that the first release could have."""
    async with database.writing() as connection:
        await connection.run_sync(upgrade, "0001")
        zone = "+00:00" if connection.dialect.name == "postgresql" else ".000000"  # as SQLAlchemy writes them
        for statement in _FIRST_RELEASE.strip().split(";\n"):
            await connection.exec_driver_sql(statement.removesuffix(";").replace("+00:00", zone))
        await connection.run_sync(upgrade, revision)


async def rows_of(database):
    """Every row of every table, as text."""
    async with database.reading() as connection:
        tables = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        return {
            name: sorted(
                map(repr, (await connection.execute(select(text("*")).select_from(table(name)))).all())
            )
            for name in tables
        }


async def columns_of(connection):
    def columns(sync):
        looking = inspect(sync)
        return {
            (table, column["name"]): column
            for table in looking.get_table_names()
            for column in looking.get_columns(table)
        }

    return await connection.run_sync(columns)


async def test_a_migration_only_adds_so_that_the_version_before_it_works_on(database):
    """Whoever contracts does it a release later, when no running version needs what goes."""
    for earlier, later in pairwise(RELEASED):
        async with database.writing() as connection:
            await connection.run_sync(upgrade, earlier)
            before = await columns_of(connection)
            await connection.run_sync(upgrade, later)
            after = await columns_of(connection)
        assert before.keys() <= after.keys()
        tables = {table for table, _ in before}
        added = [after[key] for key in after.keys() - before.keys() if key[0] in tables]
        assert [
            column["name"] for column in added if not column["nullable"] and column["default"] is None
        ] == []


@pytest.mark.parametrize("revision", RELEASED)
async def test_each_release_can_be_upgraded_from_and_gone_back_to_by_its_backup(tmp_path, revision):
    url = f"sqlite+aiosqlite:///{tmp_path / 'silkline.db'}"
    database = database_at(url)
    await database.prepare()
    await at_release(database, revision)
    before = await rows_of(database)
    back_up(url, tmp_path / "before.db", MORNING)
    store = await Store.open(url)
    assert await store.subscriptions.count() == 1
    assert (await Planner(store, Composer()).plan(MORNING)).queued == 1
    await store.close()
    kept = database_at(f"sqlite+aiosqlite:///{tmp_path / 'before.db'}")
    assert await rows_of(kept) == before
    await kept.close()
    await database.close()


async def test_an_upgrade_from_the_first_release_keeps_every_row(database, empty_url):
    await at_release(database, "0001")
    store = await Store.open(empty_url)
    assert await store.chats.get(-1001) == ChatSettings(-1001, "channel", "丝路", Language.EN, Layout.RICH)
    subscription = await store.subscriptions.get(Address(-1001))
    assert subscription is not None
    assert (subscription.silent, subscription.picture, subscription.pin) == (True, True, False)
    assert subscription.schedule == Schedule(Cadence.DAILY, time(9), "Asia/Shanghai")
    assert await store.files.get(7, "card") == "id"
    assert (await Planner(store, Composer()).plan(MORNING)).queued == 1
    await store.close()


def test_the_newest_migration_is_the_one_that_opening_looks_for():
    assert ScriptDirectory(str(alembic_steps._MIGRATIONS)).get_current_head() == HEAD


async def test_a_database_of_a_later_version_is_refused_and_left_alone(store, database_url):
    async with store._database.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
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


async def test_instances_that_start_together_on_a_new_database_all_come_up(empty_url):
    opened = await asyncio.gather(*(Store.open(empty_url) for _ in range(4)))
    assert [await store.reports.version() for store in opened] == [0, 0, 0, 0]
    for store in opened:
        await store.close()


@pytest.mark.parametrize("url", ["mysql://host/db", "nonsense"])
async def test_a_database_that_is_not_supported_is_refused_with_one_that_is(url):
    with pytest.raises(UnsupportedDatabaseError):
        await Store.open(url)


async def test_a_server_that_cannot_be_reached_is_told_without_the_password():
    with pytest.raises(
        UnavailableDatabaseError, match=r"silkline:\*\*\*@127.0.0.1:9/bot cannot be reached: ."
    ) as raised:
        await Store.open("postgresql+asyncpg://silkline:geheim@127.0.0.1:9/bot")
    assert "geheim" not in str(raised.value)
    assert "\n" not in str(raised.value)
