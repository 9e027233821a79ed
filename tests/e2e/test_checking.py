"""``silkline run --check`` in its own process, against the local Bot API server."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from socket import create_server

from bot.ops.http import build_site, serving
from bot.playground import PlaygroundServer, demo_world
from digests.report.loading import load_pack
from digests.report.skeleton import write_skeleton
from digests.store import Store
from tests.integration.scripted_api import refusal, scripted

TOKEN = "1:hush-hush"


async def checked(folder: Path, **settings: str) -> tuple[int | None, str]:
    """The exit code, and all that was said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", "--check",
        cwd=folder, env=os.environ | settings,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, said.decode()


async def test_a_start_that_would_succeed_is_told_and_nothing_is_made(tmp_path: Path):
    server = PlaygroundServer(demo_world())
    url = await server.start("127.0.0.1", 0)
    try:
        code, said = await checked(tmp_path, BOT_TOKEN=TOKEN, BOT_API_URL=url)
    finally:
        await server.close()
    assert code == 0, said
    assert "ok    packs: henan-cbec-2023, revision" in said
    assert "is not there yet; the start makes it" in said
    assert "ok    token: Telegram knows it as @silkline_bot" in said
    assert "ok    updates: by polling" in said
    assert list(tmp_path.iterdir()) == []


async def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path):
    (tmp_path / "silkline.db").write_bytes(b"no database" * 1000)
    (tmp_path / "packs").mkdir()
    wrong = {"DATABASE_URL": "sqlite+aiosqlite:///silkline.db", "PACKS_DIR": "packs"}
    async with scripted(lambda *_: refusal(401, "Unauthorized")) as api:
        code, said = await checked(tmp_path, BOT_TOKEN=TOKEN, BOT_API_URL=api.url, **wrong)
    assert code == 1
    assert "WRONG packs: PACKS_DIR: packs: no report pack here" in said
    assert "WRONG database: DATABASE_URL: " in said
    assert "WRONG token: BOT_TOKEN: " in said
    assert "Traceback" not in said
    assert "hush" not in said


async def test_a_network_that_is_away_is_not_called_a_wrong_token(tmp_path: Path):
    code, said = await checked(tmp_path, BOT_TOKEN=TOKEN, BOT_API_URL="http://127.0.0.1:9")
    assert code == 1
    assert "WRONG telegram: http://127.0.0.1:9 cannot be asked: " in said
    assert "BOT_TOKEN" not in said


async def test_what_would_end_the_start_is_told_by_the_check(tmp_path: Path):
    (tmp_path / "file").write_text("no folder")
    with create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        where = {"HTTP_PORT": port, "DATABASE_URL": "sqlite+aiosqlite:///file/silkline.db", "BOT_TOKN": "x"}
        code, said = await checked(tmp_path, BOT_TOKEN=TOKEN, BOT_API_URL="http://127.0.0.1:9", **where)
    assert code == 1
    assert f"WRONG http: HTTP_PORT: 127.0.0.1:{port} cannot be had: Address already in use" in said
    assert "WRONG database: DATABASE_URL: " in said
    assert "file is no folder" in said
    assert "BOT_TOKN (did you mean BOT_TOKEN?)" in said
    assert "Traceback" not in said


async def test_a_check_beside_the_running_bot_finds_its_own_port_in_order(tmp_path: Path):
    async with serving(build_site({}), "127.0.0.1", 0) as url:
        port = url.rpartition(":")[2]
        _, said = await checked(tmp_path, BOT_TOKEN=TOKEN, BOT_API_URL="http://127.0.0.1:9", HTTP_PORT=port)
    assert f"ok    http: port {port} is that of a Silkline that runs here" in said


async def test_a_pack_with_other_content_under_the_same_revision_is_told(tmp_path: Path):
    write_skeleton(tmp_path / "packs" / "mine")
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'silkline.db'}")
    report = load_pack(tmp_path / "packs" / "mine")
    other = report.name.model_copy(update={"en": "Another name"})
    await store.reports.save(report.model_copy(update={"name": other}))
    await store.close()
    where = {"DATABASE_URL": "sqlite+aiosqlite:///silkline.db", "PACKS_DIR": "packs"}
    code, said = await checked(tmp_path, BOT_TOKEN=TOKEN, BOT_API_URL="http://127.0.0.1:9", **where)
    assert code == 1
    assert f"WRONG packs: revision {report.revision} of {report.id} is stored with other content" in said


async def test_a_report_that_stands_in_two_folders_is_told(tmp_path: Path):
    for folder in ("mine", "copy"):
        write_skeleton(tmp_path / "packs" / folder)
    text = (tmp_path / "packs" / "mine" / "report.yaml").read_text(encoding="utf-8")
    (tmp_path / "packs" / "copy" / "report.yaml").write_text(text, encoding="utf-8")
    code, said = await checked(tmp_path, BOT_TOKEN=TOKEN, BOT_API_URL="http://127.0.0.1:9", PACKS_DIR="packs")
    assert code == 1
    assert "WRONG packs: packs/mine: the report mine stands in another folder as well; keep one" in said


async def damaged(path: Path) -> None:
    """A database whose pages are overwritten from the third on."""
    await (await Store.open(f"sqlite+aiosqlite:///{path}")).close()
    with path.open("r+b") as file:
        file.seek(2 * 4096)
        file.write(b"\xff" * 20 * 4096)


async def test_a_damaged_database_is_told_in_one_line_by_the_check_and_by_the_start(tmp_path: Path):
    await damaged(tmp_path / "silkline.db")
    where = {"DATABASE_URL": "sqlite+aiosqlite:///silkline.db", "BOT_TOKEN": TOKEN}
    async with scripted(lambda *_: refusal(401, "Unauthorized")) as api:
        code, said = await checked(tmp_path, BOT_API_URL=api.url, **where)
        assert (code, "Traceback" in said) == (1, False)
        assert f"WRONG database: DATABASE_URL: {tmp_path / 'silkline.db'}" in said
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", cwd=tmp_path, env=os.environ | where,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        output, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 1
    (line,) = output.decode().splitlines()
    assert line.startswith(f"silkline: DATABASE_URL: {tmp_path / 'silkline.db'}")
