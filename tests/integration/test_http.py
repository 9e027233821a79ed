from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.errors import OperatorError
from bot.ops.health import Health, Heartbeat
from bot.ops.http import build_site, serving
from bot.updates.state import IntakeState
from digests.store import Store
from tests.integration.small_world import MORNING, daily, planned


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
    assert [await check() for check in health.checks().values()] == [None] * 4
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
    assert "the database does not answer" in str(await health.database())
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
