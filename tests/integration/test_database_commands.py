"""The commands that look after a database: none makes or changes one that it should not."""

from __future__ import annotations

import asyncio
import os

import pytest
from sqlalchemy import text

from digests.store.admin.backup import back_up, check_database
from digests.store.connections.url import database_at
from digests.store.schema.versions import HEAD
from tests.integration.small_world import MORNING
from tests.integration.test_operating import _an_instance, name, silkline

__all__ = ["_an_instance"]  # the fixture that each test here needs as well


def queued(tmp_path, count):
    source = tmp_path / "in.jsonl"
    source.write_text("".join(f'{{"chat_id": {chat_id}}}\n' for chat_id in range(1, count + 1)))
    silkline("subscriptions", "import", source)
    silkline("publish", "--date", "2026-05-10", "--cadence", "daily")


def test_a_database_that_was_brought_back_is_settled_on_request(tmp_path):
    queued(tmp_path, 2)
    result = silkline("db", "settle", "--before", "now")
    assert ": 2 deliveries that were due before " in result.output
    assert silkline("deliveries").output.splitlines()[1] == "2 skipped"
    assert "command line: settle before" in silkline("db", "acts").output.splitlines()[0]
    assert silkline("db", "settle", "--before", "2026-05-10T09:00:00Z").exit_code == 0
    assert silkline("db", "settle", "--before", "yesterday").exit_code == 1
    assert "is still to come" in silkline("db", "settle", "--before", "2999-01-01").stderr


def test_a_report_can_be_withdrawn_and_comes_back_with_a_higher_revision(tmp_path):
    queued(tmp_path, 2)
    assert "listed: mine" in silkline("reports", "withdraw", "another").stderr
    result = silkline("reports", "withdraw", "mine")
    assert "mine is posted and listed no more, 2 deliveries are skipped" in result.output
    refused = silkline("publish", "--date", "2026-05-10", "--cadence", "daily").stderr
    assert "no report can be used" in refused
    assert "withdrawn, until a higher revision comes: mine (revision 1)" in refused
    pack = tmp_path / "packs" / "mine" / "report.yaml"
    pack.write_text(pack.read_text().replace("revision: 1", "revision: 2"))
    assert "2 queued" in silkline("publish", "--date", "2026-05-10", "--cadence", "daily").output


_COMMANDS = [
    ["deliveries"],
    ["publish", "--date", "2026-05-10", "--cadence", "daily"],
    ["subscriptions", "export", "out.jsonl"],
    ["subscriptions", "import", "in.jsonl"],
    ["db", "settle", "--before", "now"],
    ["db", "acts"],
    ["reports", "withdraw", "mine"],
]


@pytest.mark.parametrize("command", [*_COMMANDS, ["backup", "copy.db"], ["restore", "copy.db"]])
def test_no_command_makes_a_database_that_is_missing(tmp_path, monkeypatch, command):
    monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path / 'typo.db'}")
    (tmp_path / "in.jsonl").write_text("")
    before = sorted(tmp_path.iterdir())
    result = silkline(*command)
    assert result.exit_code == 1
    assert f"{tmp_path / 'typo.db'}: there is no database" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("command", _COMMANDS)
@pytest.mark.parametrize(("schema", "said"), [("0005", "has schema 0005"), ("9999", "does not know")])
def test_no_command_changes_a_database_of_another_version(tmp_path, database_url, command, schema, said):
    queued(tmp_path, 1)
    rewrite_schema(database_url, schema)
    result = silkline(*command)
    assert result.exit_code == 1
    assert said in result.stderr
    assert name(database_url) in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert asyncio.run(schema_of(database_url)) == schema


def test_an_upgrade_is_asked_for(tmp_path, monkeypatch):
    url = f"sqlite+aiosqlite:///{tmp_path / 'new.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    assert silkline("db", "upgrade").output == f"{tmp_path / 'new.db'}: schema {HEAD}\n"
    assert silkline("deliveries").exit_code == 0


def test_a_backup_of_an_older_database_is_as_old(tmp_path, sqlite_url, database_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    rewrite_schema(sqlite_url, "0005")
    before = database_path.read_bytes()
    assert silkline("backup", tmp_path / "copy.db").exit_code == 0
    assert database_path.read_bytes() == before
    assert asyncio.run(schema_of(f"sqlite+aiosqlite:///{tmp_path / 'copy.db'}")) == "0005"


def test_a_new_database_is_for_its_owner_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path / 'new.db'}")
    assert silkline("db", "upgrade").exit_code == 0
    assert (tmp_path / "new.db").stat().st_mode & 0o777 == 0o600


def test_a_backup_is_for_its_owner_alone_and_a_restored_database_is_as_it_was(
    tmp_path, sqlite_url, database_path, monkeypatch
):
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    copy = tmp_path / "copy.db"
    database_path.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(database_path, 4242, 4343)
    owner = database_path.stat().st_uid, database_path.stat().st_gid
    silkline("backup", copy)
    assert (copy.stat().st_mode & 0o777, (copy.stat().st_uid, copy.stat().st_gid)) == (0o600, owner)
    assert silkline("restore", copy).exit_code == 0
    restored = database_path.stat()
    assert (restored.st_mode & 0o777, (restored.st_uid, restored.st_gid)) == (0o640, owner)


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_the_database_is_neither_target_nor_source_of_its_own_copy(
    sqlite_url, database_path, tmp_path, monkeypatch, command
):
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    (tmp_path / "hard.db").hardlink_to(database_path)
    (tmp_path / "soft.db").symlink_to(database_path)
    before = database_path.read_bytes()
    beside = [f"{database_path}-{suffix}" for suffix in ("wal", "shm", "journal")]
    for file in (database_path, tmp_path / "hard.db", tmp_path / "soft.db", *beside):
        result = silkline(command, file)
        assert (result.exit_code, "is the database itself" in result.stderr) == (1, True)
    assert database_path.read_bytes() == before


def test_a_backup_takes_no_place_of_what_is_no_file(sqlite_url, tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    os.mkfifo(tmp_path / "pipe")
    result = silkline("backup", tmp_path / "pipe")
    assert (result.exit_code, "is a folder, a device or a pipe" in result.stderr) == (1, True)
    assert (tmp_path / "pipe").is_fifo()


async def test_copies_to_one_place_at_once_do_not_spoil_each_other(sqlite_url, tmp_path):
    copies = [asyncio.to_thread(back_up, sqlite_url, tmp_path / "copy.db", MORNING) for _ in range(8)]
    await asyncio.gather(*copies)
    check_database(tmp_path / "copy.db")
    assert [path.name for path in tmp_path.iterdir() if "copy" in path.name] == ["copy.db"]


def test_a_backup_into_a_full_place_is_told_in_one_line(sqlite_url, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    for target in ("/dev/full/copy.db", "/proc/copy.db"):
        result = silkline("backup", target)
        assert result.exit_code == 1
        assert len(result.stderr.splitlines()) == 1
        assert target in result.stderr


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite+aiosqlite://silkline.db", "three slashes"),
        ("sqlite+aiosqlite:///", "lost at the end"),
        ("sqlite+aiosqlite://", "lost at the end"),
        ("sqlite+aiosqlite:///:memory:", "lost at the end"),
        ("postgresql+asyncpg://silkline:p@ss@127.0.0.1/silkline", "more than one @"),
        ("postgresql+asyncpg://silkline:geheim@127.0.0.1/silkline?sslmode=maybe", "sslmode must be one of"),
        (
            "postgresql+asyncpg://silkline:geheim@127.0.0.1/silkline?colour=red",
            "the option colour is not known",
        ),
    ],
)
def test_a_url_that_cannot_be_meant_is_refused_without_its_password(monkeypatch, url, said):
    monkeypatch.setenv("DATABASE_URL", url)
    result = silkline("deliveries")
    assert result.exit_code == 2
    assert said in result.stderr
    assert "geheim" not in result.stderr
    assert "ss@127" not in result.stderr
    assert len(result.stderr.splitlines()) == 1


def rewrite_schema(url, schema):
    """Have a database say that it has another schema."""

    async def rewrite():
        database = database_at(url)
        async with database.writing() as connection:
            await connection.execute(
                text("UPDATE alembic_version SET version_num = :schema"), {"schema": schema}
            )
        await database.close()

    asyncio.run(rewrite())


async def schema_of(url):
    database = database_at(url)
    async with database.reading() as connection:
        found = await connection.scalar(text("SELECT version_num FROM alembic_version"))
    await database.close()
    return found
