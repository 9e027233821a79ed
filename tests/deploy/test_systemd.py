"""The unit under a real systemd, installed with the commands of deploy/README.md."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.playground import PERSON, PlaygroundServer, World, demo_world
from tests.deploy.machine import Machine, booted, make_tree, missing
from tests.deploy.page import commands
from tests.e2e.test_running_bot import until

pytestmark = [
    pytest.mark.systemd,
    pytest.mark.timeout(600),
    pytest.mark.skipif(bool(missing()), reason=missing() or ""),
]

STATE = "/var/lib/silkline"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("machine") / "tree"
    make_tree(made)
    return made


@pytest.fixture
async def telegram() -> AsyncIterator[tuple[World, str]]:
    world = demo_world()
    server = PlaygroundServer(world)
    url = await server.start("127.0.0.1", 0)
    yield world, url
    await server.close()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


async def state(machine: Machine) -> tuple[str, str]:
    return await machine.shows("silkline", "ActiveState"), await machine.shows("silkline", "NRestarts")


async def ready(port: int) -> None:
    async with asyncio.timeout(60), ClientSession() as client:
        while True:
            try:
                async with client.get(f"http://127.0.0.1:{port}/readyz") as response:
                    if response.status == 200:
                        return
            except OSError:
                pass
            await asyncio.sleep(0.2)


async def asked(port: int, path: str) -> str:
    async with ClientSession() as client, client.get(f"http://127.0.0.1:{port}{path}") as response:
        return await response.text()


async def test_installed_by_the_page_it_draws_backs_up_restores_and_is_never_killed(
    tree: Path, telegram: tuple[World, str]
) -> None:
    world, url = telegram
    port = free_port()
    async with booted(tree) as machine:
        await machine.does("echo 1:hush-hush > deploy/bot_token")
        await machine.does(commands("systemd-install"))
        settings = f"BOT_API_URL={url}\nHTTP_PORT={port}\nADMIN_IDS={PERSON}\n"
        await machine.does(f"cat > /etc/silkline/environment <<'EOF'\n{settings}EOF")
        await machine.does(commands("systemd-start"))
        await ready(port)

        await it_draws(machine, world)
        await its_process_is_measured(port)
        await the_command_line_is_the_units(machine)
        await the_nightly_backup_is_taken(machine)
        await a_taken_port_is_waited_for(machine, port)
        await it_upgrades_and_goes_back(machine, port)
        log = await machine.does("journalctl --unit silkline --output cat")
    assert "hush" not in log
    assert "Traceback" not in log
    assert "SYS" not in log


async def it_draws(machine: Machine, world: World) -> None:
    for command in ("/growth", "/timeline"):
        world.calls.clear()
        world.says(PERSON, PERSON, command)
        await until(lambda: any(call.method == "sendPhoto" for call in world.calls), 60)
    assert await state(machine) == ("active", "0")


async def its_process_is_measured(port: int) -> None:
    shown = await asked(port, "/metrics")
    for name in ("process_cpu_seconds_total", "process_resident_memory_bytes", "process_start_time_seconds"):
        found = re.search(rf"^{name} ([0-9.e+]+)$", shown, re.MULTILINE)
        assert found is not None, f"{name} is missing"
        assert float(found[1]) > 0


async def the_command_line_is_the_units(machine: Machine) -> None:
    said = await machine.does("silkline-admin run --check")
    assert "ok" in said
    assert (await machine.run("silkline-admin no-such-command"))[0] == 2
    await machine.does(commands("systemd-command"))
    assert await machine.does(f"stat --format %a {STATE}/before.db") == "600"


async def the_nightly_backup_is_taken(machine: Machine) -> None:
    assert await machine.shows("silkline-backup.timer", "ActiveState") == "active"
    await machine.does("systemctl start silkline-backup")
    said = await machine.does(f"cd {STATE}/backups && stat --format '%a %n' *.db")
    assert re.fullmatch(r"600 20\d\d-\d\d-\d\d\.db", said)


async def a_taken_port_is_waited_for(machine: Machine, port: int) -> None:
    await machine.does("systemctl stop silkline")
    with socket.create_server(("127.0.0.1", port)):
        await machine.does("systemctl start silkline")
        await asyncio.sleep(7)
        assert await machine.shows("silkline", "ActiveState") in {"activating", "active"}
    await ready(port)


async def it_upgrades_and_goes_back(machine: Machine, port: int) -> None:
    await machine.does(commands("systemd-upgrade"))
    await ready(port)
    owner = await machine.does(f"stat --format '%U %a' {STATE}/silkline.db")
    await machine.does(commands("systemd-restore"))
    await ready(port)
    assert await machine.does(f"stat --format '%U %a' {STATE}/silkline.db") == owner
    await asyncio.sleep(1)
    assert json.loads(await asked(port, "/readyz"))["ready"] is True
