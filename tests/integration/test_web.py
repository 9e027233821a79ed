from __future__ import annotations

import pytest
from aiohttp import ClientSession

from bot.faults import SettingsFault
from bot.health import Health, Heartbeat
from bot.intake.state import IntakeState
from bot.web import build_site, serving
from digests.store import Store


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
            SettingsFault, match=f"HTTP_PORT: 127.0.0.1:{port} cannot be had: Address already in use"
        ):
            async with serving(build_site({}), "127.0.0.1", port):
                pass


async def test_health_knows_of_the_intake_the_database_and_the_ticks(store: Store):
    intake, ticks = IntakeState(), Heartbeat()
    health = Health(store, intake, ticks, is_polling=True)
    assert [await health.intake(), await health.database(), await health.ticks()] == [None, None, None]
    intake.problem = "no network"
    ticks._at -= 61
    assert await health.intake() == "no network"
    assert "nothing was planned for 61 s" in str(await health.ticks())


async def test_a_long_silence_is_trouble_for_polling_but_not_for_a_webhook(store: Store):
    silent = IntakeState()
    silent.heard_at -= 151
    assert await Health(store, silent, Heartbeat(), is_polling=True).intake() is not None
    assert await Health(store, silent, Heartbeat(), is_polling=False).intake() is None
