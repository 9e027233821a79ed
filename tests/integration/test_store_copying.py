from __future__ import annotations

from asyncio import to_thread
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text

from bot.cli import cli
from digests.delivery.planner import Planner
from digests.delivery.sender import Sender
from digests.store import Store
from digests.store.admin.copy import CopyRefusedError, copy_everything
from digests.store.schema.all_tables import metadata
from digests.store.schema.versions import MissingDatabaseError, OlderDatabaseError
from digests.text import Language
from tests.integration.small_world import DAY, MORNING, Composer, Postman, daily, planned
from tests.integration.test_database_commands import rewrite_schema, schema_of
from tests.integration.test_store_reports import report


async def filled(url):
    """A database with rows in every table of interest."""
    store = await Store.open(url)
    await store.reports.save(report())
    await planned(store, *(daily(chat_id) for chat_id in range(-3, 1200)))
    await Sender(store, Postman(), lambda: MORNING).drain(MORNING)
    await store.chats.remember(-1001234567890, "channel", "丝路")
    await store.chats.set_language(-1001234567890, Language.EN)
    await store.files.put(7, "card", "id")
    return store


async def contents(store):
    async with store._database.reading() as connection:
        return {
            table.name: [
                tuple(row) for row in await connection.execute(select(table).order_by(*table.primary_key))
            ]
            for table in metadata.sorted_tables
        }


def quietly(_total):
    return lambda _more: None


@pytest.mark.parametrize("is_back", [False, True], ids=["to PostgreSQL", "and back"])
async def test_everything_arrives_as_it_was_and_life_goes_on_there(sqlite_url, postgresql_url, is_back):
    source_url, target_url = (postgresql_url, sqlite_url) if is_back else (sqlite_url, postgresql_url)
    source = await filled(source_url)
    before = await contents(source)
    await source.close()
    copied = await copy_everything(source_url, target_url, quietly)
    target = await Store.open(target_url)
    assert await contents(target) == before
    assert copied == sum(map(len, before.values()))
    await target.subscriptions.put(daily(5000), MORNING)
    tomorrow = MORNING + timedelta(days=1)
    assert (await Planner(target, Composer()).plan(tomorrow)).queued == 1204
    assert (await Planner(target, Composer()).publish(DAY, tomorrow)).already == 1203
    await target.close()


async def test_a_target_with_rows_is_refused_and_left_alone(sqlite_url, postgresql_url):
    target = await Store.open(postgresql_url)
    await target.files.put(7, "card", "id")
    with pytest.raises(CopyRefusedError, match=r"not empty \(1 rows in files\)"):
        await copy_everything(sqlite_url, postgresql_url, quietly)
    assert await target.files.get(7, "card") == "id"
    await target.close()


async def test_a_row_that_the_target_cannot_hold_is_named_by_its_table_and_nothing_stays(
    sqlite_url, postgresql_url
):
    source = await Store.open(sqlite_url)
    await source.files.put(7, "card", "id")
    await source.chats.remember(1, "private", "Li")
    async with source._database.writing() as connection:
        await connection.execute(text("UPDATE chats SET kind = 'a kind that is much longer than twenty'"))
    await source.close()
    with pytest.raises(CopyRefusedError, match=r"a row of chats was refused: .*too long"):
        await copy_everything(sqlite_url, postgresql_url, quietly)
    target = await Store.open(postgresql_url)
    assert not any((await contents(target)).values())
    await target.close()


async def test_a_database_that_a_bot_works_on_is_not_copied(sqlite_url, postgresql_url):
    source = await Store.open(sqlite_url)
    await source.lease.take(60)
    with pytest.raises(CopyRefusedError, match="stop it first"):
        await copy_everything(sqlite_url, postgresql_url, quietly)
    await source.close()


async def test_a_source_that_is_not_there_is_not_made(tmp_path, postgresql_url):
    missing = tmp_path / "mispelt.db"
    with pytest.raises(MissingDatabaseError, match=r"mispelt\.db: there is no database"):
        await copy_everything(f"sqlite+aiosqlite:///{missing}", postgresql_url, quietly)
    assert not missing.exists()


@pytest.mark.parametrize("older", ["source", "target"])
async def test_a_database_of_another_version_is_refused_and_stays_as_it_is(sqlite_url, postgresql_url, older):
    url = sqlite_url if older == "source" else postgresql_url
    await to_thread(rewrite_schema, url, "0005")
    with pytest.raises(OlderDatabaseError, match="has schema 0005"):
        await copy_everything(sqlite_url, postgresql_url, quietly)
    assert await schema_of(url) == "0005"


def test_a_database_is_not_copied_onto_itself(sqlite_url):
    result = CliRunner().invoke(cli, ["db", "copy", sqlite_url, sqlite_url])
    assert result.exit_code == 1
    assert "is both the source and the target; nothing was copied" in result.stderr


def test_the_command_says_how_much_it_copied_or_why_it_did_not(sqlite_url, postgresql_url):
    runner = CliRunner()
    first = runner.invoke(cli, ["db", "copy", sqlite_url, postgresql_url])
    assert first.exit_code == 0
    assert first.output.splitlines()[-1] == "0 rows copied, each table counted on both sides"
    second = runner.invoke(cli, ["db", "copy", "mysql://host/name", postgresql_url])
    assert second.exit_code == 1
    assert len(second.stderr.splitlines()) == 1
    assert second.stderr.startswith("silkline: mysql is not supported")
