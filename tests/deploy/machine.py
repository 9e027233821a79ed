"""A small Debian with a real systemd: systemd-nspawn on debootstrap's tree."""

from __future__ import annotations

import asyncio
import platform
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.deploy.wheels import options, pinned_for
from tests.e2e.container import ROOT, run

#: What it takes, besides root's rights.
TOOLS = ("systemd-nspawn", "debootstrap", "nsenter")

_SUITE, _PYTHON = "bookworm", "3.11"
_PACKAGES = "python3,python3-venv,ca-certificates,systemd,systemd-sysv,dbus"
_SOURCES = ("bot", "data", "deploy", "digests", "pyproject.toml", "README.md", "LICENSE", "requirements.lock")

#: Seconds within which a machine is up, and a command in it is done.
_BOOT, _COMMAND = 60, 120


def missing() -> str | None:
    """Why no machine can be started here; None when one can."""
    lacking = [tool for tool in TOOLS if not shutil.which(tool)]
    if lacking:
        return f"the unit is not run: {', '.join(lacking)} not installed (systemd-container, debootstrap)"
    isolated = subprocess.run(
        ["unshare", "--mount", "--pid", "--fork", "true"], check=False, capture_output=True
    )
    return "the unit is not run: this needs root, and the right to mount" if isolated.returncode else None


def make_tree(tree: Path) -> None:
    """Debian with Python and systemd; the checkout as /src, and all wheels of the lock as /wheels."""
    run("debootstrap", "--variant=minbase", f"--include={_PACKAGES}", _SUITE, str(tree))
    lock = tree.parent / "requirements.lock"
    lock.write_text(pinned_for(_PYTHON, platform.machine()), encoding="utf-8")
    pip = (sys.executable, "-m", "pip", "download", "--quiet", *options(_PYTHON, platform.machine()))
    run(*pip, "-r", str(lock), "--dest", str(tree / "wheels"))
    (tree / "src").mkdir()
    for name in _SOURCES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, tree / "src" / name)


class Machine:
    """A machine that runs; commands are given to it as root."""

    def __init__(self, tree: Path, leader: int) -> None:
        self.tree = tree
        self._leader = leader

    async def run(self, command: str) -> tuple[int, str]:
        """A line of shell in /src; its exit code and what it said."""
        inside = ("nsenter", "--target", str(self._leader), "--mount", "--uts", "--ipc", "--pid", "--cgroup")
        settings = ("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root")
        pip = ("PIP_NO_INDEX=1", "PIP_FIND_LINKS=/wheels", "SETUPTOOLS_SCM_PRETEND_VERSION=0.1.0")
        process = await asyncio.create_subprocess_exec(
            *inside, "env", "-i", *settings, *pip, "sh", "-ec", f"cd /src\n{command}",
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )  # fmt: skip
        said, _ = await asyncio.wait_for(process.communicate(), _COMMAND)
        return process.returncode or 0, said.decode(errors="replace").strip()

    async def does(self, command: str) -> str:
        """A line of shell that must work; what it said."""
        code, said = await self.run(command)
        assert code == 0, f"{command}: exit {code}\n{said}"
        return said

    async def shows(self, unit: str, name: str) -> str:
        """One property of a unit."""
        return await self.does(f"systemctl show --value --property={name} {unit}")


@asynccontextmanager
async def booted(tree: Path) -> AsyncIterator[Machine]:
    """The machine, running, on this one's network; switched off at the end."""
    options = ("--quiet", "--register=no", "--keep-unit", "--timezone=off", "--resolv-conf=off")
    with (tree.parent / "console.log").open("wb") as console:
        nspawn = await asyncio.create_subprocess_exec(
            "systemd-nspawn", *options, f"--directory={tree}", "--boot",
            stdout=console, stderr=console, stdin=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
    try:
        async with asyncio.timeout(_BOOT):
            machine = Machine(tree, await _leader_of(nspawn.pid))
            while (await machine.run("systemctl is-system-running"))[1] not in {  # noqa: ASYNC110 - from outside
                "running",
                "degraded",
            }:
                await asyncio.sleep(0.5)
        yield machine
    finally:
        if nspawn.returncode is None:
            nspawn.terminate()  # which nspawn passes on as an order to power off
            try:
                await asyncio.wait_for(nspawn.wait(), _BOOT)
            except TimeoutError:
                nspawn.kill()
        await nspawn.wait()


async def _leader_of(nspawn: int) -> int:
    """The first process of the machine: nspawn's child."""
    children = Path(f"/proc/{nspawn}/task/{nspawn}/children")
    while not (found := children.read_text(encoding="ascii").split()):  # noqa: ASYNC110 - from outside
        await asyncio.sleep(0.1)
    return int(found[0])
