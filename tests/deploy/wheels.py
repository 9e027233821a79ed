"""The lock for other machines and Pythons than this one: what an image of theirs would install.

``python -m tests.deploy.wheels`` asks whether all of it has wheels; nothing is installed.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement

LOCK = Path(__file__).parents[2] / "requirements.lock"

#: What images are made for, and the Pythons of Debian's last two releases.
MACHINES = ("x86_64", "aarch64")
PYTHONS = ("3.11", "3.13")


def pinned_for(python: str, machine: str) -> str:
    """The lines of the lock that hold there; pip would ask this interpreter instead."""
    there = {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "platform_machine": machine,
        "sys_platform": "linux",
        "platform_system": "Linux",
        "os_name": "posix",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    return "".join(
        # without its marker: pip would ask it again
        entry.replace(f" ; {requirement.marker_text}", "", 1)
        for entry, requirement in _entries()
        if requirement.holds(there)
    )


class _Pin:
    """The first line of an entry."""

    def __init__(self, line: str) -> None:
        self.marker_text = line.partition(" ; ")[2].strip()
        self._marker = Requirement(line).marker

    def holds(self, environment: dict[str, str]) -> bool:
        return self._marker is None or self._marker.evaluate(environment)


def _entries() -> Iterator[tuple[str, _Pin]]:
    """Each pin with the lines of its hashes."""
    entry = ""
    for line in LOCK.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.strip() and not line.startswith((" ", "#")):
            if entry:
                yield entry, _Pin(entry.splitlines()[0].rstrip(" \\"))
            entry = line
        elif entry and not line.lstrip().startswith("#"):
            entry += line
    yield entry, _Pin(entry.splitlines()[0].rstrip(" \\"))


def options(python: str, machine: str) -> list[str]:
    """What makes pip choose wheels for there."""
    platforms = (f"manylinux_2_28_{machine}", f"manylinux2014_{machine}", f"manylinux_2_17_{machine}")
    chosen = [part for platform in platforms for part in ("--platform", platform)]
    pins = ["--require-hashes", "--no-deps", "--only-binary=:all:"]
    return [*pins, "--implementation", "cp", "--python-version", python, *chosen]


def main() -> int:
    """Ask for each; 1 when something has no wheel."""
    for machine in MACHINES:
        for python in PYTHONS:
            with tempfile.TemporaryDirectory() as folder:
                lock = Path(folder) / "requirements.lock"
                lock.write_text(pinned_for(python, machine), encoding="utf-8")
                install = [sys.executable, "-m", "pip", "install", "--quiet", "--quiet", "--dry-run"]
                where = ["--ignore-installed", "--target", folder, "-r", str(lock)]
                done = subprocess.run([*install, *options(python, machine), *where], check=False)
            if done.returncode:
                print(f"wheels: NOT all of the lock for Python {python} on {machine}")
                return 1
            print(f"wheels: all of the lock for Python {python} on {machine}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
