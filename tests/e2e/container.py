"""Builds the image and runs it without an engine or a registry: Debian's buildah, debootstrap and unshare."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.deploy.wheels import options, pinned_for

ROOT = Path(__file__).parents[2]

#: What building and running takes, besides root's rights.
TOOLS = ("buildah", "debootstrap", "unshare")

#: What a release passes on, and is found in the labels.
LABELLED = {
    "VERSION": "1.2.3",
    "REVISION": "0123abc",
    "CREATED": "2026-11-26T09:00:00Z",
    "SOURCE": "https://example.org/silkline",
}

#: The Debian and the Python of the default base.
_SUITE, _PYTHON = "trixie", "3.13"

# as an engine would with --read-only, --tmpfs /tmp, one volume, and no other process in sight
_INSIDE = """
set -e
mount --bind "$image" "$image" && mount -o remount,bind,ro "$image"
mount -t proc proc "$image/proc" && mount --rbind /dev "$image/dev"
mount -t tmpfs -o size=64m,nosuid,nodev tmpfs "$image/tmp"
mount --bind "$volume" "$image/var/lib/silkline"
exec chroot --userspec="$user" --groups= "$image" /usr/bin/env -i "$@"
"""


def missing() -> str | None:
    """Why no image can be built here; None when it can."""
    lacking = [tool for tool in TOOLS if not shutil.which(tool)]
    if lacking:
        return f"the image is not built: {', '.join(lacking)} not installed (Debian's packages)"
    isolated = subprocess.run(
        ["unshare", "--mount", "--pid", "--fork", "true"], check=False, capture_output=True
    )
    return "the image is not built: this needs root, and the right to mount" if isolated.returncode else None


class Workshop:
    """A store of images in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._environment = os.environ | {"STORAGE_DRIVER": "vfs", "BUILDAH_ISOLATION": "chroot"}

    def make_base(self) -> None:
        """A small Debian with Python, as ``localhost/base``."""
        root = self._folder / "debian"
        packages = "--include=python3,python3-venv,ca-certificates"
        run("debootstrap", "--variant=minbase", packages, _SUITE, str(root))
        for archive in (root / "var/cache/apt/archives").glob("*.deb"):
            archive.unlink()
        container = self.buildah("from", "scratch")
        self.buildah("add", "--quiet", container, str(root), "/")
        self.buildah("commit", "--quiet", container, "localhost/base")
        self.buildah("rm", container)
        shutil.rmtree(root)

    def build(self) -> None:
        """The Dockerfile on that base, as ``localhost/silkline``; this machine's pip brings the packages."""
        wheels = self._folder / "wheels"
        lock = self._folder / "requirements.lock"
        lock.write_text(pinned_for(_PYTHON, platform.machine()), encoding="utf-8")
        pip = (sys.executable, "-m", "pip", "download", "--quiet", *options(_PYTHON, platform.machine()))
        run(*pip, "-r", str(lock), "--dest", str(wheels))
        arguments = {
            "BASE_IMAGE": "localhost/base",
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": "/wheels",
            **LABELLED,
        }
        given = [part for name, value in arguments.items() for part in ("--build-arg", f"{name}={value}")]
        made = (
            "--volume",
            f"{wheels}:/wheels:ro",
            "--file",
            "deploy/Dockerfile",
            "--tag",
            "localhost/silkline",
        )
        self.buildah("bud", "--quiet", "--format", "docker", *given, *made, ".")

    def config(self) -> dict[str, Any]:
        """What the image says of itself: user, environment, entry point, health check, labels."""
        found = json.loads(self.buildah("inspect", "--type", "image", "localhost/silkline"))
        config: dict[str, Any] = found["Docker"]["config"]
        return config

    def size(self, name: str) -> int:
        """How many bytes the files of an image are."""
        mounted = self.mounted(name)
        return sum(path.lstat().st_size for path in mounted.rglob("*") if not path.is_symlink())

    def mounted(self, name: str = "localhost/silkline") -> Path:
        """Where the files of an image can be seen."""
        return Path(self.buildah("mount", self.buildah("from", "--pull-never", name)))

    def clear(self) -> None:
        """Give the disk back."""
        self.buildah("rm", "--all")
        self.buildah("rmi", "--all", "--force")
        shutil.rmtree(self._folder)

    def buildah(self, *arguments: str) -> str:
        """Run buildah on this store; what it printed."""
        places = ("--root", str(self._folder / "store"), "--runroot", str(self._folder / "state"))
        return run("buildah", *places, *arguments, env=self._environment)


@asynccontextmanager
async def contained(
    image: Path, config: dict[str, Any], volume: Path, **settings: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, Path]]:
    """The image's own command as the first process of a container, and its log; killed at the end.

    The container has a read-only root, a tmpfs, one volume, the image's user and the host's network.
    """
    log = volume.parent / "container.log"
    said = dict(entry.split("=", 1) for entry in config["Env"]) | settings
    command = [*(f"{name}={value}" for name, value in said.items()), *config["Entrypoint"], *config["Cmd"]]
    isolated = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", _INSIDE, "container")
    outside = os.environ | {"image": str(image), "volume": str(volume), "user": config["User"]}
    with log.open("wb") as written:
        process = await asyncio.create_subprocess_exec(
            *isolated, *command, env=outside, stdout=written, stderr=written
        )
    try:
        yield process, log
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def first_process(container: asyncio.subprocess.Process) -> int:
    """The container's first process, by the number that this machine knows it by."""
    children = Path(f"/proc/{container.pid}/task/{container.pid}/children").read_text(encoding="ascii")
    return int(children.split()[0])


def run(*command: str, env: dict[str, str] | None = None) -> str:
    """Run a program in the checkout; what it printed.

    Raises:
        RuntimeError: it failed; the message ends with what it said.
    """
    done = subprocess.run(command, cwd=ROOT, env=env, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done.stdout.strip()
