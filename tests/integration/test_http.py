from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.errors import OperatorError, SettingsError
from bot.ops.health import Health, Heartbeat
from bot.ops.http import build_site, serving
from bot.updates.state import IntakeState
from digests.store import Store
from digests.store.admin.backup import back_up
from tests.integration.replicas import Wire
from tests.integration.small_world import MORNING, daily, planned
from tests.servers import PostgresqlServer


async def get(url: str) -> tuple[int, str]:
    async with ClientSession() as client, client.get(url) as response:
        return response.status, await response.text()


async def test_the_site_is_ready_when_every_check_is_content():
    async def fine() -> None:
        return None

    async with serving(build_site({"intake": fine}), "127.0.0.1", 0) as url:
        assert await get(f"{url}/livez") == (200, "alive\n")
        assert await get(f"{url}/readyz") == (200, '{"ready": true, "checks": {"intake": "ok"}}')


async def test_what_is_wrong_is_said_while_the_process_still_lives():
    async def wrong() -> str:
        return "another instance is polling"

    async with serving(build_site({"intake": wrong}), "127.0.0.1", 0) as url:
        status, text = await get(f"{url}/readyz")
        assert (status, "another instance is polling" in text) == (503, True)
        assert (await get(f"{url}/livez"))[0] == 200


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("nohost.invalid", "HTTP_HOST: nohost.invalid is not known as a host"),
        ("203.0.113.1", "HTTP_HOST: 203.0.113.1 is no address of this machine"),
    ],
)
async def test_a_host_that_this_machine_has_not_is_named(host: str, words: str):
    with pytest.raises(SettingsError, match=words):
        async with serving(build_site({}), host, 0):
            pass


async def test_the_host_of_all_addresses_serves_ipv4_and_ipv6():
    async with serving(build_site({}), "::", 0) as url:
        port = int(url.rpartition(":")[2])
        assert url == f"http://[::]:{port}"
    async with serving(build_site({}), "::1", 0) as url:
        assert url.startswith("http://[::1]:")
        assert (await get(f"{url}/livez"))[0] == 200


async def test_a_port_that_is_taken_is_named():
    async with serving(build_site({}), "127.0.0.1", 0) as url:
        port = int(url.rpartition(":")[2])
        with pytest.raises(
            OperatorError, match=f"HTTP_PORT: 127.0.0.1:{port} cannot be had: Address already in use"
        ) as told:
            async with serving(build_site({}), "127.0.0.1", port):
                pass
    assert told.value.exit_code == 1, "a service manager starts it again; 2 is for wrong settings"


def health_of(store: Store, intake: IntakeState, ticks: Heartbeat, *, is_polling: bool = True) -> Health:
    return Health(store, intake, ticks, Heartbeat(), lambda: MORNING, is_polling=is_polling)


async def test_health_knows_of_the_intake_the_database_and_the_ticks(store: Store):
    intake, ticks = IntakeState(), Heartbeat()
    health = health_of(store, intake, ticks)
    assert [await check() for check in health.checks().values()] == [None] * 5
    intake.problem = "no network"
    ticks._at -= 61
    assert await health.intake() == "no network"
    assert "nothing was planned for 61 s" in str(await health.ticks())


async def test_a_long_silence_is_trouble_for_polling_but_not_for_a_webhook(store: Store):
    silent = IntakeState()
    silent.heard_at -= 151
    assert await health_of(store, silent, Heartbeat()).intake() is not None
    assert await health_of(store, silent, Heartbeat(), is_polling=False).intake() is None


async def test_a_database_that_is_gone_is_named(sqlite_url: str, database_path: Path):
    store = await Store.open(sqlite_url)
    health = health_of(store, IntakeState(), Heartbeat())
    await store.close()
    database_path.write_bytes(b"no database at all" * 1000)
    assert await health.database() == "the database cannot be written: file is not a database"
    assert (await health.readings())["database_up"] == 0
    await store.close()


async def test_posts_that_nobody_tries_to_send_are_trouble_of_the_one_that_sends(store: Store):
    await planned(store, daily(7))
    sends, leading = Heartbeat(), True
    later = MORNING + timedelta(seconds=301)
    health = Health(
        store,
        IntakeState(),
        Heartbeat(),
        sends,
        lambda: later,
        is_polling=True,
        is_leading=lambda: leading,
    )
    assert await health.outbox() is None
    sends._at -= 302
    assert await health.outbox() == "posts wait since 301 s, and none was tried for 302 s"
    assert (await health.readings())["outbox_age_seconds"] == 301
    leading = False
    assert await health.outbox() is None


@pytest.fixture
def locked(database_path: Path) -> Iterator[sqlite3.Connection]:
    """Another process that writes and does not end."""
    with closing(sqlite3.connect(database_path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


@pytest.mark.usefixtures("locked")
async def test_a_database_that_another_process_locks_is_not_ready_and_the_reason_is_told(sqlite_url: str):
    store = await Store.open_existing(sqlite_url)
    health = health_of(store, IntakeState(), Heartbeat())
    async with serving(build_site(health.checks()), "127.0.0.1", 0) as url:
        async with asyncio.timeout(3):
            status, text = await get(f"{url}/readyz")
    assert (status, "the database cannot be written: database is locked" in text) == (503, True)
    await store.close()


async def test_a_database_that_is_read_only_is_not_ready(sqlite_url: str, monkeypatch: pytest.MonkeyPatch):
    store = await Store.open_existing(sqlite_url)
    connect = sqlite3.connect

    def read_only(address: str, **options: Any) -> sqlite3.Connection:
        opened: sqlite3.Connection = connect(address.replace("mode=rw", "mode=ro"), **options)
        return opened

    monkeypatch.setattr(sqlite3, "connect", read_only)
    problem = await health_of(store, IntakeState(), Heartbeat()).database()
    assert problem == "the database cannot be written: attempt to write a readonly database"
    await store.close()


async def test_a_frozen_server_is_told_in_time_by_readyz_and_metrics(
    postgresql: PostgresqlServer, postgresql_url: str
):
    """As after SIGSTOP, or when packets are dropped: nothing is refused, nothing is answered."""
    with TemporaryDirectory(prefix="wire-") as folder:
        wire = Wire(postgresql.folder, Path(folder) / "a")
        await wire.start()
        store = await Store.open(postgresql_url.replace(str(postgresql.folder), str(Path(folder) / "a")))
        health = health_of(store, IntakeState(), Heartbeat())
        assert await health.database() is None
        wire.cut()
        async with asyncio.timeout(1):
            readings = await health.readings()
        assert (readings["database_up"], readings["ready"], "outbox_age_seconds" in readings) == (0, 0, False)
        async with serving(build_site(health.checks()), "127.0.0.1", 0) as url:
            async with asyncio.timeout(3):
                status, text = await get(f"{url}/readyz")
        assert (status, "the database took no write within 2.5 s" in text) == (503, True)
        wire.mend()
        async with asyncio.timeout(5):
            while await health.database() is not None:  # noqa: ASYNC110 - polled
                await asyncio.sleep(0.05)
        await store.close()
        await wire.close()


async def test_that_nobody_leads_is_trouble_of_each_instance(store: Store):
    health = Health(
        store,
        IntakeState(),
        Heartbeat(),
        Heartbeat(),
        lambda: MORNING,
        is_polling=True,
        is_leading=lambda: False,
    )
    assert await health.leader() is None  # nobody ever did: the start is not over yet
    await store.lease.take(60)
    assert await health.leader() is None
    await store.lease.take(-61)
    assert await health.leader() == "nobody plans and sends since 61 s"


async def test_the_age_of_the_last_backup_is_known(sqlite_url: str, tmp_path: Path):
    store = await Store.open(sqlite_url)
    health = health_of(store, IntakeState(), Heartbeat())
    assert (await health.readings())["backup_age_seconds"] == inf
    back_up(sqlite_url, tmp_path / "copy.db", MORNING - timedelta(hours=2))
    assert (await health.readings())["backup_age_seconds"] == 7200
    await store.close()
