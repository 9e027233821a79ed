"""The image, really built and really run: read-only, as nobody special, against the local Bot API server."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from aiohttp import ClientError, ClientSession

from bot.playground import PERSON, PlaygroundServer, demo_world
from tests.e2e.container import LABELLED, Workshop, contained, first_process, missing
from tests.e2e.test_running_bot import until

pytestmark = [
    pytest.mark.container,
    pytest.mark.skipif(bool(missing()), reason=missing() or ""),
]

TOKEN = "1:hush-hush"
IDENTITY = 10001


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    built = Workshop(tmp_path_factory.mktemp("images"))
    built.make_base()
    built.build()
    yield built
    built.clear()


@pytest.fixture
def volume(tmp_path: Path) -> Path:
    made = tmp_path / "volume"
    made.mkdir(mode=0o700)
    os.chown(made, IDENTITY, IDENTITY)
    return made


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


async def is_ready(port: int) -> bool:
    try:
        async with ClientSession() as client, client.get(f"http://127.0.0.1:{port}/readyz") as response:
            return response.status == 200
    except ClientError:
        return False


def test_the_image_says_how_it_wants_to_be_run(workshop: Workshop) -> None:
    config = workshop.config()
    assert config["User"] == f"{IDENTITY}:{IDENTITY}"
    assert (config["Entrypoint"], config["Cmd"], config["StopSignal"]) == (["silkline"], ["run"], "SIGTERM")
    assert list(config["Volumes"]) == ["/var/lib/silkline"]
    assert config["Healthcheck"]["Test"][0] == "CMD"
    labels = {name.rpartition(".")[2]: said for name, said in config["Labels"].items()}
    assert labels["title"] == "Silkline"
    assert {name: labels[name.lower()] for name in LABELLED} == LABELLED


class _Answer(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/readyz" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.mark.parametrize(("status", "is_healthy"), [(200, True), (503, False)])
def test_the_health_check_asks_the_bot_and_no_proxy(
    workshop: Workshop, status: int, is_healthy: bool
) -> None:
    """A proxy that is set for the bot is not asked for 127.0.0.1."""
    check = workshop.config()["Healthcheck"]["Test"][1:]
    answering = ThreadingHTTPServer(("127.0.0.1", 0), type("Answer", (_Answer,), {"status": status}))
    Thread(target=answering.serve_forever, daemon=True).start()
    proxies = dict.fromkeys(("http_proxy", "HTTP_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")
    environment = os.environ | {"HTTP_PORT": str(answering.server_port)} | proxies
    done = subprocess.run(check, env=environment, check=False, capture_output=True, text=True)
    answering.shutdown()
    answering.server_close()
    assert (done.returncode == 0) is is_healthy, done.stderr


def test_the_image_lists_what_is_in_it(workshop: Workshop) -> None:
    image = workshop.mounted()
    bill = json.loads((image / "opt/silkline.cdx.json").read_text(encoding="utf-8"))
    assert (bill["bomFormat"], bill["metadata"]["component"]["name"]) == ("CycloneDX", "silkline")
    assert bill["metadata"]["component"]["version"] == LABELLED["VERSION"]
    listed = {part["purl"].partition("@")[0] for part in bill["components"]}
    packages = next(image.glob("opt/silkline/lib/python3*/site-packages"))
    installed = {
        re.sub(r"[-_.]+", "-", path.name.partition("-")[0]).lower() for path in packages.glob("*.dist-info")
    }
    assert {f"pkg:pypi/{name}" for name in installed} - listed == {"pkg:pypi/silkline"}
    assert {"pkg:deb/debian/libc6", "pkg:deb/debian/python3"} <= listed


def test_nothing_of_the_build_is_left_in_the_image(workshop: Workshop) -> None:
    packages = next(workshop.mounted().glob("opt/silkline/lib/python3*/site-packages"))
    names = {path.name for path in packages.iterdir()}
    assert not names & {"pip", "setuptools", "hatchling", "pytest", "mypy", "ruff"}
    assert (packages / "digests" / "_packs" / "henan-cbec-2023").is_dir()
    ours, base = workshop.size("localhost/silkline"), workshop.size("localhost/base")
    print(f"\nimage: {ours / 1e6:.0f} MB, of which the base is {base / 1e6:.0f} MB")
    assert ours - base < 185e6


async def test_a_container_answers_draws_and_stops_when_told(workshop: Workshop, volume: Path) -> None:
    world, port = demo_world(), free_port()
    server = PlaygroundServer(world)
    url = await server.start("127.0.0.1", 0)
    settings = {"BOT_TOKEN": TOKEN, "BOT_API_URL": url, "HTTP_HOST": "127.0.0.1", "HTTP_PORT": str(port)}
    try:
        started = time.monotonic()
        async with contained(workshop.mounted(), workshop.config(), volume, **settings) as (process, log):
            async with asyncio.timeout(60):
                while not await is_ready(port):
                    assert process.returncode is None, log.read_text()
                    await asyncio.sleep(0.2)
            print(f"\nready {time.monotonic() - started:.1f} s after the start")
            world.says(PERSON, PERSON, "/growth")
            await until(lambda: {"sendPhoto", "sendMessage"} <= {call.method for call in world.calls})
            status = Path(f"/proc/{first_process(process)}/status").read_text()
            assert f"Uid:\t{IDENTITY}\t{IDENTITY}" in status
            assert "NSpid:" in status
            stopped = time.monotonic()
            os.kill(first_process(process), signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), 10) == 0, log.read_text()
            print(f"stopped in {time.monotonic() - stopped:.1f} s")
    finally:
        await server.close()
    said = log.read_text()
    assert "hush" not in said
    assert all(json.loads(line) for line in said.splitlines() if line.startswith("{"))
    assert "Traceback" not in said
    assert "Matplotlib" not in said
    assert (volume / "silkline.db").is_file()
