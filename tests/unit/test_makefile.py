"""``make`` with a Python that is too old, or another one than the last."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def interpreter(path: Path, version: str) -> Path:
    """A stand-in for a Python that says its version, and notes that it made an environment."""
    is_recent = int(version.split(".")[1]) >= 11
    path.write_text(
        "#!/bin/sh\n"
        f'case "$1" in -V) echo "Python {version}";; -c) exit {0 if is_recent else 1};;\n'
        f'  -m) case "$2" in venv) mkdir -p .venv/bin && cp "$0" .venv/bin/python;; esac;; esac\n'
    )
    path.chmod(0o755)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("requirements.lock", "pyproject.toml"):
        (tmp_path / name).touch()
    return tmp_path


def make(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "PYTHON"))}
    return subprocess.run(
        ["make", *arguments], cwd=folder, env=clean | environment, capture_output=True, text=True, check=False
    )


def test_a_python_that_is_too_old_is_told_in_one_line_before_anything_is_made(folder: Path) -> None:
    old = interpreter(folder / "python3.10", "3.10.13")
    done = make(folder, f"PYTHON={old}", "run")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert f"Python 3.11 or later is needed, and {old} is older or not there" in done.stderr
    assert not (folder / ".venv").exists()


def test_a_default_python_that_is_too_old_is_told_as_well(folder: Path) -> None:
    (folder / "bin").mkdir()
    interpreter(folder / "bin" / "python3", "3.9.2")
    done = make(folder, "run", PATH=f"{folder / 'bin'}:{os.environ['PATH']}")
    assert "Python 3.11 or later is needed" in done.stderr
    assert not (folder / ".venv").exists()


def test_another_python_gets_a_fresh_environment_and_the_same_one_does_not(folder: Path) -> None:
    first, second = (interpreter(folder / f"python3.{minor}", f"3.{minor}.1") for minor in (11, 12))
    make(folder, f"PYTHON={first}", "run")
    (folder / ".venv" / "mark").touch()
    make(folder, f"PYTHON={first}", "run")
    make(folder, "run")
    assert (folder / ".venv" / "mark").exists()
    make(folder, f"PYTHON={second}", "run")
    assert not (folder / ".venv" / "mark").exists()
    assert "3.12.1" in (folder / ".venv" / "bin" / "python").read_text()
